"""Time on task from the distances between events.

A log says when something was done, not how long it took. The usual way out (Kovanović et al. 2015,
"Penetrating the black box of time-on-task estimation", LAK'15): the time between two events counts,
unless it is so long that the learner must have been away, and the last event of a sitting gets a
fixed allowance.

The same time is told at three levels. A sitting: all gaps of at most ``SESSION_GAP_US`` and
``LAST_EVENT_US`` for the end. A unit: the gaps that follow events with that unit on screen, end
included. A block: for videos the gaps that follow an event which leaves it playing; for everything
else the gap before the event, since one clicks when the work is done.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ._events import MICRO, PERSON, flag, whole

__all__ = ["DAY_US", "LAST_EVENT_US", "SESSION_GAP_US", "learners", "timed", "unit_times"]

#: A longer silence ends a sitting.
SESSION_GAP_US = 30 * 60 * MICRO
#: What the last event of a sitting is taken to last.
LAST_EVENT_US = 60 * MICRO
DAY_US = 24 * 60 * 60 * MICRO

#: After these a video no longer plays.
_VIDEO_ENDS = ("complete_video", "load_video", "pause_video", "stop_video")
#: The unit is leaving the screen; the line may even come after the next unit's first.
_LEAVING = "page_close"


def timed(events: Any) -> Any:
    """The events at which the learner was there, with their gaps in microseconds.

    Adds ``before_us`` (since the previous event of the same sitting, 0 for its first), ``after_us`` (to the
    next one, or the allowance), ``starts`` (1 where a sitting begins) and ``block_us`` (time on the block).
    """
    ordered: dict[str, Any] = {"order_by": ["order"]}
    here = events.filter(nw.col("present") == 1).with_columns(
        (nw.col("time_us") - nw.col("time_us").shift(1).over(*PERSON, **ordered)).alias("gap_before"),
        (nw.col("time_us").shift(-1).over(*PERSON, **ordered) - nw.col("time_us")).alias("gap_after"),
    )
    here = here.with_columns(
        nw.when(nw.col("gap_before") <= SESSION_GAP_US)
        .then(nw.col("gap_before"))
        .otherwise(nw.lit(0))
        .cast(nw.Int64)
        .alias("before_us"),
        nw.when(nw.col("gap_after") <= SESSION_GAP_US)
        .then(nw.col("gap_after"))
        .otherwise(nw.lit(LAST_EVENT_US))
        .cast(nw.Int64)
        .alias("after_us"),
        (nw.lit(1) - flag(nw.col("gap_before") <= SESSION_GAP_US)).alias("starts"),
    )
    playing = nw.when(nw.col("name").is_in(_VIDEO_ENDS)).then(nw.lit(0)).otherwise(nw.col("after_us"))
    spent = nw.when(nw.col("kind") == "video").then(playing).otherwise(nw.col("before_us"))
    return here.with_columns(spent.cast(nw.Int64).alias("block_us")).drop("gap_before", "gap_after")


def learners(events: Any, here: Any) -> Any:
    """One row for each person and course: first and last time, days, sittings, time on task, enrolment.

    ``enrolled`` is 1 or 0 after the last enrolment event, None where there is none.
    """
    everything = events.group_by(*PERSON).agg(
        nw.col("person_id").max(),
        nw.col("staff").max(),
        nw.col("time_us").min().alias("first_any"),
        nw.col("time_us").max().alias("last_any"),
    )
    active = (
        here.with_columns((nw.col("time_us") // DAY_US).alias("day"))
        .group_by(*PERSON)
        .agg(
            nw.col("time_us").min().alias("first_us"),
            nw.col("time_us").max().alias("last_us"),
            nw.col("day").n_unique().alias("active_days"),
            nw.col("starts").sum().alias("sessions"),
            nw.col("after_us").sum().alias("spent_us"),
        )
    )
    active = whole(active, "sessions", "spent_us")
    left = "edx.course.enrollment.deactivated"
    changes = events.filter(nw.col("name").is_in(("edx.course.enrollment.activated", left)))
    enrolment = (
        changes.filter(nw.col("order") == nw.col("order").max().over(*PERSON))
        .with_columns(flag(nw.col("name") != left).alias("enrolled"))
        .select(*PERSON, "enrolled")
    )
    keys = list(PERSON)
    return everything.join(active, on=keys, how="left").join(enrolment, on=keys, how="left")


def unit_times(here: Any) -> Any:
    """One row for each person, course and unit on screen: views, first and last time, time spent."""
    shown = here.filter(nw.col("unit_key") != "", nw.col("name") != _LEAVING)
    units = (
        shown.with_columns(flag(nw.col("name") == "page_view").alias("view"))
        .group_by(*PERSON, "unit_key")
        .agg(
            nw.col("staff").max(),
            nw.col("view").sum().alias("views"),
            nw.col("time_us").min().alias("first_us"),
            nw.col("time_us").max().alias("last_us"),
            nw.col("after_us").sum().alias("spent_us"),
        )
    )
    return whole(units, "views", "spent_us")
