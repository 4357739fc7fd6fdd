"""Statements about this project's own blocks, as the plugin has event-routing-backends make them.

Each field of an event is an extension of the statement's context under its own name, so that what comes back is what
the log line becomes. (Verbs and types: ``smartpd/tracking/events.py``, which a test holds against this list.)
"""

from __future__ import annotations

from smartpd_analytics.tracking._statement import Statement
from smartpd_analytics.tracking._statement_type import StatementType, Told
from smartpd_analytics.tracking.entry import Fields
from smartpd_analytics.tracking.smartpd import FIELDS, payload_of

__all__ = ["EXTENSION", "SMARTPD_STATEMENTS"]

#: Prefix of the extensions that carry an event's own fields.
EXTENSION = "urn:openedx-smartpd:"

_ADL, _TINCAN, _STREAMS = "http://adlnet.gov/expapi/", "http://id.tincanapi.com/", "http://activitystrea.ms/schema/1.0/"
_ASSESSMENT, _INTERACTION = f"{_ADL}activities/assessment", f"{_ADL}activities/cmi.interaction"
_OBJECTIVE, _ESSAY = f"{_ADL}activities/objective", f"{_TINCAN}activitytype/essay"


def _about(name: str, verb: str, activity_type: str) -> StatementType:
    _project, kind, act = name.split(".")

    def extract(statement: Statement) -> Told:
        values = (statement.context_extension(EXTENSION + field) for field in FIELDS[name])
        return name, Fields(statement.usage_key, payload=payload_of(name, values))

    return StatementType(f"{kind}_{act}", verb, activity_type, (name,), extract)


SMARTPD_STATEMENTS = (
    _about("smartpd.diagnosis.started", f"{_ADL}verbs/initialized", _ASSESSMENT),
    _about("smartpd.diagnosis.guessed", f"{_ADL}verbs/responded", _ASSESSMENT),
    _about("smartpd.diagnosis.answered", f"{_ADL}verbs/answered", _INTERACTION),
    _about("smartpd.diagnosis.completed", f"{_ADL}verbs/completed", _ASSESSMENT),
    _about("smartpd.diagnosis.reset", f"{_STREAMS}delete", _ASSESSMENT),
    _about("smartpd.diagnosis.reopened", f"{_STREAMS}open", _ASSESSMENT),
    _about("smartpd.matrix.cell_marked", f"{_ADL}verbs/interacted", _OBJECTIVE),
    _about("smartpd.matrix.cell_rated", f"{_TINCAN}verb/rated", _OBJECTIVE),
    _about("smartpd.pres.saved", f"{_STREAMS}save", _ESSAY),
    _about("smartpd.pres.submitted", f"{_STREAMS}submit", _ESSAY),
)
