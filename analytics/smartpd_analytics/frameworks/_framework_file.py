"""A framework file as a Framework."""

from __future__ import annotations

from ..data import Area, Competency, Framework, Level
from ._entry import Entry, distinct, document

__all__ = ["parse_framework"]


def parse_framework(data: bytes, file: str) -> Framework:
    """The framework in ``data``; ``file`` is its name in messages.

    Raises:
        InstrumentError: the first thing that is not as accepted, with its line.
    """
    fields = document(data, file).fields("id", "version", "title", "source", "areas", "levels")
    areas, competencies = _areas(fields["areas"])
    return Framework(
        id=fields["id"].identifier(),
        version=fields["version"].identifier(),
        title=fields["title"].text(),
        source=fields["source"].words(),
        areas=areas,
        competencies=competencies,
        levels=_levels(fields["levels"]),
    )


def _areas(entry: Entry) -> tuple[tuple[Area, ...], tuple[Competency, ...]]:
    areas: list[tuple[str, Entry]] = []
    competencies: list[tuple[str, Entry]] = []
    read_areas: list[Area] = []
    read_competencies: list[Competency] = []
    for area_entry in entry.entries("area"):
        fields = area_entry.fields("id", "title", "description", "competencies")
        area = Area(fields["id"].identifier(), fields["title"].text(), fields["description"].text())
        areas.append((area.id, fields["id"]))
        read_areas.append(area)
        for competency_entry in fields["competencies"].entries(f"area {area.id}, competency"):
            inner = competency_entry.fields("id", "title", "description")
            identifier = inner["id"].identifier()
            competencies.append((identifier, inner["id"]))
            read_competencies.append(
                Competency(identifier, area.id, inner["title"].text(), inner["description"].text())
            )
    distinct(areas, "area")
    distinct(competencies, "competency")
    return tuple(read_areas), tuple(read_competencies)


def _levels(entry: Entry) -> tuple[Level, ...]:
    places: list[tuple[str, Entry]] = []
    levels: list[Level] = []
    for index, level_entry in enumerate(entry.entries("level", least=2)):
        fields = level_entry.fields("id", "name", "description")
        level = Level(fields["id"].identifier(), index, fields["name"].text(), fields["description"].text())
        places.append((level.id, fields["id"]))
        levels.append(level)
    distinct(places, "level")
    return tuple(levels)
