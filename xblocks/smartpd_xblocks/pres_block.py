"""``smartpd_pres``: structured reasoning in four parts, and a text that is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, Integer, List, Scope, String

from . import guard, pres, shared
from .handlers import json_answer, json_handler
from .messages import Message
from .messages import mark as _
from .pres_staff import PresStaff
from .pres_views import PresViews
from .studio import StudioForm
from .turns import turn

__all__ = ["PresBlock"]

#: Drafts are saved every few seconds; the log gets one event in this time.
_EVENT_PAUSE = timedelta(minutes=1)

_PRESET_NAMES = {
    "auto": _("In the learner’s language"),
    "en": "PRES (English)",
    "ru": "ПОПС (русский)",
    "uz": "FSMU (oʻzbekcha)",
}


def _presets(block: Any) -> list[dict[str, str]]:
    return [{"value": preset, "display_name": block.ugettext(_PRESET_NAMES[preset])} for preset in pres.PRESETS]


@XBlock.wants(*shared.SERVICES)
class PresBlock(PresViews, PresStaff, StudioForm, shared.CommonSettings, CompletableXBlockMixin, XBlock):  # type: ignore[misc]
    """Position, reason, explanation or example, summary: written, saved, submitted, read back, revised."""

    display_name = String(
        display_name=_("Title"),
        help=_("The title that learners see above the question."),
        default=_("Reason in four steps"),
        scope=Scope.settings,
    )
    question = String(
        display_name=_("Question or case"),
        help=_("What learners take a position on. An empty line begins a new paragraph."),
        default=_("Should digital tools be part of every class? Think of your own students."),
        scope=Scope.content,
        multiline_editor=True,
        xml_node=True,
    )
    preset = String(
        display_name=_("Names of the parts"),
        help=_("The tradition whose names, guidance and sentence openings learners see."),
        default="auto",
        scope=Scope.settings,
        values_provider=_presets,
    )
    parts = Dict(
        display_name=_("Your own words"),
        help=_(
            "What replaces the preset, as JSON: position, reason, example, summary, each with any of label, guidance, "
            "starters (a list), min_words, max_words. Texts are strings, or one text for each of en, ru, uz."
        ),
        default={},
        scope=Scope.content,
        xml_node=True,
    )
    min_words = Integer(
        display_name=_("Fewest words in a part"),
        help=_("A text can be submitted when every part has at least this many words."),
        default=15,
        scope=Scope.settings,
    )
    max_words = Integer(
        display_name=_("Most words in a part"),
        help=_("0 means that there is no upper limit."),
        default=80,
        scope=Scope.settings,
    )
    allow_revision = Boolean(
        display_name=_("Allow revision"),
        help=_("Learners may revise a submitted text and submit it as a new version."),
        default=True,
        scope=Scope.settings,
    )

    draft = Dict(default={}, scope=Scope.user_state, help="Part -> text being written.")
    draft_revision = Integer(default=0, scope=Scope.user_state, help="Raised by every change of the draft.")
    draft_saved_at = String(default="", scope=Scope.user_state, help="Time of the last change, ISO 8601 in UTC.")
    submissions = List(default=[], scope=Scope.user_state, help="The newest versions, oldest first.")
    revising = Boolean(default=False, scope=Scope.user_state, help="A submitted text is being revised.")
    announced_at = String(default="", scope=Scope.user_state, help="Time of the last smartpd.pres.saved event.")

    editable_fields = ("display_name", "question", "preset", "parts", "min_words", "max_words", "allow_revision")

    # --- handlers ---

    @json_handler
    def save_draft(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{"texts": {part: text}, "revision"}`` -> the state as saved.

        Raises:
            JsonHandlerError: 400 no texts, an unknown part, a part too long; 401 and 403 as ``guard.learner``;
                409 the draft has been changed since ``revision`` (the answer holds the newer text).
        """
        who = guard.learner(self)
        texts, base = self._sent(data)
        now = self._now()
        with self._turn(who) as door:
            before = self._draft()
            if self._closed():
                return self._state() if texts == dict(before.texts) else self._conflict()
            try:
                after = pres.save_draft(before, texts, base=base, now=now.isoformat(timespec="milliseconds"))
            except pres.StaleDraft:
                return self._conflict()
            if after == before:
                return self._state()
            announce = self._may_announce(now)
            # Each save is one write of the block's own state; the plugin hears only of the first.
            if door is not None and before.revision == 0:
                door.record_progress(who.user_id, who.course_key, usage_key=shared.usage_key(self), status="doing")
            self._keep(after)
            if announce:
                self.announced_at = now.isoformat(timespec="milliseconds")
        if announce:
            payload = {"version": self._next_version(), "words": pres.word_counts(texts)}
            shared.publish(self, "smartpd.pres.saved", payload)
        return self._state()

    @json_handler
    def submit(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{"texts", "revision"}`` -> the state with the new version.

        The texts are saved as the draft first, also where the limits refuse them: then the answer is 400 with
        ``problems`` (part -> sentence) beside the state. Sent twice, one text becomes one version.

        Raises:
            JsonHandlerError: as ``save_draft``.
        """
        who = guard.learner(self)
        texts, base = self._sent(data)
        now = self._now().isoformat(timespec="milliseconds")
        problems = pres.check_limits(texts, self._settings().parts)
        with self._turn(who) as door:
            submissions = self._submissions()
            last = pres.latest(submissions)
            if self._closed():
                return self._state() if last and texts == dict(last.texts) else self._conflict()
            try:
                after = pres.save_draft(self._draft(), texts, base=base, now=now)
            except pres.StaleDraft:
                return self._conflict()
            if problems:
                self._keep(after)
            else:
                submissions = pres.submit(submissions, texts, now=now)
                if door is not None:
                    door.record_progress(who.user_id, who.course_key, usage_key=shared.usage_key(self), status="done")
                # One more revision, so that a tab which still writes notices that the text has been handed in.
                self._keep(pres.Draft(revision=after.revision + 1, texts=after.texts, saved_at=now))
                self.submissions = pres.write_submissions(submissions)
                self.revising = False
        if problems:
            return self._problems(problems)
        self.emit_completion(1.0)
        payload = {"version": submissions[-1].version, "words": pres.word_counts(texts)}
        shared.publish(self, "smartpd.pres.submitted", payload)
        return self._state()

    @json_handler
    def revise(self, data: dict[str, Any], suffix: str = "") -> Any:
        """Opens the newest version for revision -> the state; asked twice, it opens once.

        Raises:
            JsonHandlerError: 403 the course team allows no revision, 409 nothing has been submitted yet;
                401 and 403 as ``guard.learner``.
        """
        with self._turn(guard.learner(self)):
            last = pres.latest(self._submissions())
            if last is None:
                raise JsonHandlerError(409, self.ugettext(_("There is no submitted text to revise yet.")))
            if not self.allow_revision:
                raise JsonHandlerError(403, self.ugettext(_("This text cannot be revised any more.")))
            if not self.revising:
                now = self._now().isoformat(timespec="milliseconds")
                self._keep(pres.Draft(revision=self._draft().revision + 1, texts=last.texts, saved_at=now))
                self.revising = True
        return self._state()

    # --- Studio's form ---

    def setting_problems(self, settings: Any) -> tuple[Message, ...]:
        """One message for each thing that is not accepted."""
        found = pres.read_settings(
            preset=settings.preset,
            parts=settings.parts,
            min_words=settings.min_words,
            max_words=settings.max_words,
            lang=shared.language(self),
        ).problems
        if (settings.question or "").strip():
            return found
        words = _("The question is empty (accepted: a text of one or more paragraphs).")
        return (*found, Message(words, about="question"))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """For the SDK's workbench."""
        path = Path(__file__).parent / "scenarios" / "pres.xml"
        return [("PRES", path.read_text(encoding="utf-8"))]

    # --- inside ---

    @staticmethod
    def _now() -> datetime:
        return datetime.now(UTC)

    def _draft(self) -> pres.Draft:
        return pres.read_draft(texts=self.draft, revision=self.draft_revision, saved_at=self.draft_saved_at)

    def _keep(self, draft: pres.Draft) -> None:
        self.draft = dict(draft.texts)
        self.draft_revision = draft.revision
        self.draft_saved_at = draft.saved_at

    def _submissions(self) -> tuple[pres.Submission, ...]:
        return pres.read_submissions(self.submissions)

    def _closed(self) -> bool:
        """A text is submitted and not being revised."""
        return bool(self._submissions()) and not self.revising

    def _next_version(self) -> int:
        last = pres.latest(self._submissions())
        return last.version + 1 if last else 1

    def _may_announce(self, now: datetime) -> bool:
        return not self.announced_at or now - datetime.fromisoformat(self.announced_at) >= _EVENT_PAUSE

    def _turn(self, who: guard.Learner) -> Any:
        return turn(self, who, not_saved=_("Your text could not be saved just now. It is kept on this device."))

    def _sent(self, data: dict[str, Any]) -> tuple[dict[str, str], int]:
        """Texts and revision of a request, checked."""
        revision = data.get("revision")
        if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
            words = _("The request does not say which revision of the draft it was made from. Reload the page.")
            raise JsonHandlerError(400, self.ugettext(words))
        try:
            return pres.read_texts(data.get("texts"), self._settings().parts), revision
        except pres.TextError as error:
            raise JsonHandlerError(400, error.message.said(self.ugettext)) from error

    def _state(self) -> dict[str, Any]:
        draft, last = self._draft(), pres.latest(self._submissions())
        return {
            "stage": "submitted" if self._closed() else "writing",
            "revision": draft.revision,
            "texts": dict(draft.texts),
            "saved_at": draft.saved_at,
            "submission": None
            if last is None
            else {"version": last.version, "submitted_at": last.submitted_at, "texts": dict(last.texts)},
        }

    def _problems(self, problems: Mapping[str, Message]) -> Any:
        """400: the draft is saved and not submitted; what is wrong stands at each part."""
        return json_answer(
            400,
            {
                **self._state(),
                "error": self.ugettext(_("Not submitted yet; your draft is saved. Please look at the marked parts.")),
                "problems": {part: problem.said(self.ugettext) for part, problem in problems.items()},
            },
        )

    def _conflict(self) -> Any:
        """409 with the text that is on the server, for the learner to choose."""
        words = _("There is a newer text of yours on the server, written in another window or on another device.")
        if self._closed():
            words = _("This text has already been submitted, in another window or on another device.")
        return json_answer(409, {**self._state(), "error": self.ugettext(words)})
