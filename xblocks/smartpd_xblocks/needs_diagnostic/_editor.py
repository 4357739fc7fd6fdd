"""The course team's own questionnaire as the editor sends and gets it: documents, problems, files.

A document is what JSON can hold, as ``smartpd_analytics.api.instrument_to_document`` gives it. The analytics reads,
checks and writes it; what is wrong keeps its path, so that the editor can show it at the field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from smartpd_analytics.api import (
    INSTRUMENT_KINDS,
    LANGUAGES,
    TYPES_OF,
    Framework,
    Instrument,
    InstrumentError,
    framework_ids,
    instrument_problems,
    instrument_to_document,
    items_csv_document,
    items_to_csv,
    load_framework,
    load_instrument,
    parse_instrument,
    said,
    say,
    source_document,
)

from ..messages import Message
from ..messages import mark as _
from ._editor_versions import measures_the_same
from ._settings import questionnaire_ids

__all__ = [
    "FIELD",
    "FILE_KINDS",
    "ITEM_TYPES",
    "MOST_BYTES",
    "empty_document",
    "empty_kinds",
    "exported",
    "framework_words",
    "imported",
    "normal",
    "own_instrument",
    "questionnaire_problems",
    "size_problem",
    "without_stale_norms",
]

#: The block's field that holds the questionnaire; messages are about it and a path in it.
FIELD = "own_instrument"
#: Kind of questionnaire -> the types of items that it may have, the usual one first.
ITEM_TYPES = TYPES_OF
#: Kinds that have scales of their own in the place of a framework.
_WITH_SCALES = ("needs_survey", "motivation")
#: Endings of files to import.
FILE_KINDS = (".csv", ".json", ".yaml", ".yml")
#: Of the questionnaire and its earlier versions together, as JSON: what one block of a course may hold.
MOST_BYTES = 6_000_000
_MOST_PROBLEMS = 100
#: How the analytics puts the place before a problem; the field itself is place enough.
_PLACED = "{place}: {problem}"


def own_instrument(document: Mapping[str, Any]) -> Instrument:
    """The questionnaire of a document, read once for each text of it.

    Raises:
        InstrumentError: it is not valid.
    """
    return _read(json.dumps(document, ensure_ascii=False, sort_keys=False))


@lru_cache(maxsize=64)
def _read(text: str) -> Instrument:
    return parse_instrument(json.loads(text))


def normal(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The document in its one spelling, or None for one that is not valid."""
    try:
        return instrument_to_document(parse_instrument(document))
    except InstrumentError:
        return None


def questionnaire_problems(document: Mapping[str, Any], lang: str) -> tuple[Message, ...]:
    """Everything that is wrong with it, each about ``own_instrument.<path>``; the first hundred."""
    if not document:
        return ()
    return tuple(_problem(error, lang) for error in instrument_problems(document)[:_MOST_PROBLEMS])


def _problem(error: InstrumentError, lang: str) -> Message:
    placed = error.problem.template == _PLACED
    bare = InstrumentError(error.problem.arguments["problem"] if placed else error.problem, accepted=error.accepted)
    return Message(
        "{problem}",
        {"problem": said(str(error), lang)},
        about=".".join([FIELD, *map(str, error.path)]),
        at_field=said(str(bare), lang) if error.path else "",
    )


def size_problem(document: Mapping[str, Any], earlier: Mapping[str, Any]) -> Message | None:
    """A message where both, as they are stored, are more than a course should hold."""
    size = len(json.dumps([document, earlier], ensure_ascii=False).encode())
    if size <= MOST_BYTES:
        return None
    words = _("The questions and their earlier versions take {size} MB (accepted: at most {limit} MB).")
    return Message(words, {"size": f"{size / 1e6:.1f}", "limit": MOST_BYTES // 1_000_000}, about=FIELD)


def without_stale_norms(document: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` without the norms that it has from ``before``, where it measures something else than that.

    Norms are what a sample's answers to exactly those items have shown.
    """
    if document.get("norms") and document["norms"] == before.get("norms") and not measures_the_same(document, before):
        return {key: value for key, value in document.items() if key != "norms"}
    return document


# --- starting, files -----------------------------------------------------------------------------


def empty_kinds() -> tuple[str, ...]:
    """Kinds of questionnaire that one can begin with nothing: those that the block asks."""
    asked = {load_instrument(each).kind for each in questionnaire_ids()}
    return tuple(kind for kind in INSTRUMENT_KINDS if kind in asked)


def empty_document(kind: str, framework_id: str, new_id: str) -> dict[str, Any]:
    """A questionnaire without any question, to be filled in; a kind without a framework begins with one scale.

    Raises:
        InstrumentError: there is no such framework.
    """
    nothing = dict.fromkeys(LANGUAGES, "")
    head = {"id": new_id, "version": "1", "kind": kind, "title": dict(nothing), "intro": dict(nothing), "minutes": 10}
    if kind in _WITH_SCALES:
        scale = {"id": "scale1", "title": dict(nothing), "description": dict(nothing)}
        return {**head, "scales": [scale], "items": []}
    levels = len(load_framework(framework_id).levels)
    return {**head, "framework": framework_id, "cut_scores": list(range(levels)), "items": []}


def imported(text: str, file: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says: a whole questionnaire, or, of a table, ``document`` with the items of the table.

    It need not be valid: the editor shows what is wrong.

    Raises:
        InstrumentError: the file cannot be read at all.
    """
    if PurePath(file.lower()).suffix == ".csv":
        found = items_csv_document(text, document, file=file)
    else:
        found = source_document(text, file=file)
    return normal(found) or found


def exported(document: Mapping[str, Any], kind: str) -> str:
    """The questionnaire as a file's text; ``kind`` is ``csv`` or ``json``.

    Raises:
        InstrumentError: it is not valid, and no table can be made of it.
    """
    if kind == "json":
        return json.dumps(normal(document) or document, ensure_ascii=False, indent=1) + "\n"
    return items_to_csv(parse_instrument(document))


def framework_words(lang: str) -> dict[str, Any]:
    """Each framework for the editor: areas, competencies and levels with their titles in one language."""
    return {framework_id: _framework(load_framework(framework_id), lang) for framework_id in framework_ids()}


def _framework(framework: Framework, lang: str) -> dict[str, Any]:
    return {
        "title": say(framework.title, lang),
        "levels": [{"id": level.id, "name": say(level.name, lang)} for level in framework.levels],
        "areas": [
            {
                "id": area.id,
                "title": say(area.title, lang),
                "homes": [{"id": one.id, "title": say(one.title, lang)} for one in framework.competencies_of(area.id)],
            }
            for area in framework.areas
        ],
    }
