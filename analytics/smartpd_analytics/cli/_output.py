"""Where the report goes: the screen, a pipe, or a file that is replaced as a whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import sys
import tempfile
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from ..reports.as_text import TextLine

__all__ = ["plain_text", "prepare_streams", "show_text", "write_file"]

#: Text wider than this is hard to read, however wide the screen is.
_WIDEST = 110
#: Width where there is no screen: the same for every run.
_WIDTH_OF_FILES = 80
_STYLES = {"course": "bold underline", "learner": "bold", "action": "bold cyan", "link": "dim", "note": "italic"}


class _Screen(Console):
    """Rich's console, which lets the caller decide what becomes of a broken pipe."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def prepare_streams() -> None:
    """UTF-8 wherever no screen asks for something else, and no error over a letter that a screen lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def show_text(lines: Iterable[TextLine]) -> None:
    """Write the lines to standard output: as wide as the screen, with colours where it has them."""
    screen = sys.stdout.isatty()
    console = _Screen(file=sys.stdout, highlight=False, emoji=False)
    for line in lines:
        for part in _wrapped(line, min(console.width, _WIDEST) if screen else _WIDTH_OF_FILES):
            # The console only paints: it must not wrap what is wrapped, nor cut what is to stay whole.
            console.print(Text(part, style=_STYLES.get(line.style, "")), soft_wrap=True)


def plain_text(lines: Iterable[TextLine]) -> str:
    """The lines wrapped at 80 columns."""
    return "".join(f"{part}\n" for line in lines for part in _wrapped(line, _WIDTH_OF_FILES))


def _wrapped(line: TextLine, width: int) -> list[str]:
    indent = " " * line.indent
    # A link in pieces cannot be copied.
    if line.style == "link":
        return [indent + line.text]
    parts = textwrap.wrap(line.text, max(width - line.indent, 20), break_long_words=False, break_on_hyphens=False)
    return [indent + part for part in parts] or [""]


def write_file(path: Path, text: str | bytes) -> None:
    """Write a file as a whole: whoever reads it meanwhile sees the old or the new one, never half.

    Raises:
        OSError: it cannot be written; an existing file is as it was.
    """
    data = text.encode("utf-8") if isinstance(text, str) else text
    # Before it is resolved: what an open descriptor leads to has no path of its own.
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.write_bytes(data)  # a device or a pipe cannot be replaced
        return
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
