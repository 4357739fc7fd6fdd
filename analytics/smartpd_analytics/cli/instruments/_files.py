"""Which of the files that people give is what, and frameworks among them for the instruments among them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from ...data import Framework, Instrument
from ...errors import N_, InstrumentError
from ...frameworks import (
    document_kind,
    file_bytes,
    framework_ids,
    instrument_ids,
    load_framework,
    load_instrument,
    parse_framework,
    parse_instrument,
)
from ...reports.words import words_in
from .._common import file_option

__all__ = ["framework_option", "frameworks_in", "instrument_of", "source_of"]


def framework_option(lang: str) -> click.Option:
    """``--framework``."""
    words = words_in(lang).gettext("Your own framework, for an instrument whose framework is not bundled.")
    return file_option("--framework", words)


def frameworks_in(files: Iterable[Path]) -> dict[str, Framework]:
    """The frameworks that are valid among the files, by id."""
    found: dict[str, Framework] = {}
    for path in files:
        try:
            data = file_bytes(path)
            if path.suffix.lower() != ".csv" and document_kind(data, file=str(path)) == "framework":
                framework = parse_framework(data, file=str(path))
                found[framework.id] = framework
        except InstrumentError:
            # Whoever reads the file itself says what is wrong with it.
            continue
    return found


def source_of(name: str, version: str, framework: Path | None) -> Instrument | Framework:
    """What ``name`` means: a bundled instrument or framework, or a file with one of the two.

    Raises:
        InstrumentError: it is none of them, or not valid.
    """
    if name in instrument_ids():
        return load_instrument(name, version)
    if name in framework_ids():
        return load_framework(name)
    path = Path(name)
    if not path.suffix and not path.exists():
        accepted = ", ".join((*instrument_ids(), *framework_ids()))
        raise InstrumentError(N_("'{found}' is neither bundled nor a file"), accepted=accepted, found=name)
    data = file_bytes(path)
    if document_kind(data, file=name) == "framework":
        return parse_framework(data, file=name)
    return parse_instrument(data, file=name, framework=_framework(framework))


def instrument_of(name: str, framework: Path | None) -> Instrument:
    """The instrument that ``name`` means: a bundled one, or a file.

    Raises:
        InstrumentError: it is none, or not valid.
    """
    found = source_of(name, "", framework)
    if isinstance(found, Framework):
        raise InstrumentError(N_("'{found}' is a framework"), accepted=N_("an instrument"), found=name)
    return found


def _framework(path: Path | None) -> Framework | None:
    return None if path is None else parse_framework(file_bytes(path), file=str(path))
