"""The settings form that every block has in Studio.

Our own and not the library's: its words are in the author's language, a problem stands at its field, and
changes that are not saved are not thrown away without asking. Each kind of setting has a control; an
editor for a new kind is one more entry in ``_control``, one more branch in the template, and a reader in
``shared/studio_form.js``.
"""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from smartpd_analytics.data import LANGUAGES
from web_fragments.fragment import Fragment
from xblock.fields import Boolean, Dict, Float, Integer, JSONField, List, String
from xblock.validation import ValidationMessage

from . import guard
from .handlers import json_answer, json_handler, unreadable
from .messages import Message
from .messages import mark as _
from .shared import add_resources, html_id, render, translate

__all__ = ["StudioForm"]

#: Largest body of a form, in bytes; a full matrix of 2,000 cells in three languages is less.
_MAX_BODY = 8_000_000
_MAX_TITLE = 255
_LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "uz": "Oʻzbekcha"}

_WORDS = {
    "save": _("Save"),
    "cancel": _("Cancel"),
    "reset": _("Use the default"),
    "advanced": _("For experts: as JSON"),
    "leave_title": _("You have changes that are not saved."),
    "leave_stay": _("Go on editing"),
    "leave_discard": _("Discard the changes"),
    "step": _("Step {step}"),
    "other_settings": _("Other settings"),
}
_KINDS_OF_VALUES = (
    (Dict, _("a JSON object, in curly brackets")),
    (List, _("a JSON list, in square brackets")),
    (Boolean, _("yes or no")),
    (Integer, _("a whole number")),
    (Float, _("a number")),
)
_SCRIPT_WORDS = {
    "saving": _("Saving…"),
    "saved": _("Saved."),
    "not_saved": _("Not saved"),
    "unsaved": _("You have changes that are not saved."),
    "failed": _("The settings could not be saved just now. They are still in this form: try again."),
    "signin": _("Not saved: your session has ended. Sign in again in another tab, then save here."),
    "unreadable": _("This is not readable JSON. A comma, a quotation mark or a bracket is missing or too much."),
    "unreadable_at": _(
        "This is not readable JSON from line {line}, character {column} on. A comma, a quotation mark or a bracket is "
        "missing or too much there or just before."
    ),
    "number": _("This is not a whole number."),
}


