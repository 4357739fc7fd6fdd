"""``smartpd instruments …``: see, check, write out and take in instruments and frameworks."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from ...reports.words import words_in
from .._common import examples

__all__ = ["command"]

#: Each is the module of its name in this folder, with ``command(lang) -> click.Command``.
_COMMANDS = ("list", "validate", "export", "import", "schema")


def command(lang: str) -> click.Group:
    """The group, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return _Group(
        lang,
        name="instruments",
        short_help=_("See, check, export and import questionnaires, tests and competency frameworks."),
        help=_("Questionnaires, tests and the competency frameworks that they belong to: bundled ones and your own."),
        epilog=examples(
            lang,
            "smartpd instruments list",
            "smartpd instruments export digital_teaching_test --format csv --out items.csv",
            "smartpd instruments import items.csv --new-version 2 --out own.yaml",
            "smartpd instruments validate own.yaml",
        ),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


class _Group(click.Group):
    def __init__(self, lang: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._lang = lang

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        found: click.Command = import_module(f"{__package__}._{name}").command(self._lang)
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        # click looks for near names among the commands that were added to it.
        self.commands = dict.fromkeys(_COMMANDS, click.Command(None))
        return super().resolve_command(ctx, args)
