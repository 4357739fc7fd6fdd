"""A plain file in ranges of whole lines, which workers read for themselves: nothing travels between processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from smartpd_analytics.sources._blocks import BLOCK_BYTES, cut_blocks
from smartpd_analytics.sources._chunks import is_packed
from smartpd_analytics.sources._places import STANDARD_INPUT, is_address

_STEP = 65_536


class Range(NamedTuple):
    """Bytes of a plain file that are whole lines."""

    start: int
    end: int
    #: False for the last line of a file where no line feed ends it: it may still be growing.
    ended: bool


def has_ranges(name: str) -> bool:
    """Whether ``iter_ranges`` and ``read_range`` can read a source: a plain regular file on this machine.

    Raises:
        OSError: it cannot be opened.
    """
    if name == STANDARD_INPUT or is_address(name) or not Path(name).is_file():
        return False
    with Path(name).open("rb", buffering=0) as stream:
        return not is_packed(stream.read(4))


def iter_ranges(name: str, *, start: int = 0, stop: int | None = None, size: int = BLOCK_BYTES) -> Iterator[Range]:
    """The bytes from ``start`` (the start of a line) to ``stop`` (the end of the file as it is now) in ranges.

    Raises:
        OSError: it cannot be read.
    """
    with Path(name).open("rb", buffering=0) as stream:
        stop = os.fstat(stream.fileno()).st_size if stop is None else stop
        while start < stop:
            end = _line_end(stream, start + size, stop)
            if end is None:
                last = _last_line_start(stream, start, stop)
                if last > start:
                    yield Range(start, last, ended=True)
                if last < stop:
                    yield Range(last, stop, ended=False)
                return
            yield Range(start, end, ended=True)
            start = end


def read_range(name: str, found: Range, *, longest: int) -> bytes:
    """The lines of a range as ``Block.data`` has them: of a line over ``longest`` bytes its start at least.

    Raises:
        OSError: it cannot be read.
    """
    with Path(name).open("rb", buffering=0) as stream:
        stream.seek(found.start)
        left = found.end - found.start
        if left <= BLOCK_BYTES + longest:
            # Shorter than asked for where the file was cut meanwhile; whoever counts bytes notices.
            return b"".join(_only(stream, left))
        blocks = cut_blocks(_only(stream, left), longest=longest)
        return b"".join(block.data for block in blocks)


def _only(stream: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (chunk := stream.read(min(left, BLOCK_BYTES))):
        left -= len(chunk)
        yield chunk


def _line_end(stream: BinaryIO, position: int, stop: int) -> int | None:
    """Where the line that ``position`` is in ends; None where that is the last line."""
    stream.seek(position)
    while position < stop and (piece := stream.read(min(_STEP, stop - position))):
        found = piece.find(b"\n")
        if found >= 0:
            end = position + found + 1
            return end if end < stop else None
        position += len(piece)
    return None


def _last_line_start(stream: BinaryIO, start: int, stop: int) -> int:
    """Where what follows the last line feed before ``stop`` starts."""
    end = stop
    while end > start:
        begin = max(start, end - _STEP)
        stream.seek(begin)
        found = stream.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return start
