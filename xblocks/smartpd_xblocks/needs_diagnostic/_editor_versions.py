"""Which version a course's own questionnaire has, and which earlier ones must be kept for those who answered them.

A version is ``<number>.<fingerprint>``. The number rises when what learners have answered is changed. The
fingerprint, five digits of what the questionnaire says, keeps two courses apart that grew from the same one (a
rerun, an import) and have both been changed to "version 2": equal versions of one id always ask the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

__all__ = [
    "Kept",
    "content_digest",
    "kept",
    "measures_the_same",
    "own_id",
    "packed",
    "place_hash",
    "unpacked",
    "version_number",
]

Document = Mapping[str, Any]
#: Keys that name a questionnaire and say nothing about what it asks.
_NAMES = ("id", "version")
#: Words: changing them alone leaves points, levels and answers as they are.
_WORDS = ("title", "intro", "text", "help", "scenario", "description", "minutes")
_DIGITS = 100_000
_LONGEST_BASE = 48


@dataclass(frozen=True, slots=True)
class Kept:
    """What a block stores: the questionnaire (``{}`` for none of its own) and its earlier versions, oldest first."""

    document: dict[str, Any]
    earlier: list[dict[str, Any]]


def packed(earlier: Sequence[Document]) -> dict[str, Any]:
    """Earlier versions as a block stores them: an item that several versions share is there once."""
    items: dict[str, Any] = {}
    versions = []
    for document in earlier:
        keys = []
        for item in document["items"]:
            key = sha256(json.dumps(item, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
            items[key] = item
            keys.append(key)
        versions.append({**document, "items": keys})
    return {"versions": versions, "items": items} if versions else {}


def unpacked(stored: Document) -> list[dict[str, Any]]:
    """Earlier versions, oldest first; what somebody has broken by hand is left out."""
    items, found = stored.get("items", {}), []
    for version in stored.get("versions", []):
        try:
            found.append({**version, "items": [items[key] for key in version["items"]]})
        except (KeyError, TypeError):
            continue
    return found


def content_digest(document: Document) -> str:
    """Of what a questionnaire says, words included, whatever its id and version; 64 hexadecimal digits."""
    content = {key: value for key, value in document.items() if key not in _NAMES}
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def measures_the_same(one: Document, other: Document) -> bool:
    """Whether the two differ in words alone."""
    return bool(_without_words(one, _NAMES) == _without_words(other, _NAMES))


def _without_words(value: Any, names: tuple[str, ...] = ()) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_words(inner) for key, inner in value.items() if key not in (*_WORDS, *names)}
    if isinstance(value, list):
        return [_without_words(inner) for inner in value]
    return value


def version_number(version: str) -> int:
    """The number that people see, from 1; 0 where a version is named in another way."""
    number = version.partition(".")[0]
    return int(number) if number.isdecimal() and len(number) < 7 else 0


def _version(number: int, document: Document) -> str:
    # Site folders take versions of numbers alone, so the fingerprint is one, without a leading zero.
    return f"{number}.{_DIGITS // 10 + int(content_digest(document), 16) % (_DIGITS - _DIGITS // 10)}"


def own_id(document_id: str, bundled: Sequence[str], place: str) -> str:
    """The id of a course's own questionnaire: as it comes, but never that of one the site has.

    Args:
        place: what tells this block from all others, such as its usage key.
    """
    if document_id not in bundled:
        return document_id
    return f"{document_id[:_LONGEST_BASE]}-own-{place_hash(place)}"


def place_hash(place: str) -> str:
    """Six hexadecimal digits that tell one block from the others, for ids."""
    return sha256(place.encode()).hexdigest()[:6]


def kept(
    new: Document, stored: Document, earlier: Sequence[Document], *, answered: bool, same_meaning: bool = False
) -> Kept:
    """What to store once ``new`` takes the place of ``stored``; each is ``{}`` where there is none.

    Args:
        new: valid, with the id it is to have; its version counts only where it belongs to what it says.
        answered: whether learners have answered ``stored``, or nobody can tell.
        same_meaning: the author says that only wording was put right, so the version stays.
    """
    if not new:
        return Kept({}, _history(earlier, stored, answered))
    version = _version_of(new, stored, earlier, answered=answered, same_meaning=same_meaning)
    document = {**new, "version": version}
    changed = (document["id"], version) != (stored.get("id"), stored.get("version"))
    history = _history(earlier, stored, answered) if changed else [dict(each) for each in earlier]
    return Kept(document, [each for each in history if (each["id"], each["version"]) != (document["id"], version)])


def _version_of(
    new: Document, stored: Document, earlier: Sequence[Document], *, answered: bool, same_meaning: bool
) -> str:
    digest = content_digest(new)
    for known in (stored, *earlier):
        if known and known["id"] == new["id"] and content_digest(known) == digest:
            return str(known["version"])
    given = str(new.get("version", ""))
    if given == _version(version_number(given), new) and version_number(given):
        return given
    if not stored or stored["id"] != new["id"]:
        return _version(1, new)
    if same_meaning and measures_the_same(new, stored):
        return str(stored["version"])
    numbers = [version_number(each["version"]) for each in (stored, *earlier) if each["id"] == new["id"]]
    return _version(max(numbers) + 1 if answered else version_number(stored["version"]) or 1, new)


def _history(earlier: Sequence[Document], stored: Document, answered: bool) -> list[dict[str, Any]]:
    if not stored or not answered:
        return [dict(each) for each in earlier]
    names = (stored["id"], stored["version"])
    return [*(dict(each) for each in earlier if (each["id"], each["version"]) != names), dict(stored)]
