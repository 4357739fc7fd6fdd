"""An adaptive test in the needs diagnostic: one question at a time, chosen on the server."""

from __future__ import annotations

from typing import Any

from smartpd_analytics.api import Instrument

from . import guard, needs_diagnostic, plugin
from .handlers import json_handler, unreadable
from .needs_diagnostic import AdaptivePlan, Attempt, Change, Refusal
from .shared import html_id, render, usage_key

__all__ = ["AdaptiveTest"]


class AdaptiveTest:
    """The handlers of an adaptive test; ``NeedsDiagnosticBlock`` has the fields and takes the steps."""

    @json_handler
    def take_up(self: Any, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """The question at hand, or the first: ``{version, attempt?}`` -> as ``give_answer``."""
        learner = guard.learner(self)
        page = self._page(data)

        def take(attempt: Attempt, instrument: Instrument, framework: Any) -> Change:
            needs_diagnostic.check_page(attempt, instrument, page["version"], page["number"])
            return needs_diagnostic.take_up(attempt, instrument, framework, self._plan(attempt, instrument, learner))

        return self._at_hand(self._step(learner, take).attempt)  # type: ignore[no-any-return]

    @json_handler
    def give_answer(self: Any, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """An answer that stays: ``{item, option, version, attempt?}`` -> ``{item, number, html}`` of the next question.

        Once the test is over ``{level, result}`` instead.
        """
        learner = guard.learner(self)
        page, item, option = self._page(data), data.get("item"), data.get("option")
        if not isinstance(item, str) or not isinstance(option, str):
            raise unreadable(self)

        def take(attempt: Attempt, instrument: Instrument, framework: Any) -> Change:
            return needs_diagnostic.answer_and_go_on(
                attempt,
                instrument,
                framework,
                self._plan(attempt, instrument, learner),
                item_id=item,
                option_id=option,
                phase=self.phase,
                now=self._now(),
                **page,
            )

        change = self._step(learner, take)
        if change.attempt.completed and change.events:
            self.emit_completion(1.0)
        return self._at_hand(change.attempt)  # type: ignore[no-any-return]

    # --- inside ---

    def _is_adaptive(self: Any, attempt: Attempt, instrument: Instrument) -> bool:
        return needs_diagnostic.is_adaptive(attempt, instrument, wanted=self.adaptive)

    def _most(self: Any, attempt: Attempt, instrument: Instrument) -> int:
        """Questions of an adaptive test at most; 0 where the instrument is asked as a whole."""
        if not self._is_adaptive(attempt, instrument):
            return 0
        return max(1, min(self.adaptive_length, len(instrument.items)))

    def _whole(self: Any, attempt: Attempt, instrument: Instrument) -> None:
        """Refuses answers in free order where the test chooses the questions."""
        if self._is_adaptive(attempt, instrument) and not attempt.completed:
            raise Refusal(409, needs_diagnostic.OTHER_QUESTION)

    def _plan(self: Any, attempt: Attempt, instrument: Instrument, learner: guard.Learner) -> AdaptivePlan:
        who = learner.user_id or learner.username
        return AdaptivePlan(
            length=self._most(attempt, instrument) or 1,
            error=self.adaptive_error,
            seen=self._seen(instrument, learner),
            seed=AdaptivePlan.seed_of(who, usage_key(self), attempt.number),
        )

    def _seen(self: Any, instrument: Instrument, learner: guard.Learner) -> tuple[str, ...]:
        """Items that the learner has seen before this attempt, here and in the course's other blocks."""
        here = [
            item
            for kept in self.earlier
            if kept.get("instrument") == instrument.id
            for item in (kept.get("asked") or kept.get("answers", ()))
        ]
        door = plugin.door() if learner.user_id and learner.course_key else None
        there = door.asked_items(learner.user_id, learner.course_key, instrument.id) if door is not None else ()
        return tuple(dict.fromkeys([*(item for item in here if item not in there), *there]))

    def _at_hand(self: Any, attempt: Attempt) -> dict[str, Any]:
        instrument, framework = self._loaded()
        if attempt.completed:
            html = self._result(instrument, framework, attempt, guard.access(self))
            level = needs_diagnostic.score_of(attempt, instrument, framework).level if self.show_results else None
            return {"level": level, "result": html}
        most = self._most(attempt, instrument)
        screen = needs_diagnostic.adaptive_screen(attempt, instrument, self._speaker(), most=most)
        html = render("needs_diagnostic/adaptive_question.html", {**screen, "uid": html_id(self)})
        return {"item": screen["item"].id, "number": len(attempt.asked), "html": html}

    def _remember(
        self: Any, door: Any, learner: guard.Learner, stored: Attempt, attempt: Attempt, instrument: Instrument
    ) -> None:
        """Tells the plugin which questions of a test have been seen, so that no later test asks them again."""
        new = [item for item in attempt.asked if item not in stored.asked]
        if instrument.kind == "knowledge_test" and attempt.completed and not attempt.asked:
            new = list(attempt.answers)
        if new:
            door.record_asked(learner.user_id, learner.course_key, instrument_id=instrument.id, items=new)
