"""From the counts to the features of each learner in each course: the table ``learners``."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ._counts import DAILY, Counts
from ._encoded import Encoded
from ._frames import flag, kept, remainder, share
from ._registry import FEATURES, TEXTS
from ._structure import Structure
from ._time import DAY_US

__all__ = ["ENOUGH_LEARNERS", "FORTNIGHT_DAYS", "competencies", "learner_rows", "learner_totals"]

#: Days of each of the two stretches that a trend compares.
FORTNIGHT_DAYS = 14
#: Learners from which on a course has a median.
ENOUGH_LEARNERS = 3
_WEEK_US = 7 * DAY_US
_MINUTE_US = 60_000_000
_BANDS = ("morning", "afternoon", "evening", "night")
#: What is compared between the two fortnights, as sums of days.
_RECENT = {
    "us": ("video_us", "text_us", "practice_us", "forum_us"),
    "video_us": ("video_us",),
    "text_us": ("text_us",),
    "practice_us": ("practice_us",),
    "starts": ("starts",),
    "answered": ("right", "wrong"),
    "helped": ("hint", "shown", "read"),
    "joined": ("post", "vote", "pres", "matrix"),
    "days": ("active",),
}


def learner_rows(known: Encoded, found: Counts, shape: Structure, *, offset_us: int) -> Any:
    """One row for each learner and course: ``course_key``, ``learner``, ``end_us``, ``TEXTS`` and all ``FEATURES``."""
    totals = learner_totals(known, found, shape, offset_us=offset_us)
    totals = _beside_the_others(totals)
    minutes, started = _minutes("us"), nw.col("sessions") > 0
    columns = {
        "minutes": minutes,
        "minutes_per_session": nw.when(started).then(minutes / nw.col("sessions")),
        "minutes_14d": _minutes("us_r"),
        "days_since_start": _days(nw.col("end_us") - nw.col("first_any")),
        "days_silent": _days(nw.col("end_us") - nw.coalesce("last_us", "last_any")),
        "enrolled": nw.when(~nw.col("enrolment").is_null()).then(remainder(nw.col("enrolment"), 2)),
        "active_share": nw.col("active_days") / (nw.col("end_day") - nw.col("first_day") + 1).cast(nw.Float64),
        "mean_gap": nw.when(nw.col("active_days") > 1).then(
            (nw.col("last_active") - nw.col("first_active")).cast(nw.Float64) / (nw.col("active_days") - 1)
        ),
        "longest_gap": nw.when(nw.col("active_days") > 0).then(
            nw.max_horizontal("longest_between", nw.col("end_day") - nw.col("last_active"))
        ),
        "weekday_share": share(nw.col("weekdays"), nw.col("active_days")),
        **{
            f"{band}_share": share(nw.col(band), nw.col("acts"))
            for band in ("morning", "afternoon", "evening", "night")
        },
        "right_share": share(nw.col("right"), nw.col("answers")),
        "first_try_share": share(nw.col("first_right"), nw.col("first_known")),
        "answers_per_problem": share(nw.col("answers"), nw.col("problems_tried")),
        "seconds_per_answer": nw.when(nw.col("timed") > 0).then(
            nw.col("timed_us").cast(nw.Float64) / (nw.col("timed") * 1_000_000).cast(nw.Float64)
        ),
        "course_grade": nw.when(~nw.col("graded").is_null()).then(remainder(nw.col("graded"), 1_000_001) / nw.lit(1e6)),
        "video_share": share(nw.col("video_us"), nw.col("us")),
        "text_share": share(nw.col("text_us"), nw.col("us")),
        "practice_share": share(nw.col("practice_us"), nw.col("us")),
        "discussion_share": share(nw.col("forum_us"), nw.col("us")),
        "mobile_share": share(nw.col("mobile"), nw.col("acts")),
        "help_per_problem": share(nw.col("hints") + nw.col("answers_shown"), nw.col("problems_tried")),
        "progress": share(nw.col("units_opened"), nw.col("units_in_course")),
        "completion": share(nw.col("blocks_done"), nw.col("blocks_in_course")),
        "stopping_position": share(nw.col("stop_place"), nw.col("units_in_course")),
        "furthest_position": share(nw.col("far_place"), nw.col("units_in_course")),
        "missed_share": share(nw.col("due_passed") - nw.col("due_answered"), nw.col("due_passed")),
        "late_share": share(nw.col("due_late"), nw.col("due_passed")),
        "days_before_due": nw.when(nw.col("due_any") > 0).then(
            nw.col("due_ahead_us").cast(nw.Float64) / (nw.col("due_any") * DAY_US).cast(nw.Float64)
        ),
        "trend_minutes": _change("us"),
        "trend_active_days": _change("days"),
        "trend_sessions": _change("starts"),
        "trend_units": _change("units"),
        "trend_answers": _change("answered"),
        "trend_first_try": share(nw.col("first_right_r"), nw.col("first_known_r"))
        - share(nw.col("first_right_b"), nw.col("first_known_b")),
        "trend_done": _change("done"),
        "trend_video": _share_change("video_us"),
        "trend_text": _share_change("text_us"),
        "trend_practice": _share_change("practice_us"),
        "trend_help": _change("helped"),
        "trend_social": _change("joined"),
    }
    typed = [
        columns.get(feature.name, nw.col(feature.name))
        .cast(nw.Int64 if feature.whole else nw.Float64)
        .alias(feature.name)
        for feature in FEATURES
    ]
    return totals.select("course_key", "learner", "end_us", *TEXTS, *typed)


def _minutes(name: str) -> Any:
    return nw.col(name) / nw.lit(float(_MINUTE_US))


def _days(us: Any) -> Any:
    return us / nw.lit(float(DAY_US))


def _change(name: str) -> Any:
    recent, before = nw.col(f"{name}_r"), nw.col(f"{name}_b")
    return share(recent - before, recent + before)


def _share_change(name: str) -> Any:
    return share(nw.col(f"{name}_r"), nw.col("us_r")) - share(nw.col(f"{name}_b"), nw.col("us_b"))


def _period(day: Any, end_day: Any) -> tuple[Any, Any]:
    """Whether a day lies in the last fortnight, and in the one before."""
    recent = day > end_day - FORTNIGHT_DAYS
    return recent, (day > end_day - 2 * FORTNIGHT_DAYS) & ~recent


def learner_totals(known: Encoded, found: Counts, shape: Structure, *, offset_us: int) -> Any:
    """The sums behind the features, one row for each learner and course."""
    people = known.people.with_columns(((nw.col("end_us") + offset_us) // DAY_US).alias("end_day"))
    totals = people.join(kept(_of_days(people, found)), on="who", how="inner")
    for part in (_of_units(people, found, shape), _of_blocks(people, found, shape, offset_us)):
        totals = totals.join(kept(part), on="who", how="left")
    totals = totals.join(shape.sizes, on="course", how="left").join(_ever_done(known, found), on="course", how="left")
    last = known.units.select(nw.col("unit").alias("stop_unit"), nw.col("unit_key").alias("stopped_at"))
    totals = totals.join(last, on="stop_unit", how="left")
    return totals.with_columns(
        *(
            nw.coalesce(nw.col(name), nw.lit(0)).cast(nw.Int64)
            for name in (*_UNIT_SUMS, *_BLOCK_SUMS, "blocks_in_course")
        ),
        nw.coalesce(nw.col("stopped_at"), nw.lit("")),
        nw.col("units").alias("units_in_course"),
        nw.col("starts").alias("sessions"),
        nw.col("hint").alias("hints"),
        nw.col("shown").alias("answers_shown"),
        nw.col("read").alias("forum_reads"),
        nw.col("post").alias("forum_posts"),
        nw.col("vote").alias("forum_votes"),
        nw.col("pres").alias("pres_texts"),
        nw.col("matrix").alias("matrix_marks"),
        nw.col("diagnosis").alias("diagnosis_answers"),
        (nw.col("right") + nw.col("wrong")).alias("answers"),
        nw.col("days_r").alias("active_days_14d"),
        nw.coalesce(nw.col("units_r"), nw.lit(0)).alias("units_14d"),
    )


def _of_days(people: Any, found: Counts) -> Any:
    days = found.days.join(people.select("who", "end_day"), on="who", how="inner")
    recent, before = _period(nw.col("day"), nw.col("end_day"))
    days = days.with_columns(
        flag(nw.col("acts") > 0).alias("active"),
        flag(recent).alias("recent"),
        flag(before).alias("before"),
    )
    active = nw.col("active") == 1
    shown_day = nw.when(active).then(nw.col("day"))
    # 1970 began on a Thursday.
    since_monday = nw.col("day") + 3
    added = {}
    for name, parts in _RECENT.items():
        total = nw.col(parts[0])
        for part in parts[1:]:
            total = total + nw.col(part)
        added[f"{name}_r"] = total * nw.col("recent")
        added[f"{name}_b"] = total * nw.col("before")
    added["us"] = nw.col("video_us") + nw.col("text_us") + nw.col("practice_us") + nw.col("forum_us")
    added["weekdays"] = nw.col("active") * flag(remainder(since_monday, 7) < 5)
    sums = (*DAILY, *added)
    days = kept(
        days.with_columns(
            *(value.cast(nw.Int64).alias(name) for name, value in added.items()),
            shown_day.alias("active_day"),
            nw.when(active).then(since_monday // 7).alias("week"),
        )
    )
    spread = _runs(days)
    weeks = days.filter(active).select("who", "week").unique().group_by("who").agg(nw.len().alias("active_weeks"))
    total = days.group_by("who").agg(
        *(nw.col(name).sum() for name in sums),
        nw.col("active").sum().alias("active_days"),
        nw.col("active_day").min().alias("first_active"),
        nw.col("active_day").max().alias("last_active"),
        nw.col("day").min().alias("first_day"),
        nw.col("first_any").min(),
        nw.col("last_any").max(),
        nw.col("first_us").min(),
        nw.col("last_us").max(),
        nw.col("enrolment").max(),
        nw.col("graded").max(),
    )
    names = ("active_weeks", "longest_streak", "longest_between")
    return (
        total.join(weeks, on="who", how="left")
        .join(spread, on="who", how="left")
        .with_columns(
            *(nw.col(name).cast(nw.Int64) for name in (*sums, "active_days")),
            *(nw.coalesce(nw.col(name), nw.lit(0)).cast(nw.Int64) for name in names),
        )
    )


def _runs(days: Any) -> Any:
    """The longest run of active days, and the longest distance between two of them."""
    active = days.filter(nw.col("active") == 1).select("who", "day", nw.lit(1).alias("one"))
    active = active.with_columns(
        nw.col("one").cum_sum().over("who", order_by="day").cast(nw.Int64).alias("number"),
        (nw.col("day") - nw.col("day").shift(1).over("who", order_by="day")).alias("gap"),
    )
    # Day minus number is the same for all days of one run.
    active = active.with_columns((nw.col("day") - nw.col("number")).alias("run"))
    runs = active.group_by("who", "run").agg(nw.len().alias("length"), nw.col("gap").max())
    return runs.group_by("who").agg(
        nw.col("length").max().alias("longest_streak"), nw.col("gap").max().alias("longest_between")
    )


_UNIT_SUMS = ("units_opened", "units_r", "units_b", "returns")


def _of_units(people: Any, found: Counts, shape: Structure) -> Any:
    units = found.units.join(people.select("who", "end_day", "end_us"), on="who", how="inner")
    units = units.join(shape.places, on="unit", how="left")
    recent, before = _period(nw.col("first_day"), nw.col("end_day"))
    units = units.with_columns(
        flag(nw.col("last_us") == nw.col("last_us").max().over("who")).alias("is_last"),
        nw.lit(1).alias("units_opened"),
    )
    # Of two units in the same microsecond the later one of the course.
    stop = nw.when(nw.col("is_last") == 1).then(nw.col("place") * 2**32 + nw.col("unit"))
    units = units.with_columns(
        flag(recent).alias("units_r"),
        flag(before).alias("units_b"),
        nw.when(nw.col("visits") > 1).then(nw.col("visits") - 1).otherwise(nw.lit(0)).alias("returns"),
        stop.cast(nw.Int64).alias("stop"),
    )
    total = units.group_by("who").agg(
        *(nw.col(name).sum() for name in _UNIT_SUMS), nw.col("place").max().alias("far_place"), nw.col("stop").max()
    )
    return total.with_columns(
        (nw.col("stop") // 2**32).alias("stop_place"), remainder(nw.col("stop"), 2**32).alias("stop_unit")
    ).drop("stop")


_BLOCK_SUMS = (
    *("problems_tried", "problems_solved", "problems_failing"),
    *("first_known", "first_right", "first_known_r", "first_right_r", "first_known_b", "first_right_b"),
    *("blocks_done", "done_r", "done_b", "videos_played", "videos_completed"),
    *("due_answered", "due_late", "due_any", "due_ahead_us"),
)


def _of_blocks(people: Any, found: Counts, shape: Structure, offset_us: int) -> Any:
    blocks = found.blocks.join(people.select("who", "end_day", "end_us"), on="who", how="inner")
    blocks = blocks.join(shape.due, on="block", how="left")
    code = nw.col("first_code")
    tried = ~code.is_null()
    done = ~nw.col("done_us").is_null()
    known = flag(tried & (remainder(code // 2, 2) == 1))
    right = flag(tried & (remainder(code // 2, 2) == 1) & (remainder(code, 2) == 1))
    first_us = code // 4
    recent, before = _period((first_us + offset_us) // DAY_US, nw.col("end_day"))
    done_recent, done_before = _period((nw.col("done_us") + offset_us) // DAY_US, nw.col("end_day"))
    due = tried & ~nw.col("due_us").is_null()
    passed = due & (nw.col("due_us") <= nw.col("end_us"))
    solved = tried & (remainder(nw.col("last_code"), 2) == 1)
    values = {
        "problems_tried": flag(tried),
        "problems_solved": flag(solved),
        "problems_failing": flag(tried & (remainder(nw.col("last_code"), 2) == 0)),
        "first_known": known,
        "first_right": right,
        "first_known_r": known * flag(recent),
        "first_right_r": right * flag(recent),
        "first_known_b": known * flag(before),
        "first_right_b": right * flag(before),
        "blocks_done": flag(done),
        "done_r": flag(done & done_recent),
        "done_b": flag(done & done_before),
        "videos_played": flag(nw.col("played") > 0),
        "videos_completed": flag(done & (nw.col("video") == 1)),
        "due_answered": flag(passed),
        "due_late": flag(passed & (first_us > nw.col("due_us"))),
        "due_any": flag(due),
        "due_ahead_us": nw.when(due).then(nw.col("due_us") - first_us).otherwise(nw.lit(0)),
    }
    blocks = blocks.with_columns(*(value.cast(nw.Int64).alias(name) for name, value in values.items()))
    return blocks.group_by("who").agg(*(nw.col(name).sum() for name in _BLOCK_SUMS))


def _ever_done(known: Encoded, found: Counts) -> Any:
    """By course, the number of blocks that any learner has done."""
    done = found.blocks.filter(~nw.col("done_us").is_null()).select("block").unique()
    return (
        done.join(known.blocks.select("block", "course"), on="block", how="inner")
        .group_by("course")
        .agg(nw.len().alias("blocks_in_course"))
    )


def _beside_the_others(totals: Any) -> Any:
    since = nw.col("end_us") - nw.coalesce("first_us", "first_any")
    weeks = nw.when(since > _WEEK_US).then(since / nw.lit(float(_WEEK_US))).otherwise(nw.lit(1.0))
    totals = kept(
        totals.with_columns(
            (nw.col("units_opened") / weeks).alias("units_per_week"), (_minutes("us") / weeks).alias("minutes_per_week")
        )
    )
    for value, name in (("units_per_week", "pace"), ("us", "minutes_vs_median")):
        typical = (
            totals.filter(nw.col(value) > 0)
            .group_by("course")
            .agg(nw.col(value).median().alias(f"median_{name}"), nw.len().alias(f"number_{name}"))
        )
        totals = totals.join(kept(typical), on="course", how="left")
        enough = nw.col(f"number_{name}") >= ENOUGH_LEARNERS
        ratio = nw.col(value).cast(nw.Float64) / nw.col(f"median_{name}").cast(nw.Float64)
        totals = totals.with_columns(nw.when(enough).then(ratio).alias(name))
    return totals


def competencies(known: Encoded, found: Counts, shape: Structure) -> Any:
    """One row for each learner, course and competency trained by a problem that was answered."""
    code = nw.col("first_code")
    sure = flag(remainder(code // 2, 2) == 1)
    blocks = found.blocks.filter(nw.col("answers") > 0).with_columns(
        sure.cast(nw.Int64).alias("first_tries"),
        (sure * flag(remainder(code, 2) == 1)).cast(nw.Int64).alias("first_right"),
        flag(remainder(nw.col("last_code"), 2) == 1).cast(nw.Int64).alias("problems_solved"),
        nw.lit(1).cast(nw.Int64).alias("problems_tried"),
    )
    sums = ("problems_tried", "problems_solved", "answers", "right", "first_tries", "first_right")
    total = (
        blocks.join(shape.trains, on="block", how="inner")
        .group_by("who", "competency")
        .agg(*(nw.col(name).sum() for name in sums))
        .join(known.people, on="who", how="inner")
    )
    return total.select(
        "course_key",
        "learner",
        "end_us",
        "competency",
        *(nw.col(name).cast(nw.Int64) for name in sums),
        share(nw.col("first_right"), nw.col("first_tries")).alias("first_try_share"),
        share(nw.col("right"), nw.col("answers")).alias("right_share"),
    )
