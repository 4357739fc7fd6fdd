"""What PRES shows: to learners, in Studio, in apps and in the course search."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlock

from . import guard, pres, shared

__all__ = ["PresViews"]


class PresViews:
    """The views of ``PresBlock``, which has the fields and says what is stored."""

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

    # --- inside ---

    def _settings(self, lang: str = "") -> pres.Settings:
        return pres.read_settings(
            preset=self.preset,
            parts=self.parts,
            min_words=self.min_words,
            max_words=self.max_words,
            lang=lang or shared.language(self),
        )

    def _fragment(self, access: guard.Access, *, problems: tuple[str, ...]) -> Fragment:
        settings, draft, submissions = self._settings(), self._draft(), self._submissions()
        question = self.ugettext(self.question or "")
        team = self._for_team(access)
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
                "read_by_team": self._read_by_team(access),
                "team": {name: self.ugettext(pres.TEAM_WORDS[name]) for name in ("team", "loading")} if team else None,
            },
        )
        return shared.add_resources(
            self,
            Fragment(html),
            css=["pres/pres.css"],
            # For the course team alone.
            js=[*(["pres/pres_team.js"] if team else []), "pres/pres.js"],
            init="SmartPDPres",
            args={
                "canWrite": access.may_write,
                "allowRevision": self.allow_revision,
                "key": shared.storage_key(self, access.learner),
                "state": {
                    "stage": "submitted" if self._closed() else "writing",
                    "revision": draft.revision,
                    "saved_at": draft.saved_at,
                },
                "words": pres.script_words(self.ugettext),
                **({"team": pres.team_words(self.ugettext)} if team else {}),
            },
        )
