"""The card of a risk model, as a page and as JSON (Mitchell et al. 2019, Model Cards for Model Reporting)."""

from __future__ import annotations

import json
from dataclasses import asdict

from ..data import LANGUAGES
from ..data.prediction import ModelCard
from . import model_card_figures as figures
from . import model_card_texts as texts
from .page import PageContent, html_page
from .words import words_in

__all__ = ["card_html", "card_json"]


def card_json(card: ModelCard) -> str:
    """The card as one JSON object; suppressed figures are null."""
    return json.dumps(asdict(card), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def card_html(card: ModelCard, lang: str) -> str:
    """The card as one HTML file in all languages, ``lang`` first."""
    order = [lang, *(each for each in LANGUAGES if each != lang)]
    contents = [
        PageContent(each, words_in(each).gettext("Model card: risk of not completing"), _body(card, each))
        for each in order
    ]
    return html_page(contents, simulated=card.record.data.simulated)


def _body(card: ModelCard, lang: str) -> str:
    record = card.record
    return "".join(
        (
            texts.verdict(record, lang),
            texts.use(lang),
            texts.kind(lang),
            figures.data(record, lang),
            figures.later_runs(record, lang),
            figures.calibration(record, lang),
            figures.groups(record.subgroups, lang),
            figures.levels(record, lang),
            figures.new_data(card, lang),
            texts.features(record, lang),
            texts.limits(lang),
            texts.made(record, lang),
        )
    )
