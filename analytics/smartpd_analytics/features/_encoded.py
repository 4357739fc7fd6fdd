"""From events with long keys to events with small numbers: every later step joins, sorts and sums integers.

The keys of learners, courses, blocks and units are looked up once. What an event means for the features is
one small number, ``act``; what it does to the time on task is another, ``part``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ..store import known_people
from ._blocks import CONTAINERS
from ._events import was_there
from ._frames import arrow_beside, flag, kept, lazy, remainder, union

__all__ = ["ACTS", "PRINT", "Encoded", "encoded"]

#: What an event means for the features; 0 is everything else.
ACTS = {
    name: number
    for number, name in enumerate(
        (
            "right",
            "wrong",
            "play",
            "complete",
            "stop",
            "mark",
            "shown",
            "hint",
            "read",
            "post",
            "vote",
            "pres",
            "matrix",
            "diagnosis",
            "view",
            "close",
            "enrol",
            "leave",
            "grade",
        ),
        start=1,
    )
}
_NAMES = {
    "play": ("play_video",),
    "complete": ("complete_video",),
    "stop": ("stop_video",),
    "shown": ("showanswer",),
    "hint": ("edx.problem.hint.demandhint_displayed",),
    "read": ("edx.forum.thread.viewed", "edx.forum.searched"),
    "post": ("edx.forum.thread.created", "edx.forum.response.created", "edx.forum.comment.created"),
    "vote": ("edx.forum.thread.voted", "edx.forum.response.voted", "edx.forum.thread.followed"),
    "pres": ("smartpd.pres.submitted",),
    "matrix": ("smartpd.matrix.cell_marked", "smartpd.matrix.cell_rated"),
    "diagnosis": ("smartpd.diagnosis.answered",),
    "view": ("page_view",),
    "close": ("page_close",),
    "enrol": ("edx.course.enrollment.activated",),
    "leave": ("edx.course.enrollment.deactivated",),
    "grade": ("edx.grades.course.grade_calculated",),
}
#: After these a video no longer plays.
_VIDEO_ENDS = ("complete_video", "load_video", "pause_video", "stop_video")
_PRACTICE = ("problem", "diagnosis", "matrix", "pres")
_COLUMNS = (
    "time_us",
    "name",
    "kind",
    "source",
    "user_id",
    "username",
    "course_key",
    "usage_key",
    "block_type",
    "unit_key",
    "earned",
    "attempt",
    "correct",
    "client",
)
#: By what it is noticed that a learner's events are no longer the same: newest, number, and a sum over their times.
PRINT = ("seen", "lines", "odd")
_PRIME = 1_000_003
_PAIR = ("course_key", "uid", "username")
_PLACE = ("course_key", "usage_key", "unit_key")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The events of learners (staff left out) in numbers, and what the numbers stand for.

    ``events``: ``who`` (a learner in a course), ``present``, ``time_us``, ``block``, ``unit`` (0: none), ``leaf``
    (1: a block that is no container), ``video``, ``act``, ``part`` (1 a video plays, 2 practice, 3 forum, 0 else),
    ``mobile``, ``first`` (1 where the try is known to be the first), ``grade`` (millionths). ``people``: ``who``,
    ``course``, ``course_key``, ``learner``, ``end_us`` and ``PRINT``. ``courses``: ``course``, ``course_key``,
    ``end_us``, ``staff`` and ``events``. ``blocks``: ``block``, ``course``, ``course_key``, ``usage_key``,
    ``block_type``, ``home`` (a unit or 0), ``home_key``. ``units``: ``unit``, ``course``, ``course_key``, ``unit_key``.
    """

    events: Any
    people: Any
    courses: Any
    blocks: Any
    units: Any