class StudioForm:
    """The form of ``editable_fields``, and saving it for the course team only.

    A block says in ``setting_problems`` what is wrong with settings; before that it may put values in
    order in ``clean_studio_edits``. A list with the option ``words_for_steps`` is edited as one word for
    each step and language, a string with ``multiline_editor`` as paragraphs; what has no control of its
    own is JSON, folded away.

    Attributes:
        editable_fields: what can be set, in order.
        form_groups: headings with the fields below each, in order; what stands in none comes last.
        own_controls: field -> name of a control that a script of the block adds to ``SmartPDControls``.
        own_scripts, own_styles: those scripts and their styles, below ``assets/public/``.
    """

    editable_fields: tuple[str, ...] = ()
    form_groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own_controls: Mapping[str, str] = {}
    own_scripts: tuple[str, ...] = ()
    own_styles: tuple[str, ...] = ()

    def own_arguments(self) -> Mapping[str, Any]:
        """What the block's own controls get beside their values; JSON."""
        return {}

    def suggestions(self, name: str) -> Iterable[str]:
        """What others have entered in the field ``name`` of a line, to choose from."""
        return ()

    def ugettext(self, text: str) -> str:
        """``text`` in the language of the person who looks."""
        return translate(self, text)

    def setting_problems(self, settings: Any) -> Iterable[Message]:
        """What is wrong with ``settings`` (attributes as the block's own), each ``about`` a field."""
        return ()

    def clean_studio_edits(self, values: dict[str, Any]) -> Iterable[Message] | None:
        """Puts new values in order, in place, before they are checked; what it cannot, it tells."""
        return None

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """For Studio's own list of what is wrong with a block."""
        for problem in self.setting_problems(data):
            validation.add(ValidationMessage(ValidationMessage.ERROR, problem.said(self.ugettext)))

    def validate(self) -> Any:
        """What is wrong with the settings as they are."""
        validation = super().validate()  # type: ignore[misc]
        self.validate_field_data(validation, self)
        return validation

    # --- the form ---

    def studio_view(self, context: Any = None) -> Fragment:
        """The form; what cannot be sent is said at its field."""
        values = {
            "uid": html_id(self),
            "groups": [
                {"title": title, "fields": [self._control(name) for name in names]} for title, names in self._groups()
            ],
            "words": {name: self.ugettext(msgid) for name, msgid in _WORDS.items()},
            # In the page, escaped: not every runtime escapes a script's arguments, and questions are anybody's text.
            "own": json.dumps(dict(self.own_arguments()), ensure_ascii=False) if self.own_controls else "",
        }
        words = {name: self.ugettext(msgid) for name, msgid in _SCRIPT_WORDS.items()}
        return add_resources(
            self,
            Fragment(render("studio/form.html", values)),
            css=["shared/studio_form.css", *self.own_styles],
            js=[*self.own_scripts, "shared/studio_form.js"],
            init="SmartPDStudioForm",
            args={"words": words},
        )

    def _groups(self) -> list[tuple[str, list[str]]]:
        if not self.form_groups:
            return [("", list(self.editable_fields))]
        groups = [
            (self.ugettext(title), [name for name in names if name in self.editable_fields])
            for title, names in self.form_groups
        ]
        grouped = {name for _title, names in groups for name in names}
        rest = [name for name in self.editable_fields if name not in grouped]
        groups.append((self.ugettext(_WORDS["other_settings"]), rest))
        return [(title, names) for title, names in groups if names]

    def _control(self, name: str) -> dict[str, Any]:
        field: Any = self.fields[name]  # type: ignore[attr-defined]
        is_set, value = field.is_set_on(self), field.read_from(self)
        options = self._options(field)
        kind = self._kind(field) if not options else "choice"
        if name in self.own_controls:
            kind = "own"
        steps = self._steps(value) if field.runtime_options.get("words_for_steps") else None
        if steps is not None:
            kind = "steps"
        if kind in ("line", "text") and not is_set:
            # A text that nobody has edited is a message id: every reader has it in their language.
            value = self.ugettext(value or "")
        default = self.ugettext(field.default or "") if kind in ("line", "text") else field.default
        return {
            "name": name,
            "kind": kind,
            "label": self.ugettext(field.display_name),
            "help": self.ugettext(field.help),
            "value": _shown(kind, value),
            "default": _shown(kind, default),
            "is_set": is_set,
            "control": self.own_controls.get(name, ""),
            "options": options,
            "steps": steps,
            "suggestions": list(self.suggestions(name)) if kind == "line" else [],
            "languages": [(lang, _LANGUAGE_NAMES[lang]) for lang in LANGUAGES],
        }

    @staticmethod
    def _kind(field: Any) -> str:
        if isinstance(field, Boolean):
            return "yes_no"
        if isinstance(field, Integer):
            return "number"
        if isinstance(field, Float):
            return "decimal"
        if isinstance(field, String):
            return "text" if field.runtime_options.get("multiline_editor") else "line"
        return "json"

    def _options(self, field: Any) -> list[dict[str, str]]:
        provider = field.runtime_options.get("values_provider")
        if provider is None:
            return []
        return [
            option if isinstance(option, Mapping) else {"value": option, "display_name": option}
            for option in provider(self)
        ]

    def _steps(self, value: Any) -> list[Any] | None:
        """One row of words by language for each step; None where the value is something else."""
        if not isinstance(value, list) or not value:
            return None
        rows = []
        for number, entry in enumerate(value, start=1):
            words = dict.fromkeys(LANGUAGES, entry) if isinstance(entry, str) else entry
            if not isinstance(words, Mapping) or not all(isinstance(word, str) for word in words.values()):
                return None
            label = self.ugettext(_WORDS["step"]).format(step=number)
            rows.append((label, [(lang, _LANGUAGE_NAMES[lang], words.get(lang, "")) for lang in LANGUAGES]))
        return rows

    # --- saving it ---

    @json_handler(max_body=_MAX_BODY)
    def submit_studio_edits(self, data: dict[str, Any], suffix: str = "") -> Any:
        """``{"values": {field: value}, "defaults": [field]}`` -> ``{"result": "success"}``.

        All or nothing: 400 with ``fields`` (field -> sentences) beside ``error`` where something is wrong; 403
        for those who may not edit the course.
        """
        guard.author(self)
        sent, resets = data.get("values"), data.get("defaults", [])
        if not isinstance(sent, dict) or not isinstance(resets, list):
            raise unreadable(self)
        values, problems = self._read_values(sent)
        problems += [
            self._no_such_setting(name)
            for name in resets
            if not (isinstance(name, str) and name in self.editable_fields)
        ]
        if not problems:
            # What has a control of its own goes back to its default as any other change of it.
            values |= {name: copy.deepcopy(self._default(name)) for name in resets if name in self.own_controls}
            problems = list(self.clean_studio_edits(values) or ())
            resets = [name for name in resets if name not in values]
        if not problems:
            problems = list(self.setting_problems(_Proposed(self, values, resets)))
        if problems:
            return self._wrong(problems)
        for name, value in values.items():
            setattr(self, name, value)
        for name in resets:
            field: Any = self.fields[name]  # type: ignore[attr-defined]
            if field.is_set_on(self):
                field.delete_from(self)
        # The form may stay open: its own controls go on from what was stored.
        return {"result": "success", **({"own": dict(self.own_arguments())} if self.own_controls else {})}

    def _default(self, name: str) -> Any:
        return self.fields[name].default  # type: ignore[attr-defined]

    def _read_values(self, sent: Mapping[str, Any]) -> tuple[dict[str, Any], list[Message]]:
        values, problems = {}, []
        for name, value in sent.items():
            if name not in self.editable_fields:
                problems.append(self._no_such_setting(name))
                continue
            field: JSONField = self.fields[name]  # type: ignore[attr-defined]
            try:
                values[name] = field.from_json(_printable(value))
            except (TypeError, ValueError, OverflowError):
                words = _("This is a value of the wrong kind (accepted: {accepted}).")
                problems.append(Message(words, {"accepted": Message(_accepted(field))}, about=name))
                continue
            title = isinstance(field, String) and not field.runtime_options.get("multiline_editor")
            if title and len(values[name] or "") > _MAX_TITLE:
                words = _("This has {count} characters (accepted: at most {limit}).")
                problems.append(Message(words, {"count": len(values[name]), "limit": _MAX_TITLE}, about=name))
        return values, problems

    def _no_such_setting(self, name: object) -> Message:
        words = _("There is no setting “{name}” (accepted: {accepted}).")
        return Message(words, {"name": str(name)[:40], "accepted": ", ".join(self.editable_fields)})

    def _wrong(self, problems: Iterable[Message]) -> Any:
        fields: dict[str, list[str]] = {}
        general = []
        for problem in problems:
            said = problem.at_field or problem.said(self.ugettext)
            fields.setdefault(problem.about, []).append(said) if problem.about else general.append(said)
        words = self.ugettext(_("Nothing was saved. Please look at the marked settings."))
        return json_answer(400, {"error": " ".join([words, *general]), "fields": fields})


def _accepted(field: JSONField) -> str:
    """What a field takes, in words."""
    for kind, words in _KINDS_OF_VALUES:
        if isinstance(field, kind):
            return words
    return _("a text")


def _shown(kind: str, value: Any) -> str:
    """A value as its control holds it."""
    if kind == "yes_no":
        return "1" if value else ""
    if kind in ("json", "steps", "own"):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return "" if value is None else str(value)


class _Proposed:
    """The block as it would be: its own attributes, with some settings new and some back at their defaults."""

    def __init__(self, block: Any, values: Mapping[str, Any], resets: Iterable[str]) -> None:
        self._block = block
        self._new = {name: block.fields[name].default for name in resets} | dict(values)

    def __getattr__(self, name: str) -> Any:
        return self._new[name] if name in self._new else getattr(self._block, name)


def _printable(value: Any) -> Any:
    """``value`` without control characters in its texts: XML, and so the course's export, cannot hold them."""
    if isinstance(value, str):
        return "".join(char for char in value if char in "\n\t\r" or unicodedata.category(char) != "Cc")
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {_printable(name): _printable(entry) for name, entry in value.items()}
    return value
