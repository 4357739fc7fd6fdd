"""``smartpd_learning_matrix``: a map of the course and of oneself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from smartpd_analytics.data import say
from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, List, Scope, String

from . import guard, learning_matrix, plugin, shared
from .handlers import json_answer, json_handler
from .messages import Message
from .messages import mark as _
from .studio import StudioForm
from .turns import turn

__all__ = ["LearningMatrixBlock"]

log = logging.getLogger(__name__)

_ERRORS = {
    "unknown_cell": _("There is no cell “{value}” in this matrix (accepted: {accepted})."),
    "unknown_status": _("A cell cannot have the status “{value}” (accepted: {accepted})."),
    "unknown_rating": _("“{value}” is not on the rating scale (accepted: {accepted}, or nothing)."),
}
#: How many accepted ids an error names before it breaks off.
_NAMED = 20


@XBlock.wants(*shared.SERVICES)
class LearningMatrixBlock(StudioForm, shared.CommonSettings, CompletableXBlockMixin, XBlock):  # type: ignore[misc]
    """Topics by activities; learners plan, do and rate their cells, the plugin shows the way through."""

    icon_class = "other"

    display_name = String(
        display_name=_("Title"),
        help=_("The title that learners see above the matrix."),
        default=_("Learning matrix"),
        scope=Scope.settings,
    )
    matrix = Dict(
        display_name=_("Matrix"),
        help=_(
            "Topics (rows), activities (columns) and cells, as JSON. A cell has an id, topic, activity, can_do, task, "
            "link (block id of a unit, type@…+block@…, or a web address), minutes, modes (room, online, asynchronous), "
            "competency, level, required. Texts are strings, or one text for each of en, ru, uz."
        ),
        default=learning_matrix.default_matrix(),
        scope=Scope.content,
        xml_node=True,
    )
    scale = List(
        display_name=_("Rating scale"),
        help=_("Four steps by which learners rate themselves, lowest first: a word, or one for each of en, ru, uz."),
        default=learning_matrix.default_scale(),
        scope=Scope.content,
        words_for_steps=True,
        xml_node=True,
    )
    cells = Dict(
        help="Cell id -> status, rating, time of the last change.",
        scope=Scope.user_state,
    )
    editable_fields = ("display_name", "matrix", "scale")

    # --- views ---

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Any = None) -> Fragment:
        """The matrix with the learner's own marks."""
        access = guard.access(self)
        return self._fragment(access, problems=())

    def author_view(self, context: Any = None) -> Fragment:
        """As learners see it, with what had to be left out; nothing to press, no links into the LMS."""
        reading = learning_matrix.read_matrix(self.matrix)
        scale_problems = learning_matrix.read_scale(self.scale)[1]
        problems = tuple(problem.said(self.ugettext) for problem in (*reading.problems, *scale_problems))
        return self._fragment(guard.Access(None, "studio"), problems=problems)

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The matrix for apps that show it themselves; the same for every learner, in every language."""
        matrix = self._read()
        return {
            "display_name": self.display_name,
            "topics": [
                {
                    "id": topic.id,
                    "title": dict(topic.title),
                    "sections": [{"id": section, "title": dict(title)} for section, title in topic.sections],
                }
                for topic in matrix.topics
            ],
            "activities": [{"id": activity.id, "title": dict(activity.title)} for activity in matrix.activities],
            "cells": [
                {
                    "id": cell.id,
                    "topic": cell.topic,
                    "section": cell.section,
                    "activity": cell.activity,
                    "can_do": dict(cell.can_do),
                    "task": dict(cell.task),
                    "minutes": cell.minutes,
                    "modes": list(cell.modes),
                    "competency": cell.competency,
                    "level": cell.level,
                    "required": cell.required,
                }
                for cell in matrix.cells
            ],
            "scale": [dict(word) for word in learning_matrix.read_scale(self.scale)[0]],
        }

    def index_dictionary(self) -> dict[str, Any]:
        """Words for the course search, in every language that the matrix has."""
        matrix = self._read()
        texts = [topic.title for topic in matrix.topics]
        texts += [text for cell in matrix.cells for text in (cell.can_do, cell.task)]
        index: dict[str, Any] = super().index_dictionary()
        index.setdefault("content", {}).update(
            display_name=self.display_name,
            matrix=" ".join(word for text in texts for _lang, word in sorted(text.items())),
        )
        index["content_type"] = "Learning matrix"
        return index

    # --- handlers ---

    @json_handler
    def mark_cell(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{"cell", "status", "was"?}`` -> the cell as saved, and how far the learner is.

        ``was`` is the status that the page showed before: where another page has set something else since,
        the answer is 409 with the cell as it is, and nothing is changed. What the course has counted as done
        meanwhile is nobody's mark and stands in no way.

        Raises:
            JsonHandlerError: 400 an unknown cell or status; 401 and 403 as ``guard.learner``.
        """
        who = guard.learner(self)
        cell, status = self._argument(data, "cell"), self._argument(data, "status")
        finished = self._finished_cells(who, self._read())
        with self._turn(who) as door:
            matrix, marks = self._read(), learning_matrix.read_marks(self.cells)
            before = self._statuses(marks, finished, cell)
            try:
                marks = learning_matrix.mark(matrix, marks, cell, status, now=self._now(), finished=finished)
            except learning_matrix.MarkError as error:
                raise self._refused(error) from error
            if "was" in data and not any(each in (status, data["was"]) for each in before):
                return self._changed_elsewhere(matrix, cell, finished)
            counting = learning_matrix.with_finished(marks, finished)
            target = self._target(matrix, cell, who.course_key)
            if door is not None:
                door.record_progress(
                    who.user_id,
                    who.course_key,
                    usage_key=target or shared.usage_key(self),
                    status=status if target else learning_matrix.block_status(matrix, counting),
                )
            self.cells = learning_matrix.write_marks(marks)
            # Saved first, told then, and both in the turn: completions must not overtake each other.
            self.save()
            self.emit_completion(learning_matrix.completion(matrix, counting))
        shared.publish(self, "smartpd.matrix.cell_marked", {"cell": cell, "status": status, "target": target})
        return self._answer(matrix, counting, cell)

    @json_handler
    def rate_cell(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{"cell", "rating", "was"?}`` -> the cell as saved, and how far the learner is; null takes a rating back.

        ``was`` as in ``mark_cell``.

        Raises:
            JsonHandlerError: 400 an unknown cell or a rating outside the scale; 401 and 403 as ``guard.learner``.
        """
        who = guard.learner(self)
        cell, rating = self._argument(data, "cell"), self._argument(data, "rating")
        finished = self._finished_cells(who, self._read())
        with self._turn(who):
            matrix, marks = self._read(), learning_matrix.read_marks(self.cells)
            before = marks.get(cell, learning_matrix.CellMark()).rating if isinstance(cell, str) else None
            try:
                marks = learning_matrix.rate(matrix, marks, cell, rating, now=self._now())
            except learning_matrix.MarkError as error:
                raise self._refused(error) from error
            if before not in (rating, data.get("was", before)):
                return self._changed_elsewhere(matrix, cell, finished)
            self.cells = learning_matrix.write_marks(marks)
        shared.publish(
            self,
            "smartpd.matrix.cell_rated",
            {
                "cell": cell,
                "rating": rating,
                "scale": len(learning_matrix.RATINGS),
                "target": self._target(matrix, cell, who.course_key),
            },
        )
        return self._answer(matrix, learning_matrix.with_finished(marks, finished), cell)

    # --- Studio's form ---

    def clean_studio_edits(self, data: dict[str, Any]) -> None:
        """Links are kept without their course, so that a rerun leads to its own units."""
        cells = data["matrix"].get("cells") if isinstance(data.get("matrix"), dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict) and isinstance(cell.get("link"), str):
                cell["link"] = learning_matrix.relative_link(cell["link"])

    def setting_problems(self, settings: Any) -> tuple[Message, ...]:
        """One message for each thing that is not accepted."""
        return (
            *(replace(problem, about="matrix") for problem in learning_matrix.read_matrix(settings.matrix).problems),
            *(replace(problem, about="scale") for problem in learning_matrix.read_scale(settings.scale)[1]),
        )

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """For the SDK's workbench."""
        path = Path(__file__).parent / "scenarios" / "learning_matrix.xml"
        return [("Learning matrix", path.read_text(encoding="utf-8"))]

    # --- inside ---

    def _read(self) -> learning_matrix.Matrix:
        return learning_matrix.read_matrix(self.matrix).matrix

    @staticmethod
    def _now() -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds")

    def _fragment(self, access: guard.Access, *, problems: tuple[str, ...]) -> Fragment:
        matrix = self._read()
        marks = learning_matrix.read_marks(self.cells)
        course_key = "" if access.read_only == "studio" else shared.course_key(self)
        who = None if access.read_only == "studio" else access.learner
        advice = self._advice(who)
        advised = learning_matrix.advised_cells(matrix, advice, marks, course_key)
        page = learning_matrix.Page(
            matrix,
            marks,
            advised,
            advice=advice,
            scale=learning_matrix.read_scale(self.scale)[0],
            gettext=self.ugettext,
            lang=shared.language(self),
            course_key=course_key,
            finished=learning_matrix.finished_cells(matrix, self._finished(who), advised, course_key),
        )
        context = page.context()
        html = shared.render(
            "learning_matrix/learning_matrix.html",
            {
                **context,
                "id": shared.html_id(self),
                "title": self.ugettext(self.display_name),
                "explanation": access.explanation(self),
                "problems": problems,
                "words": self._said(learning_matrix.PAGE_WORDS),
            },
        )
        return shared.add_resources(
            self,
            Fragment(html),
            css=["learning_matrix/learning_matrix.css"],
            js=["learning_matrix/learning_matrix.js"],
            init="SmartPDLearningMatrix",
            args={
                "canWrite": access.may_write,
                "key": shared.storage_key(self, access.learner),
                "statuses": context["statuses"],
                "scale": page.scale,
                "words": self._said(learning_matrix.SCRIPT_WORDS),
            },
        )

    def _turn(self, who: guard.Learner) -> Any:
        return turn(self, who, not_saved=_("Your mark could not be saved just now."))

    @staticmethod
    def _statuses(marks: Mapping[str, learning_matrix.CellMark], finished: frozenset[str], cell: Any) -> set[str]:
        """What a page may have shown of a cell: the learner's own status, and the one that counts."""
        if not isinstance(cell, str):
            return set()
        counting = learning_matrix.with_finished(marks, finished)
        return {each.get(cell, learning_matrix.CellMark()).status for each in (marks, counting)}

    def _changed_elsewhere(self, matrix: learning_matrix.Matrix, cell: str, finished: frozenset[str]) -> Any:
        """409: the cell as another page has left it."""
        words = _("This cell was changed elsewhere in the meantime, so your change was not saved.")
        now = learning_matrix.with_finished(learning_matrix.read_marks(self.cells), finished)
        return json_answer(409, {**self._answer(matrix, now, cell), "error": self.ugettext(words)})

    def _advice(self, who: guard.Learner | None) -> list[learning_matrix.Advice]:
        """The plugin's next actions for the learner who looks, in their language."""
        door = plugin.door()
        if door is None or who is None or not who.user_id or not who.course_key:
            return []
        lang = shared.language(self)
        try:
            return [
                learning_matrix.Advice(
                    rank=action.rank,
                    target=action.target,
                    reason=say(action.reason, lang),
                    competencies=tuple(action.competencies),
                    unit=action.unit,
                    title=say(action.title, lang),
                    link=action.link,
                )
                for action in door.recommendations(who.user_id, who.course_key)
            ]
        except Exception:
            # The matrix is of use without advice; an error here must not take the whole unit away.
            log.exception("Learning matrix %s: no recommendations to show", shared.usage_key(self))
            return []

    def _finished_cells(self, who: guard.Learner, matrix: learning_matrix.Matrix) -> frozenset[str]:
        """Ids of the cells that the course counts as finished, as the page tells them."""
        finished = self._finished(who)
        if not finished:
            return frozenset()
        marks = learning_matrix.read_marks(self.cells)
        advised = learning_matrix.advised_cells(matrix, self._advice(who), marks, who.course_key)
        return learning_matrix.finished_cells(matrix, finished, advised, who.course_key)

    def _finished(self, who: guard.Learner | None) -> frozenset[str]:
        """What the learner who looks has finished in the course, as far as the plugin knows."""
        door = plugin.door()
        if door is None or who is None or not who.user_id or not who.course_key:
            return frozenset()
        try:
            return frozenset(door.finished(who.user_id, who.course_key))
        except Exception:
            log.exception("Learning matrix %s: what is finished is not known", shared.usage_key(self))
            return frozenset()

    def _argument(self, data: dict[str, Any], name: str) -> Any:
        if name in data:
            return data[name]
        raise JsonHandlerError(400, self.ugettext(_("The request does not name “{name}”.")).format(name=name))

    def _refused(self, error: learning_matrix.MarkError) -> JsonHandlerError:
        accepted = [str(value) for value in error.accepted[:_NAMED]] + ["…"] * (len(error.accepted) > _NAMED)
        sentence = self.ugettext(_ERRORS[error.problem]).format(
            value=str(error.value)[:80], accepted=", ".join(accepted)
        )
        return JsonHandlerError(400, sentence)

    @staticmethod
    def _target(matrix: learning_matrix.Matrix, cell_id: str, course_key: str) -> str:
        """Usage key of the block that the cell leads to, or ``""``."""
        cell = matrix.get(cell_id)
        link = learning_matrix.read_link(cell.link) if cell else None
        return learning_matrix.usage_key_of(link, course_key) if link else ""

    def _answer(
        self, matrix: learning_matrix.Matrix, marks: dict[str, learning_matrix.CellMark], cell_id: str
    ) -> dict[str, Any]:
        mark, whole = marks.get(cell_id, learning_matrix.CellMark()), learning_matrix.progress(matrix, marks)
        rows = learning_matrix.row_progress(matrix, marks)
        touched = next(row.id for row in matrix.rows() if any(cell.id == cell_id for cell in row))
        return {
            "cell": cell_id,
            "status": mark.status,
            "rating": mark.rating,
            "updated": mark.updated,
            "whole": {
                "text": learning_matrix.progress_words(whole, self.ugettext),
                "done": whole.done,
                "total": whole.total,
            },
            "rows": {touched: learning_matrix.progress_words(rows[touched], self.ugettext)}
            if rows[touched].total
            else {},
        }

    def _said(self, words: Mapping[str, str]) -> dict[str, str]:
        return {name: self.ugettext(msgid) for name, msgid in words.items()}
