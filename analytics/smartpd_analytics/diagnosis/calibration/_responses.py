"""Answers of many learners, from a table on disk or in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...data import is_simulated_learner
from ...errors import InputError

__all__ = ["MISSING", "Responses", "read_item_areas", "read_responses", "responses_of"]

#: Marks a missing answer in ``Responses.scores``.
MISSING = -1
#: Cells that say that there is no answer.
_NO_ANSWER = frozenset({"", "NA", "N/A", "NaN", "nan", "na", "."})
_LONG = ("learner", "item", "score")
_MOST = 100


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """Scores of learners (rows) on items (columns)."""

    item_ids: tuple[str, ...]
    #: Shape (rows, items), whole numbers from 0, ``MISSING`` for no answer.
    scores: NDArray[np.int16]
    #: How many learners each row stands for, above 0; shape (rows,).
    counts: NDArray[np.float64]
    #: Area id of an item, where one is known.
    areas: Mapping[str, str]
    #: Whether a learner among them is simulated.
    simulated: bool = False

    @property
    def learners(self) -> float:
        return float(self.counts.sum())


def responses_of(
    item_ids: Sequence[str],
    rows: Iterable[Sequence[int | None]],
    *,
    counts: Sequence[float] | None = None,
    areas: Mapping[str, str] | None = None,
) -> Responses:
    """The answers in ``rows``, one score or None for each of ``item_ids``.

    Raises:
        InputError: a row has another length, a score is no whole number from 0 to 100, an item stands twice.
    """
    ids = tuple(item_ids)
    if len(set(ids)) < len(ids):
        raise InputError("an item stands there twice", accepted="each item once")
    table = []
    for number, row in enumerate(rows, start=1):
        if len(row) != len(ids):
            raise InputError(f"row {number} has {len(row)} scores", accepted=f"{len(ids)}, one for each item")
        for item_id, score in zip(ids, row, strict=True):
            if score is not None and (score != int(score) or not 0 <= score <= _MOST):
                raise InputError(
                    f"row {number}, item {item_id}: the score {score!r}", accepted=f"a whole number from 0 to {_MOST}"
                )
        table.append([MISSING if score is None else int(score) for score in row])
    scores = np.array(table, dtype=np.int16).reshape(len(table), len(ids))
    weights = np.ones(len(table)) if counts is None else np.asarray(counts, dtype=float)
    if weights.shape != (len(table),) or not (np.isfinite(weights) & (weights > 0)).all():
        raise InputError("the counts are not as accepted", accepted="a number above 0 for each row")
    return Responses(ids, scores, weights, dict(areas or {}))


def read_responses(path: str | Path) -> Responses:
    """The answers in a CSV file (UTF-8, with a header).

    Long: the columns ``learner``, ``item``, ``score`` and, if wanted, ``area``; one row for each answer.
    Wide: one row for each learner, one column for each item; a column ``learner`` is passed over, a column
    ``count`` says how many learners the row stands for. Empty cells and ``NA`` are missing answers.

    Raises:
        InputError: the file cannot be read, or a cell is not as accepted; with file and line.
    """
    name = str(path)
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            _check_header(header, name)
            lines = ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
            found = _long(header, lines, name) if set(_LONG) <= set(header) else _wide(header, lines, name)
    except OSError as error:
        raise InputError(f"the file cannot be read: {(error.strerror or str(error)).lower()}", file=name) from None
    except UnicodeDecodeError:
        raise InputError("this is no UTF-8 text", file=name, accepted="a CSV file in UTF-8") from None
    except csv.Error as error:
        raise InputError(f"this is no CSV: {error}", file=name, line=reader.line_num) from None
    if not found.scores.size:
        raise InputError("there are no answers", file=name, accepted="a row for each answer or each learner")
    return found


def read_item_areas(path: str | Path) -> dict[str, str]:
    """Item id -> area id, from a CSV file with the columns ``item`` and ``area``.

    Raises:
        InputError: the file cannot be read, or lacks a column.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not {"item", "area"} <= set(reader.fieldnames or ()):
                raise InputError("a column is missing", file=str(path), line=1, accepted="the columns item, area")
            return {(row["item"] or "").strip(): (row["area"] or "").strip() for row in reader}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", file=str(path), accepted="a CSV file") from None


