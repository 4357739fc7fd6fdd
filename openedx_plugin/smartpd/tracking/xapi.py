"""Our blocks' events as xAPI statements, for event-routing-backends and so for Aspects.

Imported when the app starts, and only on a site that has event-routing-backends. A transformer registers itself there
for the name of an event; the settings of ``settings.statements`` let the event through to it.
"""

from __future__ import annotations

from typing import Any

from event_routing_backends.processors.xapi import constants
from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry
from event_routing_backends.processors.xapi.transformer import XApiTransformer
from tincan import Activity, ActivityDefinition, Extensions, LanguageMap, Result, Score, Verb

from .events import EXTENSION, STATEMENTS, StatementForm

__all__ = ["SmartPDTransformer"]


class SmartPDTransformer(XApiTransformer):  # type: ignore[misc]
    """An event by the form of its name: who and when as of every event, what by ``StatementForm``."""

    form: StatementForm
    additional_fields = ("result",)

    @property
    def sent(self) -> dict[str, Any]:
        """The event's own fields."""
        data = self.event.get("data")
        return data if isinstance(data, dict) else {}

    def get_verb(self) -> Verb:
        return Verb(id=self.form.verb, display=LanguageMap({constants.EN: self.form.named}))

    def get_object(self) -> Activity:
        """The block, or its item or cell."""
        address = self.get_object_iri("xblock", self.sent.get("usage_key"))
        if address is None:
            raise ValueError(f"the event {self.event.get('name')!r} names no block")
        part = self.sent.get(self.form.part) if self.form.part else None
        definition = ActivityDefinition(type=self.form.activity_type)
        if name := self.get_data("context.module.display_name"):
            definition.name = LanguageMap({constants.EN: name})
        return Activity(id=f"{address}#{part}" if part else address, definition=definition)

    def get_result(self) -> Result | None:
        """Answer, points and completion where the event has them."""
        given, form = self.sent, self.form
        found: dict[str, Any] = {}
        if form.response and given.get(form.response) is not None:
            found["response"] = str(given[form.response])
        raw, maximum = given.get(form.raw), given.get(form.maximum)
        if isinstance(raw, int | float):
            score: dict[str, Any] = {"raw": raw, "min": 0}
            if isinstance(maximum, int | float) and maximum > 0:
                score |= {"max": maximum, "scaled": round(raw / maximum, 6)}
            found["score"] = Score(**score)
        if form.completion:
            found["completion"] = True
        return Result(**found) if found else None

    def get_context_extensions(self) -> Extensions:
        """The session and version of every statement, and each field of the event under its own name."""
        extensions = super().get_context_extensions()
        for name in self.form.fields:
            value = self.sent.get(name)
            if value is not None and value != "":
                extensions[EXTENSION + name] = value
        return extensions


for _name, _form in STATEMENTS.items():
    _class = type(
        f"{_name.title().replace('.', '').replace('_', '')}Transformer", (SmartPDTransformer,), {"form": _form}
    )
    XApiTransformersRegistry.register(_name)(_class)
