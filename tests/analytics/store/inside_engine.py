"""Waves of a few blocks, worked on where the run does, so that a small log has many commits and faults fit in."""

from smartpd_analytics.store import _ingest, _tables, _writing

SMALL = (
    (_writing, "INSIDE_BYTES", 2**40),
    (_ingest, "WAVE_BYTES", 60_000),
    (_ingest, "BLOCK", 20_000),
    (_tables, "BLOCK", 20_000),
)