def _check_header(header: Sequence[str], name: str) -> None:
    accepted = "learner,item,score, or one column for each item"
    if not any(header):
        raise InputError("there is no header", file=name, line=1, accepted=accepted)
    seen: set[str] = set()
    for number, column in enumerate(header, start=1):
        if not column:
            raise InputError(f"column {number} has no name", file=name, line=1, accepted=accepted)
        if column in seen:
            raise InputError(f"the column {column!r} stands there twice", file=name, line=1, accepted="each name once")
        seen.add(column)


def _long(header: Sequence[str], lines: Iterable[tuple[int, list[str]]], name: str) -> Responses:
    learner_at, item_at, score_at = (header.index(column) for column in _LONG)
    area_at = header.index("area") if "area" in header else -1
    by_learner: dict[str, dict[str, int]] = {}
    places: dict[str, int] = {}
    areas: dict[str, str] = {}
    for line, row in lines:
        _same_width(header, row, name, line)
        learner, item = row[learner_at].strip(), row[item_at].strip()
        if not learner or not item:
            problem = "there is no learner" if not learner else "there is no item"
            raise InputError(problem, file=name, line=line, accepted="a learner and an item in each row")
        places.setdefault(item, len(places))
        if area_at >= 0 and row[area_at].strip():
            areas[item] = row[area_at].strip()
        score = _score(row[score_at], "score", name, line)
        answers = by_learner.setdefault(learner, {})
        if score is None:
            continue
        if item in answers:
            problem = f"the learner {learner!r} has a second score on {item!r}"
            raise InputError(problem, file=name, line=line, accepted="one score for each learner and item")
        answers[item] = score
    scores = np.full((len(by_learner), len(places)), MISSING, dtype=np.int16)
    for row_number, answers in enumerate(by_learner.values()):
        for item, score in answers.items():
            scores[row_number, places[item]] = score
    simulated = any(map(is_simulated_learner, by_learner))
    return Responses(tuple(places), scores, np.ones(len(by_learner)), areas, simulated)


def _wide(header: Sequence[str], lines: Iterable[tuple[int, list[str]]], name: str) -> Responses:
    columns = [place for place, column in enumerate(header) if column not in ("learner", "count")]
    count_at = header.index("count") if "count" in header else -1
    learner_at = header.index("learner") if "learner" in header else -1
    table: list[list[int]] = []
    counts: list[float] = []
    simulated = False
    for line, row in lines:
        _same_width(header, row, name, line)
        given = (_score(row[place], header[place], name, line) for place in columns)
        scores = [MISSING if score is None else score for score in given]
        counts.append(_count(row[count_at], name, line) if count_at >= 0 else 1.0)
        simulated = simulated or (learner_at >= 0 and is_simulated_learner(row[learner_at].strip()))
        table.append(scores)
    scores_of_all = np.array(table, dtype=np.int16).reshape(len(table), len(columns))
    ids = tuple(header[place] for place in columns)
    return Responses(ids, scores_of_all, np.array(counts), {}, simulated)


def _same_width(header: Sequence[str], row: Sequence[str], name: str, line: int) -> None:
    if len(row) != len(header):
        raise InputError(f"there are {len(row)} cells", file=name, line=line, accepted=f"{len(header)}, as the header")


def _score(cell: str, column: str, name: str, line: int) -> int | None:
    text = cell.strip()
    if text in _NO_ANSWER:
        return None
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 4 and int(whole) <= _MOST):
        accepted = f"a whole number from 0 to {_MOST}, or empty for no answer"
        raise InputError(f"{column}: {text[:40]!r} is no score", file=name, line=line, accepted=accepted)
    return int(whole)


def _count(cell: str, name: str, line: int) -> float:
    text = cell.strip()
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0):
        raise InputError(f"count: {text[:40]!r} is no count", file=name, line=line, accepted="a whole number above 0")
    return float(text)
