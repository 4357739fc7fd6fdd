"""For course teams: problems, units, courses, and week by week each course and all of them."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ._counts import Counts
from ._encoded import Encoded
from ._frames import flag, kept, remainder, share
from ._learners import ENOUGH_LEARNERS, FORTNIGHT_DAYS
from ._structure import Structure
from ._time import DAY_US

__all__ = ["courses", "items", "site", "units", "weeks"]

#: Learners from which on a discrimination is computed.
ENOUGH_FOR_DISCRIMINATION = 10
_SCALE = 10_000
_MINUTE_US = 60_000_000
_FORTNIGHT_US = FORTNIGHT_DAYS * DAY_US


def _silent(known: Encoded, found: Counts) -> Any:
    """Learners with 1 where their last act is a fortnight old, and their first and last times."""
    ends = found.days.group_by("who").agg(nw.col("last_us").max().alias("very_last"), nw.col("last_any").max())
    ends = known.people.join(ends, on="who", how="inner")
    last = nw.coalesce("very_last", "last_any")
    return ends.with_columns(flag(nw.col("end_us") - last >= _FORTNIGHT_US).alias("silent")).select(
        "who", "course", "end_us", "silent"
    )


def items(known: Encoded, found: Counts) -> Any:
    """One row for each problem answered.

    ``discrimination`` is the point-biserial correlation of right at the first try with the share right at the
    first try over the learner's other problems (classical test theory; Lord & Novick 1968).
    """
    code = nw.col("first_code")
    tried = found.blocks.filter(nw.col("answers") > 0).join(_silent(known, found), on="who", how="inner")
    sure = flag(remainder(code // 2, 2) == 1)
    tried = tried.with_columns(
        sure.cast(nw.Int64).alias("sure"),
        (sure * flag(remainder(code, 2) == 1)).cast(nw.Int64).alias("x"),
        flag(remainder(nw.col("last_code"), 2) == 1).alias("solved"),
        flag(nw.col("shown") > 0).alias("looked"),
        flag(nw.col("last_code") // 2 == (nw.col("last_code") // 2).max().over("who")).alias("newest"),
    )
    by_learner = tried.group_by("who").agg(nw.col("x").sum().alias("all_x"), nw.col("sure").sum().alias("all_sure"))
    tried = kept(tried.join(by_learner, on="who", how="inner"))
    total = tried.with_columns((nw.col("newest") * nw.col("silent")).alias("left")).group_by("block")
    sums = ("answers", "right", "sure", "x", "solved", "looked", "left")
    total = total.agg(nw.len().alias("learners"), *(nw.col(name).sum() for name in sums))
    total = total.join(_discrimination(tried), on="block", how="left")
    total = total.join(known.blocks, on="block", how="inner")
    homes = known.units.select(nw.col("unit").alias("home"), "unit_key")
    ends = known.courses.select("course", "end_us")
    total = total.join(homes, on="home", how="left").join(ends, on="course", how="inner")
    return total.select(
        "course_key",
        "usage_key",
        "end_us",
        nw.coalesce(nw.col("unit_key"), nw.lit("")).alias("unit_key"),
        nw.col("learners").cast(nw.Int64),
        nw.col("answers").cast(nw.Int64),
        share(nw.col("right"), nw.col("answers")).alias("right_share"),
        (1.0 - share(nw.col("x"), nw.col("sure"))).alias("difficulty"),
        "discrimination",
        share(nw.col("solved"), nw.col("learners")).alias("solved_share"),
        share(nw.col("looked"), nw.col("learners")).alias("shown_share"),
        share(nw.col("left"), nw.col("learners")).alias("drop_off"),
    )


def _discrimination(tried: Any) -> Any:
    pairs = tried.filter(nw.col("sure") == 1, nw.col("all_sure") > 1).with_columns(
        # In ten-thousandths: sums of integers do not depend on the order of the rows.
        ((nw.col("all_x") - nw.col("x")) * _SCALE // (nw.col("all_sure") - 1)).cast(nw.Int64).alias("rest")
    )
    pairs = pairs.with_columns(
        (nw.col("x") * nw.col("rest")).alias("product"), (nw.col("rest") * nw.col("rest")).alias("square")
    )
    sums = pairs.group_by("block").agg(
        nw.len().alias("n"),
        nw.col("x").sum().alias("sum_x"),
        nw.col("rest").sum().alias("sum_r"),
        nw.col("product").sum().alias("sum_xr"),
        nw.col("square").sum().alias("sum_rr"),
    )
    n, x, r, xr, rr = (nw.col(name).cast(nw.Float64) for name in ("n", "sum_x", "sum_r", "sum_xr", "sum_rr"))
    spread = (n * x - x * x) * (n * rr - r * r)
    value = (n * xr - x * r) / nw.when(spread > 0).then(spread).otherwise(nw.lit(1.0)).sqrt()
    enough = (nw.col("n") >= ENOUGH_FOR_DISCRIMINATION) & (spread > 0)
    return sums.select("block", nw.when(enough).then(value).alias("discrimination"))


def units(known: Encoded, found: Counts, shape: Structure) -> Any:
    """One row for each unit that a learner had on screen."""
    opened = found.units.join(_silent(known, found), on="who", how="inner")
    opened = opened.with_columns(
        nw.when(nw.col("visits") > 1).then(nw.col("visits") - 1).otherwise(nw.lit(0)).cast(nw.Int64).alias("returns"),
        (nw.col("silent") * flag(nw.col("last_us") == nw.col("last_us").max().over("who"))).alias("left"),
    )
    sums = ("visits", "exits", "returns", "left")
    total = opened.group_by("unit").agg(
        nw.len().alias("learners"),
        nw.col("spent_us").median().alias("median_us"),
        *(nw.col(name).sum() for name in sums),
    )
    total = total.join(known.units, on="unit", how="inner").join(shape.places, on="unit", how="left")
    total = total.join(known.courses.select("course", "end_us"), on="course", how="inner")
    enough = nw.col("learners") >= ENOUGH_LEARNERS
    return total.select(
        "course_key",
        "unit_key",
        "end_us",
        nw.col("place").cast(nw.Int64),
        nw.col("learners").cast(nw.Int64),
        nw.when(enough).then(nw.col("median_us") / nw.lit(float(_MINUTE_US))).alias("median_minutes"),
        nw.col("visits").cast(nw.Int64),
        nw.col("exits").cast(nw.Int64),
        nw.col("returns").cast(nw.Int64),
        share(nw.col("exits"), nw.col("learners")).alias("exits_per_learner"),
        share(nw.col("returns"), nw.col("learners")).alias("returns_per_learner"),
        share(nw.col("left"), nw.col("learners")).alias("drop_off"),
    )


def courses(known: Encoded, rows: Any) -> Any:
    """One row for each course, from the rows of ``learners``."""
    rows = rows.with_columns(
        nw.lit(1).alias("learners"),
        flag(nw.col("enrolled") == 1).alias("enrolled_now"),
        flag((nw.col("acts") > 0) & (nw.col("days_silent") < 7)).alias("active_7d"),
        flag((nw.col("acts") > 0) & (nw.col("days_silent") < FORTNIGHT_DAYS)).alias("active_14d"),
        nw.when(nw.col("acts") > 0).then(nw.col("minutes")).alias("minutes_of_active"),
    )
    sums = ("learners", "enrolled_now", "active_7d", "active_14d", "answers", "forum_posts", "blocks_done")
    medians = {
        "minutes": "minutes_of_active",
        "units_per_week": "units_per_week",
        "progress": "progress",
        "completion": "completion",
        "first_try_share": "first_try_share",
        "trend_minutes": "trend_minutes",
        "trend_first_try": "trend_first_try",
    }
    total = rows.group_by("course_key").agg(
        *(nw.col(name).sum() for name in sums),
        *(nw.col(column).median().alias(f"median_{name}") for name, column in medians.items()),
    )
    total = known.courses.join(total, on="course_key", how="left")
    return total.select(
        "course_key",
        "end_us",
        nw.col("events").cast(nw.Int64),
        nw.col("staff").cast(nw.Int64),
        *(nw.coalesce(nw.col(name), nw.lit(0)).cast(nw.Int64).alias(name) for name in sums),
        *(nw.col(f"median_{name}").cast(nw.Float64) for name in medians),
    )


def weeks(known: Encoded, found: Counts) -> Any:
    """One row for each course and week, Monday to Sunday, in which a learner acted: how the course goes."""
    total = _by_week(known, found, "who", ("course_key", "end_us"))
    return total.select("course_key", "end_us", *_OF_A_WEEK)


def site(known: Encoded, found: Counts) -> Any:
    """One row for each week in which somebody learnt anywhere: all courses together, each person once."""
    total = _by_week(known, found, "learner", ())
    running = _active(known, found).select("course", "week").unique().group_by("week").agg(nw.len().alias("courses"))
    end = known.courses.select(nw.col("end_us").max(), nw.lit(1).alias("one"))
    total = total.join(running, on="week", how="inner").with_columns(nw.lit(1).alias("one"))
    total = total.join(end, on="one", how="inner")
    return total.select("end_us", *_OF_A_WEEK[:1], nw.col("courses").cast(nw.Int64), *_OF_A_WEEK[1:])


def _active(known: Encoded, found: Counts) -> Any:
    """Days on which a learner acted, with their weeks."""
    days = found.days.join(known.people, on="who", how="inner").filter(nw.col("acts") > 0)
    # 1970 began on a Thursday.
    return days.with_columns(((nw.col("day") + 3) // 7).alias("week"))


def _by_week(known: Encoded, found: Counts, whom: str, where: tuple[str, ...]) -> Any:
    """Sums over the learners (told apart by ``whom``) of each week and ``where``."""
    days = _active(known, found).with_columns(
        (nw.col("video_us") + nw.col("text_us") + nw.col("practice_us") + nw.col("forum_us")).alias("us"),
        flag(nw.col("day") == nw.col("day").min().over(whom)).alias("new"),
        (nw.col("right") + nw.col("wrong")).alias("answers"),
    )
    sums = ("us", "starts", "answers", "right", "post")
    by_learner = days.group_by(*where, whom, "week").agg(nw.col("new").max(), *(nw.col(name).sum() for name in sums))
    return by_learner.group_by(*where, "week").agg(
        nw.len().alias("active"), *(nw.col(name).sum() for name in ("new", *sums))
    )


_OF_A_WEEK = (
    (nw.col("week") * 7 - 3).cast(nw.Int64).alias("monday"),
    nw.col("active").cast(nw.Int64),
    nw.col("new").cast(nw.Int64),
    nw.col("starts").cast(nw.Int64).alias("sessions"),
    (nw.col("us").cast(nw.Int64) / nw.lit(float(_MINUTE_US))).alias("minutes"),
    nw.col("answers").cast(nw.Int64),
    share(nw.col("right"), nw.col("answers")).alias("right_share"),
    nw.col("post").cast(nw.Int64).alias("forum_posts"),
)
