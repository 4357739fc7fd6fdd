"""``smartpd pseudonyms TABLE --store DIR --out FILE``: the learners of a table under the names that a store uses."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from .. import pipeline
from ..csv_tables import read_csv_table
from ..errors import N_, InputError
from ..reports.as_csv import safe_cell
from ..reports.words import words_in
from ._common import FAILED, examples, file_argument, file_option, language_option, refuse_to_overwrite, say, write
from ._store import key_option, store_option

__all__ = ["command"]

_LEARNER = "learner"


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="pseudonyms",
        callback=_run,
        short_help=_("Give the learners of a table the names that a store has for them."),
        help="\n\n".join(
            (
                _(
                    "Write a table again with its learners under the names that a store has for them, so that it can "
                    "be joined with features: pseudonyms by the site's key, or the newest username of each."
                ),
                _("TABLE is a CSV file with a column of usernames, such as outcomes or a class list."),
            )
        ),
        epilog=examples(
            lang,
            "smartpd pseudonyms outcomes.csv --store events --out outcomes-by-pseudonym.csv",
            "smartpd pseudonyms class.csv --store events --column Username --keep-names --out who-is-who.csv",
        ),
        params=[
            file_argument("table"),
            store_option(lang),
            file_option("--out", _("The table with the names of the store, as CSV."), required=True),
            click.Option(
                ["--column"],
                default=_LEARNER,
                metavar="NAME",
                help=_("The column with usernames, or user:ID; it becomes learner.") + f" [{_LEARNER}]",
            ),
            click.Option(
                ["--keep-names"],
                is_flag=True,
                help=_("Keep that column beside: such a table tells who is who, so guard it like the key."),
            ),
            key_option(lang),
            language_option(lang),
        ],
    )


def _run(
    *, table: Path, store: Path, out: Path, column: str, keep_names: bool, key_file: Path | None, lang: str
) -> int:
    refuse_to_overwrite(out, [table, *([key_file] if key_file else [])])
    given = read_csv_table(table)
    head = list(given.columns)
    given.require((column,), ", ".join(head))
    if column != _LEARNER and _LEARNER in head:
        raise InputError(N_("there is a column learner already"), file=str(table), accepted=N_("that one alone"))
    for row in given.rows:
        if not row.text(column):
            raise row.error(N_("the row names no learner"), N_("a learner in each row"))
    found = pipeline.stored_names([row.text(column) for row in given.rows], store, key_file=key_file)
    # What else is to stand in the new table: (its column, the column it comes from).
    kept = [(name, name) for name in head if name != column]
    if keep_names:
        kept.insert(0, ("name" if column == _LEARNER else column, column))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_LEARNER, *(name for name, _ in kept)])
    for name, row in zip(found.learners, given.rows, strict=True):
        writer.writerow(map(safe_cell, [name, *(row.text(source) for _, source in kept)]))
    if not write(out, text.getvalue(), lang):
        return FAILED
    words = words_in(lang)
    say(
        words.ngettext(
            "{known} of {n} row is of somebody whom the store knows",
            "{known} of {n} rows are of somebody whom the store knows",
            len(given.rows),
        ).format(known=found.known, n=len(given.rows))
    )
    return 0
