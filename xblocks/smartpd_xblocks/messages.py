"""A message for people, kept apart from its language: an English template and the values in it.

What blocks decide is plain Python and knows no translation service; it returns messages, and the
block says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Message", "mark", "mark_plural"]


def mark(template: str) -> str:
    """Mark a template for the catalogues; import it as ``_``."""
    return template


def mark_plural(one: str, many: str) -> tuple[str, str]:
    """Mark a template that has a number in it; import it as ``ngettext``."""
    return one, many


@dataclass(frozen=True, slots=True)
class Message:
    """``template`` is filled by ``str.format``; a value may be a message itself.

    ``about`` is the setting that a message to the course team speaks of, ``""`` where it speaks of none; it may go on
    with the path in it (``"targets.1.1"``). ``at_field`` is what to say there, where the place need not be named;
    it is in the reader's language already.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    at_field: str = ""

    def said(self, gettext: Callable[[str], str]) -> str:
        """The message in the language of ``gettext``."""
        values = {
            name: value.said(gettext) if isinstance(value, Message) else value for name, value in self.values.items()
        }
        return gettext(self.template).format(**values)

    def __str__(self) -> str:
        return self.said(str)
