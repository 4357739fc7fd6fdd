"""``smartpd instruments validate FILE…``: everything that is wrong with instruments, frameworks and tables of items."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...data import Framework, Instrument
from ...errors import InstrumentError
from ...frameworks import (
    document_kind,
    file_bytes,
    framework_problems,
    instrument_problems,
    items_csv_problems,
    parse_framework,
    parse_instrument,
    parse_items_csv,
)
from ...reports.words import said, words_in
from .._common import FAILED, PATH, examples, language_option, out_option, show
from ._files import framework_option, frameworks_in, instrument_of
from ._words import kind_words

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="validate",
        callback=_run,
        short_help=_("Say everything that is wrong with instruments, frameworks or tables of items."),
        help="\n\n".join(
            (
                _("Check instruments and frameworks in YAML or JSON, and tables of items in CSV."),
                _(
                    "Each problem is named with its place, what was found and what is accepted. The exit status is 0 "
                    "where all files are valid, else 2. A framework among the files serves the instruments among them."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd instruments validate own.yaml",
            "smartpd instruments validate national.yaml own.json --format json",
            "smartpd instruments validate items.csv --into own.yaml",
        ),
        params=[
            click.Argument(["files"], type=PATH, metavar="FILE...", nargs=-1, required=True),
            framework_option(lang),
            click.Option(
                ["--into"],
                metavar="INSTRUMENT",
                help=_("The instrument that tables of items belong to: a file, or the id of a bundled one."),
            ),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["text", "json"]),
                default="text",
                help=_("Text for people, or one JSON object.") + " [text]",
            ),
            language_option(lang),
            out_option(lang),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    file: str
    #: ``instrument``, ``framework`` or ``items``.
    what: str
    problems: tuple[InstrumentError, ...]
    found: Instrument | Framework | None = None


def _run(
    *,
    files: tuple[Path, ...],
    framework: Path | None,
    into: str | None,
    output_format: str,
    lang: str,
    out: Path | None,
) -> int:
    known = frameworks_in([*files, *([framework] if framework else [])])
    head = instrument_of(into, framework) if into else None
    checked = [_check(path, known, head) for path in files]
    valid = all(not each.problems for each in checked)
    if output_format == "json":
        text = json.dumps(
            {"valid": valid, "files": [_record(each, lang) for each in checked]}, ensure_ascii=False, indent=1
        )
    else:
        text = "\n".join(line for each in checked for line in _lines(each, lang))
    return show(text + "\n", out, lang) or (0 if valid else FAILED)


def _check(path: Path, known: dict[str, Framework], head: Instrument | None) -> _Checked:
    file = str(path)
    try:
        data = file_bytes(path)
        what = "items" if path.suffix.lower() == ".csv" else document_kind(data, file=file)
    except InstrumentError as error:
        return _Checked(file, "items" if path.suffix.lower() == ".csv" else "instrument", (error,))
    if what == "framework":
        problems = framework_problems(data, file=file)
        return _Checked(file, what, problems, None if problems else parse_framework(data, file=file))
    if what == "items":
        own = known.get(head.framework_id) if head else None
        problems = items_csv_problems(data, head=head, file=file, framework=own)
        read = None if problems else parse_items_csv(data, head=head, file=file, framework=own)
        return _Checked(file, what, problems, read)
    problems = instrument_problems(data, file=file, frameworks=known)
    return _Checked(file, what, problems, None if problems else parse_instrument(data, file=file, frameworks=known))


def _lines(checked: _Checked, lang: str) -> list[str]:
    _ = words_in(lang).gettext
    if checked.problems:
        return [said(str(problem), lang) for problem in checked.problems]
    if isinstance(checked.found, Framework):
        words = _("valid: framework {id}, version {version}; competencies: {competencies}; levels: {levels}").format(
            id=checked.found.id,
            version=checked.found.version,
            competencies=len(checked.found.competencies),
            levels=len(checked.found.levels),
        )
    elif checked.found is not None:
        words = _("valid: {kind} {id}, version {version}; items: {items}; switched off: {off}").format(
            kind=kind_words(checked.found.kind, lang),
            id=checked.found.id,
            version=checked.found.version,
            items=len(checked.found.items),
            off=len(checked.found.switched_off),
        )
    else:
        words = ""
    return [f"{checked.file}: {words}"]


def _record(checked: _Checked, lang: str) -> dict[str, Any]:
    record: dict[str, Any] = {"file": checked.file, "is": checked.what, "valid": not checked.problems}
    if checked.found is not None:
        record |= {"id": checked.found.id, "version": checked.found.version}
    if isinstance(checked.found, Instrument):
        record |= {"kind": checked.found.kind, "items": len(checked.found.items)}
    record["problems"] = [
        {
            "line": problem.line or None,
            "path": list(problem.path),
            "problem": said(problem.problem, lang),
            "accepted": said(problem.accepted, lang),
        }
        for problem in checked.problems
    ]
    return record
