"""The table of events: the time as a timestamp, then one column for each field of ``data.Event``, in its order."""

from __future__ import annotations

import pyarrow as pa

#: Counts up with each change that a reader of the table can notice.
SCHEMA_VERSION = 2


def _field(name: str, kind: pa.DataType, meaning: str, *, nullable: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


SCHEMA: pa.Schema = pa.schema(
    [
        _field("time", pa.timestamp("us", tz="UTC"), "when it happened"),
        _field("time_us", pa.int64(), "the same in microseconds since 1970-01-01T00:00Z"),
        _field("name", pa.string(), "event type of the platform, or the canonical name of an implicit event"),
        _field(
            "kind",
            pa.string(),
            "page problem video navigation forum enrolment grade completion diagnosis matrix pres staff other",
        ),
        _field("source", pa.string(), "browser server mobile task"),
        _field("user_id", pa.int64(), "id of the learner; null where the line has none", nullable=True),
        _field("username", pa.string(), "empty where the line has none, or has that of someone else"),
        _field("course_key", pa.string(), "never empty"),
        _field("usage_key", pa.string(), "the block it is about, or empty"),
        _field("block_type", pa.string(), "type of that block, or empty"),
        _field("unit_key", pa.string(), "usage key of the unit on screen, or empty"),
        _field("session", pa.string(), "hash of the session token, or empty; the token itself is never kept"),
        _field("title", pa.string(), "display name of the block where the line has it, or empty"),
        _field("earned", pa.float64(), "points, or share of 1.0 completed; null where not graded", nullable=True),
        _field("possible", pa.float64(), "points, or 1.0, that could be earned; null where not graded", nullable=True),
        _field("attempt", pa.int64(), "number of the attempt at a problem, from 1", nullable=True),
        _field("correct", pa.bool_(), "fully right; null where it is no graded answer", nullable=True),
        _field("position", pa.float64(), "seconds into a video, or number of a tab", nullable=True),
        _field("duration", pa.float64(), "length of a video in seconds", nullable=True),
        _field("client", pa.string(), "web or mobile"),
        _field("payload", pa.string(), "JSON object with scalars, sorted by name"),
        _field("digest", pa.binary(16), "content digest, equal for copies of one event; unique in the table"),
    ],
    metadata={"smartpd_schema_version": str(SCHEMA_VERSION)},
)
