"""``smartpd calibrate RESPONSES.csv``: items on one scale, from the answers of many learners."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from .. import pipeline
from ..diagnosis import item_bank_to_json
from ..reports.calibration import calibration_facts, calibration_notes, calibration_text
from ..reports.words import N_, words_in
from ._common import FAILED, examples, file_option, language_option, progress_bar, stop_writing, write
from ._responses import areas_option, given_responses, responses_argument

__all__ = ["command"]

#: The models, without loading numpy for the help.
_MODELS = ("1pl", "2pl", "3pl", "graded")


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="calibrate",
        callback=_run,
        short_help=_("Put test items on one scale, from the answers of many learners."),
        help="\n\n".join(
            (
                _(
                    "Calibrate items by item response theory: how difficult each one is and how well it tells "
                    "learners apart, with standard errors, and which items are to be looked at."
                ),
                _(
                    "RESPONSES is a CSV file: a row for each answer (columns learner, item, score and, if wanted, "
                    "area), or a row for each learner and a column for each item. Empty cells are missing answers."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd calibrate responses.csv --model 2pl --out bank.json",
            "smartpd calibrate survey.csv --model graded --areas areas.csv --out bank.json",
        ),
        params=[
            responses_argument(),
            click.Option(
                ["--model"],
                type=click.Choice(_MODELS),
                default="2pl",
                help=_("How many parameters an item has; graded for scores above 1.") + " [2pl]",
            ),
            areas_option(lang),
            click.Option(["--id", "bank_id"], metavar="NAME", help=_("Name of the bank; without it the file's.")),
            language_option(lang),
            file_option("--out", _("Write the item bank to this file (JSON), as a whole or not at all.")),
        ],
    )


def _run(*, responses: Path, model: str, areas: Path | None, bank_id: str | None, lang: str, out: Path | None) -> int:
    given = given_responses(responses, areas, out)
    with progress_bar(lang, N_("Calibrating"), in_bytes=False) as progress:
        found = pipeline.calibrate(given, model=model, progress=progress)
    written = True
    if out is not None:
        name = bank_id or re.sub(r"[^A-Za-z0-9._-]+", "-", out.stem).strip("-") or "bank"
        text = item_bank_to_json(found.bank(name), notes=calibration_notes(found), calibration=calibration_facts(found))
        written = write(out, text, lang)
    try:
        sys.stdout.write(calibration_text(found, lang))
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()
    return 0 if written else FAILED
