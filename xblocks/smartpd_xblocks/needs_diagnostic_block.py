"""The needs diagnostic: where a learner stands, area by area, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from smartpd_analytics.api import (
    Framework,
    InputError,
    Instrument,
    framework_of,
    load_instrument,
    say,
)
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, Float, Integer, List, Scope, String

from . import guard, needs_diagnostic
from .handlers import csv_answer, json_handler, unreadable
from .messages import Message
from .messages import mark as _
from .needs_diagnostic import Attempt, Change, Refusal
from .needs_diagnostic_adaptive import AdaptiveTest
from .needs_diagnostic_choices import LearnersChoices
from .needs_diagnostic_grading import NeedsDiagnosticGrading
from .needs_diagnostic_report import NeedsDiagnosticReport
from .needs_diagnostic_staff import NeedsDiagnosticStaff
from .needs_diagnostic_studio import NeedsDiagnosticStudio
from .needs_diagnostic_views import NeedsDiagnosticViews
from .shared import SERVICES, CommonSettings, language, publish, usage_key
from .studio import StudioForm
from .turns import turn

__all__ = ["NeedsDiagnosticBlock"]

log = logging.getLogger(__name__)

#: State of the attempt: field of the block -> field of ``Attempt``.
_STATE = {
    "answers": "answers",
    "instrument_id": "instrument_id",
    "instrument_version": "version",
    "started_at": "started",
    "completed_at": "completed",
    "last_area": "area",
    "guess": "guess",
    "asked": "asked",
}
#: Posterior deviation of ability at which an adaptive test is over -> what that is like.
_PRECISIONS = {
    0.3: _("High: more questions (0.30)"),
    0.35: _("Usual (0.35)"),
    0.45: _("Rough: fewer questions (0.45)"),
}


def _questionnaires(block: Any) -> list[dict[str, str]]:
    lang = language(block)
    ids = needs_diagnostic.questionnaire_ids()
    return [{"value": one, "display_name": say(load_instrument(one).title, lang)} for one in ids]


def _phases(block: Any) -> list[dict[str, str]]:
    return [{"value": key, "display_name": block.ugettext(name)} for key, name in needs_diagnostic.PHASES.items()]


def _precisions(block: Any) -> list[dict[str, str]]:
    return [{"value": f"{value:g}", "display_name": block.ugettext(name)} for value, name in _PRECISIONS.items()]


@XBlock.wants(*SERVICES)
class NeedsDiagnosticBlock(  # type: ignore[misc]
    NeedsDiagnosticViews,
    NeedsDiagnosticStaff,
    AdaptiveTest,
    LearnersChoices,
    NeedsDiagnosticGrading,
    NeedsDiagnosticReport,
    NeedsDiagnosticStudio,
    StudioForm,
    CommonSettings,
    CompletableXBlockMixin,
    XBlock,
):
    """Asks an instrument, saves each answer as it is given, and shows levels, gaps and next steps."""

    display_name = String(
        display_name=_("Title"),
        help=_("Learners see this title above the questions and in the course outline."),
        default=_("Where do you stand?"),
        scope=Scope.settings,
    )
    instrument = String(
        display_name=_("Questionnaire"),
        help=_("Learners who have begun go on with the version they began with."),
        default="digcompedu_selfassessment",
        scope=Scope.settings,
        values_provider=_questionnaires,
    )
    phase = String(
        display_name=_("Phase"),
        help=_("When in the course learners answer. Results before and after are compared with each other."),
        default="entry",
        scope=Scope.settings,
        values_provider=_phases,
    )
    target_level = String(
        display_name=_("Target level"),
        help=_("The level that the course leads to. Gaps are measured from its lower edge."),
        default="B2",
        scope=Scope.settings,
        values_provider=lambda _block: list(needs_diagnostic.level_ids()),
    )
    show_results = Boolean(
        display_name=_("Show the result"),
        help=_("Learners see their levels, gaps and next steps. If not, they are only thanked."),
        default=True,
        scope=Scope.settings,
    )
    ask_guess = Boolean(
        display_name=_("Ask for a guess first"),
        help=_("Learners say which level they expect before they answer, and see afterwards how close they were."),
        default=True,
        scope=Scope.settings,
    )

    adaptive = Boolean(
        display_name=_("Adaptive test"),
        help=_(
            "Only for knowledge tests: each question is chosen by the answers before it, so that fewer are needed. "
            "In a later phase learners get other questions as long as there are enough."
        ),
        default=False,
        scope=Scope.settings,
    )
    adaptive_length = Integer(
        display_name=_("Most questions"),
        help=_("An adaptive test is over after so many questions at the latest."),
        default=20,
        scope=Scope.settings,
    )
    adaptive_error = Float(
        display_name=_("Precision"),
        help=_("An adaptive test is over as soon as the level is known so well."),
        default=0.35,
        scope=Scope.settings,
        values_provider=_precisions,
    )
    ask_consent = Boolean(
        display_name=_("Ask for consent first"),
        help=_(
            "Before the first question learners choose what may be done with their answers. Who refuses can still "
            "answer and see the result. The choice holds for the whole course."
        ),
        default=False,
        scope=Scope.settings,
    )
    consent_text = String(
        display_name=_("Words of the consent"),
        help=_("What learners read above the choices. Empty: the usual words, in each reader's language."),
        default="",
        scope=Scope.settings,
        multiline_editor=True,
    )

    answers = Dict(default={}, scope=Scope.user_state, help="Item id -> option id of the attempt under way.")
    instrument_id = String(default="", scope=Scope.user_state, help="The instrument of these answers.")
    instrument_version = String(default="", scope=Scope.user_state, help="And its version.")
    started_at = String(default="", scope=Scope.user_state, help="Time of the first answer, ISO 8601 in UTC.")
    completed_at = String(default="", scope=Scope.user_state, help="Time of finishing, ISO 8601 in UTC.")
    last_area = String(default="", scope=Scope.user_state, help="Area of the last answer.")
    guess = String(default="", scope=Scope.user_state, help="Level expected before the first answer.")
    asked = List(default=[], scope=Scope.user_state, help="Items of an adaptive test in the order of asking.")
    consent = Dict(default={}, scope=Scope.user_state, help="Purpose -> allowed, where there is no plugin to ask.")
    earlier = List(default=[], scope=Scope.user_state, help="Attempts before this one, oldest first.")

    editable_fields = (
        *("display_name", "instrument", "own_instrument", "phase", "series", "target_level", "targets", "roles"),
        *("show_results", "ask_guess", "adaptive", "adaptive_length", "adaptive_error", "ask_consent", "consent_text"),
        *NeedsDiagnosticGrading.grading_fields,
    )

    # --- handlers -----------------------------------------------------------------------------

    @json_handler
    def save_answer(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """One answer: ``{item, option, version, attempt?}`` -> ``{answered, total, complete}``."""
        learner = guard.learner(self)
        page = self._page(data)
        item, option = data.get("item"), data.get("option")
        if not isinstance(item, str) or not isinstance(option, str):
            raise unreadable(self)

        def take(attempt: Attempt, instrument: Instrument, framework: Framework) -> Change:
            self._whole(attempt, instrument)
            return needs_diagnostic.answer(
                attempt,
                instrument,
                framework,
                item_id=item,
                option_id=option,
                phase=self.phase,
                now=self._now(),
                **page,
            )

        progress = self._step(learner, take).progress
        return {"answered": progress.answered, "total": progress.total, "complete": progress.complete}

    @json_handler
    def save_guess(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """The level expected: ``{level, version, attempt?}`` -> ``{}``."""
        learner = guard.learner(self)
        page, level = self._page(data), data.get("level")
        if not isinstance(level, str):
            raise unreadable(self)
        self._step(
            learner,
            lambda attempt, instrument, framework: needs_diagnostic.guess(
                attempt, instrument, framework, level=level, phase=self.phase, **page
            ),
        )
        return {}

    @XBlock.handler  # type: ignore[untyped-decorator]
    def own_answers(self, request: Any, suffix: str = "") -> Any:
        """The own answers of whoever asks, as CSV; writes nothing."""
        try:
            access = guard.access(self)
            if access.read_only in ("anonymous", "not_enrolled"):
                guard.learner(self)
            self._refuse_onlookers(access)
            instrument, framework = self._loaded()
        except JsonHandlerError as refused:
            return refused.get_response()
        attempt = self._shown(needs_diagnostic.attempt_on(self._attempt(), instrument), instrument, access)
        rows = needs_diagnostic.result_table(attempt, instrument, framework, self._speaker())
        return csv_answer(rows, f"{instrument.id}.csv")

    @json_handler
    def finish(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """The learner is done: ``{version, attempt?}`` -> ``{level, html}``."""
        learner = guard.learner(self)
        page = self._page(data)
        change = self._step(
            learner,
            lambda attempt, instrument, framework: needs_diagnostic.finish(
                attempt, instrument, framework, phase=self.phase, now=self._now(), **page
            ),
        )
        if change.events:
            self.emit_completion(1.0)
        instrument, framework = self._load()
        html = self._result(instrument, framework, change.attempt, guard.access(self))
        return {"level": change.score.level if self.show_results else None, "html": html}

    @json_handler
    def result(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """The result so far of whoever asks -> ``{html}``; writes nothing."""
        access = guard.access(self)
        if access.read_only in ("anonymous", "not_enrolled"):
            guard.learner(self)
        self._refuse_onlookers(access)
        instrument, framework = self._loaded()
        attempt = self._shown(needs_diagnostic.attempt_on(self._attempt(), instrument), instrument, access)
        return {"html": self._result(instrument, framework, attempt, access)}

    @json_handler
    def retake(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """Start again after finishing -> ``{version, attempt}``; asked twice, it starts once."""
        with self._turn(guard.learner(self)):
            stored = self._attempt()
            if stored.completed:
                self.refuse_another_attempt()
                self.earlier = [*self.earlier, needs_diagnostic.archived(stored)]
                self._keep(Attempt())
        instrument, _framework = self._loaded()
        return {"version": instrument.version, "attempt": self._attempt().number}

    # --- Studio -------------------------------------------------------------------------------

    def setting_problems(self, settings: Any) -> tuple[Message, ...]:
        """A message for each setting that cannot be used."""
        problems = needs_diagnostic.settings_problems(
            display_name=settings.display_name or "",
            instrument=settings.instrument,
            phase=settings.phase,
            target_level=settings.target_level,
            adaptive=settings.adaptive,
            adaptive_length=settings.adaptive_length,
            adaptive_error=settings.adaptive_error,
            own=self.own_questionnaire(settings),
        )
        return (*problems, *self.grading_problems(settings), *self.studio_problems(settings))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """For the SDK's workbench."""
        path = Path(__file__).parent / "scenarios" / "needs_diagnostic.xml"
        return [("Needs diagnostic", path.read_text(encoding="utf-8"))]

    # --- inside -------------------------------------------------------------------------------

    def _now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="seconds")

    def _load(self, version: str | None = None) -> tuple[Instrument, Framework]:
        """The instrument as the learner began it, else the newest version; InputError where there is none."""
        if version is None:
            version = self.instrument_version if self.instrument_id == self.questionnaire_id else ""
        instrument = None
        if version:
            try:
                instrument = self.find_questionnaire(self.questionnaire_id, version)
            except InputError:
                # The version was withdrawn: the newest stands in, and the old answers go into the history.
                instrument = None
        instrument = instrument or self.find_questionnaire(self.questionnaire_id)
        return instrument, framework_of(instrument)

    def _loaded(self) -> tuple[Instrument, Framework]:
        try:
            return self._load()
        except InputError as problem:
            log.warning("Needs diagnostic %s: %s", usage_key(self), problem)
            raise JsonHandlerError(409, self._speaker().word("broken")) from problem

    def _attempt(self) -> Attempt:
        values = {name: getattr(self, own) for own, name in _STATE.items()}
        values["asked"] = tuple(values["asked"])
        number = needs_diagnostic.attempts_gone({"team_act": self.team_act}) + len(self.earlier) + 1
        return Attempt(number=number, **values)

    def _keep(self, attempt: Attempt) -> None:
        for own, name in _STATE.items():
            value = getattr(attempt, name)
            setattr(self, own, {"answers": dict, "asked": list}.get(own, lambda same: same)(value))

    def _page(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the learner's page says of itself: ``version``, and ``number`` of the attempt where it says so."""
        number = data.get("attempt")
        if not isinstance(data.get("version"), str):
            raise unreadable(self)
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise unreadable(self)
        return {"version": data["version"], "number": number}

    def _turn(self, learner: guard.Learner) -> Any:
        # Whatever fails below, the learner must hear that the answer is not saved; the page sends it again.
        return turn(
            self, learner, not_saved=_("Your answer could not be saved just now. Your earlier answers are kept.")
        )

    def _step(self, learner: guard.Learner, take: Callable[[Attempt, Instrument, Framework], Change]) -> Change:
        """Takes one step of the learner: decide and save in their turn, then publish."""
        with self._turn(learner) as door:
            if self._must_decide(learner):
                words = _("Choose first what may be done with your answers. Reload the page to do so.")
                raise JsonHandlerError(409, self.ugettext(words))
            instrument, framework = self._loaded()
            stored = self._attempt()
            try:
                change = take(needs_diagnostic.attempt_on(stored, instrument), instrument, framework)
            except Refusal as refusal:
                raise JsonHandlerError(refusal.status, refusal.message.said(self.ugettext)) from refusal
            if not change.events and change.attempt.asked == stored.asked:
                return change
            self.refuse_if_closed()
            if door is not None:
                self.keep_own(door, instrument, learner.course_key, change.events)
            # A guess alone is no diagnosis yet.
            if door is not None and change.attempt.started:
                self._record(door, learner, change)
            if door is not None:
                self._remember(door, learner, stored, change.attempt, instrument)
            if change.attempt.number > stored.number:
                self.earlier = [*self.earlier, needs_diagnostic.archived(stored)]
            self._keep(change.attempt)
            if change.attempt.completed:
                self.grade_finished()
            logged = self._consent(learner).get("evaluation", True)
        for name, payload in change.events if logged else ():
            publish(self, name, payload)
        return change
