"""The verdicts on a line, and every reason a verdict can give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smartpd_analytics.data import Event

#: Codes of lines that are sound but no learning event, with the words for people.
IGNORED_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "account": "signing in or out, or a change of account settings",
        "blank": "empty line",
        "comment": "comment line, starting with #",
        "companion": "another line tells the same act, and tells more",
        "implicit": "a request to a page or an API that is no learning event",
        "no_course": "a learning event, but the line names no course",
        "no_learner": "a learning event, but the line names no learner",
        "statement": "an xAPI statement in a tracking log, made of a line that stands there as well",
        "unlisted": "an event type that the catalogue does not list",
    }
)

#: The time of an event is later than now; who reads many lines judges that, not who reads one.
FUTURE = "future"

#: Codes of lines that cannot be read as a tracking event, with the words for people.
QUARANTINE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "bad_time": "the time is not an ISO 8601 date and time of the years 2000 to 2100",
        FUTURE: "the time is later than now, so a clock was wrong",
        "no_event_type": "an object without event_type",
        "no_statement": "an object without the verb or the object of an xAPI statement",
        "no_time": "an event without time",
        "not_an_object": "JSON, but no object",
        "not_json": "no JSON",
        "not_text": "not UTF-8 text",
        "too_deep": "JSON nested too deep to be a tracking event",
        "too_long": "longer than any tracking event",
        "truncated": "JSON that was cut off",
    }
)


@dataclass(frozen=True, slots=True)
class Ignored:
    """The line is sound but no learning event; ``reason`` is a key of ``IGNORED_REASONS``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The line cannot be read as a tracking event; ``reason`` is a key of ``QUARANTINE_REASONS``."""

    reason: str


Verdict = Event | Ignored | Quarantined
