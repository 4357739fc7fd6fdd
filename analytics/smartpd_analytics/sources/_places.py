"""From what a person names to the files that are meant, here or at any address that fsspec opens."""

from __future__ import annotations

import glob
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, BinaryIO, cast

from smartpd_analytics.errors import N_, Message, MissingExtraError, SourceError, reason_of
from smartpd_analytics.sources._chunks import NotTextError

#: With what an address in ClickHouse starts.
CLICKHOUSE = "clickhouse://"
#: What stands for standard input among paths, and how it is called in messages.
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = Message(N_("standard input"))

ACCEPTED = N_(
    "tracking logs, plain, gz or zst; folders and patterns of them; addresses such as s3://bucket/logs; "
    "- for standard input"
)
#: Seconds within which whoever fills a pipe has to open it.
WAIT_FOR_WRITER = 10
_LOG_NAMES = ("*.log*", "*.gz", "*.zst", "*.json*")
_PACKED_NAMES = (".gz", ".zst")
#: A letter more than a drive has.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+::?(?://|[a-z])", re.IGNORECASE)

Report = Callable[[SourceError], None]


def is_table(name: str) -> bool:
    """Whether ``name`` is an address in ClickHouse."""
    return name.lower().startswith(CLICKHOUSE)


def without_password(address: str) -> str:
    """An address for messages: what stands before its last @ may be a password, also where it is not escaped."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def find_files(paths: Sequence[str | Path], on_problem: Report) -> list[str]:
    """The files that ``paths`` name, as names that can be opened: in the order given, folders by name.

    Args:
        paths: files, folders (all levels down), patterns with ``*``, ``?`` or ``[…]``, addresses that fsspec
            opens (``s3://…``, ``https://…``) and ``"-"`` for standard input. In a folder only ``*.log*``,
            ``*.gz``, ``*.zst`` and ``*.json*`` are taken; hidden files and folders are passed over, as is
            JSON that has not one object on each line.
        on_problem: hears of each that names no file.
    """
    return [file for path in paths for file in _files(str(path), on_problem)]


def is_address(name: str) -> bool:
    """Whether ``name`` is for fsspec to open."""
    return _ADDRESS.match(name) is not None


def open_file(name: str) -> BinaryIO:
    """An open binary stream.

    Raises:
        OSError, ValueError: it cannot be opened.
        MissingExtraError: it is an address and fsspec, or what fsspec needs for it, is not installed.
    """
    if not is_address(name):
        return _open_pipe(name) if stat.S_ISFIFO(os.stat(name).st_mode) else _open_here(name)  # noqa: PTH116
    files, path = _remote(name)
    return cast(BinaryIO, _FromElsewhere(files, path))


class _FromElsewhere:
    """An open stream of fsspec. Whatever the library behind an address raises is an ``OSError`` here.

    The file system is kept as long as the stream: an archive is closed with the last who knows it.
    """

    def __init__(self, files: Any, path: str) -> None:
        self._files = files
        with _os_errors():
            self._stream = files.open(path, "rb")

    def read(self, size: int = -1) -> bytes:
        with _os_errors():
            return bytes(self._stream.read(size))

    def readinto(self, part: Any) -> int:
        with _os_errors():
            return int(self._stream.readinto(part) or 0)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _os_errors():
            return int(self._stream.seek(offset, whence))

    def close(self) -> None:
        with _os_errors():
            self._stream.close()

    def __enter__(self) -> _FromElsewhere:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error) or type(error).__name__) from error


def _open_here(name: str) -> BinaryIO:
    return cast(BinaryIO, Path(name).open("rb", buffering=0))


def _open_pipe(name: str) -> BinaryIO:
    """A pipe with a name: to open it takes until somebody opens it for writing, which may be never."""
    opened: list[BinaryIO | OSError] = []

    def wait() -> None:
        try:
            opened.append(_open_here(name))
        except OSError as error:
            opened.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(WAIT_FOR_WRITER)
    late = not opened
    if late:
        # To open it for both ends never waits, and lets go whoever waits for the other one.
        os.close(os.open(name, os.O_RDWR | os.O_NONBLOCK))
        waiting.join()
    [found] = opened
    if isinstance(found, OSError):
        raise found
    if late:
        found.close()
        raise TimeoutError(Message(N_("nobody has opened this pipe for writing within {n} seconds"), n=WAIT_FOR_WRITER))
    return found


def size_of(name: str) -> int | None:
    """Bytes as stored; None where that is unknown, as for standard input and pipes."""
    if name == STANDARD_INPUT:
        return None
    try:
        if is_address(name):
            files, path = _remote(name)
            size = files.size(path)
            return int(size) if size is not None else None
        found = os.stat(name)  # noqa: PTH116
    except (OSError, ValueError, MissingExtraError):
        return 0  # to be reported when it is read
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def unreadable(name: str, error: Exception) -> SourceError:
    """What to say of a file that cannot be opened or read on, or is no text."""
    if isinstance(error, NotTextError):
        return SourceError(N_("this is {what}, no tracking log"), file=name, accepted=ACCEPTED, what=error.args[0])
    return SourceError(N_("cannot be read: {reason}"), file=name, accepted=ACCEPTED, reason=reason_of(error))


def without_events(name: str, *, lines: int, broken: bool) -> SourceError:
    """What to say of a file with so many lines and not one event; ``broken``: some could not be read."""
    what = (
        N_("this is no tracking log: not one of its {lines} lines can be read as an event")
        if broken
        else N_("there is no event in it, only empty lines and comments")
    )
    return SourceError(what, file=name, accepted=ACCEPTED, lines=lines)


def _remote(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtraError("remote", "fsspec") from None
    try:
        files, path = url_to_fs(address)
    except ImportError as error:  # fsspec says what to install for this kind of address
        what = N_("addresses of this kind need a Python package that is not installed: {reason}")
        raise ValueError(Message(what, reason=str(error))) from None
    return files, str(path)


def _files(name: str, on_problem: Report) -> list[str]:
    if name == STANDARD_INPUT:
        return [name]
    if is_table(name):
        what = N_("a table in ClickHouse has no lines of a log; smartpd ingest reads it into a store")
        on_problem(SourceError(what, file=without_password(name), accepted=ACCEPTED))
        return []
    told: list[SourceError] = []

    def tell(error: SourceError) -> None:
        told.append(error)
        on_problem(error)

    try:
        found = _files_at(name) if is_address(name) else _files_here(name, tell)
    except FileNotFoundError:
        on_problem(SourceError(N_("there is no such file or folder"), file=name, accepted=ACCEPTED))
    except MissingExtraError as error:
        on_problem(SourceError(str(error), file=name, accepted=ACCEPTED))
    # Whatever the library behind an address raises, the other sources are read.
    except Exception as error:
        on_problem(unreadable(name, error))
    else:
        if not found and not told:
            what = N_("the folder has no tracking logs: no file in it is named *.log*, *.gz, *.zst or *.json*")
            on_problem(SourceError(what, file=name, accepted=ACCEPTED))
        return found
    return []


def _files_here(name: str, on_problem: Report) -> list[str]:
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116 - keeps the name as it was given
    except FileNotFoundError:
        if not glob.has_magic(name):
            raise
        found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - keeps the name as it was given
        if not found:
            raise
        return [file for each in found for file in _files(each, on_problem)]
    if stat.S_ISDIR(mode):
        return _logs_in(name, on_problem)
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        # A device may never end.
        on_problem(SourceError(N_("this is no file, folder or pipe"), file=name, accepted=ACCEPTED))
        return []
    return [name]


def _files_at(address: str) -> list[str]:
    files, path = _remote(address)
    if glob.has_magic(path) and not files.exists(path):
        found = sorted(each for each in files.glob(path) if files.isfile(each))
    elif files.isdir(path):
        found = sorted(each for each in files.find(path) if _is_log_name(each.rpartition("/")[2]))
    elif files.exists(path):
        return [address]
    else:
        raise FileNotFoundError(address)
    return [str(files.unstrip_protocol(each)) for each in found]


def _is_log_name(name: str) -> bool:
    return not name.startswith(".") and any(fnmatch(name.lower(), pattern) for pattern in _LOG_NAMES)


def _logs_in(folder: str, on_problem: Report) -> list[str]:
    found: list[Path] = []
    for parent, folders, names in os.walk(
        folder, onerror=lambda error: on_problem(unreadable(error.filename or folder, error))
    ):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if _is_log_name(name)]
    return [str(path) for path in sorted(found, key=lambda path: path.parts) if path.is_file() and _is_lines(path)]


def _is_lines(path: Path) -> bool:
    """Whether a file of a folder may hold lines of JSON; ``*.json`` is more often one document over many lines."""
    name = path.name.lower()
    if not fnmatch(name, "*.json*") or name.endswith(_PACKED_NAMES):
        return True
    try:
        with path.open("rb") as stream:
            first = stream.readline(65_536).strip()
    except OSError:
        return True  # to be reported when it is read
    return first not in (b"{", b"[") and first[:1] != b"["
