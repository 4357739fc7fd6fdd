"""What the page shows: the matrix, the marks and the advice as plain values for the template."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from smartpd_analytics.data import Text, say

from ..messages import mark as _
from ._advice import Advice
from ._links import Link, jump_url, read_link, usage_key_of
from ._marks import CellMark, Marks, Progress, progress, row_progress, with_finished
from ._matrix import Cell, Matrix, Row

#: Status -> (icon, word). The icon never stands alone.
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "none": ("○", _("Not started")),
    "planned": ("◔", _("Planned")),
    "doing": ("◑", _("In progress")),
    "done": ("✓", _("Done")),
}
MODE_WORDS: Mapping[str, str] = {
    "room": _("in the room"),
    "online": _("live online"),
    "asynchronous": _("at any time"),
}

Gettext = Callable[[str], str]


def progress_words(counts: Progress, gettext: Gettext) -> str:
    return gettext(_("Done: {done} of {total}")).format(done=counts.done, total=counts.total)


class Page:
    """Everything on the page for one learner, in one language.

    Args:
        advised: cell id -> the next action that points at it.
        advice: all next actions, those that lead out of the matrix too.
        gettext: says an English message in the reader's language.
        lang: language of the matrix's own texts.
        course_key: the course whose blocks the links lead to; ``""`` leaves out links to blocks.
        scale: the words of the rating scale, lowest first.
        finished: ids of the cells that the course counts as finished; see ``with_finished``.
    """

    def __init__(
        self,
        matrix: Matrix,
        marks: Marks,
        advised: Mapping[str, Advice],
        *,
        advice: Iterable[Advice] = (),
        scale: tuple[Text, ...],
        gettext: Gettext,
        lang: str,
        course_key: str,
        finished: Collection[str] = (),
    ) -> None:
        self.matrix = matrix
        self.own = marks
        self.marks = with_finished(marks, finished)
        self.advised = advised
        self.advice = sorted(advice, key=lambda step: step.rank)
        self.scale = [say(words, lang) for words in scale]
        self.gettext = gettext
        self.lang = lang
        self.course_key = course_key
        self._activities = {activity.id: say(activity.title, lang) for activity in matrix.activities}
        # A matrix in which everything is required, or nothing, needs no word on it in each cell.
        self._tells_required = 0 < sum(cell.required for cell in matrix.cells) < len(matrix.cells)

    def context(self) -> dict[str, Any]:
        counts = progress(self.matrix, self.marks)
        rows = row_progress(self.matrix, self.marks)
        return {
            "activities": list(self._activities.values()),
            "columns": len(self._activities) + 1,
            "groups": [
                self._group(list(group), rows) for _id, group in groupby(self.matrix.rows(), lambda row: row.topic.id)
            ],
            "advised": bool(self.advised),
            "next": self._next(),
            "whole": {"text": progress_words(counts, self.gettext), "done": counts.done, "total": counts.total},
            "counted": any(self._is_counted(cell) for cell in self.matrix.cells),
            "statuses": self.statuses(),
            "scale": list(enumerate(self.scale, start=1)),
        }

    def _next(self) -> list[dict[str, Any]]:
        """The next actions in their order, by the names they have everywhere, each with the first cell it points at."""
        places: dict[Advice, dict[str, str]] = {}
        cells: dict[Advice, list[str]] = {}
        for row in self.matrix.rows():
            for cell in filter(None, row.cells):
                if cell.id in self.advised:
                    cells.setdefault(self.advised[cell.id], []).append(cell.id)
                    places.setdefault(self.advised[cell.id], {"id": cell.id, "name": self._name(row, cell)})
        return [
            {
                "title": step.title,
                "link": step.link,
                "reason": "" if step in places else step.reason,
                "cell": places.get(step),
                # Once all of them are marked as done, the page has the step no more.
                "cells": cells.get(step, []),
            }
            for step in self.advice
        ]

    def statuses(self) -> list[dict[str, str]]:
        return [
            {"id": status, "icon": icon, "word": self.gettext(word)} for status, (icon, word) in STATUS_WORDS.items()
        ]

    def _group(self, rows: list[Row], counts: Mapping[str, Progress]) -> dict[str, Any]:
        topic = rows[0].topic
        return {
            "title": say(topic.title, self.lang) if topic.sections else "",
            "rows": [
                {
                    "id": row.id,
                    "title": say(row.title, self.lang)
                    if row.section or not topic.sections
                    else self.gettext(_("The topic as a whole")),
                    "progress": progress_words(counts[row.id], self.gettext) if counts[row.id].total else "",
                    "cells": [None if cell is None else self._cell(cell, self._name(row, cell)) for cell in row.cells],
                }
                for row in rows
            ],
        }

    def _name(self, row: Row, cell: Cell) -> str:
        """Where the cell stands, for who cannot see it: topic, section, activity."""
        places = (row.topic.title, row.title) if row.section else (row.topic.title,)
        return ", ".join((*(say(place, self.lang) for place in places), self._activities[cell.activity]))

    def _is_counted(self, cell: Cell) -> bool:
        """Done because the course says so, and not by the learner's own mark."""
        now, own = (marks.get(cell.id, CellMark()).status for marks in (self.marks, self.own))
        return now == "done" and own != "done"

    def _cell(self, cell: Cell, name: str) -> dict[str, Any]:
        mark = self.marks.get(cell.id, CellMark())
        icon, word = STATUS_WORDS[mark.status]
        link = read_link(cell.link)
        advice = self.advised.get(cell.id)
        return {
            "id": cell.id,
            "name": name,
            "counted": self._is_counted(cell),
            "folds": advice is None and mark.status not in ("planned", "doing"),
            "activity": self._activities[cell.activity],
            "can_do": say(cell.can_do, self.lang),
            "task": say(cell.task, self.lang),
            "url": link.url if link else "",
            "jump": self._jump(link, advice),
            "opens": advice.title if advice else "",
            "meta": " · ".join(self._meta(cell)),
            "status": mark.status,
            "rating": mark.rating or "",
            "updated": mark.updated,
            "icon": icon,
            "word": self.gettext(word),
            "rated": self.scale[mark.rating - 1] if mark.rating else "",
            "why": advice.reason if advice else "",
            "advised": advice is not None,
        }

    def _jump(self, link: Link | None, advice: Advice | None) -> str:
        """To the cell's block; where an action is recommended in it, right to what that action opens."""
        own = jump_url(usage_key_of(link, self.course_key), self.course_key) if link else ""
        return advice.link if own and advice and advice.link else own

    def _meta(self, cell: Cell) -> list[str]:
        parts = []
        if cell.minutes:
            parts.append(self.gettext(_("{minutes} min")).format(minutes=cell.minutes))
        if cell.modes:
            parts.append(", ".join(self.gettext(MODE_WORDS[mode]) for mode in cell.modes))
        if cell.level:
            parts.append(cell.level)
        if cell.required and self._tells_required:
            parts.append(self.gettext(_("required")))
        return parts
