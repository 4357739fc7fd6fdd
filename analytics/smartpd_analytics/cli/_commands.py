"""The commands of ``smartpd``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from ..data import LANGUAGES
from ..errors import InputError, SmartPDError
from ..pipeline import RunReport, recommend_from_logs
from ..reports.account import account_lines
from ..reports.as_csv import as_csv
from ..reports.as_json import as_json
from ..reports.as_text import as_text
from ..reports.words import words_in
from ._click_words import speak
from ._output import plain_text, prepare_streams, show_text, write_file

__all__ = ["run"]

#: Nothing could be read, or the arguments are wrong.
FAILED = 2
#: What a shell expects of a program that Ctrl-C ended: 128 + SIGINT.
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status; nothing is raised."""
    lang = _language(arguments)
    _ = words_in(lang).gettext
    speak(lang)
    prepare_streams()
    try:
        status = _commands(lang).main(args=list(arguments), prog_name="smartpd", standalone_mode=False)
        sys.stdout.flush()
        return int(status or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say(_("Stopped; nothing was written."))
        return INTERRUPTED
    except SmartPDError as error:
        _say(f"smartpd: {error}")
    except OSError as error:
        _stop_writing()
        if isinstance(error, BrokenPipeError):
            return 0
        _say(f"smartpd: {error.strerror}")
    return FAILED


def _stop_writing() -> None:
    """Whoever read our output has seen enough; what is still buffered must not fail again at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    try:
        click.echo(text, err=True)
    except OSError:
        # The error stream is full or closed: there is nowhere left to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _language(arguments: Sequence[str]) -> str:
    """Language of help and messages: ``--lang``, else the system's, else English."""
    for at, argument in enumerate(arguments):
        given = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            given = arguments[at + 1]
        if given in LANGUAGES:
            return given
    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return system[:2] if system[:2] in LANGUAGES else LANGUAGES[0]


def _version() -> str:
    try:
        return version("openedx-smartpd")
    except PackageNotFoundError:
        return "?"


def _commands(lang: str) -> click.Group:
    """The group and its commands, with their help in ``lang``."""
    _ = words_in(lang).gettext
    group = click.Group(
        name="smartpd",
        help=_("What the tracking logs of Open edX tell about each learner, and what to do next."),
        epilog=_("For example: smartpd recommend tracking.log"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    click.version_option(_version(), prog_name="smartpd")(group)
    group.add_command(_recommend(lang))
    return group


def _recommend(lang: str) -> click.Command:
    _ = words_in(lang).gettext
    return click.Command(
        name="recommend",
        callback=_run_recommend,
        short_help=_("Say for each learner what the log tells and what to do next."),
        help="\n\n".join(
            (
                _(
                    "Say for each learner and course what the log tells, and up to three next actions, each with "
                    "its reason."
                ),
                _(
                    "LOG is a tracking log of Open edX: a file, plain or .gz, with raw or prefixed lines; a folder of "
                    "such files; or - for standard input. The same event in two files counts once."
                ),
            )
        ),
        epilog="\n\n".join(
            (
                "\b\n"
                + "\n".join(
                    (
                        _("Examples:"),
                        "  smartpd recommend /var/log/tracking/",
                        "  smartpd recommend tracking.log.gz --course-map map.yaml --lang uz",
                        "  smartpd recommend logs/ --learner teacher7 --format json --out advice.json",
                        "  zcat tracking*.gz | smartpd recommend -",
                    )
                ),
                _(
                    "At the end comes an account of the lines. The exit status is 0, also with warnings; it is 2 "
                    "when nothing could be read or an option is wrong."
                ),
            )
        ),
        params=[
            click.Argument(["logs"], nargs=-1, required=True, metavar="LOG..."),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["table", "json", "csv"]),
                default="table",
                help=_("Text for people, one JSON object, or CSV with a row for each action.") + " [table]",
            ),
            click.Option(
                ["--course", "courses"],
                multiple=True,
                metavar="KEY",
                help=_("Only this course, as course-v1:Org+Course+Run; may be given more than once."),
            ),
            click.Option(
                ["--learner", "learners"],
                multiple=True,
                metavar="NAME",
                help=_("Only this learner, by username; may be given more than once."),
            ),
            click.Option(
                ["--lang"],
                type=click.Choice(["uz", "ru", "en"]),
                default=lang,
                help=_("Language of what is written; without it the system's."),
            ),
            click.Option(
                ["--course-map", "course_map"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=_("Which unit trains what, as YAML or CSV."),
            ),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=_("Write to this file, as a whole or not at all, instead of the screen."),
            ),
        ],
    )


def _run_recommend(
    *,
    logs: tuple[str, ...],
    output_format: str,
    courses: tuple[str, ...],
    learners: tuple[str, ...],
    lang: str,
    course_map: Path | None,
    out: Path | None,
) -> int:
    _refuse_to_overwrite(out, [Path(log) for log in logs if log != "-"] + ([course_map] if course_map else []))
    with _progress(lang) as progress:
        report = recommend_from_logs(
            logs,
            stdin=_standard_input() if "-" in logs else None,
            course_map_path=course_map,
            courses=courses,
            learners=learners,
            progress=progress,
        )
    failed = report.nothing_read or _asked_in_vain(report)
    written = True
    if out is not None and not failed:
        written = _write(out, _rendered(report, output_format, lang), lang)
    elif not failed or output_format == "json":
        _show(report, output_format, lang)
    if output_format != "json" or failed:
        for line in account_lines(report, lang):
            _say(line)
    if report.nothing_read:
        _say(words_in(lang).gettext("Nothing could be read: none of this is a tracking log of Open edX."))
    return 0 if written and not failed else FAILED


def _refuse_to_overwrite(out: Path | None, inputs: list[Path]) -> None:
    for each in inputs:
        if out is not None and out.exists() and each.exists() and out.samefile(each):
            raise InputError("--out names a file that is read", file=str(out), accepted="another file")


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise InputError("standard input is closed", accepted="a log piped into the command, or a file")
    return sys.stdin.buffer


def _show(report: RunReport, output_format: str, lang: str) -> None:
    try:
        if output_format == "table":
            show_text(as_text(report, lang))
        else:
            sys.stdout.write(_rendered(report, output_format, lang))
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()


def _asked_in_vain(report: RunReport) -> bool:
    """Courses or learners were asked for, and not one of them is there."""
    return not report.learners and bool(report.unknown_courses or report.unknown_learners)


def _rendered(report: RunReport, output_format: str, lang: str) -> str:
    if output_format == "json":
        return as_json(report, lang)
    return as_csv(report, lang) if output_format == "csv" else plain_text(as_text(report, lang))


def _write(path: Path, text: str, lang: str) -> bool:
    _ = words_in(lang).gettext
    try:
        write_file(path, text)
    except OSError as error:
        _say(_("{file} cannot be written: {problem}").format(file=path, problem=error.strerror or error))
        return False
    _say(_("Written: {file}").format(file=path))
    return True


@contextmanager
def _progress(lang: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error while logs are read; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words_in(lang).gettext("Reading"), total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield advance
