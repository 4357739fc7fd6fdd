"""From paths to lines; what cannot be read is reported, the rest goes on."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO

from smartpd_analytics.errors import SourceError
from smartpd_analytics.sources._chunks import BrokenOffError, NotTextError, text_chunks
from smartpd_analytics.sources._lines import SourceLine, split_lines

#: What stands for standard input among paths, and how it is called in messages.
STANDARD_INPUT = "-"
_STANDARD_INPUT_NAME = "standard input"

ACCEPTED = (
    "tracking logs as raw JSON lines or with Tutor's prefix, plain or gz; folders with *.log*, *.gz or *.json* files; "
    "- for standard input"
)
_LOG_NAMES = ("*.log*", "*.gz", "*.json*")

Report = Callable[[SourceError], None]
Progress = Callable[[int, int], None]


def read_lines(
    paths: Sequence[str | Path],
    *,
    on_problem: Report,
    longest: int,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Iterator[SourceLine]:
    """Every line of the files that ``paths`` name, in the order given; folders by name, all levels down.

    Args:
        paths: files, folders, or ``"-"`` for ``stdin``. In a folder only ``*.log*``, ``*.gz`` and
            ``*.json*`` are read; hidden files and folders are passed over, as is JSON that has not one
            object on each line.
        on_problem: hears of each source that cannot be read, or not to its end.
        longest: bytes of a line that are read; of a longer one come ``longest + 1``, the rest is left out.
        stdin: an open binary stream, plain or gz.
        progress: hears (bytes done, bytes in all or 0 where that is unknown), as stored on disk.
    """
    meter = _Meter(progress)
    files = [file for path in paths for file in _files(path, on_problem)]
    meter.total = _size_of(files)
    for file in files:
        yield from _lines_of(file, stdin, on_problem, longest, meter)
    meter.finish()


class _Meter:
    """Adds up bytes and passes them on."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.done = 0
        self.total = 0

    def add(self, count: int) -> None:
        self.done += count
        if self._progress:
            self._progress(self.done, max(self.done, self.total) if self.total else 0)

    def finish(self) -> None:
        if self._progress:
            self._progress(self.done, self.done if self.total else 0)


def _files(path: str | Path, on_problem: Report) -> list[str]:
    """The files that one argument names, as display names that can be opened."""
    name = str(path)
    if name == STANDARD_INPUT:
        return [name]
    try:
        is_folder = stat.S_ISDIR(os.stat(name).st_mode)  # noqa: PTH116 - keeps the name as it was given
    except FileNotFoundError:
        on_problem(SourceError("there is no such file or folder", file=name, accepted=ACCEPTED))
        return []
    except (OSError, ValueError) as error:
        on_problem(_unreadable(name, error))
        return []
    if not is_folder:
        return [name]
    found = _logs_in(name, on_problem)
    if not found:
        on_problem(SourceError("the folder has no tracking logs", file=name, accepted=ACCEPTED))
    return found


def _logs_in(folder: str, on_problem: Report) -> list[str]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: on_problem(_unreadable(folder, error))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and any(fnmatch(name.lower(), pattern) for pattern in _LOG_NAMES)
        ]
    return [str(path) for path in sorted(found, key=lambda path: path.parts) if path.is_file() and _is_lines(path)]


def _is_lines(path: Path) -> bool:
    """Whether a file of a folder may hold lines of JSON; ``*.json`` is more often one document over many lines."""
    if not fnmatch(path.name.lower(), "*.json*") or path.name.lower().endswith(".gz"):
        return True
    try:
        with path.open("rb") as stream:
            first = stream.readline(65_536).strip()
    except OSError:
        return True  # to be reported when it is read
    return first not in (b"{", b"[") and first[:1] != b"["


def _size_of(files: list[str]) -> int:
    """Bytes in all, or 0 where one of them has no known size."""
    total = 0
    for name in files:
        if name == STANDARD_INPUT:
            return 0
        try:
            found = os.stat(name)  # noqa: PTH116
        except OSError:
            continue
        if not stat.S_ISREG(found.st_mode):
            return 0
        total += found.st_size
    return total


def _lines_of(
    file: str, stdin: BinaryIO | None, on_problem: Report, longest: int, meter: _Meter
) -> Iterator[SourceLine]:
    name = _STANDARD_INPUT_NAME if file == STANDARD_INPUT else file
    try:
        if file == STANDARD_INPUT:
            if stdin is None:
                on_problem(SourceError("nothing was given on it", file=name, accepted=ACCEPTED))
                return
            yield from _lines_in(name, stdin, on_problem, longest, meter)
        else:
            with closing(Path(file).open("rb", buffering=0)) as stream:
                yield from _lines_in(name, stream, on_problem, longest, meter)
    except OSError as error:
        on_problem(_unreadable(name, error))


def _lines_in(name: str, stream: BinaryIO, on_problem: Report, longest: int, meter: _Meter) -> Iterator[SourceLine]:
    number = 0
    try:
        for number, line in enumerate(split_lines(text_chunks(stream, meter.add), longest), 1):
            yield name, number, line
    except NotTextError as error:
        on_problem(SourceError(f"this is {error}, no tracking log", file=name, accepted=ACCEPTED))
        return
    except BrokenOffError as error:
        broken = f"{error}; the {number:,} complete lines before the break were used"
        on_problem(SourceError(broken, file=name, line=number + 1, accepted=ACCEPTED))
        return
    if not number:
        on_problem(SourceError("the file is empty", file=name, accepted=ACCEPTED))


def _unreadable(name: str, error: Exception) -> SourceError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(f"cannot be read: {reason}", file=name, accepted=ACCEPTED)
