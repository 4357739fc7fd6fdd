"""Studio's editor of a needs diagnostic: its form, its questions, their files, and what learners have answered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from smartpd_analytics.api import (
    Framework,
    InputError,
    Instrument,
    InstrumentError,
    framework_of,
    instrument_ids,
    instrument_to_document,
    load_instrument,
    said,
)

from . import guard, needs_diagnostic, plugin
from .handlers import json_answer, json_handler, unreadable
from .messages import Message
from .messages import mark as _
from .needs_diagnostic_own import OwnQuestionnaire
from .shared import course_key, language, render, usage_key

__all__ = ["NeedsDiagnosticStudio"]

log = logging.getLogger(__name__)

_MAX_BODY = 8_000_000
_LONGEST_SERIES = 64


class NeedsDiagnosticStudio(OwnQuestionnaire):
    """What ``StudioForm`` shows and takes for this block, and the handlers of its item editor."""

    form_groups = (
        (_("Questionnaire"), ("display_name", "instrument", "own_instrument")),
        (_("When, and compared with what"), ("phase", "series")),
        (_("Targets"), ("target_level", "targets", "roles")),
        (_("What learners see"), ("show_results", "ask_guess")),
        (_("Adaptive test"), ("adaptive", "adaptive_length", "adaptive_error")),
        (_("Consent"), ("ask_consent", "consent_text")),
        (_("Grade and attempts"), ("graded_by", "weight", "max_attempts")),
    )
    own_controls = {"own_instrument": "questionnaire", "targets": "targets", "roles": "roles"}
    own_scripts = tuple(
        f"needs_diagnostic/studio_{name}.js"
        for name in ("parts", "draft", "item", "head", "list", "questionnaire", "targets")
    )
    own_styles = ("needs_diagnostic/needs_diagnostic.css", "needs_diagnostic/studio.css")

    # --- the form -----------------------------------------------------------------------------

    def suggestions(self, name: str) -> Iterable[str]:
        """Names of series that blocks of the course have already."""
        door, key = plugin.door(), course_key(self)
        if name != "series" or door is None or not key:
            return ()
        try:
            names: Iterable[str] = door.series_names(key)
        except Exception:
            log.exception("Needs diagnostic %s: no names of series to suggest", usage_key(self))
            return ()
        return names

    def own_arguments(self) -> Mapping[str, Any]:
        """What the block's own controls get."""
        lang = language(self)
        return {
            "lang": lang[:2],
            "words": {name: self.ugettext(words) for name, words in needs_diagnostic.EDITOR_WORDS.items()},
            "values": {name: getattr(self, name) for name in self.own_controls},
            "frameworks": needs_diagnostic.framework_words(lang),
            "kinds": list(needs_diagnostic.empty_kinds()),
            "types": {kind: list(types) for kind, types in needs_diagnostic.ITEM_TYPES.items()},
            "instruments": {
                each: needs_diagnostic.questionnaire_facts(each) for each in needs_diagnostic.questionnaire_ids()
            },
            "newId": f"own-{needs_diagnostic.place_hash(usage_key(self))}",
            "opened": _opened(self.own_instrument),
            "answered": self._answered(),
            "earlier": [each.get("version", "") for each in needs_diagnostic.unpacked(self.own_versions)],
        }

    def _answered(self) -> dict[str, Any]:
        """``known``: whether anybody can tell; ``versions``: ``<id> <version>`` -> how many have answered it here."""
        door, key = plugin.door(), course_key(self)
        if door is None or not key:
            return {"known": False, "versions": {}}
        try:
            rows = door.answered_versions(key)
        except Exception:
            log.exception("Needs diagnostic %s: whether there are answers is not known", usage_key(self))
            return {"known": False, "versions": {}}
        counts: dict[str, int] = {}
        for row in rows:
            if row.usage_key == usage_key(self):
                name = f"{row.instrument_id} {row.instrument_version}"
                counts[name] = max(row.learners, counts.get(name, 0))
        return {"known": True, "versions": counts}

    def clean_studio_edits(self, values: dict[str, Any]) -> Iterable[Message] | None:
        """Gives a changed questionnaire its id and version, and keeps the old one where it has been answered."""
        if "series" in values:
            values["series"] = " ".join((values["series"] or "").split())
        if "own_instrument" not in values:
            return None
        sent = dict(values["own_instrument"] or {})
        same_meaning, was = bool(sent.pop("same_meaning", False)), sent.pop("was", None)
        stored: dict[str, Any] = deepcopy(self.own_instrument) or {}
        if was is not None and was != _opened(stored):
            words = _(
                "Somebody else has changed the questions since you opened this form. Nothing is lost: save yours as a "
                "file, reload the page, and import it again or take over what is missing."
            )
            return [Message(words, about=needs_diagnostic.FIELD)]
        document = needs_diagnostic.normal(sent) if sent else {}
        if document is None:
            # setting_problems says at each field what is wrong.
            values["own_instrument"] = sent
            return None
        if document:
            # A site may have taken this very questionnaire into its folder: it stays this block's own.
            others = [each for each in instrument_ids() if each != stored.get("id")]
            document["id"] = needs_diagnostic.own_id(document["id"], others, usage_key(self))
            document = needs_diagnostic.without_stale_norms(document, stored or self._base(sent))
        answered = self._answered()
        count = answered["versions"].get(f"{stored.get('id')} {stored.get('version')}", 0)
        kept = needs_diagnostic.kept(
            document,
            stored,
            needs_diagnostic.unpacked(self.own_versions),
            answered=bool(count) or not answered["known"],
            same_meaning=same_meaning,
        )
        earlier = needs_diagnostic.packed(kept.earlier)
        values["own_instrument"], values["own_versions"] = kept.document, earlier
        problem = needs_diagnostic.size_problem(kept.document, earlier)
        return [problem] if problem else None

    def _base(self, document: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return instrument_to_document(self.find_questionnaire(str(document.get("id", ""))))
        except InputError:
            return {}

    def own_questionnaire(self, settings: Any) -> Instrument | None:
        """The own questionnaire that ``settings`` have; None without one, or where it is not valid."""
        if not settings.own_instrument:
            return None
        try:
            return needs_diagnostic.own_instrument(settings.own_instrument)
        except InputError:
            return None

    def chosen_questionnaire(self, settings: Any) -> Instrument | None:
        """What learners are asked by ``settings``; None where it is missing or not valid."""
        if settings.own_instrument:
            return self.own_questionnaire(settings)
        try:
            return load_instrument(settings.instrument)
        except InputError:
            return None

    def _framework(self, settings: Any) -> Framework | None:
        try:
            found = self.chosen_questionnaire(settings)
            return framework_of(found) if found else None
        except InputError:
            return None

    def studio_problems(self, settings: Any) -> Iterable[Message]:
        """A message for each own question, target, role and name of a series that cannot be used."""
        if len(settings.series or "") > _LONGEST_SERIES:
            words = _("Belongs together with: this has {count} characters (accepted: at most {limit}).")
            yield Message(words, {"count": len(settings.series), "limit": _LONGEST_SERIES}, about="series")
        yield from needs_diagnostic.questionnaire_problems(settings.own_instrument, language(self))
        yield from needs_diagnostic.target_problems(settings.targets, settings.roles, self._framework(settings))

    # --- handlers of the editor; each changes nothing --------------------------------------------

    @json_handler
    def read_questionnaire(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{instrument}`` of the site, or ``{kind, framework}`` for an empty one -> ``{document}``."""
        guard.author(self)
        try:
            if "kind" in data:
                kind, framework = data["kind"], data.get("framework")
                if kind not in needs_diagnostic.empty_kinds() or not isinstance(framework, str):
                    raise unreadable(self)
                new_id = f"own-{needs_diagnostic.place_hash(usage_key(self))}"
                return {"document": needs_diagnostic.empty_document(kind, framework, new_id)}
            if data.get("instrument") not in needs_diagnostic.questionnaire_ids():
                raise unreadable(self)
            return {"document": instrument_to_document(self.find_questionnaire(data["instrument"]))}
        except InputError as problem:
            return self._cannot(problem)

    @json_handler(max_body=_MAX_BODY)
    def preview_questionnaire(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{document, lang}`` -> ``{html}``: as learners see it; 400 with ``fields`` where it is not valid yet."""
        guard.author(self)
        document, lang = self._document(data), data.get("lang")
        problems = needs_diagnostic.questionnaire_problems(document, language(self))
        if problems:
            return self._wrong_questions(problems)
        instrument = needs_diagnostic.own_instrument(document)
        speaker = needs_diagnostic.Speaker(self.ugettext, lang if isinstance(lang, str) else language(self))
        screen = needs_diagnostic.author_screen(
            instrument, framework_of(instrument), speaker, phase=self.phase, target=self.target_level
        )
        return {"html": render("needs_diagnostic/studio_preview.html", screen), "points": instrument.max_points}

    @json_handler(max_body=_MAX_BODY)
    def import_questionnaire(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{name, text, document}`` -> ``{document, problems}``; 400 for a file that cannot be read at all."""
        guard.author(self)
        document, name, text = self._document(data), data.get("name"), data.get("text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise unreadable(self)
        if not name.lower().endswith(needs_diagnostic.FILE_KINDS):
            words = self.ugettext(_("“{name}” is no file that can be imported (accepted: {accepted})."))
            accepted = ", ".join(needs_diagnostic.FILE_KINDS)
            return json_answer(400, {"error": words.format(name=name[-80:], accepted=accepted)})
        try:
            found = needs_diagnostic.imported(text, name[-80:], document)
        except InstrumentError as problem:
            return self._cannot(problem)
        problems = needs_diagnostic.questionnaire_problems(found, language(self))
        return {"document": found, "fields": self._by_field(problems)}

    @json_handler(max_body=_MAX_BODY)
    def export_questionnaire(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{document, kind}``, ``csv`` or ``json`` -> ``{name, text}``."""
        guard.author(self)
        document, kind = self._document(data), data.get("kind")
        if kind not in ("csv", "json"):
            raise unreadable(self)
        try:
            text = needs_diagnostic.exported(document, kind)
        except InstrumentError:
            return self._wrong_questions(needs_diagnostic.questionnaire_problems(document, language(self)))
        return {"name": f"{document.get('id') or 'questions'}.{kind}", "text": text}

    # --- inside -------------------------------------------------------------------------------

    def _document(self, data: Mapping[str, Any]) -> dict[str, Any]:
        document = data.get("document")
        if not isinstance(document, dict):
            raise unreadable(self)
        return {key: value for key, value in document.items() if key not in ("same_meaning", "was")}

    def _cannot(self, problem: InputError) -> Any:
        return json_answer(400, {"error": said(str(problem), language(self)[:2])})

    def _wrong_questions(self, problems: Iterable[Message]) -> Any:
        words = self.ugettext(_("Some questions are not complete yet. Please look at the marked places."))
        return json_answer(400, {"error": words, "fields": self._by_field(problems)})

    def _by_field(self, problems: Iterable[Message]) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for problem in problems:
            fields.setdefault(problem.about, []).append(problem.at_field or problem.said(self.ugettext))
        return fields


def _opened(document: Mapping[str, Any]) -> str:
    """What the page says of the questionnaire that it was opened with."""
    return needs_diagnostic.content_digest(document)[:16] if document else ""
