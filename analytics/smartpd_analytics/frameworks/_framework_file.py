"""A framework file as a Framework."""

from __future__ import annotations

from functools import partial

from ..data import Area, Competency, Framework, Level
from ..errors import N_, InstrumentError, Message
from ._entry import Entry, Problems, distinct

__all__ = ["framework_from", "framework_problems"]


def framework_problems(entry: Entry) -> tuple[InstrumentError, ...]:
    """Everything that is wrong with a framework, in the order of the file; empty where nothing is."""
    problems = Problems()
    problems.attempt(lambda: _read(entry, problems), None)
    return problems.sorted()


def framework_from(entry: Entry) -> Framework:
    """The framework that a tree says, or the first problem as InstrumentError."""
    problems = Problems()
    found = _read(entry, problems)
    problems.raise_first()
    return found


def _read(entry: Entry, problems: Problems) -> Framework:
    fields = entry.fields("id", "version", "title", "source", "areas", "levels")
    areas, competencies = problems.attempt(lambda: _areas(fields["areas"], problems), ((), ()))
    return Framework(
        id=problems.attempt(fields["id"].identifier, ""),
        version=problems.attempt(fields["version"].identifier, ""),
        title=problems.attempt(fields["title"].text, {}),
        source=problems.attempt(fields["source"].words, ""),
        areas=areas,
        competencies=competencies,
        levels=problems.attempt(lambda: _levels(fields["levels"], problems), ()),
    )


def _areas(entry: Entry, problems: Problems) -> tuple[tuple[Area, ...], tuple[Competency, ...]]:
    areas: list[tuple[str, Entry]] = []
    competencies: list[tuple[str, Entry]] = []
    read_areas: list[Area] = []
    read_competencies: list[Competency] = []

    def read_area(area_entry: Entry) -> None:
        fields = area_entry.fields("id", "title", "description", "competencies")
        area = Area(fields["id"].identifier(), fields["title"].text(), fields["description"].text())
        areas.append((area.id, fields["id"]))
        read_areas.append(area)
        for competency in fields["competencies"].entries(
            N_("competency {number}"), under=Message(N_("area {number}"), number=area.id)
        ):
            problems.attempt(partial(read_competency, competency, area.id), None)

    def read_competency(competency_entry: Entry, area_id: str) -> None:
        fields = competency_entry.fields("id", "title", "description")
        identifier = fields["id"].identifier()
        competencies.append((identifier, fields["id"]))
        read_competencies.append(Competency(identifier, area_id, fields["title"].text(), fields["description"].text()))

    for area_entry in entry.entries(N_("area {number}")):
        problems.attempt(partial(read_area, area_entry), None)
    problems.attempt(lambda: distinct(areas, N_("area")), None)
    problems.attempt(lambda: distinct(competencies, N_("competency")), None)
    return tuple(read_areas), tuple(read_competencies)


def _levels(entry: Entry, problems: Problems) -> tuple[Level, ...]:
    places: list[tuple[str, Entry]] = []
    levels: list[Level] = []

    def read_level(level_entry: Entry) -> None:
        fields = level_entry.fields("id", "name", "description")
        level = Level(fields["id"].identifier(), len(levels), fields["name"].text(), fields["description"].text())
        places.append((level.id, fields["id"]))
        levels.append(level)

    for level_entry in entry.entries(N_("level {number}"), least=2):
        problems.attempt(partial(read_level, level_entry), None)
    problems.attempt(lambda: distinct(places, N_("level")), None)
    return tuple(levels)
