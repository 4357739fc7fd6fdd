"""The needs diagnostic: where a learner stands, area by area, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.safestring import mark_safe
from smartpd_analytics.api import (
    Framework,
    InputError,
    Instrument,
    instrument_ids,
    load_framework,
    load_instrument,
    say,
)
from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, List, Scope, String
from xblock.validation import ValidationMessage

from . import guard, needs_diagnostic, plugin
from .messages import mark as _
from .needs_diagnostic import Attempt, Change, Refusal, Speaker
from .shared import add_resources, html_id, language, publish, render, saving, translate, usage_key
from .studio import StudioForm

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
}


def _questionnaires(block: Any) -> list[dict[str, str]]:
    lang = language(block)
    return [{"value": one, "display_name": say(load_instrument(one).title, lang)} for one in instrument_ids()]


def _phases(block: Any) -> list[dict[str, str]]:
    return [{"value": key, "display_name": block.ugettext(name)} for key, name in needs_diagnostic.PHASES.items()]


@XBlock.wants("user", "i18n", "enrollments", "studio_user_permissions")
class NeedsDiagnosticBlock(StudioForm, CompletableXBlockMixin, XBlock):  # type: ignore[misc]
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

    answers = Dict(default={}, scope=Scope.user_state, help="Item id -> option id of the attempt under way.")
    instrument_id = String(default="", scope=Scope.user_state, help="The instrument of these answers.")
    instrument_version = String(default="", scope=Scope.user_state, help="And its version.")
    started_at = String(default="", scope=Scope.user_state, help="Time of the first answer, ISO 8601 in UTC.")
    completed_at = String(default="", scope=Scope.user_state, help="Time of finishing, ISO 8601 in UTC.")
    last_area = String(default="", scope=Scope.user_state, help="Area of the last answer.")
    earlier = List(default=[], scope=Scope.user_state, help="Attempts before this one, oldest first.")

    editable_fields = ("display_name", "instrument", "phase", "target_level", "show_results")
    resources_dir = "assets"
    icon_class = "problem"
    has_score = False
    has_author_view = True
    show_in_read_only_mode = True

    # --- views --------------------------------------------------------------------------------

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """All questions, the one area at hand shown first; the result once it is finished."""
        access = guard.access(self)
        try:
            instrument, framework = self._load()
        except InputError as problem:
            return self._broken(problem, access.learner is not None and access.learner.is_staff)
        stored = self._attempt()
        attempt = needs_diagnostic.attempt_on(stored, instrument)
        speaker = self._speaker()
        finished = bool(attempt.completed)
        locked = finished or not access.may_write
        screen = needs_diagnostic.question_screen(attempt, instrument, framework, speaker)
        values = {
            **screen,
            "uid": html_id(self),
            "display_name": self._title(),
            "read_only": access.explanation(self),
            "changed": bool(stored.answers) and not attempt.answers,
            "screen": "result" if finished else "intro",
            "results": self.show_results,
            "locked": locked,
            "result": self._result(instrument, framework, attempt, access) if finished else "",
        }
        return add_resources(
            self,
            Fragment(render("needs_diagnostic/student.html", values)),
            css=["needs_diagnostic/needs_diagnostic.css"],
            js=["needs_diagnostic/needs_diagnostic.js"],
            init="SmartPDNeedsDiagnostic",
            args={
                "version": instrument.version,
                "attempt": attempt.number,
                "resumeAt": screen["q"].resume_at,
                "locked": locked,
                "storageKey": self._storage_key(access.learner),
                "words": speaker.script(),
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
            instrument, framework, self._speaker(), phase=self.phase, target=self.target_level
        )
        names = {"display_name": self._title(), "problems": self._problems(self)}
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

    # --- handlers -----------------------------------------------------------------------------

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def save_answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """One answer: ``{item, option, version, attempt?}`` -> ``{answered, total, complete}``."""
        learner = guard.learner(self)
        page = self._page(data)
        item, option = data.get("item"), data.get("option")
        if not isinstance(item, str) or not isinstance(option, str):
            raise self._unreadable()
        change = self._step(
            learner,
            lambda attempt, instrument, framework: needs_diagnostic.answer(
                attempt,
                instrument,
                framework,
                item_id=item,
                option_id=option,
                phase=self.phase,
                now=self._now(),
                **page,
            ),
        )
        return {"answered": change.score.answered, "total": change.score.total, "complete": change.score.complete}

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def finish(self, data: Any, suffix: str = "") -> dict[str, Any]:
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

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def result(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The result so far of whoever asks -> ``{html}``; writes nothing."""
        access = guard.access(self)
        if access.read_only in ("anonymous", "not_enrolled"):
            guard.learner(self)
        instrument, framework = self._loaded()
        attempt = needs_diagnostic.attempt_on(self._attempt(), instrument)
        return {"html": self._result(instrument, framework, attempt, access)}

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def retake(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Start again after finishing -> ``{version, attempt}``; asked twice, it starts once."""
        guard.learner(self)
        stored = self._attempt()
        if stored.completed:
            with saving(self, with_plugin=False):
                self.earlier = [*self.earlier, needs_diagnostic.archived(stored)]
                self._keep(Attempt())
        instrument, _framework = self._loaded()
        return {"version": instrument.version, "attempt": self._attempt().number}

    # --- Studio -------------------------------------------------------------------------------

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """Says in words what is wrong with the settings; see ``_problems``."""
        for problem in self._problems(data):
            validation.add(ValidationMessage(ValidationMessage.ERROR, problem))

    def _problems(self, data: Any) -> list[str]:
        found = needs_diagnostic.settings_problems(
            display_name=data.display_name or "",
            instrument=data.instrument,
            phase=data.phase,
            target_level=data.target_level,
        )
        return [message.said(self.ugettext) for message in found]

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """For the SDK's workbench."""
        path = Path(__file__).parent / "scenarios" / "needs_diagnostic.xml"
        return [("Needs diagnostic", path.read_text(encoding="utf-8"))]

    # --- inside -------------------------------------------------------------------------------

    def _now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="seconds")

    def _title(self) -> str:
        # The default is a message id: a block that was never edited is named in the reader's language.
        return translate(self, self.display_name)

    def _speaker(self) -> Speaker:
        return Speaker(self.ugettext, language(self))

    def _storage_key(self, learner: guard.Learner | None) -> str:
        # Hashed: another person at the same device must not read who was here.
        who = f"{learner.user_id}/{learner.username}" if learner else ""
        return "smartpd:" + sha256(f"{usage_key(self)}|{who}".encode()).hexdigest()[:24]

    def _load(self, version: str | None = None) -> tuple[Instrument, Framework]:
        """The instrument as the learner began it, else the newest version; InputError where there is none."""
        if version is None:
            version = self.instrument_version if self.instrument_id == self.instrument else ""
        instrument = None
        if version:
            try:
                instrument = load_instrument(self.instrument, version)
            except InputError:
                # The version was withdrawn: the newest stands in, and the old answers go into the history.
                instrument = None
        instrument = instrument or load_instrument(self.instrument)
        return instrument, load_framework(instrument.framework_id)

    def _loaded(self) -> tuple[Instrument, Framework]:
        try:
            return self._load()
        except InputError as problem:
            log.warning("Needs diagnostic %s: %s", usage_key(self), problem)
            raise JsonHandlerError(409, self._speaker().word("broken")) from problem

    def _broken(self, problem: InputError, for_staff: bool) -> Fragment:
        speaker = self._speaker()
        context = {
            "t": speaker.plain(),
            "display_name": self._title(),
            "detail": speaker.word("broken_staff", problem=problem) if for_staff else "",
        }
        return add_resources(self, Fragment(render("needs_diagnostic/broken.html", context)))

    def _attempt(self) -> Attempt:
        values = {name: getattr(self, own) for own, name in _STATE.items()}
        return Attempt(number=len(self.earlier) + 1, **values)

    def _keep(self, attempt: Attempt) -> None:
        for own, name in _STATE.items():
            value = getattr(attempt, name)
            setattr(self, own, dict(value) if own == "answers" else value)

    def _page(self, data: Any) -> dict[str, Any]:
        """What the learner's page says of itself: ``version``, and ``number`` of the attempt where it says so."""
        if not isinstance(data, dict) or not isinstance(data.get("version"), str):
            raise self._unreadable()
        number = data.get("attempt")
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise self._unreadable()
        return {"version": data["version"], "number": number}

    def _unreadable(self) -> JsonHandlerError:
        words = _("The page sent something that cannot be read, so nothing was saved. Reload the page to go on.")
        return JsonHandlerError(400, translate(self, words))

    def _step(self, learner: guard.Learner, take: Callable[[Attempt, Instrument, Framework], Change]) -> Change:
        """Takes one step of the learner: decide, save all or nothing, then publish."""
        instrument, framework = self._loaded()
        stored = self._attempt()
        try:
            change = take(needs_diagnostic.attempt_on(stored, instrument), instrument, framework)
        except Refusal as refusal:
            raise JsonHandlerError(refusal.status, refusal.message.said(self.ugettext)) from refusal
        if not change.events:
            return change
        door = plugin.door() if learner.user_id and learner.course_key else None
        try:
            with saving(self, with_plugin=door is not None):
                if door is not None:
                    door.record_diagnosis(
                        learner.user_id,
                        learner.course_key,
                        usage_key=usage_key(self),
                        phase=self.phase,
                        score=change.score,
                    )
                if change.attempt.number > stored.number:
                    self.earlier = [*self.earlier, needs_diagnostic.archived(stored)]
                self._keep(change.attempt)
        except Exception as problem:
            # Whatever failed below, the learner must hear that the answer is not saved; the page sends it again.
            log.exception("Needs diagnostic %s: an answer could not be saved", usage_key(self))
            words = _("Your answer could not be saved just now. Your earlier answers are kept.")
            raise JsonHandlerError(503, translate(self, words)) from problem
        for name, payload in change.events:
            publish(self, name, payload)
        return change

    def _result(self, instrument: Instrument, framework: Framework, attempt: Attempt, access: guard.Access) -> str:
        screen = needs_diagnostic.result_screen(
            attempt, instrument, framework, self._speaker(), target=self.target_level
        )
        context = {
            **screen,
            "results": self.show_results,
            "radar": mark_safe(screen["radar"]),  # noqa: S308  drawn and escaped by the analytics
            "may_retake": access.may_write,
            **self._next_steps(access.learner),
        }
        return mark_safe(render("needs_diagnostic/result.html", context))  # noqa: S308  escaped by the engine

    def _next_steps(self, learner: guard.Learner | None) -> dict[str, Any]:
        """What the plugin recommends; nothing where it is absent or fails: the result shows all the same."""
        nothing = {"next_steps": None, "development": ""}
        door = plugin.door()
        if door is None or learner is None or not learner.user_id or not learner.course_key or not self.show_results:
            return nothing
        try:
            actions = door.recommendations(learner.user_id, learner.course_key)
            development = door.my_development_url(learner.course_key)
        except Exception:
            log.exception("Needs diagnostic %s: no recommendations to show", usage_key(self))
            return nothing
        return {
            "next_steps": needs_diagnostic.next_steps_screen(actions, self._speaker()),
            "development": development,
        }
