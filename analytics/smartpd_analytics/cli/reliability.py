"""``smartpd reliability RESPONSES.csv``: how dependable sum scores are."""

from __future__ import annotations

from pathlib import Path

import click

from .. import pipeline
from ..reports.reliability import reliability_text
from ..reports.words import words_in
from ._common import examples, language_option, out_option, show
from ._responses import areas_option, given_responses, responses_argument

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
        epilog=examples(lang, "smartpd reliability survey.csv --areas areas.csv"),
        params=[
            responses_argument(),
            areas_option(lang),
            language_option(lang),
            out_option(lang),
        ],
    )


def _run(*, responses: Path, areas: Path | None, lang: str, out: Path | None) -> int:
    given = given_responses(responses, areas, out)
    text = reliability_text(pipeline.reliability(given), lang, simulated=given.simulated)
    return show(text, out, lang)
