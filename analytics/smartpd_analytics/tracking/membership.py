"""Groups of a course: cohorts and teams. Who is put into one may be someone else than who did it."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._subject import learner_of
from smartpd_analytics.tracking._values import identifier, integer
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip


def _group(record: Record) -> dict[str, str | int]:
    cohort, team = integer(record.event.get("cohort_id")), identifier(record.event.get("team_id"))
    return {**({} if cohort is None else {"cohort_id": cohort}), **({"team_id": team} if team else {})}


def _member(record: Record) -> Fields:
    return Fields(learner=learner_of(record), payload=_group(record))


def _of_group(record: Record) -> Fields:
    return Fields(payload=_group(record))


#: Kind "enrolment": the learner need not be there when it happens.
_MEMBER = EventType("enrolment", _member, SERVER)
#: Also made on the first visit of a learner, so no act of staff.
_GROUP = EventType("enrolment", _of_group, SERVER)
_IN_TEAM = EventType("other", _of_group)

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "edx.cohort.created": _GROUP,
    "edx.cohort.creation_requested": Skip("companion"),
    "edx.cohort.user_add_requested": Skip("companion"),
    "edx.cohort.user_added": _MEMBER,
    "edx.cohort.user_removed": _MEMBER,
    "edx.team.activity_updated": _IN_TEAM,
    "edx.team.changed": _IN_TEAM,
    "edx.team.created": _IN_TEAM,
    "edx.team.deleted": _IN_TEAM,
    "edx.team.learner_added": _MEMBER,
    "edx.team.learner_removed": _MEMBER,
    "edx.team.page_viewed": _IN_TEAM,
    "edx.team.searched": _IN_TEAM,
}
