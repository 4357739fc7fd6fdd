"""One source as a stream of its unpacked bytes: a file, plain, gz or zst, anything fsspec opens, standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Any, BinaryIO

from smartpd_analytics.errors import Message
from smartpd_analytics.sources._chunks import BrokenOffError, NotTextError, binary, is_packed, text_chunks
from smartpd_analytics.sources._places import is_address, open_file

_SIGN = 4_096


def mark_of(name: str) -> tuple[int, ...]:
    """What changes whenever a local file's content does: device, inode, size, times of change; else ``()``.

    Raises:
        OSError: there is no such file.
    """
    if is_address(name):
        return ()
    found = os.stat(name)  # noqa: PTH116 - keeps the name as it was given
    if not stat.S_ISREG(found.st_mode):
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class ByteSource:
    """The unpacked bytes of one source, from its start.

    Args:
        name: a path, or a URL that fsspec knows.
        stream: an open stream to read instead, such as standard input.

    Raises:
        OSError, ValueError: it cannot be opened.
        MissingExtraError: it is an address, and what opens it is not installed.
        NotTextError: it is binary, and neither gz nor zst.
    """

    def __init__(self, name: str, stream: BinaryIO | None = None) -> None:
        self.name = name
        #: Bytes read so far, as stored.
        self.stored = 0
        #: What was wrong with its end, or None.
        self.problem: Message | None = None
        self._own = stream is None
        self._stream: Any = stream if stream is not None else open_file(name)
        try:
            self.mark: tuple[int, ...] = self._mark()
            sign = b""
            while len(sign) < _SIGN and (more := self._stream.read(_SIGN - len(sign))):
                sign += more
            self.packed = is_packed(sign)
            self._unread = b"" if self.packed else sign
            self.stored = 0 if self.packed else len(sign)
            if not self.packed and (what := binary(sign)):
                raise NotTextError(what)
            self._chunks = self._unpacked(sign) if self.packed else None
            #: Whether one can go to any place of it.
            self.seekable = self._chunks is None and bool(self.mark)
        except BaseException:
            self.close()
            raise

    def _mark(self) -> tuple[int, ...]:
        try:
            found = os.fstat(self._stream.fileno())
        except (OSError, AttributeError, ValueError):
            return ()
        if not self._own or not stat.S_ISREG(found.st_mode):
            return ()
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    @property
    def size(self) -> int:
        """Bytes as stored when it was opened; 0 where that is unknown."""
        return self.mark[2] if self.mark else 0

    def readinto(self, part: memoryview) -> int:
        """Fill ``part`` from its start with the next bytes; 0 at the end."""
        if self._chunks is None and not self._unread:
            got: int = self._stream.readinto(part) or 0
            self.stored += got
            return got
        if not self._unread and self._chunks is not None:
            self._unread = next(self._chunks, b"")
        taken = min(len(self._unread), len(part))
        part[:taken] = self._unread[:taken]
        self._unread = self._unread[taken:]
        return taken

    def read(self, count: int) -> bytes:
        """The next ``count`` bytes; fewer only at the end."""
        found = bytearray(count)
        filled = 0
        with memoryview(found) as view:
            while filled < count and (got := self.readinto(view[filled:])):
                filled += got
        return bytes(found[:filled])

    def seek(self, offset: int) -> None:
        """Go to a place of a plain file."""
        self._stream.seek(offset)
        self._unread = b""

    def close(self) -> None:
        if self._own:
            self._stream.close()

    def _unpacked(self, sign: bytes) -> Iterator[bytes]:
        stream: Any = _Rejoined(sign, self._stream, self)
        try:
            yield from text_chunks(stream, lambda _count: None)
        except BrokenOffError as error:
            self.problem = error.args[0]


class _Rejoined:
    """What was read to look at it, then the rest of the stream; counts."""

    def __init__(self, sign: bytes, rest: Any, counted: ByteSource) -> None:
        self._sign, self._rest, self._counted = sign, rest, counted

    def read(self, count: int = -1) -> bytes:
        if self._sign:
            found, self._sign = self._sign, b""
        else:
            found = self._rest.read(count) or b""
        self._counted.stored += len(found)
        return found
