"""The one pass over the events: counts for each learner and day, block, and unit.

Everything else is computed from these three tables, which are many times smaller than the events, and
which are the memory of incremental runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ._encoded import ACTS
from ._frames import flag, kept, remainder
from ._time import DAY_US, LAST_EVENT_US, SESSION_GAP_US

__all__ = ["DAILY", "Counts", "counts"]

_HOUR_US = DAY_US // 24
#: More than there are acts.
_ACT_ROOM = 32
#: Counted acts of a day.
_ACTS = ("right", "wrong", "shown", "hint", "read", "post", "vote", "pres", "matrix", "diagnosis")
#: Columns of ``Counts.days`` that are sums.
DAILY = (
    "acts",
    "starts",
    *("video_us", "text_us", "practice_us", "forum_us"),
    *("morning", "afternoon", "evening", "night"),
    "mobile",
    "timed",
    "timed_us",
    *_ACTS,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """``days``: for each learner and day the sums ``DAILY``, ``first_any``, ``first_us``, ``last_us``, and the newest
    enrolment and grade, each coded behind its time.

    ``blocks``: for each learner and block answers, first and last one coded behind their times, when it was
    played, finished (``done_us``) and its solution shown. ``units``: for each learner and unit on screen first and
    last time, time spent, visits, and sittings that ended there.
    """

    days: Any
    blocks: Any
    units: Any


def _is(act: str) -> Any:
    return nw.col("act") == ACTS[act]


def counts(events: Any, *, offset_us: int, done: Callable[[], None] = lambda: None) -> Counts:
    """Count; days and hours are those of UTC plus ``offset_us``. ``done`` is called after each of four steps."""
    events = kept(_timed(events, offset_us))
    found = []
    for step in (_days, _blocks, _units):
        done()
        found.append(kept(step(events)))
    done()
    return Counts(*found)


def _timed(events: Any, offset_us: int) -> Any:
    """Time on task from the distances between acts (see ``_time``), each distance given to one medium."""
    # Acts of the same microsecond in an order that depends on nothing but what is counted.
    tie = ((nw.col("act") * 8 + nw.col("part")).cast(nw.Int64) * 2**26 + nw.col("block")) * 2**24 + nw.col("unit")
    run = {"order_by": ["time_us", "tie"]}
    run_of = ("who", "present")
    # A time and what was done then in one number.
    marked = nw.col("time_us") * _ACT_ROOM + nw.col("act")
    events = events.with_columns(tie.alias("tie"), marked.alias("marked"))
    events = events.with_columns(
        nw.col("marked").shift(1).over(*run_of, **run).alias("once_before"),
        nw.col("marked").shift(2).over(*run_of, **run).alias("twice_before"),
        nw.col("time_us").shift(-1).over(*run_of, **run).alias("time_after"),
        nw.col("part").shift(-1).over(*run_of, **run).alias("part_after"),
        nw.col("unit").shift(1).over(*run_of, **run).alias("unit_before"),
    )
    once, twice = nw.col("once_before"), nw.col("twice_before")
    before = nw.col("time_us") - once // _ACT_ROOM
    # The platform marks a block complete just before it says that an answer was given.
    known = nw.when(remainder(once, _ACT_ROOM) != ACTS["mark"]).then(once).otherwise(twice)
    since = nw.when(remainder(known, _ACT_ROOM) != ACTS["mark"]).then(nw.col("time_us") - known // _ACT_ROOM)
    after = nw.col("time_after") - nw.col("time_us")
    stays = after <= SESSION_GAP_US
    here = nw.col("present") == 1
    then = nw.when(stays).then(nw.col("part_after")).otherwise(nw.lit(0))
    part, part_after = nw.col("part"), nw.col("then")
    medium = nw.coalesce(
        nw.when(part == 1).then(nw.lit(1)),
        nw.when(part_after == 2).then(nw.lit(2)),
        nw.when((part == 3) | (part_after == 3)).then(nw.lit(3)),
        nw.when(part == 2).then(nw.lit(2)),
        nw.lit(0),
    )
    local = nw.col("time_us") + offset_us
    spent = nw.when(stays).then(after).otherwise(nw.lit(LAST_EVENT_US))
    return events.with_columns(then.alias("then")).select(
        "who",
        "present",
        "time_us",
        "block",
        "unit",
        "leaf",
        "video",
        "act",
        "mobile",
        "first",
        "grade",
        nw.when(here).then(spent).otherwise(nw.lit(0)).cast(nw.Int64).alias("spent_us"),
        nw.when(here).then(medium).otherwise(nw.lit(-1)).cast(nw.Int32).alias("medium"),
        (local // DAY_US).cast(nw.Int32).alias("day"),
        nw.when(here).then(remainder(local // _HOUR_US, 24)).otherwise(nw.lit(-1)).cast(nw.Int32).alias("hour"),
        nw.when(here).then(1 - flag(before <= SESSION_GAP_US)).otherwise(nw.lit(0)).cast(nw.Int32).alias("starts"),
        nw.when(here & (since <= SESSION_GAP_US)).then(since).otherwise(nw.lit(-1)).cast(nw.Int64).alias("before_us"),
        flag(here & stays).alias("stays"),
        flag(nw.coalesce(nw.col("unit_before"), nw.lit(0)) != nw.col("unit")).alias("comes"),
    )


def _days(events: Any) -> Any:
    hour, medium, spent = nw.col("hour"), nw.col("medium"), nw.col("spent_us")
    timed = (_is("right") | _is("wrong")) & (nw.col("before_us") >= 0)
    here = nw.col("present") == 1
    zero = nw.lit(0)

    def time_of(number: int) -> Any:
        return nw.when(medium == number).then(spent).otherwise(zero).cast(nw.Int64)

    sums = {
        "acts": nw.col("present"),
        "starts": nw.col("starts"),
        "text_us": time_of(0),
        "video_us": time_of(1),
        "practice_us": time_of(2),
        "forum_us": time_of(3),
        "morning": flag((hour >= 5) & (hour < 12)),
        "afternoon": flag((hour >= 12) & (hour < 18)),
        "evening": flag((hour >= 18) & (hour < 23)),
        "night": flag(here & ((hour < 5) | (hour >= 23))),
        "mobile": nw.when(here).then(nw.col("mobile")).otherwise(zero).cast(nw.Int32),
        "timed": flag(timed),
        "timed_us": nw.when(timed).then(nw.col("before_us")).otherwise(zero).cast(nw.Int64),
        **{act: flag(_is(act)) for act in _ACTS},
    }
    enrolment = nw.when(_is("enrol") | _is("leave")).then(nw.col("time_us") * 2 + flag(_is("enrol")))
    grade = nw.when(nw.col("grade") >= 0).then(nw.col("time_us") // 1000 * 1_000_001 + nw.col("grade"))
    days = (
        events.with_columns(
            *(value.alias(name) for name, value in sums.items()),
            enrolment.cast(nw.Int64).alias("enrolment"),
            grade.cast(nw.Int64).alias("graded"),
            nw.when(here).then(nw.col("time_us")).alias("here_us"),
        )
        .group_by("who", "day")
        .agg(
            *(nw.col(name).sum() for name in DAILY),
            nw.col("time_us").min().alias("first_any"),
            nw.col("time_us").max().alias("last_any"),
            nw.col("here_us").min().alias("first_us"),
            nw.col("here_us").max().alias("last_us"),
            nw.col("enrolment").max(),
            nw.col("graded").max(),
        )
    )
    return days.with_columns(*(nw.col(name).cast(nw.Int64) for name in DAILY))


def _blocks(events: Any) -> Any:
    used = ("right", "wrong", "play", "complete", "stop", "mark", "shown")
    events = events.filter(nw.col("leaf") == 1, nw.col("act").is_in([ACTS[act] for act in used]))
    time = nw.col("time_us")
    answer = _is("right") | _is("wrong")
    right = flag(_is("right")).cast(nw.Int64)
    # Old players only say that a video stopped at its end; new ones say both.
    done = _is("right") | _is("complete") | _is("stop") | _is("mark")
    columns = {
        "answers": flag(answer),
        "right": flag(_is("right")),
        "first_code": nw.when(answer).then(time * 4 + nw.col("first").cast(nw.Int64) * 2 + right),
        "last_code": nw.when(answer).then(time * 2 + right),
        "done_us": nw.when(done).then(time),
        "played": flag(_is("play")),
        "shown": flag(_is("shown")),
    }
    least = ("first_code", "done_us")
    sums = ("answers", "right", "played", "shown")
    found = (
        events.with_columns(*(value.alias(name) for name, value in columns.items()))
        .group_by("who", "block")
        .agg(
            *(nw.col(name).sum() for name in sums),
            *(nw.col(name).min() for name in least),
            nw.col("last_code").max(),
            nw.col("video").max(),
        )
    )
    return found.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))


def _units(events: Any) -> Any:
    shown = events.filter(nw.col("present") == 1, nw.col("unit") > 0, nw.col("act") != ACTS["close"])
    sums = ("spent_us", "visits", "exits")
    found = (
        shown.with_columns(
            flag(_is("view") & (nw.col("comes") == 1)).alias("visits"),
            (1 - nw.col("stays")).alias("exits"),
        )
        .group_by("who", "unit")
        .agg(
            nw.col("time_us").min().alias("first_us"),
            nw.col("time_us").max().alias("last_us"),
            nw.col("day").min().alias("first_day"),
            *(nw.col(name).sum() for name in sums),
        )
    )
    return found.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))
