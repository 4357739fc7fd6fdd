"""What a learner says of the cells, and what follows from it.

Kept as plain JSON in the learner's state: ``{cell id: {"status", "rating", "updated", "after"?}}``. Marks of
cells that are no longer in the matrix stay where they are: the cell may come back.

What the course counts as finished is done here as well, without a word of the learner. The newest word counts: a
status that the learner chose when it was finished already (``after``) stands, whatever it says; one from before has
been overtaken by the finishing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ._matrix import Cell, Matrix

STATUSES: tuple[str, ...] = ("none", "planned", "doing", "done")
#: Steps of the rating scale, lowest first.
RATINGS: tuple[int, ...] = (1, 2, 3, 4)

Marks = Mapping[str, "CellMark"]


@dataclass(frozen=True, slots=True)
class CellMark:
    """``updated`` is the time of the last change as ISO 8601 in UTC, or ``""``.

    ``after``: the status was chosen when the course counted the cell as finished already.
    """

    status: str = "none"
    rating: int | None = None
    updated: str = ""
    after: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Cells that count (see ``Matrix.counted``) and how many of them stand at each status."""

    total: int
    done: int
    doing: int
    planned: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


class MarkError(ValueError):
    """A mark that can't be taken.

    Args:
        problem: ``unknown_cell``, ``unknown_status`` or ``unknown_rating``.
        value: what was given.
        accepted: what would have been accepted.
    """

    def __init__(self, problem: str, value: object, accepted: Iterable[object]) -> None:
        self.problem = problem
        self.value = value
        self.accepted = tuple(accepted)
        super().__init__(f"{problem}: {value!r} (accepted: {', '.join(map(str, self.accepted))})")


def read_marks(state: object) -> dict[str, CellMark]:
    """The marks in a learner's state; what is not a mark is passed over."""
    marks = {}
    for cell_id, entry in (state if isinstance(state, Mapping) else {}).items():
        if not isinstance(entry, Mapping):
            continue
        status, rating, updated = entry.get("status"), entry.get("rating"), entry.get("updated")
        marks[str(cell_id)] = CellMark(
            status=status if status in STATUSES else "none",
            rating=rating if _is_rating(rating) else None,
            updated=updated if isinstance(updated, str) else "",
            after=entry.get("after") is True,
        )
    return marks


def write_marks(marks: Marks) -> dict[str, dict[str, Any]]:
    return {
        cell_id: {"status": mark.status, "rating": mark.rating, "updated": mark.updated}
        | ({"after": True} if mark.after else {})
        for cell_id, mark in sorted(marks.items())
    }


def with_finished(marks: Marks, finished: Collection[str]) -> dict[str, CellMark]:
    """The marks as they count: cells of ``finished`` are done, unless the learner has said otherwise since."""
    known = {cell_id: marks.get(cell_id, CellMark()) for cell_id in finished}
    return {
        **marks,
        **{cell_id: replace(mark, status="done") for cell_id, mark in known.items() if not mark.after},
    }


def mark(
    matrix: Matrix, marks: Marks, cell_id: object, status: object, *, now: str, finished: Collection[str] = ()
) -> dict[str, CellMark]:
    """The marks after one cell got a new status.

    Args:
        finished: ids of the cells that the course counts as finished now.

    Raises:
        MarkError: no such cell, or no such status.
    """
    cell = _cell(matrix, cell_id)
    if not isinstance(status, str) or status not in STATUSES:
        raise MarkError("unknown_status", status, STATUSES)
    before = marks.get(cell.id, CellMark())
    new = CellMark(status=status, rating=before.rating, updated=now, after=cell.id in finished)
    return {**marks, cell.id: new}


def rate(matrix: Matrix, marks: Marks, cell_id: object, rating: object, *, now: str) -> dict[str, CellMark]:
    """The marks after the learner rated themselves in one cell; None takes the rating back.

    Raises:
        MarkError: no such cell, or a rating outside the scale.
    """
    cell = _cell(matrix, cell_id)
    if rating is not None and not _is_rating(rating):
        raise MarkError("unknown_rating", rating, RATINGS)
    before = marks.get(cell.id, CellMark())
    return {**marks, cell.id: replace(before, rating=rating, updated=now)}  # type: ignore[arg-type]


def progress(matrix: Matrix, marks: Marks) -> Progress:
    """How far the learner is in the whole matrix."""
    return _count(matrix.counted, marks)


def row_progress(matrix: Matrix, marks: Marks) -> dict[str, Progress]:
    """Row id -> how far the learner is in it (by the cells that count)."""
    counted = {cell.id for cell in matrix.counted}
    return {row.id: _count([cell for cell in row if cell.id in counted], marks) for row in matrix.rows()}


def completion(matrix: Matrix, marks: Marks) -> float:
    """Share of the counted cells that are done, 0..1; 0 for a matrix without cells."""
    counts = progress(matrix, marks)
    return counts.done / counts.total if counts.total else 0.0


def block_status(matrix: Matrix, marks: Marks) -> str:
    """One status for the matrix as a whole, for what has no block of its own to be marked on."""
    counts = progress(matrix, marks)
    if counts.total and counts.done == counts.total:
        return "done"
    statuses = {marks[cell.id].status for cell in matrix.cells if cell.id in marks}
    if statuses & {"doing", "done"}:
        return "doing"
    return "planned" if "planned" in statuses else "none"


def _cell(matrix: Matrix, cell_id: object) -> Cell:
    cell = matrix.get(cell_id) if isinstance(cell_id, str) else None
    if cell is None:
        raise MarkError("unknown_cell", cell_id, sorted(cell.id for cell in matrix.cells))
    return cell


def _is_rating(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in RATINGS


def _count(cells: Iterable[Cell], marks: Marks) -> Progress:
    statuses = [marks[cell.id].status if cell.id in marks else "none" for cell in cells]
    return Progress(
        total=len(statuses),
        done=statuses.count("done"),
        doing=statuses.count("doing"),
        planned=statuses.count("planned"),
    )
