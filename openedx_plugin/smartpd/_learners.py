"""The learners of a course for its team: those of whom something is known, then those who have not begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count
from math import ceil
from operator import or_
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, When
from opaque_keys.edx.keys import CourseKey

from . import compat, models
from ._diagnoses import cautions_of
from ._reading import action_data, log_read
from ._under_way import settle_course
from .checks import usable
from .consents import refusers
from .data import CourseOverviewData, LearnerRowData
from .targets import standard

__all__ = ["LearnersAsked", "course_overview", "team_learners"]

_PORTION = 500


@dataclass(frozen=True, slots=True)
class LearnersAsked:
    """Which learners are asked for, and in what order: see ``smartpd.api.course_overview``."""

    search: str = ""
    sort: str = ""
    waiting_only: bool = False


def _named(rows: Any, search: str, account: str = "") -> Any:
    """Those of ``rows`` in whose account's names every word of ``search`` occurs; ``account`` leads to the account."""
    for word in search.split():
        here = (Q(**{f"{account}{name}__icontains": word}) for name in compat.name_fields())
        rows = rows.filter(reduce(or_, here))
    return rows


def _known(course_key: CourseKey, search: str, sort: str = "") -> Any:
    """Profiles, by username, or the largest need first."""
    first = models.Recommendation.objects.filter(rank=1)
    found = _named(models.Profile.objects.filter(course_key=course_key), search, "user__")
    found = found.annotate(private=Exists(refusers(course_key, "team").filter(profile_id=OuterRef("pk"))))
    # Where a learner stands among the others would tell their need as well.
    found = found.annotate(shown_need=Case(When(private=False, then=F("need"))))
    order = [F("shown_need").desc(nulls_last=True)] if sort == "need" else []
    return (
        found.select_related("user")
        .prefetch_related(Prefetch("recommendations", queryset=first, to_attr="first_action"), "diagnoses")
        .order_by(*order, "user__username", "pk")
    )


def _waiting(course_key: CourseKey, search: str) -> Any:
    """Accounts that take the course and of which nothing is known, by username."""
    known = models.Profile.objects.filter(course_key=course_key).values("user_id")
    return _named(compat.enrolled(course_key).exclude(pk__in=known), search).order_by("username", "pk")


def _doubts(row: models.Profile, course_key: CourseKey, kinds: dict[tuple[str, str], str]) -> tuple[str, ...]:
    """What speaks for hasty answers in the newest result with each instrument."""
    newest = {each.instrument_id: each for each in sorted(row.diagnoses.all(), key=lambda each: each.modified)}
    found = {caution for each in newest.values() for caution in cautions_of(each, course_key, kinds)}
    return tuple(sorted(found))


def _rows(
    course_key: CourseKey, asked: LearnersAsked, *, known: int, start: int, most: int
) -> Iterator[LearnerRowData]:
    """``most`` rows from the ``start``-th on, ``known`` of all being of learners who have begun."""
    profiles = _known(course_key, asked.search, asked.sort)
    begun = list(profiles[start : min(start + most, known)]) if start < known else []
    rest = most - len(begun)
    after = max(0, start - known)
    waiting = list(_waiting(course_key, asked.search)[after : after + rest]) if rest else []
    names = compat.full_names([*(row.user for row in begun), *waiting])
    kinds: dict[tuple[str, str], str] = {}
    for row in begun:
        action = None if row.private else next(iter(row.first_action), None)
        yield LearnerRowData(
            user_id=row.user_id,
            username=row.user.get_username(),
            full_name=names.get(row.user_id, ""),
            level="" if row.private else row.level,
            last_active=row.last_active,
            enrolled=row.enrolled,
            action=action_data(action, course_key) if action else None,
            private=row.private,
            need=row.shown_need,
            cautions=() if row.private else _doubts(row, course_key, kinds),
        )
    for user in waiting:
        name = names.get(user.pk, "")
        yield LearnerRowData(user.pk, user.get_username(), name, "", None, True, None, begun=False)


def course_overview(course_key: CourseKey, asked: LearnersAsked, *, page: int) -> CourseOverviewData:
    settle_course(course_key)
    asked = replace(asked, search=" ".join(asked.search.split())[:100])
    size = usable("SMARTPD_PAGE_SIZE")
    waiting = _waiting(course_key, "").count()
    known = 0 if asked.waiting_only else _known(course_key, asked.search).count()
    total = known + (_waiting(course_key, asked.search).count() if asked.search else waiting)
    pages = max(1, ceil(total / size))
    page = min(max(page, 1), pages)
    everyone = models.Profile.objects.filter(course_key=course_key).exclude(pk__in=refusers(course_key, "evaluation"))
    counts = dict(everyone.order_by().values_list("level").annotate(Count("pk")))
    order = ["", *(level.id for level in standard().framework.levels)]
    rows = _rows(course_key, asked, known=known, start=(page - 1) * size, most=size) if total else ()
    return CourseOverviewData(
        course_key=str(course_key),
        search=asked.search,
        page=page,
        pages=pages,
        page_size=size,
        total=total,
        learners=tuple(rows),
        levels=_ordered(counts, order),
        as_of=log_read(course_key),
        sort=asked.sort,
        waiting=waiting,
        waiting_only=asked.waiting_only,
    )


def team_learners(course_key: CourseKey, asked: LearnersAsked) -> Iterator[LearnerRowData]:
    """All that ``course_overview`` would page through, read in portions."""
    settle_course(course_key)
    known = 0 if asked.waiting_only else _known(course_key, asked.search).count()
    for start in count(0, _PORTION):
        rows = list(_rows(course_key, asked, known=known, start=start, most=_PORTION))
        yield from rows
        if len(rows) < _PORTION:
            return


def _ordered(counts: dict[str, int], order: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Counts in the order of the levels; levels of another framework follow."""
    known = [level for level in order if level in counts]
    return tuple((level, counts[level]) for level in [*known, *sorted(set(counts) - set(known))])
