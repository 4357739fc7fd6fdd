"""``smartpd reliability RESPONSES.csv``: how dependable sum scores are."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from .. import pipeline
from ..reports.reliability import reliability_text
from ..reports.words import words_in
from ._common import FAILED, language_option, out_option, refuse_to_overwrite, stop_writing, write

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="reliability",
        callback=_run,
        short_help=_("Say how dependable the scores of a questionnaire or test are."),
        help="\n\n".join(
            (
                _("Cronbach's alpha, the standard error of measurement and each item's part in them, by area."),
                _("RESPONSES is a CSV file as for smartpd calibrate."),
            )
        ),
        epilog="\b\n" + "\n".join((_("Examples:"), "  smartpd reliability survey.csv --areas areas.csv")),
        params=[
            click.Argument(["responses"], type=click.Path(path_type=Path), metavar="RESPONSES"),
            click.Option(
                ["--areas"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=_("Which area each item belongs to: a CSV file with the columns item and area."),
            ),
            language_option(lang),
            out_option(lang),
        ],
    )


def _run(*, responses: Path, areas: Path | None, lang: str, out: Path | None) -> int:
    refuse_to_overwrite(out, [responses, *([areas] if areas else [])])
    given = pipeline.read_responses(responses)
    if areas is not None:
        given = replace(given, areas={**given.areas, **pipeline.read_item_areas(areas)})
    text = reliability_text(pipeline.reliability(given), lang, simulated=given.simulated)
    if out is not None:
        return 0 if write(out, text, lang) else FAILED
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()
    return 0
