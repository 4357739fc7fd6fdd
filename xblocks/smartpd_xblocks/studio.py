"""The settings form that every block has in Studio."""

from __future__ import annotations

import json
from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.utils.studio_editable import StudioEditableXBlockMixin

from . import guard
from .shared import add_resources, translate

__all__ = ["StudioForm"]


def _(msgid: str) -> str:
    """Mark for the catalogue; translated where it is shown."""
    return msgid


class StudioForm(StudioEditableXBlockMixin):  # type: ignore[misc]
    """The library's form, with words in the author's language and saving for the course team only.

    A block lists ``editable_fields`` and checks them in ``validate_field_data``.
    """

    def ugettext(self, text: str) -> str:
        """What the form shows of field names and help texts."""
        return translate(self, text)

    @XBlock.handler  # type: ignore[untyped-decorator]
    def submit_studio_edits(self, request: Any, suffix: str = "") -> Any:
        """Saves the form; 403 with a sentence for those who may not edit the course."""
        try:
            guard.author(self)
        except JsonHandlerError as refused:
            return refused.get_response()
        try:
            return super().submit_studio_edits(request, suffix)
        except (TypeError, ValueError) as problem:
            # A field's own type check: the library leaves it to the server's error page.
            words = translate(self, _("A setting has a value of the wrong kind: {problem}"))
            return JsonHandlerError(400, words.format(problem=problem)).get_response()

    def studio_view(self, context: Any = None) -> Fragment:
        """The form; settings in JSON are checked before they are sent."""
        fragment: Fragment = super().studio_view(context)
        words = {
            "title": translate(self, _("Not saved")),
            "unreadable": translate(self, _("“{field}” is not readable JSON: {problem}")),
        }
        return add_resources(
            self, fragment, js=["shared/studio_form.js"], init="SmartPDStudioForm", args={"words": words}
        )

    def _make_field_info(self, field_name: str, field: Any) -> dict[str, Any]:
        info: dict[str, Any] = super()._make_field_info(field_name, field)
        if info["type"] == "generic":
            # The library writes one line of ASCII escapes; course teams edit Russian and Uzbek words here.
            for name in ("value", "default"):
                info[name] = json.dumps(json.loads(info[name]), ensure_ascii=False, indent=1)
        return info
