"""What learners choose in the needs diagnostic beside answers: consent, and goals for their largest needs."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from smartpd_analytics.api import Framework, Instrument, public_answers, whole_percent
from xblock.exceptions import JsonHandlerError

from . import guard, needs_diagnostic, plugin
from .handlers import json_handler
from .messages import mark as _
from .needs_diagnostic import Attempt, Change, Refusal
from .shared import html_id, render, translate, usage_key

__all__ = ["LearnersChoices"]

log = logging.getLogger(__name__)


class LearnersChoices:
    """Consent and goals; ``NeedsDiagnosticBlock`` has the fields and says whose turn it is."""

    @json_handler
    def save_consent(self: Any, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """Which uses are allowed: ``{choices: {purpose: bool}}`` -> ``{}``; undone at once where it is refused now."""
        learner = guard.learner(self)
        choices = self._read(lambda: needs_diagnostic.read_consent(data))
        wording = needs_diagnostic.consent_screen({}, self.consent_text, self._speaker())["wording"]
        with self._turn(learner) as door:
            if door is None:
                self.consent = choices
            else:
                door.record_consent(learner.user_id, learner.course_key, choices, wording=wording)
                # Nothing is there of answers from before, or from when nothing was allowed.
                instrument, framework = self._loaded()
                attempt = needs_diagnostic.attempt_on(self._attempt(), instrument)
                if attempt.started:
                    most = self._most(attempt, instrument)
                    self._record(door, learner, Change(attempt, instrument, framework, most=most))
                elif self.role:
                    self.tell_targets(door, learner, framework)
        return {}

    @json_handler
    def save_goal(self: Any, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """A goal taken, changed or left: ``{competency, hours, due, words, status}`` -> ``{html}`` of its form."""
        learner = guard.learner(self)
        form = self._read(lambda: needs_diagnostic.read_goal(data, today=self._today()))
        instrument, framework = self._loaded()
        with self._turn(learner) as door:
            attempt = needs_diagnostic.attempt_on(self._attempt(), instrument)
            score = needs_diagnostic.score_of(attempt, instrument, framework)
            start = next((one.share for one in score.competencies if one.competency_id == form.competency_id), None)
            level = self.own_targets().level_in(form.competency_id)
            target = needs_diagnostic.target_share(framework, instrument, level) if framework.levels else None
            if door is None or start is None or target is None or not attempt.completed:
                raise JsonHandlerError(409, translate(self, _("Goals cannot be saved here. Reload the page.")))
            from_door = door.GoalData(
                framework_id=framework.id,
                competency_id=form.competency_id,
                level=level,
                start=start,
                target=target,
                hours=form.hours,
                due=form.due,
                status=form.status,
                words=form.words,
            )
            door.record_goal(learner.user_id, learner.course_key, from_door)
        reached = self._reached_together(framework, learner)
        goals = self._goals(instrument, framework, attempt, learner, reached)
        context = {"goal": goals.get(form.competency_id), "t": self._speaker().plain(), "uid": html_id(self)}
        return {"html": render("needs_diagnostic/goal.html", context) if context["goal"] else ""}

    # --- inside ---

    def _read(self: Any, read: Any) -> Any:
        try:
            return read()
        except Refusal as refusal:
            raise JsonHandlerError(refusal.status, refusal.message.said(self.ugettext)) from refusal

    def _today(self: Any) -> Any:
        return datetime.now(UTC).date()

    def _record(self: Any, door: Any, learner: guard.Learner, change: Change) -> None:
        """Records a diagnosis that has begun: on the way the answers alone, else all that follows from them."""
        attempt, instrument = change.attempt, change.instrument
        at = {"usage_key": usage_key(self)}
        answers = needs_diagnostic.usable_answers(instrument, attempt.answers)
        again_until = self.again_until(attempt)
        said = {
            "phase": self.phase,
            "answers": answers,
            # With any other targets, or another end, more has to be told than the answers.
            "terms": repr((attempt.number, change.progress.total, again_until, self.targets_said())),
        }
        # A needs survey is kept as what the learner needs as well, and that at once.
        on_the_way = not change.progress.complete and instrument.kind != "needs_survey"
        if on_the_way and door.record_answers(learner.user_id, learner.course_key, instrument=instrument, **said, **at):
            return
        self.tell_targets(door, learner, change.framework)
        door.record_diagnosis(
            learner.user_id, learner.course_key, score=change.score, again_until=again_until, **said, **at
        )
        if instrument.kind == "needs_survey":
            door.record_needs(learner.user_id, learner.course_key, instrument=instrument, answers=answers, **at)

    def _consent(self: Any, learner: guard.Learner | None) -> Mapping[str, bool]:
        """Purpose -> allowed, of those that this learner was asked about, in any block of the course."""
        door = plugin.door()
        if door is None or learner is None or not learner.user_id or not learner.course_key:
            return dict(self.consent)
        known: Mapping[str, bool] = door.consent(learner.user_id, learner.course_key)
        return known

    def _must_decide(self: Any, learner: guard.Learner) -> bool:
        return bool(self.ask_consent) and not needs_diagnostic.decided(self._consent(learner))

    def _keeps_to_themselves(self: Any, access: guard.Access) -> bool:
        """Whether staff look on as a learner who does not want to show answers to the course team."""
        return access.read_only == "masquerade" and self._consent(access.learner).get("team") is False

    def _refuse_onlookers(self: Any, access: guard.Access) -> None:
        if self._keeps_to_themselves(access):
            raise JsonHandlerError(403, self._speaker().word("consent_hidden"))

    def _shown(self: Any, attempt: Attempt, instrument: Instrument, access: guard.Access) -> Attempt:
        """The attempt as this person may see it: a learner's own words are for that learner alone."""
        if access.read_only != "masquerade":
            return attempt
        return replace(attempt, answers=public_answers(instrument, attempt.answers))

    def _stated_needs(self: Any, learner: guard.Learner | None) -> Any:
        door = plugin.door()
        if door is None or learner is None or not learner.user_id or not learner.course_key:
            return None
        try:
            return door.stated_needs(learner.user_id, learner.course_key)
        except Exception:
            log.exception("Needs diagnostic %s: no stated needs to read", usage_key(self))
            return None

    def _reached_together(self: Any, framework: Framework, learner: guard.Learner | None) -> frozenset[str]:
        """Competencies in which all that the plugin knows of the learner, not answers alone, reaches the target."""
        door = plugin.door()
        if not framework.levels or door is None or learner is None or not learner.user_id or not learner.course_key:
            return frozenset()
        try:
            known = door.profile(learner.user_id, learner.course_key).competencies
        except Exception:
            log.exception("Needs diagnostic %s: no profile to compare with", usage_key(self))
            return frozenset()
        return frozenset(
            each.competency_id
            for each in known
            if len(each.sources) > 1
            and each.value is not None
            and whole_percent(each.value) >= whole_percent(each.target)
        )

    def _goals(
        self: Any,
        instrument: Instrument,
        framework: Framework,
        attempt: Attempt,
        learner: guard.Learner | None,
        reached: Collection[str] = (),
    ) -> dict[str, dict[str, Any]]:
        """Competency id -> its goal's form, for the largest needs of a finished attempt; empty without the plugin.

        What is ``reached`` by all that is known is offered no goal.
        """
        door = plugin.door()
        if door is None or learner is None or not learner.user_id or not learner.course_key:
            return {}
        if not (attempt.completed and framework.levels and self.show_results):
            return {}
        needs = self._stated_needs(learner)
        # Whoever was asked anywhere in the course can change their mind there.
        refusable = bool(self.ask_consent) or "team" in self._consent(learner)
        try:
            stored = {goal.competency_id: goal for goal in door.goals(learner.user_id, learner.course_key)}
            screens = needs_diagnostic.goals_of(
                attempt,
                instrument,
                framework,
                self._speaker(),
                targets=self.own_targets(),
                stored=stored,
                units=door.course_map(learner.course_key).units,
                hours=needs.hours if needs is not None else None,
                today=self._today(),
                reached=reached,
            )
        except Exception:
            log.exception("Needs diagnostic %s: no goals to offer", usage_key(self))
            return {}
        offered = (screen for screen in screens if screen["state"] or screen["id"] not in reached)
        return {screen["id"]: {**screen, "refusable": refusable} for screen in offered}
