"""How many attempts at a problem are used and allowed, and whether the platform has refused an answer.

No event has a field for the limit. The page that a graded answer comes back with says both numbers
(``problem_graded``); a refused answer says ``closed``. Staff give attempts back by deleting a learner's state
or by resetting the attempts of one or of all; a learner's own reset clears the page and gives nothing back
(``ProblemBlock.reset_problem`` of the platform).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from ._events import PERSON, rows

__all__ = ["Attempts", "Tries", "attempts"]

_CLOSED = '{"failure":"closed"}'
_DELETED = "edx.grades.problem.state_deleted"
_GIVEN_BACK = ("attempts_reset", _DELETED)
#: Browsers may claim what they like: a limit counts from so many people on, where so many have said anything.
_AGREEING = 2

_Block = tuple[str, str]
_Who = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Tries:
    """One learner and problem: attempts ``used`` since staff gave them back, ``allowed`` (None where not known).

    ``refused``: the platform has not taken an answer since, because the problem is closed. ``forgotten``: staff have
    deleted the learner's state, and no answer has come since.
    """

    used: int = 0
    allowed: int | None = None
    refused: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Attempts:
    """What a log tells of attempts, by course and problem, and by learner."""

    limits: Mapping[_Block, int]
    last: Mapping[_Who, tuple[int, int]]
    refusals: Mapping[_Who, int]
    #: Course, problem and whom it was given back to (name, id, or ``""`` for everybody) -> when, last.
    given_back: Mapping[tuple[str, str, str | int], int] = field(default_factory=dict)
    #: The same of deleted states alone.
    deleted: Mapping[tuple[str, str, str | int], int] = field(default_factory=dict)

    def of(
        self, course_key: str, usage_key: str, *, username: str, nameless_id: int, person_id: int, answered_us: int = -1
    ) -> Tries:
        """What is known of one learner at one problem, whose last answer was at ``answered_us`` (-1 for none)."""
        who = (course_key, usage_key, username, nameless_id)
        people = ("", *filter(None, (username,)), *((person_id,) if person_id >= 0 else ()))
        block = (course_key, usage_key)
        since = max((self.given_back.get((*block, each), -1) for each in people), default=-1)
        deleted = max((self.deleted.get((*block, each), -1) for each in people), default=-1)
        used, used_us = self.last.get(who, (0, -1))
        refused_us = self.refusals.get(who, -1)
        return Tries(
            used=used if used_us > since else 0,
            allowed=self.limits.get((course_key, usage_key)),
            refused=refused_us > max(since, used_us),
            forgotten=deleted > answered_us,
        )


def attempts(events: Any) -> Attempts:
    """Of all learners, from the events of ``personal_events``."""
    counted = events.filter(
        nw.col("name").is_in(("problem_check", "problem_graded")),
        ~nw.col("attempt").is_null(),
        nw.col("usage_key") != "",
    )
    theirs = (*PERSON, "usage_key")
    last = counted.filter(nw.col("order") == nw.col("order").max().over(*theirs)).select(*theirs, "attempt", "time_us")
    refusals = (
        events.filter(
            nw.col("name").is_in(("problem_check_fail", "save_problem_fail")), nw.col("payload") == nw.lit(_CLOSED)
        )
        .group_by(*theirs)
        .agg(nw.col("time_us").max())
    )
    told = (
        events.filter(nw.col("name") == "problem_graded")
        .group_by("course_key", "usage_key", "payload")
        .agg(nw.col("time_us").max(), nw.col("person_id").n_unique().alias("people"))
    )
    given = rows(
        events.filter(nw.col("kind") == "staff", nw.col("name").is_in(_GIVEN_BACK)).select(
            "name", "course_key", "usage_key", "time_us", "payload"
        )
    )
    return Attempts(
        limits=_limits(rows(told)),
        last={_who(row): (row["attempt"], row["time_us"]) for row in rows(last)},
        refusals={_who(row): row["time_us"] for row in rows(refusals)},
        given_back=_given_back(given),
        deleted=_given_back([row for row in given if row["name"] == _DELETED]),
    )


def _who(row: Mapping[str, Any]) -> _Who:
    return row["course_key"], row["usage_key"], row["username"], row["nameless_id"]


def _limits(told: list[dict[str, Any]]) -> dict[_Block, int]:
    """The newest limit that two people were told, else the newest that anybody was told."""
    found: dict[_Block, list[tuple[bool, int, int]]] = defaultdict(list)
    for row in told:
        allowed = json.loads(row["payload"] or "{}").get("allowed")
        if isinstance(allowed, int):
            agreed = row["people"] >= _AGREEING
            found[row["course_key"], row["usage_key"]].append((agreed, row["time_us"], allowed))
    return {block: max(each)[2] for block, each in found.items()}


def _given_back(given: list[dict[str, Any]]) -> dict[tuple[str, str, str | int], int]:
    found: dict[tuple[str, str, str | int], int] = {}
    for row in given:
        payload = json.loads(row["payload"] or "{}")
        whom = "" if payload.get("everybody") else payload.get("learner_id", payload.get("learner"))
        if whom is not None and row["usage_key"]:
            key = (row["course_key"], row["usage_key"], whom)
            found[key] = max(row["time_us"], found.get(key, -1))
    return found
