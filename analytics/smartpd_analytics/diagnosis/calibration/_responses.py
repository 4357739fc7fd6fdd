"""Answers of many learners, from a table on disk or in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...csv_tables import NO_ANSWER, Header, Row, scan_csv_table
from ...data import is_simulated_learner
from ...errors import N_, InputError, Message

__all__ = ["MISSING", "Responses", "read_item_areas", "read_responses", "responses_of"]

#: Marks a missing answer in ``Responses.scores``.
MISSING = -1
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
        raise InputError(N_("an item stands there twice"), accepted=N_("each item once"))
    table = []
    for number, row in enumerate(rows, start=1):
        if len(row) != len(ids):
            wanted = Message(N_("one for each of {items} items"), items=len(ids))
            raise InputError(N_("row {row}: {found} scores"), accepted=wanted, row=number, found=len(row))
        for item_id, score in zip(ids, row, strict=True):
            if score is not None and (score != int(score) or not 0 <= score <= _MOST):
                problem = N_("row {row}, item '{item}': '{value}' is no score")
                accepted = N_("a whole number from 0 to 100")
                raise InputError(problem, accepted=accepted, row=number, item=item_id, value=score)
        table.append([MISSING if score is None else int(score) for score in row])
    scores = np.array(table, dtype=np.int16).reshape(len(table), len(ids))
    weights = np.ones(len(table)) if counts is None else np.asarray(counts, dtype=float)
    if weights.shape != (len(table),) or not (np.isfinite(weights) & (weights > 0)).all():
        raise InputError(N_("a count cannot be used"), accepted=N_("a number above 0 for each row"))
    return Responses(ids, scores, weights, dict(areas or {}))


def read_responses(path: str | Path) -> Responses:
    """The answers in a CSV file with a header, in any form that ``csv_tables`` reads.

    Long: the columns ``learner``, ``item``, ``score`` and, if wanted, ``area``; one row for each answer.
    Wide: one row for each learner, one column for each item; a column ``learner`` is passed over, a column
    ``count`` says how many learners the row stands for. Empty cells and ``NA`` are missing answers.

    Raises:
        InputError: the file cannot be read, or a cell is not as accepted; with file and line.
    """
    header, rows = scan_csv_table(Path(path))
    found = _long(rows) if set(_LONG) <= set(header.columns) else _wide(header, rows)
    if not found.scores.size:
        accepted = N_("a row for each answer or each learner")
        raise InputError(N_("there are no answers"), file=header.file, accepted=accepted)
    return found


def read_item_areas(path: str | Path) -> dict[str, str]:
    """Item id -> area id, from a CSV file with the columns ``item`` and ``area``.

    Raises:
        InputError: the file cannot be read, or lacks a column.
    """
    header, rows = scan_csv_table(Path(path))
    header.require(("item", "area"), N_("the columns item and area"))
    return {row.text("item"): row.text("area") for row in rows}


def _long(rows: Iterable[Row]) -> Responses:
    by_learner: dict[str, dict[str, int]] = {}
    places: dict[str, int] = {}
    areas: dict[str, str] = {}
    for row in rows:
        learner, item = row.text("learner"), row.text("item")
        if not learner or not item:
            problem = N_("there is no item") if learner else N_("there is no learner")
            raise row.error(problem, N_("a learner and an item in each row"))
        places.setdefault(item, len(places))
        if row.text("area"):
            areas[item] = row.text("area")
        answers = by_learner.setdefault(learner, {})
        score = _score(row, "score")
        if score is None:
            continue
        if item in answers:
            problem, accepted = N_("learner '{learner}' has a second score on '{item}'"), N_("one score for each item")
            raise row.error(problem, accepted, learner=learner, item=item)
        answers[item] = score
    scores = np.full((len(by_learner), len(places)), MISSING, dtype=np.int16)
    for row_number, answers in enumerate(by_learner.values()):
        for item, score in answers.items():
            scores[row_number, places[item]] = score
    simulated = any(map(is_simulated_learner, by_learner))
    return Responses(tuple(places), scores, np.ones(len(by_learner)), areas, simulated)


def _wide(header: Header, rows: Iterable[Row]) -> Responses:
    ids = tuple(column for column in header.columns if column not in ("learner", "count"))
    scores: list[list[int]] = []
    counts: list[float] = []
    simulated = False
    for row in rows:
        given = (_score(row, item) for item in ids)
        scores.append([MISSING if score is None else score for score in given])
        counts.append(_count(row) if "count" in header.columns else 1.0)
        simulated = simulated or is_simulated_learner(row.text("learner"))
    table = np.array(scores, dtype=np.int16).reshape(len(scores), len(ids))
    return Responses(ids, table, np.array(counts), {}, simulated)


def _score(row: Row, column: str) -> int | None:
    text = row.text(column)
    if text in NO_ANSWER:
        return None
    # A spreadsheet may write a whole number as 1.0 or 1,0.
    whole = (text.replace(",", ".") if row.decimal_comma else text).removesuffix(".0")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 4 and int(whole) <= _MOST):
        accepted = N_("a whole number from 0 to 100, or an empty cell for no answer")
        raise row.error(N_("column '{column}': '{value}' is no score"), accepted, column=column, value=text)
    return int(whole)


def _count(row: Row) -> float:
    text = row.text("count")
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0):
        raise row.error(N_("column 'count': '{value}' is no count"), N_("a whole number above 0"), value=text)
    return float(text)
