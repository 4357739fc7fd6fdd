"""From chunks of text to blocks of whole lines, which is what workers get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: Bytes of a block: enough that starting on one costs nothing beside parsing it, little enough to hold several.
BLOCK_BYTES = 4_194_304


class Block(NamedTuple):
    """Whole lines of a source, with the line feeds between them."""

    data: bytes
    #: Number of the first line, from 1.
    first_line: int
    #: Where ``data`` starts and ends in the text (in the unpacked text, where the source is compressed).
    #: More than ``data`` has where a line was too long to be held whole.
    start: int
    end: int
    #: False for the last line of a source where no line feed ends it: it may still be growing.
    ended: bool

    def lines(self) -> list[bytes]:
        """The lines, without their line feeds."""
        found = self.data.split(b"\n")
        return found[:-1] if self.ended else found


def cut_blocks(
    chunks: Iterable[bytes], *, start: int = 0, first_line: int = 1, block_bytes: int = BLOCK_BYTES, longest: int
) -> Iterator[Block]:
    """Blocks of about ``block_bytes`` bytes; of a line over ``longest`` bytes as much as shows that it is one.

    That is at least ``longest + 1`` bytes, and never more than a block or that has. A last line without a line feed is
    a block of its own, unless the chunks break off with an error: then it never ended.
    """
    position = begin = start
    rest = b""
    too_long = False
    for chunk in _gathered(chunks, block_bytes):
        position += len(chunk)
        # Of a line that is too long already, nothing more is held.
        line_end = chunk.find(b"\n") if too_long else 0
        if line_end < 0:
            continue
        text = rest + chunk[line_end:]
        cut = text.rfind(b"\n") + 1
        rest, too_long = text[cut:], False
        if cut:
            end = position - len(rest)
            yield Block(text[:cut], first_line, begin, end, ended=True)
            first_line += text.count(b"\n", 0, cut)
            begin = end
        if len(rest) > longest and rest[0] == 0:
            # Rotation by copy and truncate leaves a run of zeros before the next line, of any length.
            rest = b"\0" + rest.lstrip(b"\0")
        if len(rest) > longest:
            rest, too_long = rest[: longest + 1], True
    if rest:
        yield Block(rest, first_line, begin, position, ended=False)


def _gathered(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in chunks of at least ``size``; what came before an error comes before it here as well."""
    held: list[bytes] = []
    held_bytes = 0
    try:
        for chunk in chunks:
            held.append(chunk)
            held_bytes += len(chunk)
            if held_bytes >= size:
                yield b"".join(held)
                held.clear()
                held_bytes = 0
    except Exception:
        yield b"".join(held)
        raise
    if held:
        yield b"".join(held)
