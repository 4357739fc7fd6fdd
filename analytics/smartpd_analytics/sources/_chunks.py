"""From an open file to chunks of its text, gz, zst or plain, and what a file is by its first bytes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from smartpd_analytics.errors import N_, Message

CHUNK = 262_144
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
#: zlib's way to ask for a gzip header.
_GZIP_WINDOW = 31

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"BZh", N_("compressed with bzip2")),
    (b"PK\x03\x04", N_("a zip archive")),
    (b"\xfd7zXZ\x00", N_("compressed with xz")),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7z archive")),
    (b"PAR1", N_("a Parquet file")),
    (b"SQLite format 3\x00", N_("an SQLite database")),
    (b"\x89PNG", N_("a picture")),
    (b"%PDF-", N_("a PDF document")),
)


class BrokenOffError(Exception):
    """The text ends before its end; all chunks up to there were given."""


class NotTextError(Exception):
    """The bytes are no text; the message says what they are."""


def is_packed(head: bytes) -> bool:
    """Whether a file that starts with ``head`` (4 bytes are enough) is one that ``text_chunks`` unpacks."""
    return head.startswith((_GZIP, _ZSTD))


def text_chunks(stream: BinaryIO, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    """The text of ``stream``, unpacked where it is gz or zst (by its first bytes, not by its name).

    ``on_bytes`` hears how many bytes, as stored, were read.

    Raises:
        BrokenOffError: packed data that is cut off or damaged, after all chunks before the break.
        NotTextError: binary data, before any chunk.
        OSError: the file cannot be read on.
    """
    raw = plain_chunks(stream, on_bytes)
    head = next(raw, b"")
    while head and len(head) < len(_ZSTD) and (more := next(raw, b"")):  # a pipe may give single bytes
        head += more
    unpack = _gunzipped if head.startswith(_GZIP) else _unzstd if head.startswith(_ZSTD) else _joined
    chunks = unpack(head, raw)
    first = next(chunks, b"")
    if what := binary(first):
        raise NotTextError(what)
    if first:
        yield first
    yield from chunks


def plain_chunks(stream: BinaryIO, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    """What ``stream`` holds, as it is."""
    while chunk := stream.read(CHUNK):
        on_bytes(len(chunk))
        yield chunk


def _joined(head: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from raw


def _gunzipped(head: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    """All members of a gz file, one after the other, in chunks of bounded size."""
    packed = head
    while packed:
        member = zlib.decompressobj(_GZIP_WINDOW)
        while not member.eof:
            try:
                chunk = member.decompress(packed, CHUNK)
            except zlib.error as error:
                raise BrokenOffError(Message(N_("the gz data is damaged"))) from error
            if chunk:
                yield chunk
            packed = member.unconsumed_tail
            # A full chunk may leave text inside zlib even when all input is used up.
            if not packed and not member.eof and len(chunk) < CHUNK:
                packed = next(raw, b"")
                if not packed:
                    raise BrokenOffError(Message(N_("the gz data ends before its end")))
        # Zeros may pad the end of a member.
        packed = member.unused_data.lstrip(b"\0")
        while not packed and (more := next(raw, b"")):
            packed = more.lstrip(b"\0")


class _Rest(io.RawIOBase):
    """Chunks as a file again, for a reader that asks for one."""

    def __init__(self, head: bytes, raw: Iterator[bytes]) -> None:
        self._left = head
        self._raw = raw
        self.error: OSError | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            self._left = self._left or next(self._raw, b"")
        except OSError as error:  # of the disk, not of the packed data
            self.error = error
            raise
        found, self._left = self._left[:size], self._left[size:]
        return found


def _unzstd(head: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    """All frames of a zst file, one after the other."""
    import pyarrow as pa

    rest = _Rest(head, raw)
    with pa.CompressedInputStream(pa.PythonFile(rest, mode="r"), "zstd") as stream:
        while True:
            try:
                chunk = stream.read(CHUNK)
            except OSError as error:
                if rest.error is not None:
                    raise rest.error from None
                ends = "runcated" in str(error)
                what = N_("the zst data ends before its end") if ends else N_("the zst data is damaged")
                raise BrokenOffError(Message(what)) from error
            if not chunk:
                return
            yield chunk


def binary(first: bytes) -> Message | None:
    """What the first chunk of a file shows it to be, where that is no text."""
    for signature, what in _SIGNATURES:
        if first.startswith(signature):
            return Message(what)
    # Rotation by copy and truncate leaves a run of zeros before the next line.
    text = first.lstrip(b"\0")
    return Message(N_("binary data")) if b"\0" in text and b'"event_type"' not in text else None
