"""``smartpd_pres``: structured reasoning in four parts, and a text that is never lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response  # type: ignore[import-untyped]
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, Integer, List, Scope, String
from xblock.validation import ValidationMessage

from . import guard, plugin, pres, shared
from .messages import mark as _
from .studio import StudioForm

__all__ = ["PresBlock"]

log = logging.getLogger(__name__)

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


@XBlock.wants("user", "i18n", "enrollments", "studio_user_permissions")
class PresBlock(StudioForm, CompletableXBlockMixin, XBlock):  # type: ignore[misc]
    """Position, reason, explanation or example, summary: written, saved, submitted, read back, revised."""

    resources_dir = "assets"
    has_score = False
    has_author_view = True
    show_in_read_only_mode = True
    icon_class = "problem"

    display_name = String(
        display_name=_("Title"),
        help=_("The title that learners see above the question."),
        default=_("Reason in four steps"),
        scope=Scope.settings,
    )
    question = String(
        display_name=_("Question or case"),
        help=_("What learners take a position on. An empty line begins a new paragraph."),
        default=_("Should digital tools be part of every lesson? Think of your own learners."),
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

    # --- views ---

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Any = None) -> Fragment:
        """The four parts to write, or the text as submitted."""
        return self._fragment(guard.access(self), problems=())

    def author_view(self, context: Any = None) -> Fragment:
        """As learners see it, with what could not be used of the settings; nothing to press."""
        problems = tuple(problem.said(self.ugettext) for problem in self._settings().problems)
        return self._fragment(guard.Access(None, "studio"), problems=problems)

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The question and the form for apps that show them themselves; the same for every learner."""
        return {
            "display_name": self.display_name,
            "question": self.question,
            "preset": self.preset,
            "parts": {
                lang: [
                    {
                        "id": part.id,
                        "label": part.label,
                        "guidance": part.guidance,
                        "starters": list(part.starters),
                        "min_words": part.min_words,
                        "max_words": part.max_words,
                    }
                    for part in self._settings(lang).parts
                ]
                for lang in pres.PRESETS[1:]
            },
            "allow_revision": self.allow_revision,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """Words for the course search; never a learner's."""
        index: dict[str, Any] = super().index_dictionary()
        index.setdefault("content", {}).update(display_name=self.display_name, question=self.question)
        index["content_type"] = "PRES"
        return index

    # --- handlers ---

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def save_draft(self, data: Any, suffix: str = "") -> Any:
        """``{"texts": {part: text}, "revision"}`` -> the state as saved.

        Raises:
            JsonHandlerError: 400 no texts, an unknown part, a part too long; 401 and 403 as ``guard.learner``;
                409 the draft has been changed since ``revision`` (the answer holds the newer text).
        """
        who = guard.learner(self)
        texts, base = self._sent(data)
        before, now = self._draft(), self._now()
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
        door = self._door(who) if before.revision == 0 else None
        with self._saving(with_plugin=door is not None):
            if door is not None:
                door.record_progress(who.user_id, who.course_key, usage_key=shared.usage_key(self), status="doing")
            self._keep(after)
            if announce:
                self.announced_at = now.isoformat(timespec="milliseconds")
        if announce:
            payload = {"version": self._next_version(), "words": pres.word_counts(texts)}
            shared.publish(self, "smartpd.pres.saved", payload)
        return self._state()

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def submit(self, data: Any, suffix: str = "") -> Any:
        """``{"texts", "revision"}`` -> the state with the new version.

        The texts are saved as the draft first, also where the limits refuse them: then the answer is 400 with
        ``problems`` (part -> sentence) beside the state. Sent twice, one text becomes one version.

        Raises:
            JsonHandlerError: as ``save_draft``.
        """
        who = guard.learner(self)
        texts, base = self._sent(data)
        before, now = self._draft(), self._now().isoformat(timespec="milliseconds")
        submissions = self._submissions()
        last = pres.latest(submissions)
        if self._closed():
            return self._state() if last and texts == dict(last.texts) else self._conflict()
        try:
            after = pres.save_draft(before, texts, base=base, now=now)
        except pres.StaleDraft:
            return self._conflict()
        problems = pres.check_limits(texts, self._settings().parts)
        if problems:
            with self._saving(with_plugin=False):
                self._keep(after)
            return self._answer(
                400,
                {
                    **self._state(),
                    "error": self.ugettext(
                        _("Not submitted yet; your draft is saved. Please look at the marked parts.")
                    ),
                    "problems": {part: problem.said(self.ugettext) for part, problem in problems.items()},
                },
            )
        submissions = pres.submit(submissions, texts, now=now)
        door = self._door(who)
        with self._saving(with_plugin=door is not None):
            if door is not None:
                door.record_progress(who.user_id, who.course_key, usage_key=shared.usage_key(self), status="done")
            # One more revision, so that a tab which still writes notices that the text has been handed in.
            self._keep(pres.Draft(revision=after.revision + 1, texts=after.texts, saved_at=now))
            self.submissions = pres.write_submissions(submissions)
            self.revising = False
        self.emit_completion(1.0)
        payload = {"version": submissions[-1].version, "words": pres.word_counts(texts)}
        shared.publish(self, "smartpd.pres.submitted", payload)
        return self._state()

    @XBlock.json_handler  # type: ignore[untyped-decorator]
    def revise(self, data: Any, suffix: str = "") -> Any:
        """Opens the newest version for revision -> the state; asked twice, it opens once.

        Raises:
            JsonHandlerError: 403 the course team allows no revision, 409 nothing has been submitted yet;
                401 and 403 as ``guard.learner``.
        """
        guard.learner(self)
        last = pres.latest(self._submissions())
        if last is None:
            raise JsonHandlerError(409, self.ugettext(_("There is no submitted text to revise yet.")))
        if not self.allow_revision:
            raise JsonHandlerError(403, self.ugettext(_("This text cannot be revised any more.")))
        if not self.revising:
            now = self._now().isoformat(timespec="milliseconds")
            with self._saving(with_plugin=False):
                self._keep(pres.Draft(revision=self._draft().revision + 1, texts=last.texts, saved_at=now))
                self.revising = True
        return self._state()

    # --- Studio's form ---

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """One message for each thing that is not accepted."""
        found = pres.read_settings(
            preset=data.preset,
            parts=data.parts,
            min_words=data.min_words,
            max_words=data.max_words,
            lang=shared.language(self),
        ).problems
        for problem in found:
            validation.add(ValidationMessage(ValidationMessage.ERROR, problem.said(self.ugettext)))
        if not (data.question or "").strip():
            words = _("The question is empty (accepted: a text of one or more paragraphs).")
            validation.add(ValidationMessage(ValidationMessage.ERROR, self.ugettext(words)))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """For the SDK's workbench."""
        path = Path(__file__).parent / "scenarios" / "pres.xml"
        return [("PRES", path.read_text(encoding="utf-8"))]

    # --- inside ---

    @staticmethod
    def _now() -> datetime:
        return datetime.now(UTC)

    def _settings(self, lang: str = "") -> pres.Settings:
        return pres.read_settings(
            preset=self.preset,
            parts=self.parts,
            min_words=self.min_words,
            max_words=self.max_words,
            lang=lang or shared.language(self),
        )

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

    def _door(self, who: guard.Learner) -> Any:
        return plugin.door() if who.user_id and who.course_key else None

    @contextmanager
    def _saving(self, *, with_plugin: bool) -> Iterator[None]:
        """All or nothing; whatever fails below, the learner hears that it is not saved, and the page tries again."""
        try:
            with shared.saving(self, with_plugin=with_plugin):
                yield
        except Exception as problem:
            log.exception("PRES %s: a text could not be saved", shared.usage_key(self))
            words = _("Your text could not be saved just now. It is kept on this device.")
            raise JsonHandlerError(503, self.ugettext(words)) from problem

    def _sent(self, data: Any) -> tuple[dict[str, str], int]:
        """Texts and revision of a request, checked."""
        revision = data.get("revision") if isinstance(data, Mapping) else None
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

    def _conflict(self) -> Response:
        words = _("There is a newer text of yours on the server, written in another window or on another device.")
        if self._closed():
            words = _("This text has already been submitted, in another window or on another device.")
        return self._answer(409, {**self._state(), "error": self.ugettext(words)})

    @staticmethod
    def _answer(status: int, body: Mapping[str, Any]) -> Response:
        return Response(json.dumps(body), status=status, content_type="application/json", charset="utf-8")

    def _storage_key(self, learner: guard.Learner | None) -> str:
        # Hashed: another person at the same device must not read who was here.
        who = f"{learner.user_id}/{learner.username}" if learner else ""
        return "smartpd:" + sha256(f"{shared.usage_key(self)}|{who}".encode()).hexdigest()[:24]

    def _fragment(self, access: guard.Access, *, problems: tuple[str, ...]) -> Fragment:
        settings, draft, submissions = self._settings(), self._draft(), self._submissions()
        question = self.ugettext(self.question or "")
        html = shared.render(
            "pres/pres.html",
            {
                **pres.page(settings, draft, submissions, question=question, gettext=self.ugettext),
                "id": shared.html_id(self),
                "title": self.ugettext(self.display_name),
                "explanation": access.explanation(self),
                "problems": problems,
                "may_write": access.may_write,
                "may_revise": self.allow_revision and access.may_write,
                "reading": self._closed(),
            },
        )
        return shared.add_resources(
            self,
            Fragment(html),
            css=["pres/pres.css"],
            js=["pres/pres.js"],
            init="SmartPDPres",
            args={
                "canWrite": access.may_write,
                "allowRevision": self.allow_revision,
                "key": self._storage_key(access.learner),
                "state": {
                    "stage": "submitted" if self._closed() else "writing",
                    "revision": draft.revision,
                    "saved_at": draft.saved_at,
                },
                "words": pres.script_words(self.ugettext),
            },
        )
