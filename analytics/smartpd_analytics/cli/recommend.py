"""``smartpd recommend LOG…``: what the log tells of each learner, and what to do next."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .. import pipeline
from ..expert import load_rules
from ..reports.account import account_lines
from ..reports.as_csv import as_csv
from ..reports.as_json import as_json
from ..reports.as_text import as_text
from ..reports.words import simulated_words, words_in
from ._common import (
    FAILED,
    course_option,
    examples,
    file_option,
    language_option,
    out_option,
    progress_bar,
    refuse_to_overwrite,
    refuse_unwritable,
    say,
    standard_input,
    stop_writing,
    write,
)
from ._output import plain_text, show_text

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="recommend",
        callback=_run,
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
                examples(
                    lang,
                    "smartpd recommend /var/log/tracking/",
                    "smartpd recommend tracking.log.gz --course-map map.yaml --lang uz",
                    "smartpd recommend logs/ --learner teacher7 --format json --out advice.json",
                    "zcat tracking*.gz | smartpd recommend -",
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
            course_option(lang),
            click.Option(
                ["--learner", "learners"],
                multiple=True,
                metavar="NAME",
                help=_("Only this learner, by username; may be given more than once."),
            ),
            language_option(lang),
            file_option("--course-map", _("Which unit trains what, as YAML or CSV.")),
            file_option("--rules", _("Rules of your own instead of the bundled ones, as YAML.")),
            out_option(lang),
        ],
    )


def _run(
    *,
    logs: tuple[str, ...],
    output_format: str,
    courses: tuple[str, ...],
    learners: tuple[str, ...],
    lang: str,
    course_map: Path | None,
    rules: Path | None,
    out: Path | None,
) -> int:
    beside = [file for file in (course_map, rules) if file]
    refuse_to_overwrite(out, [*(Path(log) for log in logs if log != "-"), *beside])
    refuse_unwritable(out)
    own_rules = load_rules(rules) if rules else None
    with progress_bar(lang) as progress:
        report = pipeline.recommend_from_logs(
            logs,
            stdin=standard_input() if "-" in logs else None,
            course_map_path=course_map,
            courses=courses,
            learners=learners,
            rules=own_rules,
            progress=progress,
        )
    failed = report.nothing_read or _asked_in_vain(report)
    written = True
    if out is not None and not failed:
        written = write(out, _rendered(report, output_format, lang), lang)
    elif not failed or output_format == "json":
        _show(report, output_format, lang)
    if report.simulated and output_format == "csv":
        say(simulated_words(lang))
    # JSON on standard output has the account in it, and whoever reads it may read both streams.
    if output_format != "json" or failed or out is not None:
        for line in account_lines(report, lang):
            say(line)
    if report.nothing_read:
        say(words_in(lang).gettext("Nothing could be read: none of this is a tracking log of Open edX."))
    return 0 if written and not failed else FAILED


def _show(report: pipeline.RunReport, output_format: str, lang: str) -> None:
    try:
        if output_format == "table":
            show_text(as_text(report, lang))
        else:
            sys.stdout.write(_rendered(report, output_format, lang))
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()


def _asked_in_vain(report: pipeline.RunReport) -> bool:
    """Courses or learners were asked for, and not one of them is there."""
    return not report.learners and bool(report.unknown_courses or report.unknown_learners)


def _rendered(report: pipeline.RunReport, output_format: str, lang: str) -> str:
    if output_format == "json":
        return as_json(report, lang)
    return as_csv(report, lang) if output_format == "csv" else plain_text(as_text(report, lang))