def encoded(
    table: Any,
    *,
    as_of_us: int | None,
    ties: Any = None,
    known: Callable[[Any, Any], Any | None] = lambda _people, _blocks: None,
) -> tuple[Encoded, Any | None]:
    """Look the keys of the events up to ``as_of_us`` up (all events when None).

    ``ties`` is None or an Arrow table with ``user_id``, ``username`` and ``seen``: whose is whose beside what the
    events tell.
    ``known`` is asked with ``people`` and ``blocks`` whose events are not needed; its answer, a frame with ``who`` or
    None, is returned beside, and those events are left out.
    """
    events = lazy(table, _COLUMNS)
    if as_of_us is not None:
        events = events.filter(nw.col("time_us") <= as_of_us)
    events = events.filter(nw.col("course_key") != "").with_columns(
        nw.coalesce(nw.col("user_id"), nw.lit(-1)).cast(nw.Int64).alias("uid")
    )
    odd = remainder(nw.col("time_us"), _PRIME).alias("odd")
    pairs = kept(
        events.with_columns(flag(nw.col("kind") == "staff").alias("staff"), odd)
        .group_by(*_PAIR)
        .agg(
            nw.col("time_us").max().alias("seen"),
            nw.len().alias("lines"),
            nw.col("odd").sum(),
            nw.col("staff").max(),
        )
    )
    courses = _courses(pairs, as_of_us)
    named = kept(_named(pairs, ties))
    people = named.group_by("course_key", "learner").agg(
        nw.col("staff").max(), nw.col("seen").max(), nw.col("lines").sum(), nw.col("odd").sum()
    )
    people = people.with_columns(*(nw.col(name).cast(nw.Int64) for name in PRINT))
    people = kept(people.with_row_index("who", order_by=["course_key", "learner"]))
    learners = people.filter(nw.col("staff") == 0).with_columns(nw.col("who").cast(nw.Int32)).drop("staff")
    key = ["course_key", "learner"]
    who = kept(named.join(learners, on=key, how="inner").select(*_PAIR, "who"))
    tallies = people.group_by("course_key").agg(nw.col("staff").sum())
    courses = kept(courses.join(tallies, on="course_key", how="inner"))
    blocks, units, places = _places(events, courses)
    found = courses.select("course", "course_key", "end_us")
    learners = kept(learners.join(found, on="course_key", how="inner"))
    same = known(learners, blocks)
    if same is not None:
        who = who.join(same, on="who", how="anti")
    events = events.join(who, on=list(_PAIR), how="inner").join(places, on=list(_PLACE), how="left")
    return Encoded(events=_in_numbers(events), people=learners, courses=courses, blocks=blocks, units=units), same


def _courses(pairs: Any, as_of_us: int | None) -> Any:
    found = pairs.group_by("course_key").agg(
        nw.col("seen").max().alias("end_us"), nw.col("lines").sum().alias("events")
    )
    if as_of_us is not None:
        found = found.with_columns(nw.lit(as_of_us).cast(nw.Int64).alias("end_us"))
    found = found.with_row_index("course", order_by=["course_key"])
    return kept(found.with_columns(nw.col("course").cast(nw.Int32), nw.col("events").cast(nw.Int64)))


def _named(pairs: Any, ties: Any) -> Any:
    """One person, one name: lines may carry the id, the username, or both. The newest username of an id counts."""
    own = nw.when(nw.col("uid") >= 0).then(nw.col("uid"))
    seen = pairs.select(own.alias("user_id"), "username", "seen")
    if ties is not None and len(ties):
        seen = union(seen, arrow_beside(pairs, ties))
    names, ids = known_people(seen)
    pairs = pairs.join(ids, on="username", how="left").with_columns(
        nw.coalesce(own, nw.col("known_id"), nw.lit(-1)).cast(nw.Int64).alias("person")
    )
    pairs = pairs.join(names.rename({"person_id": "person"}), on="person", how="left").with_columns(
        nw.coalesce(nw.col("known_name"), nw.col("username")).alias("label")
    )
    pairs = pairs.filter((nw.col("label") != "") | (nw.col("person") >= 0))
    numbered = nw.concat_str(nw.lit("user:"), nw.col("person").cast(nw.String))
    return pairs.with_columns(
        nw.when(nw.col("label") != "").then(nw.col("label")).otherwise(numbered).alias("learner")
    ).select(*_PAIR, "learner", "staff", *PRINT)


