"""What a kind of xAPI statement is: one entry of the registry in ``xapi``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartpd_analytics.tracking._statement import Statement
from smartpd_analytics.tracking._verdict import Ignored
from smartpd_analytics.tracking.entry import Fields

#: The name of the event, an entry of ``EVENT_TYPES``, and what the statement tells of it.
Told = tuple[str, Fields]
Extract = Callable[[Statement], Told | Ignored]


@dataclass(frozen=True, slots=True)
class StatementType:
    """Statements with one verb about one type of object.

    ``names`` are the events that they become; none where they are companions of others.
    """

    id: str
    verb: str
    activity_type: str
    names: tuple[str, ...]
    extract: Extract
