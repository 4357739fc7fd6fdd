"""From paths and addresses to blocks of lines: log files, plain, gz or zst, folders of them, standard input; and to
rows of Aspects' ClickHouse.

Everything streams: whatever the size of a file or of one of its lines, memory stays bounded. What not every run needs
is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartpd_analytics._doors import loader
from smartpd_analytics.sources._bytes import ByteSource, mark_of
from smartpd_analytics.sources._chunks import NotTextError
from smartpd_analytics.sources._places import (
    ACCEPTED,
    STANDARD_INPUT,
    STANDARD_INPUT_NAME,
    find_files,
    is_address,
    is_table,
    size_of,
    unreadable,
    without_events,
)

if TYPE_CHECKING:
    from smartpd_analytics.sources._blocks import BLOCK_BYTES, Block
    from smartpd_analytics.sources._clickhouse import (
        ACCEPTED_TABLE,
        HOUR_US,
        PASSWORD_VARIABLE,
        Mark,
        StatementRow,
        StatementTable,
        TableAddress,
        open_table,
        table_address,
    )
    from smartpd_analytics.sources._ranges import Range, has_ranges, iter_ranges, read_range
    from smartpd_analytics.sources._reading import iter_blocks, read_blocks

__all__ = [
    "ACCEPTED",
    "ACCEPTED_TABLE",
    "BLOCK_BYTES",
    "HOUR_US",
    "PASSWORD_VARIABLE",
    "STANDARD_INPUT",
    "STANDARD_INPUT_NAME",
    "Block",
    "ByteSource",
    "Mark",
    "NotTextError",
    "Range",
    "StatementRow",
    "StatementTable",
    "TableAddress",
    "find_files",
    "has_ranges",
    "is_address",
    "is_table",
    "iter_blocks",
    "iter_ranges",
    "mark_of",
    "open_table",
    "read_blocks",
    "read_range",
    "size_of",
    "table_address",
    "unreadable",
    "without_events",
]

_HOMES = {
    "_blocks": ("BLOCK_BYTES", "Block"),
    "_clickhouse": (
        "ACCEPTED_TABLE",
        "HOUR_US",
        "PASSWORD_VARIABLE",
        "Mark",
        "StatementRow",
        "StatementTable",
        "TableAddress",
        "open_table",
        "table_address",
    ),
    "_ranges": ("Range", "has_ranges", "iter_ranges", "read_range"),
    "_reading": ("iter_blocks", "read_blocks"),
}

__getattr__ = loader(__name__, _HOMES)
