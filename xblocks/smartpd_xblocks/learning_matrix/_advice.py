"""Which cells the plugin's next actions point at, and which the course counts as finished."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ._links import read_link, usage_key_of
from ._marks import Marks
from ._matrix import Matrix


@dataclass(frozen=True, slots=True)
class Advice:
    """One next action.

    ``rank`` counts from 1; ``target`` is a usage key, ``unit`` that of the unit it stands in, or ``""``;
    ``title`` and ``reason`` are in the learner's language, as on the plugin's own page; ``link`` opens the target.
    """

    rank: int
    target: str
    reason: str
    competencies: tuple[str, ...] = ()
    unit: str = ""
    title: str = ""
    link: str = ""


def advised_cells(matrix: Matrix, advice: Iterable[Advice], marks: Marks, course_key: str) -> Mapping[str, Advice]:
    """Cell id -> the best ranked advice that points at it.

    An action points at the cells that link to its target, else at those that link to the target's unit.
    Where there are none, it points at the cells of its competencies that are not done yet: what is done
    needs no recommendation unless it is named.
    """
    targets: dict[str, list[str]] = {}
    trained: dict[str, list[str]] = {}
    for cell in matrix.cells:
        link = read_link(cell.link)
        usage_key = usage_key_of(link, course_key) if link else ""
        if usage_key:
            targets.setdefault(usage_key, []).append(cell.id)
        if cell.competency and not (cell.id in marks and marks[cell.id].status == "done"):
            trained.setdefault(cell.competency, []).append(cell.id)
    advised: dict[str, Advice] = {}
    for action in sorted(advice, key=lambda action: action.rank):
        by_competency = [cell_id for competency in action.competencies for cell_id in trained.get(competency, ())]
        for cell_id in targets.get(action.target) or targets.get(action.unit) or by_competency:
            advised.setdefault(cell_id, action)
    return advised


def finished_cells(
    matrix: Matrix, finished: Collection[str], advised: Collection[str], course_key: str
) -> frozenset[str]:
    """Ids of the cells that lead to one of the usage keys ``finished``; what is recommended now is not called so."""
    links = ((cell.id, read_link(cell.link)) for cell in matrix.cells if finished and cell.id not in advised)
    return frozenset(cell_id for cell_id, link in links if link and usage_key_of(link, course_key) in finished)
