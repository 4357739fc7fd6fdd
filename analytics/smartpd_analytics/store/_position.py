"""How far a table of statements was read: which of its hours, by what was in them.

Rows come late (apps send what happened offline, old logs are loaded afterwards), under the time of the event. So no
single time says what is new: each hour has a mark made of its rows, and an hour whose mark is another is read again.
What is remembered is the mark of the rows that were read, never the one that a server told beforehand, so that a row
which came in between, or which one replica has and the other has not, is found by the next run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from smartpd_analytics.sources import Mark

#: Hours are kept one by one so long, then only by the day.
_DAYS_BY_HOUR = 31
_HOURS = 24


class Position:
    """The hours of one table that were read whole.

    Args:
        text: what ``text()`` gave; ``""`` for a table that was never read.
    """

    def __init__(self, text: str = "") -> None:
        kept = json.loads(text) if text else {}
        self._hours = {int(hour): Mark(*mark) for hour, mark in kept.get("hours", {}).items()}
        self._days = {int(day): Mark(*mark) for day, mark in kept.get("days", {}).items()}

    def unread(self, there: Mapping[int, Mark]) -> list[int]:
        """The hours that are not as they were read, in order.

        Args:
            there: the marks of the table's hours; of a day, all that has rows or none.
        """
        days: dict[int, Mark] = {}
        for hour, mark in there.items():
            days[hour // _HOURS] = days.get(hour // _HOURS, Mark(0, 0)) + mark
        return [
            hour
            for hour, mark in sorted(there.items())
            if self._hours.get(hour) != mark and self._days.get(hour // _HOURS) != days[hour // _HOURS]
        ]

    def note(self, hour: int, mark: Mark) -> None:
        """An hour was read whole, and this was in it."""
        self._days.pop(hour // _HOURS, None)
        self._hours[hour] = mark

    def keep_from(self, first: int) -> None:
        """Forget the hours before ``first``: the table has no rows there any more."""
        self._hours = {hour: mark for hour, mark in self._hours.items() if hour >= first}
        self._days = {day: mark for day, mark in self._days.items() if (day + 1) * _HOURS > first}

    def text(self) -> str:
        """The same as text, the older hours by the day."""
        hours, days = {}, dict(self._days)
        newest = max(self._hours, default=0) // _HOURS
        for hour, mark in sorted(self._hours.items()):
            day = hour // _HOURS
            if day > newest - _DAYS_BY_HOUR:
                hours[hour] = mark
            else:
                days[day] = days.get(day, Mark(0, 0)) + mark
        return json.dumps({"days": dict(sorted(days.items())), "hours": hours}, separators=(",", ":"))
