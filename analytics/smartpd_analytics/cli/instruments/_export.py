"""``smartpd instruments export ID``: an instrument or a framework as a file, or its items as a table."""

from __future__ import annotations

from pathlib import Path

import click

from ...data import Framework
from ...errors import N_, InstrumentError
from ...frameworks import (
    framework_to_json,
    framework_to_yaml,
    instrument_to_json,
    instrument_to_yaml,
    items_to_csv,
    read_framework,
)
from ...reports.words import words_in
from .._common import examples, language_option, out_option, refuse_to_overwrite, show
from ._files import framework_option, source_of

__all__ = ["command"]

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="export",
        callback=_run,
        short_help=_("Write an instrument or a framework out, to change it or to build on it."),
        help="\n\n".join(
            (
                _("ID is a bundled instrument or framework (smartpd instruments list), or a file of yours."),
                _(
                    "As CSV the items of an instrument come as a table for a spreadsheet, a row for each item; smartpd "
                    "instruments import takes it back."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd instruments export digcompedu_selfassessment --format yaml --out own.yaml",
            "smartpd instruments export digital_teaching_test --format csv --delimiter semicolon --out items.csv",
        ),
        params=[
            click.Argument(["name"], metavar="ID"),
            click.Option(["--version"], default="", metavar="VERSION", help=_("Which version; the newest without it.")),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["yaml", "json", "csv"]),
                default="yaml",
                help=_("Form of what is written.") + " [yaml]",
            ),
            click.Option(
                ["--delimiter"],
                type=click.Choice(list(_DELIMITERS)),
                default="comma",
                help=_("What stands between the cells of CSV; Excel in Russian and Uzbek takes the semicolon.")
                + " [comma]",
            ),
            framework_option(lang),
            out_option(lang),
            language_option(lang),
        ],
    )


def _run(
    *,
    name: str,
    version: str,
    output_format: str,
    delimiter: str,
    framework: Path | None,
    out: Path | None,
    lang: str,
) -> int:
    refuse_to_overwrite(out, [Path(name), *([framework] if framework else [])])
    found = source_of(name, version, framework)
    if isinstance(found, Framework):
        if output_format == "csv":
            raise InstrumentError(N_("'{found}' is a framework"), accepted=N_("--format yaml or json"), found=name)
        return show(framework_to_yaml(found) if output_format == "yaml" else framework_to_json(found), out, lang)
    if output_format == "csv":
        own = read_framework(framework) if framework else None
        return show(items_to_csv(found, framework=own, delimiter=_DELIMITERS[delimiter]), out, lang)
    return show(instrument_to_yaml(found) if output_format == "yaml" else instrument_to_json(found), out, lang)
