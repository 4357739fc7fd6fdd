"""What the needs diagnostic shows: to learners, in Studio, in apps and in the course search."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.safestring import mark_safe
from smartpd_analytics.api import SEPARATOR, Framework, InputError, Instrument, framework_of
from web_fragments.fragment import Fragment
from xblock.core import XBlock

from . import guard, needs_diagnostic, plugin
from .needs_diagnostic import Attempt, Speaker, Standing
from .shared import add_resources, html_id, language, render, storage_key, translate, translate_plural, usage_key

__all__ = ["NeedsDiagnosticViews"]

log = logging.getLogger(__name__)

#: For the course team alone.
_TEAM_SCRIPTS = ("needs_diagnostic/needs_diagnostic_team.js",)
#: Where there is a form for consent or goals, and not before.
_CHOICES_SCRIPT = "needs_diagnostic/choices.js"


class NeedsDiagnosticViews:
    """The views of ``NeedsDiagnosticBlock``, which has the fields and says what is stored."""

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """All questions, the one area at hand shown first; the result once it is finished."""
        access = guard.access(self)
        try:
            instrument, framework = self._load()
        except InputError as problem:
            return self._broken(problem, access.learner is not None and access.learner.is_staff)
        stored = self._attempt()
        attempt = self._shown(needs_diagnostic.attempt_on(stored, instrument), instrument, access)
        speaker = self._speaker()
        if self._keeps_to_themselves(access):
            return self._private(speaker)
        finished = bool(attempt.completed)
        closed = "" if access.read_only else self.closed_words()
        locked = finished or bool(closed) or not access.may_write
        most = self._most(attempt, instrument)
        screen = needs_diagnostic.question_screen(attempt, instrument, framework, speaker, most=most)
        consent = self._consent_screen(access, speaker)
        first = "consent" if consent and not consent["decided"] and access.may_write and not closed else "intro"
        values = {
            **screen,
            "uid": html_id(self),
            "display_name": self._title(),
            "read_only": closed or access.explanation(self),
            "purpose": speaker.word("purpose_graded" if self.has_score else "purpose"),
            "grading": self.grading_facts(),
            "changed": bool(stored.answers) and not attempt.answers,
            "screen": "result" if finished and first == "intro" else first,
            "consent": consent,
            "may_write": access.may_write,
            # Everything is answered, and only to finish is left.
            "whole": not locked and not most and screen["q"].answered == screen["q"].total,
            "begun": bool(attempt.answers or attempt.asked),
            "adaptive": bool(most),
            "most": most,
            "so_far": self.show_results and instrument.kind != "knowledge_test",
            "team": self._for_team(access),
            "w": {name: translate(self, needs_diagnostic.TEAM_WORDS[name]) for name in ("team", "loading")},
            "team_said": needs_diagnostic.team_notice(self.team_act, speaker, finished=finished),
            "asks_guess": self.ask_guess and access.may_write and bool(framework.levels) and not closed,
            "results": self.show_results,
            "roles": self.role_choices(),
            "locked": locked,
            "finished": finished,
            "result": self._result(instrument, framework, attempt, access) if finished else "",
        }
        return add_resources(
            self,
            Fragment(render("needs_diagnostic/student.html", values)),
            css=["needs_diagnostic/needs_diagnostic.css"],
            js=[
                *(_TEAM_SCRIPTS if values["team"] else ()),
                *(["needs_diagnostic/adaptive.js"] if most else []),
                *(["needs_diagnostic/role.js"] if values["roles"] else []),
                "needs_diagnostic/needs_diagnostic.js",
            ],
            init="SmartPDNeedsDiagnostic",
            args={
                "version": instrument.version,
                "attempt": attempt.number,
                "resumeAt": screen["q"].resume_at,
                "minutes": screen["minutes"],
                "locked": locked,
                "adaptive": bool(most),
                "finished": finished,
                # Started again, the page has other questions than those that it shows now.
                "adapts": bool(most) or (self.adaptive and needs_diagnostic.can_adapt(instrument)),
                "choices": self.runtime.local_resource_url(self, f"public/{_CHOICES_SCRIPT}"),
                "storageKey": storage_key(self, access.learner),
                "words": speaker.script(),
                **({"team": needs_diagnostic.team_words(speaker)} if values["team"] else {}),
            },
        )

    def author_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """For Studio: the settings in words, what is wrong with them, and all questions to read."""
        instrument: Instrument | None = None
        framework: Framework | None = None
        try:
            instrument, framework = self._load()
        except InputError as problem:
            # settings_problems says below which setting is to be put right.
            log.info("Needs diagnostic %s: %s", usage_key(self), problem)
        screen = needs_diagnostic.author_screen(
            instrument,
            framework,
            self._speaker(),
            phase=self.phase,
            target=self.target_level,
            most=self._most(Attempt(), instrument) if instrument is not None else 0,
        )
        names = {
            "display_name": self._title(),
            "facts": [*screen["facts"], *self.grading_facts()],
            "problems": [problem.said(self.ugettext) for problem in self.setting_problems(self)],
        }
        html = render("needs_diagnostic/author.html", {**screen, **names})
        return add_resources(self, Fragment(html), css=["needs_diagnostic/needs_diagnostic.css"])

    def student_view_data(self, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a mobile app may cache: nothing of any learner."""
        try:
            instrument, _framework = self._load(version="")
        except InputError:
            return {"display_name": self._title(), "phase": self.phase, "available": False}
        return {
            "display_name": self._title(),
            "phase": self.phase,
            "available": True,
            "instrument": instrument.id,
            "version": instrument.version,
            "title": dict(instrument.title),
            "items": len(instrument.items),
            "minutes": instrument.minutes,
            "graded_by": self.graded_by,
            "max_attempts": self.max_attempts,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """For the course search: title and questions, in every language."""
        index = super().index_dictionary() if hasattr(super(), "index_dictionary") else {}
        content = {"display_name": self._title()}
        try:
            instrument, _framework = self._load(version="")
        except InputError:
            pass
        else:
            content["questions"] = " ".join(
                text for item in instrument.items for _lang, text in sorted(item.text.items())
            )
        return {**index, "content": {**index.get("content", {}), **content}, "content_type": "Needs diagnostic"}

    # --- inside -------------------------------------------------------------------------------

    def _title(self) -> str:
        # The default is a message id: a block that was never edited is named in the reader's language.
        return translate(self, self.display_name)

    def _speaker(self) -> Speaker:
        return Speaker(self.ugettext, language(self), partial(translate_plural, self))

    def _broken(self, problem: InputError, for_staff: bool) -> Fragment:
        speaker = self._speaker()
        context = {
            "t": speaker.plain(),
            "display_name": self._title(),
            "detail": speaker.word("broken_staff", problem=problem) if for_staff else "",
        }
        return add_resources(self, Fragment(render("needs_diagnostic/broken.html", context)))

    def _trained(self, learner: guard.Learner | None) -> frozenset[str]:
        """The competencies that the course's units train; empty where its map is not known."""
        door = plugin.door()
        if door is None or learner is None or not learner.course_key:
            return frozenset()
        try:
            units = door.course_map(learner.course_key).units
        except Exception:
            log.exception("Needs diagnostic %s: no course map to read", usage_key(self))
            return frozenset()
        return frozenset(competency for unit in units for competency in unit.competencies)

    def _result(self, instrument: Instrument, framework: Framework, attempt: Attempt, access: guard.Access) -> str:
        needs = self._stated_needs(access.learner)
        wished = needs.answers.get("goal_areas", "").split(SEPARATOR) if needs and framework.id == "digcompedu" else ()
        reached = self._reached_together(framework, access.learner)
        screen = needs_diagnostic.end_screen(
            attempt,
            instrument,
            framework,
            self._speaker(),
            targets=self.own_targets(),
            kept=needs is not None,
            wished=wished,
            reached=reached,
        )
        goals = self._goals(instrument, framework, attempt, access.learner, reached) if access.may_write else {}
        trained = self._trained(access.learner)
        for gap in screen["gaps"]:
            gap["goal"] = goals.get(gap["id"])
            gap["untrained"] = bool(trained) and gap["id"] not in trained
        context = {
            **screen,
            "uid": html_id(self),
            "results": self.show_results,
            "asks_consent": bool(self.ask_consent),
            "radar": mark_safe(screen.get("radar", "")),  # noqa: S308  drawn and escaped by the analytics
            "may_retake": access.may_write and self.attempts_left() and not self.closed_words(),
            "compared": self._compared(instrument, framework, attempt, access.learner),
            "earlier": self._earlier_lines(instrument, framework) if self.show_results else [],
            **self._next_steps(access, framework),
        }
        return mark_safe(render("needs_diagnostic/result.html", context))  # noqa: S308  escaped by the engine

    def _for_team(self, access: guard.Access) -> bool:
        """Whether the course team's panel is offered."""
        who = access.learner
        return who is not None and who.is_staff and not access.read_only and plugin.door() is not None

    def _private(self, speaker: Speaker) -> Fragment:
        context = {"t": speaker.plain(), "display_name": self._title()}
        return add_resources(self, Fragment(render("needs_diagnostic/private.html", context)))

    def _consent_screen(self, access: guard.Access, speaker: Speaker) -> dict[str, Any] | None:
        """The choice of what may be done with answers; None where the course does not ask."""
        if not self.ask_consent:
            return None
        return needs_diagnostic.consent_screen(self._consent(access.learner), self.consent_text, speaker)

    def _compared(
        self, instrument: Instrument, framework: Framework, attempt: Attempt, learner: guard.Learner | None
    ) -> dict[str, Any] | None:
        """Before and after, where there is a before: in another phase of the course, else the last time here."""
        if not attempt.completed or not self.show_results:
            return None
        now = self._standing(attempt, instrument, framework)
        before = self._in_another_phase(instrument, learner) or self._last_time(instrument, framework)
        if now is None or before is None:
            return None
        found = needs_diagnostic.comparison(before, now)
        return needs_diagnostic.comparison_screen(found, framework, self._speaker())

    def _standing(self, attempt: Attempt, instrument: Instrument, framework: Framework) -> Standing | None:
        score = needs_diagnostic.score_of(attempt, instrument, framework)
        return needs_diagnostic.standing(score, day=attempt.completed, phase=self.phase) if score.max_points else None

    def _finished_before(self, now: Instrument) -> Iterator[tuple[Attempt, Instrument]]:
        """The learner's finished attempts before this one, the newest first."""
        for kept in reversed(self.earlier):
            if not kept.get("completed"):
                continue
            try:
                instrument = self.find_questionnaire(kept["instrument"], kept["version"])
                framework_of(instrument)
            except InputError:
                # Answers to a version that was withdrawn cannot be scored any more.
                continue
            # Another questionnaire measures something else: what it has found is no before to this after.
            if instrument.id == now.id:
                asked = tuple(kept.get("asked", ()))
                yield Attempt(answers=kept["answers"], completed=kept["completed"], asked=asked), instrument

    def _last_time(self, now: Instrument, framework: Framework) -> Standing | None:
        found = (self._standing(attempt, instrument, framework) for attempt, instrument in self._finished_before(now))
        return next((each for each in found if each is not None), None)

    def _earlier_lines(self, now: Instrument, framework: Framework) -> list[str]:
        speaker = self._speaker()
        return [
            needs_diagnostic.earlier_line(attempt, instrument, framework, speaker)
            for attempt, instrument in self._finished_before(now)
        ]

    def _in_another_phase(self, instrument: Instrument, learner: guard.Learner | None) -> Standing | None:
        """The complete result of the earliest phase before this one; None where there is none."""
        order = list(needs_diagnostic.PHASES)
        earlier = order[: order.index(self.phase)] if self.phase in order else []
        door = plugin.door()
        if not earlier or door is None or learner is None or not learner.user_id or not learner.course_key:
            return None
        try:
            diagnoses = door.profile(learner.user_id, learner.course_key).diagnoses
        except Exception:
            log.exception("Needs diagnostic %s: no earlier results to show", usage_key(self))
            return None
        usable = [
            each
            for each in diagnoses
            if each.complete
            and each.phase in earlier
            and each.instrument_id == instrument.id
            and each.share is not None
            and self.belongs_with(each.usage_key)
        ]
        if not usable:
            return None
        first = min(usable, key=lambda each: (order.index(each.phase), each.modified))
        return Standing(
            day=first.modified.isoformat(),
            phase=first.phase,
            level=first.level,
            share=first.share,
            error=first.error,
            areas={area.area_id: (area.share, area.error) for area in first.areas if area.share is not None},
        )

    def _next_steps(self, access: guard.Access, framework: Framework) -> dict[str, Any]:
        """What the plugin recommends; nothing where it is absent or fails: the result shows all the same."""
        learner = access.learner
        nothing = {"next_steps": None, "development": ""}
        door = plugin.door()
        if door is None or learner is None or not learner.user_id or not learner.course_key or not self.show_results:
            return nothing
        try:
            if access.may_write:
                # The course team may have changed the targets since.
                self.tell_targets(door, learner, framework, acted=False)
            # Answering this again is not among them: the result itself offers it, with the reason.
            actions = [
                action
                for action in door.recommendations(learner.user_id, learner.course_key)
                if action.target != usage_key(self)
            ]
            development = door.my_development_url(learner.course_key)
        except Exception:
            log.exception("Needs diagnostic %s: no recommendations to show", usage_key(self))
            return nothing
        return {
            "next_steps": needs_diagnostic.next_steps_screen(actions, self._speaker()),
            "development": development,
        }
