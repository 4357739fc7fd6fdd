"""What a learner did with each block, graded or not, and what the log knows of the blocks themselves."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ._events import PERSON, flag, whole

__all__ = ["CONTAINERS", "block_use", "catalogue"]

#: Blocks that hold others: nobody does anything with them but open them.
CONTAINERS = ("chapter", "course", "sequential", "vertical")


def _of_blocks(events: Any) -> Any:
    return events.filter(
        nw.col("usage_key") != "",
        nw.col("usage_key") != nw.col("unit_key"),
        ~nw.col("block_type").is_in(CONTAINERS),
    )


def block_use(here: Any) -> Any:
    """One row for each person, course and block: counts, first and last time, time spent."""
    counts = {
        "views": nw.col("name") == "page_view",
        "plays": nw.col("name") == "play_video",
        "completes": nw.col("name") == "complete_video",
        "stops": nw.col("name") == "stop_video",
        "marks": (nw.col("kind") == "completion") & (nw.col("earned") >= 1.0),
        "shown": nw.col("name") == "showanswer",
    }
    use = _of_blocks(here).with_columns(*(flag(condition).alias(name) for name, condition in counts.items()))
    sums = ("spent_us", *counts)
    use = (
        use.with_columns(nw.col("block_us").alias("spent_us"))
        .group_by(*PERSON, "usage_key")
        .agg(
            nw.col("staff").max(),
            nw.col("time_us").min().alias("first_us"),
            nw.col("time_us").max().alias("last_us"),
            *(nw.col(name).sum() for name in sums),
        )
    )
    return whole(use, *sums)


def catalogue(events: Any) -> Any:
    """One row for each course and block that the log names: type, unit, title, length of a video in seconds."""
    block = ("course_key", "usage_key")
    known = events.filter(nw.col("usage_key") != "").with_columns(
        nw.when(nw.col("title") != "").then(nw.col("time_us")).otherwise(nw.lit(-1)).cast(nw.Int64).alias("titled_us")
    )
    latest = nw.col("titled_us") == nw.col("titled_us").max().over(*block)
    known = known.with_columns(nw.when(latest).then(nw.col("title")).otherwise(nw.lit("")).alias("newest"))
    return known.group_by(*block).agg(
        nw.col("block_type").max(),
        nw.col("home_unit").max().alias("unit_key"),
        nw.col("newest").max().alias("title"),
        nw.col("duration").max(),
    )
