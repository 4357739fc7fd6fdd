"""The features of one learner in one course on one day: the stable schema of the table ``learners``.

Names, meanings and words stand in ``data/learners.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from ..data import Text

__all__ = ["FEATURES", "IDENTITY", "TEXTS", "Feature"]

#: What identifies a row.
IDENTITY = ("course_key", "learner", "as_of")
#: Columns that are neither identity nor number.
TEXTS = ("stopped_at",)

#: Units of what is counted; all others are measured.
_COUNTED = ("count", "flag")
_BOUNDS = {"share": (0.0, 1.0), "flag": (0.0, 1.0), "change": (-1.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Feature:
    """One numeric column.

    ``low`` and ``high`` bound its values, both included; ``high`` is None where there is no bound. A value
    is null in the cases that ``missing`` names (empty: never). ``words`` name it in the middle of a sentence.
    """

    name: str
    group: str
    unit: str
    meaning: str
    words: Text
    low: float = 0.0
    high: float | None = None
    missing: str = ""

    @property
    def whole(self) -> bool:
        """Counts are 64-bit integers, everything else floating point numbers."""
        return self.unit in _COUNTED


def _feature(group: str, row: dict[str, Any]) -> Feature:
    low, high = _BOUNDS.get(row["unit"], (0.0, None))
    bounds = {"low": float(row.pop("low", low)), "high": row.pop("high", high)}
    return Feature(group=group, **row, **bounds)


def _read() -> tuple[Feature, ...]:
    text = (files(__package__) / "data" / "learners.yaml").read_text(encoding="utf-8")
    return tuple(_feature(group, row) for group, rows in yaml.safe_load(text).items() for row in rows)


#: Every numeric column of the table ``learners``, in its order.
FEATURES = _read()
