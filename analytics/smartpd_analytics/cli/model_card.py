"""``smartpd model-card MODEL``: what a model is, how good it is, and how far the data has moved since."""

from __future__ import annotations

from pathlib import Path

import click

from .. import pipeline
from ..errors import InputError
from ..reports.words import N_, simulated_words, words_in
from ._common import examples, file_argument, file_option, language_option, out_option, refuse_to_overwrite, say, show

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="model-card",
        callback=_run,
        short_help=_("Write the card of a model: data, figures, calibration, groups, limits."),
        help="\n\n".join(
            (
                _(
                    "Write the card of a model of smartpd train: its data, how good it is on later course runs beside "
                    "simple rules, calibration, groups of learners, limits."
                ),
                _("With the features of a new run it also shows what has changed since training."),
            )
        ),
        epilog=examples(
            lang,
            "smartpd model-card risk.skops --out card.html",
            "smartpd model-card risk.skops --features new.parquet --outcomes new.csv --out card.html",
            "smartpd model-card risk.skops --format json",
        ),
        params=[
            file_argument("model"),
            file_option("--features", _("Features of newer course runs, to see what has changed.")),
            file_option("--outcomes", _("Outcomes of these newer runs, to see how good the model is there.")),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["html", "json"]),
                default="html",
                help=_("A page in three languages, or one JSON object.") + " [html]",
            ),
            out_option(lang),
            language_option(lang),
        ],
    )


def _run(
    *, model: Path, features: Path | None, outcomes: Path | None, output_format: str, out: Path | None, lang: str
) -> int:
    from ..reports.model_card import card_html, card_json

    if outcomes is not None and features is None:
        raise InputError(N_("--outcomes without --features"), accepted=N_("both, or --features alone"))
    refuse_to_overwrite(out, [path for path in (model, features, outcomes) if path is not None])
    card = pipeline.model_card(pipeline.load_model(model), features, outcomes)
    if card.record.data.simulated:
        say(simulated_words(lang))
    text = card_html(card, lang) if output_format == "html" else card_json(card)
    return show(text, out, lang)
