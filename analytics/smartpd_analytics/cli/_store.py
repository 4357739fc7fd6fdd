"""Options of the commands that write to a store."""

from __future__ import annotations

from pathlib import Path

import click

from .. import pipeline
from ..reports.words import printable, said, words_in
from ._common import file_option, say

__all__ = ["key_option", "store_option", "store_options", "writing_options"]


def store_option(lang: str) -> click.Option:
    """``--store``."""
    words = words_in(lang).gettext("Folder of the store of events.")
    return file_option("--store", words, metavar="DIR", required=True)


def key_option(lang: str) -> click.Option:
    """``--key-file``."""
    words = words_in(lang).gettext(
        "The site's key for pseudonyms; without it SMARTPD_SITE_KEY, else a key of its own in the store's folder."
    )
    return file_option("--key-file", words)


def writing_options(lang: str) -> list[click.Parameter]:
    """``--key-file`` and ``--wait``."""
    _ = words_in(lang).gettext
    return [
        key_option(lang),
        click.Option(
            ["--wait"],
            type=click.FloatRange(min=0),
            default=0,
            metavar="SECONDS",
            help=_("Wait so long for another run on the same store, instead of stopping."),
        ),
    ]


def store_options(*, identified: bool | None, key_file: Path | None, wait: float, lang: str) -> pipeline.StoreOptions:
    """The same for the pipeline, with what is to be said meanwhile."""
    _ = words_in(lang).gettext

    def on_wait(holder: str) -> None:
        text = _("Another run is writing to this store ({holder}); waiting for it.")
        say(printable(text.format(holder=said(holder, lang))))

    def on_key(path: Path) -> None:
        say(_("A key for pseudonyms was made: {file}. Keep a copy of it in a safe place.").format(file=path))

    return pipeline.StoreOptions(identified=identified, key_file=key_file, wait=wait, on_wait=on_wait, on_key=on_key)
