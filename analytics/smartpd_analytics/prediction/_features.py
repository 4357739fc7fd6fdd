"""The table of features: what is known of learners on a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import N_, InputError, LeakageError, listed
from ._leakage import ALONE
from ._table_files import (
    Days,
    Source,
    Strings,
    Vector,
    as_days,
    as_texts,
    fingerprint_of,
    line_of,
    read_table,
    require_columns,
)

__all__ = ["FeatureTable", "read_features"]

IDENTITY = ("course_key", "learner", "as_of")
#: Days from a learner's first event in the course to the day.
AGE = "days_since_start"
#: 0 for who has left the course by that day.
ENROLLED = "enrolled"
#: Columns that say what became of a learner; never a feature.
OUTCOMES = frozenset(
    (
        *("certificate", "completed", "dropped", "dropped_out", "ends", "exit_level", "final_grade", "final_result"),
        *("not_completed", "outcome", "passed", "starts", "withdrawn"),
    )
)
#: Columns about the person instead of the learning; left out unless asked for.
DEMOGRAPHICS = re.compile(
    r"(^|_)(gender|sex|age|age_band|birth|year_of_birth|region|country|nationality|ethnicity|race|religion|language|"
    r"disability|income|imd|imd_band|education|highest_education|level_of_education|marital)(_|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Rows of (course, learner, day) with numbers; ``values`` is rows x columns, NaN where a cell is empty."""

    courses: Strings
    learners: Strings
    days: Days
    columns: tuple[str, ...]
    values: Vector
    left_out: tuple[tuple[str, str], ...]
    fingerprint: str
    name: str
    #: Rows of learners who had left the course by that day; they are not in this table.
    gone: int = 0

    def __len__(self) -> int:
        return len(self.courses)

    def rows(self, places: Any) -> FeatureTable:
        """The rows at these places, in this order."""
        return replace(
            self,
            courses=self.courses[places],
            learners=self.learners[places],
            days=self.days[places],
            values=self.values[places],
        )

    def ages(self) -> Vector:
        """How old each row's course was on its day: days since the first event of anybody in the table's run.

        By ``days_since_start``, which may be missing: then all are equally old.
        """
        if AGE not in self.columns:
            return np.zeros(len(self))
        age = pd.Series(self.values[:, self.columns.index(AGE)])
        found: Vector = age.groupby([self.courses, self.days]).transform("max").fillna(0).to_numpy(dtype=float)
        return found

    def matrix(self, columns: Sequence[str]) -> Vector:
        """The given columns in their order.

        Raises:
            InputError: one is not there.
        """
        place = {column: at for at, column in enumerate(self.columns)}
        missing = [column for column in columns if column not in place]
        if missing:
            raise InputError(
                N_("missing, though the model was trained with it: {columns}"),
                file=self.name,
                accepted=N_("a table of features made in the same way as the one that the model was trained on"),
                columns=listed(missing, quoted=True),
            )
        return self.values[:, [place[column] for column in columns]]


def read_features(source: Source, *, exclude: Sequence[str] = (), with_demographics: bool = False) -> FeatureTable:
    """Read a table of features.

    Every column beside ``course_key``, ``learner`` and ``as_of`` that holds numbers (or true and false) is a feature;
    text is left out, and so are demographics unless asked for. Rows of learners who have left (``enrolled`` is 0) are
    left out: of them everything is known.

    Raises:
        InputError: it cannot be read, lacks a column or rows, names a learner twice on a day, or holds infinity.
        LeakageError: an outcome stands among the features.
    """
    frame, name = read_table(source)
    require_columns(frame, IDENTITY, name)
    unknown = [column for column in exclude if column not in frame.columns]
    if unknown:
        problem, there = N_("no such column to leave out: {columns}"), listed(frame.columns, quoted=True)
        raise InputError(problem, file=name, accepted=there, columns=listed(unknown, quoted=True))
    outcomes = [column for column in frame.columns if str(column).strip().lower() in OUTCOMES and column not in exclude]
    if outcomes:
        raise LeakageError(
            N_("a feature says what became of the learner: {columns}"),
            file=name,
            accepted=ALONE,
            columns=listed(outcomes, quoted=True),
        )
    if frame.empty:
        accepted = N_("a row for each learner, course and day")
        raise InputError(N_("the table has no rows"), file=name, accepted=accepted)
    columns, parts, left_out = _numeric(frame, exclude, with_demographics=with_demographics)
    if not columns:
        accepted = N_("a column of numbers for each feature")
        raise InputError(N_("the table has no column with numbers"), file=name, accepted=accepted)
    values = np.column_stack(parts)
    endless = [column for at, column in enumerate(columns) if np.isinf(values[:, at]).any()]
    if endless:
        problem, accepted = N_("infinity stands in: {columns}"), N_("a number, or an empty cell")
        raise InputError(problem, file=name, accepted=accepted, columns=listed(endless, quoted=True))
    table = FeatureTable(
        courses=as_texts(frame["course_key"], "course_key", name),
        learners=as_texts(frame["learner"], "learner", name),
        days=as_days(frame["as_of"], "as_of", name),
        columns=tuple(columns),
        values=values,
        left_out=tuple(left_out),
        fingerprint=fingerprint_of(frame),
        name=name,
    )
    keys = pd.DataFrame({"course": table.courses, "learner": table.learners, "day": table.days})
    twice = keys.duplicated()
    if twice.any():
        at = int(np.flatnonzero(twice)[0])
        raise InputError(
            N_("learner '{learner}' stands twice in '{course}' on {day}"),
            file=name,
            line=line_of(name, at),
            accepted=N_("one row for each learner, course and day"),
            learner=table.learners[at],
            course=table.courses[at],
            day=str(table.days[at]),
        )
    return _without_gone(table)


def _without_gone(table: FeatureTable) -> FeatureTable:
    if ENROLLED not in table.columns:
        return table
    here = table.matrix([ENROLLED])[:, 0] != 0
    if not here.any():
        raise InputError(
            N_("everybody in the table has left the course"),
            file=table.name,
            accepted=N_("learners whose enrolled is 1 or empty"),
        )
    return table if here.all() else replace(table.rows(here), gone=int((~here).sum()))


def _numeric(
    frame: pd.DataFrame, exclude: Sequence[str], *, with_demographics: bool
) -> tuple[list[str], list[Vector], list[tuple[str, str]]]:
    """Names and values of the columns that are features, and which are not, with why."""
    columns: list[str] = []
    parts: list[Vector] = []
    left_out: list[tuple[str, str]] = []
    for column in frame.columns:
        if column in IDENTITY:
            continue
        series = frame[column]
        if column in exclude:
            left_out.append((str(column), "excluded"))
        elif not with_demographics and DEMOGRAPHICS.search(str(column)):
            left_out.append((str(column), "demographic"))
        elif series.isna().all():
            columns.append(str(column))
            parts.append(np.full(len(frame), np.nan))
        elif pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
            columns.append(str(column))
            parts.append(series.astype("Float64").to_numpy(dtype=float, na_value=np.nan))
        else:
            left_out.append((str(column), "text"))
    return columns, parts, left_out
