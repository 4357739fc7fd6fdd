"""``smartpd instruments schema``: the JSON Schema of instruments or frameworks, for editors and other programs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ...frameworks import framework_schema, instrument_schema
from ...reports.words import words_in
from .._common import language_option, out_option, show

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="schema",
        callback=_run,
        short_help=_("Write the JSON Schema of instruments or frameworks."),
        help=_("Write the JSON Schema (2020-12), by which editors check and complete what one types."),
        params=[
            click.Argument(["what"], type=click.Choice(["instrument", "framework"])),
            out_option(lang),
            language_option(lang),
        ],
    )


def _run(*, what: str, out: Path | None, lang: str) -> int:
    schema = instrument_schema() if what == "instrument" else framework_schema()
    return show(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", out, lang)
