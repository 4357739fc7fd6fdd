"""From paths and addresses to blocks of lines: log files, plain, gz or zst, folders of them, standard input.

Everything streams: whatever the size of a file or of one of its lines, memory stays bounded.
"""

from __future__ import annotations

from smartpd_analytics.sources._blocks import BLOCK_BYTES, Block
from smartpd_analytics.sources._bytes import ByteSource, mark_of
from smartpd_analytics.sources._chunks import NotTextError
from smartpd_analytics.sources._places import ACCEPTED, STANDARD_INPUT, find_files, is_address, size_of
from smartpd_analytics.sources._ranges import Range, has_ranges, iter_ranges, read_range
from smartpd_analytics.sources._reading import iter_blocks, read_blocks

__all__ = [
    "ACCEPTED",
    "BLOCK_BYTES",
    "STANDARD_INPUT",
    "Block",
    "ByteSource",
    "NotTextError",
    "Range",
    "find_files",
    "has_ranges",
    "is_address",
    "iter_blocks",
    "iter_ranges",
    "mark_of",
    "read_blocks",
    "read_range",
    "size_of",
]
