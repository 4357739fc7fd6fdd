"""``smartpd instruments list``: what is bundled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ...data import INSTRUMENT_KINDS, Instrument, say
from ...frameworks import framework_ids, instrument_ids, instrument_versions, load_framework, load_instrument
from ...reports.words import words_in
from .._common import language_option, out_option, show
from ._words import kind_words

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="list",
        callback=_run,
        short_help=_("List the bundled instruments and frameworks."),
        help=_("List the bundled instruments and frameworks, with their versions and how much there is of each."),
        params=[
            click.Option(["--kind"], type=click.Choice(INSTRUMENT_KINDS), help=_("Only instruments of this kind.")),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["table", "json"]),
                default="table",
                help=_("Text for people, or one JSON object.") + " [table]",
            ),
            language_option(lang),
            out_option(lang),
        ],
    )


def _run(*, kind: str | None, output_format: str, lang: str, out: Path | None) -> int:
    instruments = [load_instrument(each) for each in instrument_ids(kind=kind or "")]
    frameworks = [] if kind else [load_framework(each) for each in framework_ids()]
    if output_format == "json":
        document = {
            "instruments": [_instrument(each) for each in instruments],
            "frameworks": [
                {
                    "id": each.id,
                    "version": each.version,
                    "title": dict(each.title),
                    "areas": len(each.areas),
                    "competencies": len(each.competencies),
                    "levels": [level.id for level in each.levels],
                }
                for each in frameworks
            ],
        }
        return show(json.dumps(document, ensure_ascii=False, indent=1) + "\n", out, lang)
    _ = words_in(lang).gettext
    lines = []
    for instrument in instruments:
        lines.append(f"{instrument.id}  {say(instrument.title, lang)}")
        lines.append(
            "  "
            + _("{kind}; items: {items}; minutes: {minutes}; versions: {versions}; framework: {framework}").format(
                kind=kind_words(instrument.kind, lang),
                items=len(instrument.items),
                minutes=instrument.minutes,
                versions=", ".join(instrument_versions(instrument.id)),
                framework=instrument.framework_id or "–",
            )
        )
    for framework in frameworks:
        lines.append(f"{framework.id}  {say(framework.title, lang)}")
        lines.append(
            "  "
            + _("framework; areas: {areas}; competencies: {competencies}; levels: {levels}").format(
                areas=len(framework.areas),
                competencies=len(framework.competencies),
                levels=", ".join(level.id for level in framework.levels),
            )
        )
    return show("\n".join(lines) + "\n", out, lang)


def _instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        "id": instrument.id,
        "versions": list(instrument_versions(instrument.id)),
        "kind": instrument.kind,
        "framework": instrument.framework_id,
        "title": dict(instrument.title),
        "items": len(instrument.items),
        "minutes": instrument.minutes,
    }
