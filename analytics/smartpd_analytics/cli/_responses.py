"""What ``calibrate`` and ``reliability`` read: answers, and which area each item belongs to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from .. import pipeline
from ..reports.words import words_in
from ._common import file_argument, file_option, refuse_to_overwrite, refuse_unwritable

__all__ = ["areas_option", "given_responses", "responses_argument"]


def responses_argument() -> click.Argument:
    """``RESPONSES``."""
    return file_argument("responses")


def areas_option(lang: str) -> click.Option:
    """``--areas``."""
    words = words_in(lang).gettext("Which area each item belongs to: a CSV file with the columns item and area.")
    return file_option("--areas", words)


def given_responses(responses: Path, areas: Path | None, out: Path | None) -> pipeline.Responses:
    """The answers; what ``areas`` says of an item goes before what the table says."""
    refuse_to_overwrite(out, [responses, *([areas] if areas else [])])
    refuse_unwritable(out)
    given = pipeline.read_responses(responses)
    return given if areas is None else replace(given, areas={**given.areas, **pipeline.read_item_areas(areas)})