def _places(events: Any, courses: Any) -> tuple[Any, Any, Any]:
    """Blocks, units, and what each combination of keys in the events stands for.

    Mobile and server lines often lack the unit; the other lines of the same block tell it.
    """
    seen = events.filter((nw.col("usage_key") != "") | (nw.col("unit_key") != ""))
    seen = kept(seen.group_by(*_PLACE).agg(nw.len().alias("lines"), nw.col("block_type").max()))
    block = ("course_key", "usage_key")
    inside = seen.filter(nw.col("usage_key") != "", nw.col("unit_key") != "", nw.col("usage_key") != nw.col("unit_key"))
    home = (
        inside.filter(nw.col("lines") == nw.col("lines").max().over(*block))
        .group_by(*block)
        .agg(nw.col("unit_key").min().alias("home_key"))
    )
    filled = nw.when(nw.col("unit_key") != "").then(nw.col("unit_key")).otherwise(nw.col("home_key"))
    seen = seen.join(home, on=list(block), how="left").with_columns(
        nw.coalesce("home_key", nw.lit("")).alias("home_key")
    )
    seen = kept(seen.with_columns(filled.alias("shown_key")))
    codes = courses.select("course", "course_key")
    units = seen.filter(nw.col("shown_key") != "").select("course_key", nw.col("shown_key").alias("unit_key")).unique()
    units = units.join(codes, on="course_key", how="inner").with_row_index("unit", order_by=["course_key", "unit_key"])
    units = kept(units.with_columns((nw.col("unit") + 1).cast(nw.Int32)))
    blocks = (
        seen.filter(nw.col("usage_key") != "")
        .group_by(*block)
        .agg(nw.col("block_type").max(), nw.col("home_key").max())
        .join(codes, on="course_key", how="inner")
        .with_row_index("block", order_by=list(block))
    )
    homes = units.select("course_key", nw.col("unit_key").alias("home_key"), nw.col("unit").alias("home"))
    blocks = blocks.join(homes, on=["course_key", "home_key"], how="left").with_columns(
        (nw.col("block") + 1).cast(nw.Int32),
        nw.coalesce(nw.col("home"), nw.lit(0)).cast(nw.Int32).alias("home"),
        flag(nw.col("block_type") == "video").alias("video"),
    )
    blocks = kept(blocks)
    shown = units.select("course_key", nw.col("unit_key").alias("shown_key"), "unit")
    leaf = flag((nw.col("usage_key") != nw.col("unit_key")) & ~nw.col("block_type").is_in(CONTAINERS))
    places = (
        seen.drop("block_type")
        .join(blocks.select(*block, "block", "block_type", "video"), on=list(block), how="left")
        .join(shown, on=["course_key", "shown_key"], how="left")
        .with_columns(
            nw.coalesce(nw.col("unit"), nw.lit(0)).cast(nw.Int32).alias("unit"),
            # A unit itself is a container by its type, or the thing on screen.
            nw.when(~nw.col("block").is_null()).then(leaf).otherwise(nw.lit(0)).cast(nw.Int32).alias("leaf"),
            nw.coalesce(nw.col("block"), nw.lit(0)).cast(nw.Int32).alias("block"),
        )
    )
    return blocks, units, kept(places.select(*_PLACE, "block", "unit", "leaf", "video"))


def _in_numbers(events: Any) -> Any:
    graded = (nw.col("kind") == "problem") & ~nw.col("correct").is_null()
    marked = (nw.col("kind") == "completion") & (nw.col("earned") >= 1.0)
    acts = [
        nw.when(graded & nw.col("correct")).then(nw.lit(ACTS["right"])),
        nw.when(graded).then(nw.lit(ACTS["wrong"])),
        nw.when(marked).then(nw.lit(ACTS["mark"])),
        *(
            nw.when(nw.col("name") == names[0] if len(names) == 1 else nw.col("name").is_in(names)).then(
                nw.lit(ACTS[act])
            )
            for act, names in _NAMES.items()
        ),
    ]
    plays = (nw.col("kind") == "video") & ~nw.col("name").is_in(_VIDEO_ENDS)
    parts = [
        nw.when(plays).then(nw.lit(1)),
        nw.when(nw.col("kind").is_in(_PRACTICE)).then(nw.lit(2)),
        nw.when(nw.col("kind") == "forum").then(nw.lit(3)),
    ]
    # Rounded by hand: engines disagree on how a cast rounds.
    millionths = (nw.col("earned") * 1e6 + 0.5).floor()
    course_grade = (nw.col("name") == "edx.grades.course.grade_calculated") & ~nw.col("earned").is_null()
    return events.select(
        "who",
        flag(was_there()).alias("present"),
        "time_us",
        nw.coalesce(nw.col("block"), nw.lit(0)).cast(nw.Int32).alias("block"),
        nw.coalesce(nw.col("unit"), nw.lit(0)).cast(nw.Int32).alias("unit"),
        nw.coalesce(nw.col("leaf"), nw.lit(0)).cast(nw.Int32).alias("leaf"),
        nw.coalesce(nw.col("video"), nw.lit(0)).cast(nw.Int32).alias("video"),
        nw.coalesce(*acts, nw.lit(0)).cast(nw.Int32).alias("act"),
        nw.coalesce(*parts, nw.lit(0)).cast(nw.Int32).alias("part"),
        flag(nw.col("client") == "mobile").alias("mobile"),
        # The log may begin after the first try: then it is not known.
        flag(nw.col("attempt").is_null() | (nw.col("attempt") <= 1)).alias("first"),
        nw.when(course_grade).then(millionths).otherwise(nw.lit(-1.0)).cast(nw.Int64).alias("grade"),
    )
