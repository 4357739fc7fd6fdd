"""From chunks of bytes to lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: Display name of the file, line number from 1, the line without its line feed.
SourceLine = tuple[str, int, bytes]


def split_lines(chunks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The lines of ``chunks``; of a line over ``longest`` bytes only the first ``longest + 1``.

    The one byte more tells whoever reads the line that it is too long. A last line without a line feed
    is a line too, unless the chunks break off with an error: then it never ended.
    """
    rest = b""
    for chunk in chunks:
        first, *more = chunk.split(b"\n")
        # A part that is longer already only needs to stay longer.
        rest = (rest + first)[: longest + 1]
        for line in more:
            yield rest
            rest = line[: longest + 1]
    if rest:
        yield rest
