"""From a source to blocks of whole lines, and what to remember to go on from there."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
import orjson

from smartpd_analytics.sources import ByteSource
from smartpd_analytics.tracking import MAX_LINE_BYTES

#: Bytes of a block; a line that is longer is read past.
BLOCK = 4 * 1_048_576
#: Bytes at the start and before the place reached by which a source is known again.
HEAD, TAIL = 4_096, 1_024

_SCRATCH = 262_144


def digest(data: bytes) -> str:
    """Digest of some bytes of a source."""
    return blake2b(data, digest_size=16).hexdigest()


class Place(msgspec.Struct, frozen=True):
    """How far a source was read, and the bytes by which that place is known again."""

    consumed: int = 0
    head: bytes = b""
    tail: bytes = b""
    open_line: bool = False


class BlockReader:
    """Reads whole lines; the last line of a growing file waits until it is whole.

    Args:
        source: stands at ``place``.
        place: where to go on.
        lasting: the source does not grow any more, so its last line is a line, line feed or not.
    """

    def __init__(self, source: ByteSource, place: Place, *, lasting: bool) -> None:
        self.source = source
        self.place = place
        #: Bytes of a last line that waits to be whole.
        self.unfinished = 0
        self._lasting = lasting
        self._rest = b""
        self._ended = False
        if place.open_line:
            # The line feed of the last line, which was taken without it.
            begin = source.read(2)
            skipped = 2 if begin == b"\r\n" else 1 if begin[:1] == b"\n" else 0
            self._rest = begin[skipped:]
            self._note(begin[:skipped], open_line=not begin)

    def fill(self, buffer: Any, start: int, size: int) -> int:
        """Put the next whole lines into ``buffer`` (a bytearray or mmap) from ``start``; how many bytes, 0 at the end.

        A line longer than ``size`` comes cut to ``MAX_LINE_BYTES + 1`` bytes, which tells that it is too long.
        """
        if self._ended:
            return 0
        filled = len(self._rest)
        buffer[start : start + filled] = self._rest
        self._rest = b""
        while filled < size:
            with memoryview(buffer) as whole, whole[start + filled : start + size] as part:
                got = self.source.readinto(part)
            if not got:
                self._ended = True
                break
            filled += got
        cut: int = max(buffer.rfind(b"\n", start, start + filled) + 1 - start, 0)
        if not self._ended and not cut:
            return self._too_long(buffer, start, filled)
        rest = bytes(buffer[start + cut : start + filled])
        taken = False
        if self._ended and rest:
            lasting = self._lasting and self.source.problem is None
            taken = lasting or _is_whole(rest)
            cut += len(rest) if taken else 0
            self.unfinished = 0 if taken else len(rest)
        elif not self._ended:
            self._rest = rest
        if cut:
            self._note(buffer, start, cut, open_line=taken)
        return cut

    def _too_long(self, buffer: Any, start: int, filled: int) -> int:
        """Read past the end of a line that fills the whole buffer."""
        if not bytes(buffer[start : start + filled]).strip(b"\0"):
            # Rotation by copy and truncate leaves a run of zeros before the next line, of any length.
            self._note(buffer, start, filled)
            return self.fill(buffer, start, filled)
        passed = bytes(buffer[start + filled - TAIL : start + filled])
        skipped = 0
        while True:
            chunk = self.source.read(_SCRATCH)
            if not chunk:
                self._ended = True
                if not self._lasting:
                    self.unfinished = filled + skipped
                    return 0
                break
            end = chunk.find(b"\n") + 1
            skipped += end or len(chunk)
            passed = (passed + chunk[: end or None])[-TAIL:]
            if end:
                self._rest = chunk[end:]
                break
        place = self.place
        self._note(buffer, start, filled)
        self.place = Place(place.consumed + filled + skipped, self.place.head, passed)
        buffer[start + MAX_LINE_BYTES + 1 : start + MAX_LINE_BYTES + 2] = b"\n"
        return MAX_LINE_BYTES + 2

    def _note(self, data: Any, start: int = 0, length: int | None = None, *, open_line: bool = False) -> None:
        length = len(data) if length is None else length
        place = self.place
        head, tail = place.head, bytes(data[start + max(length - TAIL, 0) : start + length])
        if len(head) < HEAD:
            head += bytes(data[start : start + min(HEAD - len(head), length)])
        if length < TAIL:
            tail = (place.tail + tail)[-TAIL:]
        self.place = Place(place.consumed + length, head, tail, open_line)


def _is_whole(line: bytes) -> bool:
    """Whether a line that has no line feed yet can only be a whole one: an object to its end."""
    start = line.find(b"{")
    if start < 0 or len(line) > MAX_LINE_BYTES:
        return False
    try:
        return isinstance(orjson.loads(line[start:]), dict)
    except orjson.JSONDecodeError:
        return False
