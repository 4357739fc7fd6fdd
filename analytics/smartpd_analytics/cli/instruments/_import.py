"""``smartpd instruments import FILE``: a table of items, an instrument or a framework, checked and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ...data import Framework, Instrument
from ...errors import N_, InputError, InstrumentError
from ...frameworks import (
    document_kind,
    file_bytes,
    framework_to_json,
    framework_to_yaml,
    instrument_ids,
    instrument_to_document,
    instrument_to_json,
    instrument_to_yaml,
    instrument_versions,
    load_instrument,
    parse_framework,
    parse_instrument,
    parse_items_csv,
)
from ...reports.words import words_in
from .._common import FAILED, PATH, examples, file_argument, language_option, refuse_to_overwrite, write
from ._files import framework_option, frameworks_in, instrument_of

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="import",
        callback=_run,
        short_help=_("Take in a table of items, an instrument or a framework."),
        help="\n\n".join(
            (
                _(
                    "FILE is a table of items (CSV), or an instrument or a framework (YAML or JSON). It is checked and "
                    "written to --out in the standard form; nothing is written where something is wrong."
                ),
                _(
                    "The items of a table replace those of the instrument that the table names, or of --into; title, "
                    "framework, scales and option sets stay."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd instruments import items.csv --new-version 2 --out own.yaml",
            "smartpd instruments import items.csv --into own.yaml --new-version 3 --out own3.yaml",
            "smartpd instruments import national.json --out instruments/",
        ),
        params=[
            file_argument("file"),
            click.Option(
                ["--out"],
                type=PATH,
                metavar="FILE",
                required=True,
                help=_("Write to this YAML or JSON file, or into this folder under its own name."),
            ),
            click.Option(
                ["--into"],
                metavar="INSTRUMENT",
                help=_("The instrument that tables of items belong to: a file, or the id of a bundled one."),
            ),
            framework_option(lang),
            click.Option(["--new-id"], metavar="ID", help=_("Give the instrument this id.")),
            click.Option(["--new-version"], metavar="VERSION", help=_("Give the instrument this version.")),
            click.Option(
                ["--cut-scores"],
                metavar="N,N,…",
                help=_("Lowest total of points for each level, where the items are worth another number of points."),
            ),
            language_option(lang),
        ],
    )


def _run(
    *,
    file: Path,
    out: Path,
    into: str | None,
    framework: Path | None,
    new_id: str | None,
    new_version: str | None,
    cut_scores: str | None,
    lang: str,
) -> int:
    changes = {
        key: value
        for key, value in (("id", new_id), ("version", new_version), ("cut_scores", _numbers(cut_scores)))
        if value is not None
    }
    found = _read(file, into, framework, changes)
    target = _target(out, found)
    refuse_to_overwrite(target, [path for path in (file, framework) if path is not None])
    as_json = target.suffix.lower() == ".json"
    if isinstance(found, Framework):
        text = framework_to_json(found) if as_json else framework_to_yaml(found)
    else:
        _refuse_published(found)
        text = instrument_to_json(found) if as_json else instrument_to_yaml(found)
    return 0 if write(target, text, lang) else FAILED


def _read(file: Path, into: str | None, framework: Path | None, changes: dict[str, Any]) -> Instrument | Framework:
    data = file_bytes(file)
    known = frameworks_in([framework] if framework else [])
    if file.suffix.lower() == ".csv":
        head = instrument_of(into, framework) if into else None
        own = known.get(head.framework_id) if head else None
        return parse_items_csv(data, head=head, changes=changes, file=str(file), framework=own)
    if into is not None:
        raise InputError(
            N_("--into belongs to a table of items"), file=str(file), accepted=N_("a CSV file, or no --into")
        )
    if document_kind(data, file=str(file)) == "framework":
        if changes:
            raise InputError(N_("a framework keeps what its file says"), file=str(file), accepted=N_("--out alone"))
        return parse_framework(data, file=str(file))
    read = parse_instrument(data, file=str(file), frameworks=known)
    return parse_instrument({**instrument_to_document(read), **changes}, file=str(file), frameworks=known)


def _target(out: Path, found: Instrument | Framework) -> Path:
    if out.is_dir():
        return out / (f"{found.id}.yaml" if isinstance(found, Framework) else f"{found.id}.v{found.version}.yaml")
    if out.suffix.lower() not in (".yaml", ".yml", ".json"):
        raise InputError(
            N_("the ending of the file is not known"),
            file=str(out),
            accepted=N_(".yaml, .json, or a folder that exists"),
        )
    return out


def _refuse_published(found: Instrument) -> None:
    """A version that learners' answers may already name is not given another content."""
    if found.id not in instrument_ids() or found.version not in instrument_versions(found.id):
        return
    if load_instrument(found.id, found.version) != found:
        raise InstrumentError(
            N_("version {version} of '{id}' is published, and answers refer to it"),
            accepted=N_("another --new-version or --new-id"),
            version=found.version,
            id=found.id,
        )


def _numbers(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]
