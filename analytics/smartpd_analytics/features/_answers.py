"""What the graded answers say: right, wrong, still failing, and given too fast to be meant.

Fast answers. An answer given far sooner than the question can be read is a guess (rapid guessing,
Schnipke & Scrams 1997). The threshold is normative, NT10 of Wise & Ma (2012, "Setting response time
thresholds for a CAT item pool: the normative threshold method"): a tenth of the mean response time of
the problem, at most 10 s. With fewer than ``ENOUGH_TIMED`` timed answers to a problem, the mean of the
whole course stands in. A threshold below 3 s, the common threshold of Kong, Wise & Bhola (2007), is
raised to it.

A course is no test with one question on screen, so two things are added. Response time runs from the
learner's previous act (the unit opened, a video, another answer, a look at the solution), within one
sitting. And somebody who reads a page, fills in all its questions and then submits them one after the
other is no guesser: an answer is fast only if the time since the unit was opened, divided by the
answers given since, is below 10 s, too. That excuse does not hold for trying again right after a wrong
answer to the same problem.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ._events import MICRO, PERSON, flag, whole
from ._time import SESSION_GAP_US

__all__ = ["ENOUGH_TIMED", "FAST_CEILING_US", "FAST_FLOOR_US", "FAST_SHARE", "answers"]

#: Share of a problem's mean response time below which an answer counts as fast.
FAST_SHARE = 0.1
FAST_CEILING_US = 10 * MICRO
FAST_FLOOR_US = 3 * MICRO
#: Timed answers to a problem from which on its own mean is used.
ENOUGH_TIMED = 5

_PART = round(1 / FAST_SHARE)
#: What starts the clock anew; completion, grades and the like come with the act they belong to.
_CLOCK_KINDS = ("diagnosis", "forum", "matrix", "navigation", "page", "pres", "problem", "video")
_PROBLEM = ("course_key", "usage_key")


def answers(events: Any) -> Any:
    """One row for each person, course and problem answered: counts, first try, what is still failing, last answer."""
    graded = events.filter(nw.col("kind") == "problem", ~nw.col("correct").is_null())
    graded = graded.with_columns(
        flag(nw.col("correct")).alias("right"),
        flag(~nw.col("correct")).alias("wrong"),
    ).select(*PERSON, "staff", "usage_key", "time_us", "order", "attempt", "right", "wrong")
    graded = graded.with_columns(
        nw.when(nw.col("right") == 1).then(nw.col("order")).otherwise(nw.lit(0)).cast(nw.Int64).alias("right_order")
    )
    theirs = (*PERSON, "usage_key")
    graded = graded.with_columns(
        nw.col("right_order").max().over(*theirs).alias("last_right"),
        nw.col("order").min().over(*theirs).alias("first_order"),
    )
    first = nw.col("order") == nw.col("first_order")
    graded = graded.with_columns(
        flag((nw.col("wrong") == 1) & (nw.col("order") > nw.col("last_right"))).alias("failing"),
        # The log may begin after the first try: then it is not known.
        flag(first & (nw.col("attempt").is_null() | (nw.col("attempt") <= 1))).alias("first_known"),
        flag(first & (nw.col("right") == 1)).alias("first_right"),
    )
    keys = [*PERSON, "order"]
    graded = graded.join(_fast(events), on=keys, how="left").with_columns(nw.coalesce("fast", nw.lit(0)).alias("fast"))
    summed = ("right", "wrong", "failing", "first_known", "first_right", "fast")
    sums = graded.group_by(*theirs).agg(
        nw.col("staff").max(),
        nw.col("time_us").max().alias("answered_us"),
        *(nw.col(name).sum() for name in summed),
    )
    return whole(sums, *summed)


def _fast(events: Any) -> Any:
    """Person, ``order`` and ``fast`` (1 or 0) of every graded answer with a response time."""
    answer = (nw.col("kind") == "problem") & ~nw.col("correct").is_null()
    acts = events.filter(nw.col("present") == 1, nw.col("kind").is_in(_CLOCK_KINDS))
    ordered: dict[str, Any] = {"order_by": ["order"]}
    acts = acts.with_columns(
        flag(answer).alias("answer"),
        (nw.col("time_us") - nw.col("time_us").shift(1).over(*PERSON, **ordered)).alias("response_us"),
    )
    acts = acts.with_columns(
        nw.when(nw.col("answer") == 1).then(nw.col("usage_key")).otherwise(nw.lit("")).alias("answered_key")
    )
    acts = acts.with_columns(nw.col("answered_key").shift(1).over(*PERSON, **ordered).alias("key_before"))
    near = nw.col("response_us") <= SESSION_GAP_US
    acts = acts.with_columns(flag(near).alias("timed"))
    opens = (nw.col("timed") == 0) | (nw.col("name") == "page_view")
    acts = acts.with_columns(flag(opens).cum_sum().over(*PERSON, **ordered).cast(nw.Int64).alias("visit"))
    visit = (*PERSON, "visit")
    acts = acts.with_columns(
        (nw.col("time_us") - nw.col("time_us").min().over(*visit)).alias("since_open_us"),
        nw.col("answer").cum_sum().over(*visit, **ordered).cast(nw.Int64).alias("answered"),
    )
    timed = acts.filter(nw.col("answer") == 1, nw.col("timed") == 1)
    # Staff try their own problems out without reading them.
    norm = timed.filter(nw.col("staff") == 0)
    own = (nw.col("response_us").sum().alias("own_sum"), nw.len().alias("own_count"))
    by_problem = whole(norm.group_by(*_PROBLEM).agg(*own), "own_sum")
    everything = (nw.col("own_sum").sum().alias("all_sum"), nw.col("own_count").sum().alias("all_count"))
    by_course = whole(by_problem.group_by("course_key").agg(*everything), "all_sum", "all_count")
    timed = timed.join(by_problem, on=list(_PROBLEM), how="left").join(by_course, on="course_key", how="left")
    enough = nw.col("own_count") >= ENOUGH_TIMED
    timed = timed.with_columns(
        nw.when(enough).then(nw.col("own_sum")).otherwise(nw.col("all_sum")).alias("norm_sum"),
        nw.when(enough).then(nw.col("own_count")).otherwise(nw.col("all_count")).alias("norm_count"),
    )
    below_norm = nw.col("response_us") * _PART * nw.col("norm_count") < nw.col("norm_sum")
    short = (nw.col("response_us") < FAST_CEILING_US) & (below_norm | (nw.col("response_us") < FAST_FLOOR_US))
    unread = nw.col("since_open_us") < FAST_CEILING_US * nw.col("answered")
    again = nw.col("key_before") == nw.col("usage_key")
    return timed.with_columns(flag(short & (unread | again)).alias("fast")).select(*PERSON, "order", "fast")
