"""``smartpd forget LEARNER --store DIR``: take one person out of a store of events."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from .. import pipeline
from ..reports.words import words_in
from ._common import language_option
from ._store import store_option, store_options, writing_options

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="forget",
        callback=_run,
        short_help=_("Take one person out of a store of events."),
        help="\n\n".join(
            (
                _(
                    "Take one person out of a store: their events, what ties their id to their username, and "
                    "quarantined lines that name them. Reading the same logs again does not bring them back."
                ),
                _(
                    "LEARNER is a username, user:ID, or a learner's pseudonym. Logs, and copies of the store, are not "
                    "touched."
                ),
            )
        ),
        params=[
            click.Argument(["learner"], metavar="LEARNER"),
            store_option(lang),
            click.Option(["--user-id"], type=int, metavar="ID", help=_("Their numeric id as well, where it is known.")),
            *writing_options(lang),
            click.Option(["--json", "as_json"], is_flag=True, help=_("The summary as JSON.")),
            language_option(lang),
        ],
    )


def _run(
    *, learner: str, store: Path, user_id: int | None, key_file: Path | None, wait: float, as_json: bool, lang: str
) -> int:
    words = words_in(lang)
    options = store_options(identified=None, key_file=key_file, wait=wait, lang=lang)
    gone = pipeline.forget_learner(learner, store, user_id=user_id, options=options)
    if as_json:
        click.echo(json.dumps(asdict(gone), indent=2))
        return 0
    text = words.ngettext(
        "{n} event in {courses} courses was taken away, and {lines} quarantined lines.",
        "{n} events in {courses} courses were taken away, and {lines} quarantined lines.",
        gone.events,
    )
    click.echo(text.format(n=gone.events, courses=gone.courses, lines=gone.quarantined))
    if not gone.events and not gone.quarantined:
        click.echo(words.gettext("The store had nothing of this person; what comes later will be left out."))
    click.echo(words.gettext("The logs themselves still have this person: remove them there as well."))
    return 0
