"""``smartpd predict MODEL FEATURES``: the risk of each learner, its reasons, and what one could do."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .. import pipeline
from ..reports.words import N_, simulated_words, words_in
from ._common import (
    FAILED,
    examples,
    file_argument,
    language_option,
    out_option,
    progress_bar,
    refuse_to_overwrite,
    refuse_unwritable,
    say,
    write,
)
from ._output import plain_text, show_text

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="predict",
        callback=_run,
        short_help=_("Say for each learner the risk of not completing, why, and what one could do."),
        help="\n\n".join(
            (
                _(
                    "Say for each learner the risk of not completing with its 90% interval, the three reasons that "
                    "weigh most, and what one could do about each; the highest risk comes first."
                ),
                _("MODEL is a file of smartpd train, FEATURES a table as the one it was trained on."),
            )
        ),
        epilog=examples(
            lang,
            "smartpd predict risk.skops features.parquet --top 20 --lang uz",
            "smartpd predict risk.skops features.parquet --format csv --out risk.csv",
        ),
        params=[
            file_argument("model"),
            file_argument("features"),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["table", "json", "csv"]),
                default="table",
                help=_("Text for people, one JSON object, or CSV with a row for each learner.") + " [table]",
            ),
            click.Option(
                ["--top"],
                type=click.IntRange(min=1),
                metavar="N",
                help=_("Only so many learners of each course, those with the highest risk."),
            ),
            out_option(lang),
            language_option(lang),
        ],
    )


def _run(*, model: Path, features: Path, output_format: str, top: int | None, out: Path | None, lang: str) -> int:
    from ..reports.model_card_words import drift_words
    from ..reports.predictions import predictions_csv, predictions_json, predictions_text, simulated

    refuse_to_overwrite(out, [model, features])
    refuse_unwritable(out)
    loaded = pipeline.load_model(model)

    def on_gone(rows: int) -> None:
        say(words_in(lang).gettext("Rows of learners who had left the course, left out") + f": {rows}")

    with progress_bar(lang, N_("Explaining"), in_bytes=False) as progress:
        predictions = pipeline.predict_risk(loaded, features, most=top, on_gone=on_gone, progress=progress)
    if loaded.record.verdict == "model" and (words := drift_words(pipeline.model_card(loaded, features), lang)):
        say(words)
    if output_format == "table":
        lines = list(predictions_text(predictions, loaded.record, lang))
        if out is None:
            show_text(lines)
            return 0
        text = plain_text(lines)
    elif output_format == "json":
        text = predictions_json(predictions, loaded.record, lang)
    else:
        text = predictions_csv(predictions, lang)
    if simulated(predictions, loaded.record) and (out is not None or output_format != "table"):
        say(simulated_words(lang))
    if out is not None:
        return 0 if write(out, text, lang) else FAILED
    sys.stdout.write(text)
    return 0
