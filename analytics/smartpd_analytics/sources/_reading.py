"""From sources to blocks of lines; what cannot be read is reported, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from smartpd_analytics.errors import N_, MissingExtraError, SourceError
from smartpd_analytics.progress import Progress
from smartpd_analytics.sources._blocks import BLOCK_BYTES, Block, cut_blocks
from smartpd_analytics.sources._chunks import BrokenOffError, NotTextError, is_packed, plain_chunks, text_chunks
from smartpd_analytics.sources._places import (
    ACCEPTED,
    STANDARD_INPUT,
    STANDARD_INPUT_NAME,
    Report,
    find_files,
    open_file,
    size_of,
    unreadable,
)


def iter_blocks(
    source: str,
    *,
    longest: int,
    start: int = 0,
    first_line: int = 1,
    block_bytes: int = BLOCK_BYTES,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], None] = lambda _count: None,
) -> Iterator[Block]:
    """The lines of one source from ``start`` on, in blocks.

    Whatever the size of the source, of what it unpacks to or of one of its lines, memory stays bounded.

    Args:
        source: a name from ``find_files``.
        longest: bytes that a line may have; of a longer one comes as much as shows that it is one.
        start: where to start in the text (unpacked, where the source is gz or zst): the start of a line.
        first_line: number of the line that starts there.
        block_bytes: about how many bytes a block has.
        stdin: an open binary stream, for ``"-"``.
        on_bytes: hears how many bytes, as stored, were read.

    Raises:
        SourceError: the source cannot be read, is no text, or breaks off; after all blocks before the break.
    """
    name = STANDARD_INPUT_NAME if source == STANDARD_INPUT else source
    used = 0
    try:
        with _opened(source, stdin) as stream:
            chunks = _chunks_from(stream, start, on_bytes)
            for block in cut_blocks(
                chunks, start=start, first_line=first_line, block_bytes=block_bytes, longest=longest
            ):
                used = block.first_line - first_line + block.data.count(b"\n")
                yield block
    except BrokenOffError as error:
        raise SourceError(
            N_("{what}; the {lines} complete lines before the break were used")
            if used
            else N_("{what}; there is no complete line before the break"),
            file=name,
            line=first_line + used,
            accepted=ACCEPTED,
            what=error.args[0],
            lines=used,
        ) from None
    except (NotTextError, OSError, ValueError, MissingExtraError) as error:
        raise unreadable(name, error) from error


def read_blocks(
    paths: Sequence[str | Path],
    *,
    on_problem: Report,
    longest: int,
    block_bytes: int = BLOCK_BYTES,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[str, Block]]:
    """The lines of all that ``paths`` name (see ``find_files``), each block with the name of its file for people.

    Args:
        on_problem: hears of each source that cannot be read, or not to its end.
        progress: hears (bytes done, bytes in all or 0 where that is unknown), as stored.
    """
    files = find_files(paths, on_problem)
    meter = _Meter(progress, files)
    for file in files:
        name = STANDARD_INPUT_NAME if file == STANDARD_INPUT else file
        found = False
        try:
            for block in iter_blocks(file, longest=longest, block_bytes=block_bytes, stdin=stdin, on_bytes=meter.add):
                found = True
                yield name, block
        except SourceError as error:
            on_problem(error)
        else:
            if not found:
                on_problem(SourceError(N_("the file is empty"), file=name, accepted=ACCEPTED))
    meter.finish()


class _Meter:
    """Adds up bytes and passes them on."""

    def __init__(self, progress: Progress | None, files: Sequence[str]) -> None:
        self._progress = progress
        self._done = 0
        sizes = [size_of(file) for file in files] if progress else []
        self._total = 0 if None in sizes else sum(size or 0 for size in sizes)

    def add(self, count: int) -> None:
        self._done += count
        if self._progress:
            self._progress(self._done, max(self._done, self._total) if self._total else 0)

    def finish(self) -> None:
        if self._progress:
            self._progress(self._done, self._done if self._total else 0)


@contextmanager
def _opened(source: str, stdin: BinaryIO | None) -> Iterator[BinaryIO]:
    if source != STANDARD_INPUT:
        with closing(open_file(source)) as stream:
            yield stream
    elif stdin is None:
        raise SourceError(N_("nothing was given on it"), file=STANDARD_INPUT_NAME, accepted=ACCEPTED)
    else:
        yield stdin


def _chunks_from(stream: BinaryIO, start: int, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    if not start:
        yield from text_chunks(stream, on_bytes)
        return
    packed = is_packed(stream.read(4))
    stream.seek(0 if packed else start)
    if not packed:
        yield from plain_chunks(stream, on_bytes)
        return
    for chunk in text_chunks(stream, on_bytes):
        if start < len(chunk):
            yield chunk[start:]
        start = max(0, start - len(chunk))
