"""Which frameworks and instruments there are, and how to get them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ..data import INSTRUMENT_KINDS, Area, Competency, Framework, Instrument
from ..errors import N_, InstrumentError
from . import _framework_file, _instrument_file
from ._document import document, file_bytes, plain, plain_document
from ._entry import Entry

__all__ = [
    "document_kind",
    "framework_ids",
    "framework_of",
    "framework_problems",
    "instrument_ids",
    "instrument_minutes",
    "instrument_problems",
    "instrument_versions",
    "load_framework",
    "load_instrument",
    "parse_framework",
    "parse_instrument",
    "read_framework",
    "read_instrument",
    "source_document",
    "use_folder",
]

_INSTRUMENT_FILE = re.compile(r"(?P<id>[A-Za-z0-9_-]+)\.v(?P<version>[0-9]+(?:\.[0-9]+)*)\.(?:yaml|json)")
_FRAMEWORK_FILE = re.compile(r"(?P<id>[A-Za-z0-9_-]+)\.(?:yaml|json)")
_KIND = re.compile(rb"^kind: *([a-z_]+) *$", re.MULTILINE)
#: Folders of an institution's own files, which stand beside the bundled ones.
_own_folders: list[Path] = []


def use_folder(folder: str | Path) -> None:
    """From now on, in this process, an institution's own instruments and frameworks stand beside the bundled ones.

    Their files are called ``<id>.v<version>.yaml`` and ``<id>.yaml`` (or ``.json``), as ``smartpd instruments import``
    writes them; what is bundled cannot be replaced. A file that is not valid says so when it is loaded.

    Raises:
        InstrumentError: there is no such folder.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InstrumentError(N_("this is no folder"), file=str(folder), accepted=N_("a folder that exists"))
    if path not in _own_folders:
        _own_folders.append(path)
    for cached in (load_framework, _bundled_instrument, _kind_of, _framework_files, _instrument_files):
        cached.cache_clear()


def framework_ids() -> tuple[str, ...]:
    """Ids of the bundled frameworks, and of those in folders in use, sorted."""
    return tuple(sorted(_framework_files()))


def instrument_ids(*, kind: str = "") -> tuple[str, ...]:
    """Ids of the bundled instruments, and of those in folders in use, sorted, each once for all its versions.

    ``kind`` is one of ``INSTRUMENT_KINDS``, or ``""`` for all.

    Raises:
        InstrumentError: there is no such kind.
    """
    if kind and kind not in INSTRUMENT_KINDS:
        raise InstrumentError(
            N_("no kind of instrument is called '{found}'"), accepted=", ".join(INSTRUMENT_KINDS), found=kind
        )
    return tuple(
        instrument_id
        for instrument_id, versions in sorted(_instrument_files().items())
        if not kind or _kind_of(instrument_id, _newest(versions)) == kind
    )


def instrument_versions(instrument_id: str) -> tuple[str, ...]:
    """Versions of a bundled instrument, oldest first.

    Raises:
        InstrumentError: there is no such instrument.
    """
    bundled = _instrument_files()
    if instrument_id not in bundled:
        raise InstrumentError(N_("no instrument '{found}'"), accepted=", ".join(sorted(bundled)), found=instrument_id)
    return tuple(sorted(bundled[instrument_id], key=_version_key))


@cache
def load_framework(framework_id: str) -> Framework:
    """A bundled framework, read once per process.

    Raises:
        InstrumentError: there is no such framework.
    """
    bundled = _framework_files()
    if framework_id not in bundled:
        raise InstrumentError(N_("no framework '{found}'"), accepted=", ".join(sorted(bundled)), found=framework_id)
    resource = bundled[framework_id]
    framework = parse_framework(resource.read_bytes(), file=str(resource))
    _named_as(resource, framework.id, framework_id)
    return framework


def load_instrument(instrument_id: str, version: str = "") -> Instrument:
    """A bundled instrument, the newest version when ``version`` is ``""``; read once per process.

    Raises:
        InstrumentError: there is no such instrument, or not in this version.
    """
    versions = instrument_versions(instrument_id)
    if version and version not in versions:
        raise InstrumentError(
            N_("the instrument '{id}' has no version '{version}'"),
            accepted=", ".join(versions),
            id=instrument_id,
            version=version,
        )
    return _bundled_instrument(instrument_id, version or versions[-1])


def instrument_minutes(instrument_id: str, version: str = "") -> int:
    """Minutes that all of an instrument takes; 0 where this site does not know it."""
    try:
        return load_instrument(instrument_id, version).minutes
    except InstrumentError:
        return 0


def read_framework(path: str | Path) -> Framework:
    """The framework in an institution's own file, in YAML or JSON; the bundled files show the format.

    Raises:
        InstrumentError: the file cannot be read, or is not a valid framework; with file and line.
    """
    return parse_framework(file_bytes(path), file=str(path))


def read_instrument(path: str | Path, framework: Framework | None = None) -> Instrument:
    """The instrument in an institution's own file, in YAML or JSON.

    ``framework`` is the framework it is for; without it the bundled one that the file names.

    Raises:
        InstrumentError: the file cannot be read, or is not a valid instrument; with file and line.
    """
    return parse_instrument(file_bytes(path), file=str(path), framework=framework)


