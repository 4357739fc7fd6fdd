"""The settings form that every block has in Studio."""

from __future__ import annotations

from typing import Any

from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.utils.studio_editable import StudioEditableXBlockMixin

from . import guard
from .shared import translate

__all__ = ["StudioForm"]


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
        return super().submit_studio_edits(request, suffix)
