"""The events of our blocks, and what an xAPI statement about each says: verb, activity, measures.

Imports nothing, so settings and tests can read it where event-routing-backends is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["EXTENSION", "STATEMENTS", "StatementForm"]

#: Prefix of the extensions that carry an event's own fields, under their own names.
EXTENSION = "urn:openedx-smartpd:"

_ADL, _TINCAN, _STREAMS = (
    "http://adlnet.gov/expapi/",
    "http://id.tincanapi.com/",
    "http://activitystrea.ms/schema/1.0/",
)
_ASSESSMENT, _INTERACTION = f"{_ADL}activities/assessment", f"{_ADL}activities/cmi.interaction"
_OBJECTIVE, _ESSAY = f"{_ADL}activities/objective", f"{_TINCAN}activitytype/essay"


@dataclass(frozen=True, slots=True)
class StatementForm:
    """Verb (address and English name), type of the activity, and which fields have a place of their own in xAPI.

    ``part`` is the field that names a part of the block (an item, a cell), which the statement is then about;
    ``response``, ``raw`` and ``maximum`` go into the result; ``completion`` says that something is finished.
    Every field is an extension besides, so that nothing an event says is lost.
    """

    verb: str
    named: str
    activity_type: str
    fields: tuple[str, ...]
    part: str = ""
    response: str = ""
    raw: str = ""
    maximum: str = ""
    completion: bool = False


_INSTRUMENT = ("instrument", "version", "phase")
_TEAM_ACT = (*_INSTRUMENT, "learner_id", "answered", "attempt")

STATEMENTS: Mapping[str, StatementForm] = MappingProxyType(
    {
        "smartpd.diagnosis.started": StatementForm(
            f"{_ADL}verbs/initialized", "initialized", _ASSESSMENT, (*_INSTRUMENT, "total")
        ),
        "smartpd.diagnosis.guessed": StatementForm(
            f"{_ADL}verbs/responded", "responded", _ASSESSMENT, (*_INSTRUMENT, "level"), response="level"
        ),
        "smartpd.diagnosis.answered": StatementForm(
            f"{_ADL}verbs/answered",
            "answered",
            _INTERACTION,
            (*_INSTRUMENT, "item", "competency", "option", "points", "answered", "total"),
            part="item",
            response="option",
            raw="points",
        ),
        "smartpd.diagnosis.completed": StatementForm(
            f"{_ADL}verbs/completed",
            "completed",
            _ASSESSMENT,
            (*_INSTRUMENT, "points", "max_points", "level", "areas"),
            raw="points",
            maximum="max_points",
            completion=True,
        ),
        "smartpd.diagnosis.reset": StatementForm(f"{_STREAMS}delete", "deleted", _ASSESSMENT, _TEAM_ACT),
        "smartpd.diagnosis.reopened": StatementForm(f"{_STREAMS}open", "opened", _ASSESSMENT, _TEAM_ACT),
        "smartpd.matrix.cell_marked": StatementForm(
            f"{_ADL}verbs/interacted",
            "interacted",
            _OBJECTIVE,
            ("cell", "status", "target"),
            part="cell",
            response="status",
        ),
        "smartpd.matrix.cell_rated": StatementForm(
            f"{_TINCAN}verb/rated",
            "rated",
            _OBJECTIVE,
            ("cell", "rating", "scale", "target"),
            part="cell",
            raw="rating",
            maximum="scale",
        ),
        "smartpd.pres.saved": StatementForm(f"{_STREAMS}save", "saved", _ESSAY, ("version", "words")),
        "smartpd.pres.submitted": StatementForm(
            f"{_STREAMS}submit", "submitted", _ESSAY, ("version", "words"), completion=True
        ),
    }
)
