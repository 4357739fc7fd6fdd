"""The matrix itself: frozen, in the order the course team gave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartpd_analytics.data import Text

#: How a cell can be done: in the room, live online, at any time.
MODES: tuple[str, ...] = ("room", "online", "asynchronous")


@dataclass(frozen=True, slots=True)
class Topic:
    """A row, or a group of rows where it is split; ``sections`` are pairs of id and title."""

    id: str
    title: Text
    sections: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """A column: a method of learning."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """Something to do and something to master, where one row and one column meet.

    ``section`` is ``""`` where the cell belongs to the topic as a whole. ``link`` is kept as written
    (``_links`` reads it). ``minutes`` is None where unknown.
    """

    id: str
    topic: str
    activity: str
    can_do: Text
    task: Text
    section: str = ""
    link: str = ""
    minutes: int | None = None
    modes: tuple[str, ...] = ()
    competency: str = ""
    level: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grid: a topic, or one section of it; ``cells`` has one place for each activity."""

    topic: Topic
    section: str
    title: Text
    cells: tuple[Cell | None, ...]

    @property
    def id(self) -> str:
        return f"{self.topic.id}/{self.section}" if self.section else self.topic.id

    def __iter__(self) -> Iterator[Cell]:
        return (cell for cell in self.cells if cell is not None)


@dataclass(frozen=True, slots=True)
class Matrix:
    topics: tuple[Topic, ...] = ()
    activities: tuple[Activity, ...] = ()
    cells: tuple[Cell, ...] = ()

    def get(self, cell_id: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.id == cell_id), None)

    def rows(self) -> tuple[Row, ...]:
        """The grid from top to bottom.

        A topic with sections has a row of its own above them only if it holds cells of its own.
        """
        places = {(cell.topic, cell.section, cell.activity): cell for cell in self.cells}
        rows = []
        for topic in self.topics:
            for section, title in (("", topic.title), *topic.sections):
                cells = tuple(places.get((topic.id, section, activity.id)) for activity in self.activities)
                if section or not topic.sections or any(cells):
                    rows.append(Row(topic=topic, section=section, title=title, cells=cells))
        return tuple(rows)

    @property
    def counted(self) -> tuple[Cell, ...]:
        """The cells that completion counts: the required ones, or all where none is required."""
        return tuple(cell for cell in self.cells if cell.required) or self.cells
