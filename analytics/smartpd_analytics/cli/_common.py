"""What all commands share: what they say and where, the progress bar, files that are written whole."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bar

from ..data import LANGUAGES
from ..errors import InputError, reason_of
from ..progress import Progress
from ..reports.words import N_, said, words_in
from ._output import write_file

__all__ = [
    "FAILED",
    "INTERRUPTED",
    "PATH",
    "course_option",
    "examples",
    "file_argument",
    "file_option",
    "language_option",
    "out_option",
    "progress_bar",
    "refuse_to_overwrite",
    "refuse_unwritable",
    "say",
    "show",
    "standard_input",
    "stop_writing",
    "write",
]

#: Nothing could be read, or the arguments are wrong.
FAILED = 2
#: A path; whether it can be read is for whoever reads it to say, in the language asked for.
PATH = click.Path(path_type=Path, readable=False)
#: What a shell expects of a program that Ctrl-C ended: 128 + SIGINT.
INTERRUPTED = 130


def stop_writing() -> None:
    """Whoever read our output has seen enough; what is still buffered must not fail again at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """A line for people, on the error stream."""
    try:
        click.echo(text, err=True)
    except OSError:
        # The error stream is full or closed: there is nowhere left to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


#: What stands for standard output as ``--out``.
_STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


def standard_input() -> BinaryIO:
    """The bytes of standard input, or ``InputError`` where it is closed."""
    if sys.stdin is None:
        raise InputError(N_("standard input is closed"), accepted=N_("a log piped into the command, or a file"))
    return sys.stdin.buffer


def refuse_to_overwrite(out: Path | None, inputs: Iterable[Path]) -> None:
    """Raise ``InputError`` where ``--out`` names a file that is read."""
    for each in inputs:
        if out is not None and _is_same(out, each):
            raise InputError(N_("--out names a file that is read"), file=str(out), accepted=N_("another file"))


def refuse_unwritable(out: Path | None) -> None:
    """Raise ``InputError`` where nothing can be written to ``out``: before the work, not after it."""
    if out is None:
        return
    try:
        if out.exists() and not out.is_file() and not out.is_dir():
            return  # a device or a pipe; opening it to see would be heard at its other end
        if not out.parent.is_dir():
            what = N_("there is no such folder")
            raise InputError(what, file=str(out.parent), accepted=N_("a folder that is there"))
        if out.is_dir():
            raise InputError(N_("--out names a folder"), file=str(out), accepted=N_("a file"))
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except (OSError, ValueError) as error:
        what, reason = N_("cannot be written: {reason}"), reason_of(error)
        raise InputError(what, file=str(out), accepted=N_("another place"), reason=reason) from None


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.exists() and other.exists() and one.samefile(other)
    except (OSError, ValueError):
        # No file can have such a name; reading it will say so.
        return False


def write(path: Path, content: str | bytes, lang: str) -> bool:
    """Write a file whole and say so; False, with the reason said, where that fails."""
    _ = words_in(lang).gettext
    try:
        write_file(path, content)
    except OSError as error:
        say(_("{file} cannot be written: {problem}").format(file=path, problem=said(reason_of(error), lang)))
        return False
    say(_("Written: {file}").format(file=path))
    return True


@contextmanager
def progress_bar(lang: str, doing: str = N_("Reading"), *, in_bytes: bool = True) -> Iterator[Progress | None]:
    """A bar on standard error during long work; nothing where that is no terminal. ``doing`` is a marked message."""
    if not sys.stderr.isatty():
        yield None
        return
    amount = DownloadColumn() if in_bytes else MofNCompleteColumn()
    rate = (TransferSpeedColumn(),) if in_bytes else ()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, *rate, TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words_in(lang).gettext(doing), total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield advance


def language_option(lang: str) -> click.Option:
    """``--lang``."""
    words = words_in(lang).gettext("Language of what is written; without it the system's.")
    return click.Option(["--lang"], type=click.Choice(sorted(LANGUAGES, reverse=True)), default=lang, help=words)


def course_option(lang: str) -> click.Option:
    """``--course``, as often as wanted; the parameter is ``courses``."""
    words = words_in(lang).gettext("Only this course, as course-v1:Org+Course+Run; may be given more than once.")
    return click.Option(["--course", "courses"], multiple=True, metavar="KEY", help=words)


def out_option(lang: str) -> click.Option:
    """``--out``; the parameter is None for standard output, by whatever name."""
    words = words_in(lang).gettext("Write to this file, as a whole or not at all, instead of the screen.")
    option = file_option("--out", words)
    option.callback = lambda _context, _option, path: None if str(path) in _STANDARD_OUTPUT else path
    return option


def file_option(name: str, words: str, *, metavar: str = "FILE", required: bool = False) -> click.Option:
    """An option with the path of a file or folder; what stands there is for the command to see."""
    return click.Option([name], type=PATH, required=required, metavar=metavar, help=words)


def file_argument(name: str) -> click.Argument:
    """An argument with the path of a file, called by its name in capitals."""
    return click.Argument([name], type=PATH, metavar=name.upper())


def examples(lang: str, *lines: str) -> str:
    """The end of a command's help: lines to copy, each as it stands."""
    return "\n".join(("\b", words_in(lang).gettext("Examples:"), *(f"  {line}" for line in lines)))


def show(text: str | bytes, out: Path | None, lang: str) -> int:
    """Write to the file or to standard output; the exit status."""
    if out is not None:
        return 0 if write(out, text, lang) else FAILED
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode() if isinstance(text, str) else text)
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()
    return 0
