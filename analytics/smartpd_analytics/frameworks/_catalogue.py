"""Which frameworks and instruments there are, and how to get them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ..data import Framework, Instrument
from ..errors import InstrumentError
from ._entry import Entry
from ._framework_file import parse_framework
from ._instrument_file import parse_instrument

__all__ = [
    "framework_ids",
    "instrument_ids",
    "load_framework",
    "load_instrument",
    "read_framework",
    "read_instrument",
]

_INSTRUMENT_FILE = re.compile(r"(?P<id>[a-z0-9_-]+)\.v(?P<version>[0-9]+(?:\.[0-9]+)*)\.yaml")
_FRAMEWORK_FILE = re.compile(r"(?P<id>[a-z0-9_-]+)\.yaml")


def framework_ids() -> tuple[str, ...]:
    """Ids of the bundled frameworks, sorted."""
    return tuple(sorted(_framework_files()))


def instrument_ids() -> tuple[str, ...]:
    """Ids of the bundled instruments, sorted, each once whatever its number of versions."""
    return tuple(sorted(_instrument_files()))


@cache
def load_framework(framework_id: str) -> Framework:
    """A bundled framework, read once per process.

    Raises:
        InstrumentError: there is no such framework.
    """
    bundled = _framework_files()
    if framework_id not in bundled:
        raise InstrumentError(f"no framework {framework_id!r}", accepted=", ".join(sorted(bundled)))
    resource = bundled[framework_id]
    return parse_framework(resource.read_bytes(), resource.name)


def load_instrument(instrument_id: str, version: str = "") -> Instrument:
    """A bundled instrument, the newest version when ``version`` is ``""``; read once per process.

    Raises:
        InstrumentError: there is no such instrument, or not in this version.
    """
    bundled = _instrument_files()
    if instrument_id not in bundled:
        raise InstrumentError(f"no instrument {instrument_id!r}", accepted=", ".join(sorted(bundled)))
    versions = bundled[instrument_id]
    if version and version not in versions:
        problem = f"the instrument {instrument_id!r} has no version {version!r}"
        raise InstrumentError(problem, accepted=", ".join(sorted(versions, key=_version_key)))
    return _bundled_instrument(instrument_id, version or max(versions, key=_version_key))


def read_framework(path: str | Path) -> Framework:
    """The framework in an institution's own file; the bundled files show the format.

    Raises:
        InstrumentError: the file cannot be read, or is not a valid framework; with file and line.
    """
    return parse_framework(_read(path), str(path))


def read_instrument(path: str | Path, framework: Framework | None = None) -> Instrument:
    """The instrument in an institution's own file.

    ``framework`` is the framework it is for; without it the bundled one that the file names.

    Raises:
        InstrumentError: the file cannot be read, or is not a valid instrument; with file and line.
    """

    def given_or_bundled(entry: Entry) -> Framework:
        named = entry.words()
        if framework is not None:
            if named != framework.id:
                raise entry.error(f"the instrument is for {named!r}", framework.id)
            return framework
        if named not in framework_ids():
            raise entry.error(f"no framework {named!r} is bundled", ", ".join(framework_ids()))
        return load_framework(named)

    return parse_instrument(_read(path), str(path), given_or_bundled)


@cache
def _bundled_instrument(instrument_id: str, version: str) -> Instrument:
    resource = _instrument_files()[instrument_id][version]
    return parse_instrument(resource.read_bytes(), resource.name, lambda entry: load_framework(entry.words()))


@cache
def _framework_files() -> dict[str, Traversable]:
    matches = ((_FRAMEWORK_FILE.fullmatch(resource.name), resource) for resource in _data_files())
    return {match["id"]: resource for match, resource in matches if match}


@cache
def _instrument_files() -> dict[str, dict[str, Traversable]]:
    found: dict[str, dict[str, Traversable]] = {}
    for resource in _data_files():
        if match := _INSTRUMENT_FILE.fullmatch(resource.name):
            found.setdefault(match["id"], {})[match["version"]] = resource
    return found


def _data_files() -> list[Traversable]:
    return sorted((files(__package__) / "data").iterdir(), key=lambda resource: resource.name)


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _read(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InstrumentError(f"the file cannot be read: {reason}", file=str(path), accepted="a YAML file") from None