def framework_of(instrument: Instrument) -> Framework:
    """The bundled framework of an instrument; for one with scales a framework that says the same.

    In the latter each scale is an area with one competency of the same id, and there are no levels.

    Raises:
        InstrumentError: the instrument is for a framework that is not bundled.
    """
    if instrument.framework_id:
        return load_framework(instrument.framework_id)
    return Framework(
        id=instrument.id,
        version=instrument.version,
        title=instrument.title,
        source="",
        areas=tuple(Area(scale.id, scale.title, scale.description) for scale in instrument.scales),
        competencies=tuple(
            Competency(scale.id, scale.id, scale.title, scale.description) for scale in instrument.scales
        ),
        levels=(),
    )


def parse_framework(source: bytes | str | Mapping[str, Any], *, file: str = "") -> Framework:
    """The framework that a text or a mapping says.

    Args:
        source: YAML, or JSON where ``file`` ends in ``.json``; or what JSON gives.
        file: its name in messages.

    Raises:
        InstrumentError: the first thing that is not as accepted, with line and path.
    """
    return _framework_file.framework_from(_tree(source, file))


def parse_instrument(
    source: bytes | str | Mapping[str, Any],
    *,
    file: str = "",
    framework: Framework | None = None,
    frameworks: Mapping[str, Framework] | None = None,
) -> Instrument:
    """The instrument that a text or a mapping says; the first two arguments are those of ``parse_framework``.

    ``framework`` is the framework it is for; without it the one that it names, of ``frameworks`` or bundled.

    Raises:
        InstrumentError: the first thing that is not as accepted, with line and path.
    """
    return _instrument_file.instrument_from(_tree(source, file), given_or_bundled(framework, frameworks))


def framework_problems(source: bytes | str | Mapping[str, Any], *, file: str = "") -> tuple[InstrumentError, ...]:
    """Everything that is wrong with a framework, in the order of the file; empty where nothing is."""
    try:
        return _framework_file.framework_problems(_tree(source, file))
    except InstrumentError as error:
        return (error,)


def instrument_problems(
    source: bytes | str | Mapping[str, Any],
    *,
    file: str = "",
    framework: Framework | None = None,
    frameworks: Mapping[str, Framework] | None = None,
) -> tuple[InstrumentError, ...]:
    """Everything that is wrong with an instrument, in the order of the file; empty where nothing is.

    The arguments are those of ``parse_instrument``.
    """
    try:
        return _instrument_file.instrument_problems(_tree(source, file), given_or_bundled(framework, frameworks))
    except InstrumentError as error:
        return (error,)


def _tree(source: bytes | str | Mapping[str, Any], file: str) -> Entry:
    return document(source, file) if isinstance(source, bytes | str) else plain_document(dict(source), file)


def document_kind(source: bytes | str | Mapping[str, Any], *, file: str = "") -> str:
    """``framework`` or ``instrument``: what a text or a mapping is meant to be, whether valid or not.

    Raises:
        InstrumentError: it is neither YAML nor JSON.
    """
    fields = _tree(source, file).node.fields or {}
    return "framework" if "areas" in fields and "items" not in fields else "instrument"


def source_document(source: bytes | str, *, file: str = "") -> dict[str, Any]:
    """What a text in YAML or JSON says, valid or not, for an editor; numbers and true are texts in it.

    Raises:
        InstrumentError: it is neither YAML nor JSON, or no mapping.
    """
    tree = _tree(source, file)
    tree.values(N_("the keys of an instrument or a framework"))
    return dict(plain(tree.node))


def given_or_bundled(
    framework: Framework | None, frameworks: Mapping[str, Framework] | None = None
) -> Callable[[Entry], Framework]:
    """What the readers of instruments take for their framework: ``framework``, else one by its id."""

    def found(entry: Entry) -> Framework:
        named = entry.words()
        if framework is not None:
            if named != framework.id:
                raise entry.error(N_("the instrument is for '{found}'"), framework.id, found=named)
            return framework
        if frameworks and named in frameworks:
            return frameworks[named]
        if named not in framework_ids():
            accepted = ", ".join((*(frameworks or ()), *framework_ids()))
            raise entry.error(N_("no framework '{found}' is bundled"), accepted, found=named)
        return load_framework(named)

    return found


@cache
def _bundled_instrument(instrument_id: str, version: str) -> Instrument:
    resource = _instrument_files()[instrument_id][version]
    instrument = parse_instrument(resource.read_bytes(), file=str(resource))
    _named_as(resource, f"{instrument.id}.v{instrument.version}", f"{instrument_id}.v{version}")
    return instrument


def _named_as(resource: Traversable, says: str, named: str) -> None:
    if says != named:
        raise InstrumentError(
            N_("the file is called '{named}' and says '{says}'"),
            file=str(resource),
            accepted=N_("the id, and of an instrument the version, in the name of the file"),
            named=named,
            says=says,
        )


@cache
def _kind_of(instrument_id: str, version: str) -> str:
    # Its line alone: reading whole files would cost the LMS a second.
    resource = _instrument_files()[instrument_id][version]
    data = resource.read_bytes()
    if found := _KIND.search(data):
        return found[1].decode()
    try:
        node = (document(data, resource.name).node.fields or {}).get("kind")
    except InstrumentError:
        return ""
    return (node.text or "") if node else ""


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
    """Own files before bundled ones, so that the latter have the last word."""
    own: list[Traversable] = [path for folder in _own_folders for path in sorted(folder.iterdir()) if path.is_file()]
    return [*own, *sorted((files(__package__) / "data").iterdir(), key=lambda resource: resource.name)]


def _newest(versions: Mapping[str, Traversable]) -> str:
    return max(versions, key=_version_key)


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
