"""From paths to numbered lines: log files, plain or gz, folders of them, standard input.

Everything streams: whatever the size of a file or of one of its lines, memory stays bounded.
"""

from __future__ import annotations

from smartpd_analytics.sources._lines import SourceLine
from smartpd_analytics.sources._reading import ACCEPTED, STANDARD_INPUT, read_lines

__all__ = ["ACCEPTED", "STANDARD_INPUT", "SourceLine", "read_lines"]
