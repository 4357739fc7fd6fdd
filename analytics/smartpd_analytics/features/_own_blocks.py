"""What the events of our own blocks tell: answers of the needs diagnostic, marks of the learning matrix."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from ._events import PERSON, rows

__all__ = ["DiagnosisAnswers", "OwnBlocks", "own_blocks"]

_ANSWERED = "smartpd.diagnosis.answered"
_MARKED = "smartpd.matrix.cell_marked"


@dataclass(frozen=True, slots=True)
class DiagnosisAnswers:
    """The newest answer of one learner to each item of one instrument, in the newest phase answered.

    ``total`` is the number of items that the block reported.
    """

    usage_key: str
    instrument: str
    version: str
    phase: str
    total: int
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnBlocks:
    """``diagnosis`` is None for who has not answered; ``done`` are the targets of cells marked done."""

    diagnosis: DiagnosisAnswers | None = None
    done: frozenset[str] = field(default_factory=frozenset)


def own_blocks(events: Any) -> dict[tuple[str, str, int], OwnBlocks]:
    """By (course key, username, nameless id), for everybody whose log has such events."""
    told = events.filter(nw.col("name").is_in((_ANSWERED, _MARKED)))
    found = rows(told.select(*PERSON, "order", "name", "usage_key", "payload"))
    found.sort(key=lambda row: (row["course_key"], row["username"], row["nameless_id"], row["order"]))
    answered: dict[tuple[str, str, int], list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    marks: dict[tuple[str, str, int], dict[str, str]] = defaultdict(dict)
    for row in found:
        person = (row["course_key"], row["username"], row["nameless_id"])
        payload = json.loads(row["payload"] or "{}")
        if row["name"] == _ANSWERED:
            answered[person].append((row["usage_key"], payload))
        elif payload.get("target"):
            marks[person][str(payload["target"])] = str(payload.get("status", ""))
    return {
        person: OwnBlocks(
            diagnosis=_newest(answered[person]) if person in answered else None,
            done=frozenset(key for key, status in marks.get(person, {}).items() if status == "done"),
        )
        for person in sorted({*answered, *marks})
    }


def _newest(answers: list[tuple[str, Mapping[str, Any]]]) -> DiagnosisAnswers:
    """Answers to an older version or an earlier phase are no part of the newest attempt."""
    usage_key, last = answers[-1]
    same = {name: last.get(name) for name in ("instrument", "version", "phase")}
    attempt = [row for key, row in answers if key == usage_key and all(row.get(name) == same[name] for name in same)]
    return DiagnosisAnswers(
        usage_key=usage_key,
        instrument=str(last.get("instrument", "")),
        version=str(last.get("version", "")),
        phase=str(last.get("phase", "")),
        total=int(last.get("total") or 0),
        answers={str(row["item"]): str(row["option"]) for row in attempt if "item" in row and "option" in row},
    )
