"""Which competencies a block trains, by the course map."""

from __future__ import annotations

from collections.abc import Iterable

from ..data import ContentUnit

__all__ = ["TrainedCompetencies"]


class TrainedCompetencies:
    """The rows of a course map, found by any of the names of a block.

    A row is found by full usage key, by block type and id (so the map of an earlier run serves the next one),
    or by the bare id after the last ``@``.
    """

    def __init__(self, units: Iterable[ContentUnit]) -> None:
        self._by_name: dict[str, ContentUnit] = {}
        for unit in units:
            # Not by the bare id of a full key: a unit and a problem may share it.
            for name in _names(unit.usage_key)[:2]:
                self._by_name.setdefault(name, unit)

    def of(self, usage_key: str, unit_key: str = "") -> tuple[str, ...]:
        """Competencies of the row of the block, or, where that names none, of its unit; none where no row has it."""
        own = self._row(usage_key)
        if own and own.competencies:
            return tuple(dict.fromkeys(own.competencies))
        # Many log lines do not say in which unit a block stands; the map may.
        unit = self._row(unit_key or (own.unit_key if own else ""))
        return tuple(dict.fromkeys(unit.competencies)) if unit else ()

    def _row(self, usage_key: str) -> ContentUnit | None:
        return next((self._by_name[name] for name in _names(usage_key) if name in self._by_name), None)


def _names(usage_key: str) -> tuple[str, ...]:
    """Names of a block, the most telling first: full key, ``type+block@id`` and id of a full key, or a bare id."""
    if "@" not in usage_key:
        return (usage_key,) if usage_key else ()
    return (usage_key, usage_key.partition("@")[2], usage_key.rpartition("@")[2])
