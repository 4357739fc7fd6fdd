"""The table of outcomes: what became of learners, joined with what was known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ..data import is_simulated
from ..errors import N_, InputError, LeakageError
from ._features import FeatureTable
from ._table_files import (
    Days,
    Source,
    Strings,
    Vector,
    as_days,
    as_numbers,
    as_texts,
    fingerprint_of,
    line_of,
    read_table,
    require_columns,
)

__all__ = ["LabelledTable", "label", "read_runs"]


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """Features with outcomes: ``target`` is 1 for who did not complete; ``levels`` NaN where unknown."""

    features: FeatureTable
    target: Vector
    levels: Vector
    groups: Mapping[str, Strings]
    #: Day on which the row's course run started.
    starts: Days
    without_outcome: int
    without_features: int
    fingerprint: str

    @property
    def simulated(self) -> bool:
        """Whether a course among them is a simulated one."""
        return any(is_simulated(course) for course in set(self.features.courses))


def label(table: FeatureTable, source: Source) -> LabelledTable:
    """Join features with outcomes.

    Outcomes have ``course_key``, ``learner`` and ``completed`` (1 or 0); where there are ``exit_level`` (a share),
    ``starts`` and ``ends`` (days of the course run) they are used; all other columns are groups whose figures are
    reported and which are never features. Rows without an outcome are left out and counted.

    Raises:
        InputError: a column is missing or has a value that is not accepted; a learner stands twice; nothing joins.
        LeakageError: a row of features is of a day after the end of its course.
    """
    frame, name = read_table(source)
    require_columns(frame, ("course_key", "learner", "completed"), name)
    frame = frame.assign(
        course_key=as_texts(frame["course_key"], "course_key", name),
        learner=as_texts(frame["learner"], "learner", name),
    )
    keys = ["course_key", "learner"]
    twice = frame.duplicated(keys)
    if twice.any():
        at = int(np.flatnonzero(twice)[0])
        raise InputError(
            N_("learner '{learner}' stands twice in '{course}'"),
            file=name,
            line=line_of(name, at),
            accepted=N_("one outcome for each learner and course"),
            learner=frame["learner"].iloc[at],
            course=frame["course_key"].iloc[at],
        )
    frame = frame.assign(completed=as_numbers(frame["completed"], "completed", name, only=(0.0, 1.0)))
    levels = as_numbers(frame["exit_level"], "exit_level", name, shares=True) if "exit_level" in frame else None
    frame = frame.assign(exit_level=np.full(len(frame), np.nan) if levels is None else levels)
    for column in ("starts", "ends"):
        known = as_days(frame[column], column, name, empty=True) if column in frame else np.datetime64("NaT", "D")
        frame = frame.assign(**{column: known})
    left = pd.DataFrame({"course_key": table.courses, "learner": table.learners, "_row": np.arange(len(table))})
    joined = left.merge(frame, on=keys, how="left", sort=False).sort_values("_row")
    known_rows = joined["completed"].notna().to_numpy()
    if not known_rows.any():
        raise InputError(
            N_("no row of the features has an outcome"),
            file=name,
            accepted=N_("the same course_key and learner in both tables"),
        )
    without_features = len(frame) - len(left[keys].drop_duplicates().merge(frame[keys], on=keys))
    kept = joined[known_rows]
    features = table.rows(np.flatnonzero(known_rows))
    ends = kept["ends"].to_numpy(dtype="datetime64[D]")
    late = features.days > ends
    if late.any():
        at = int(np.flatnonzero(late)[0])
        raise LeakageError(
            N_("learner '{learner}' in '{course}': the day {day} lies after the end of the course, {end}"),
            file=table.name,
            accepted=N_("features of a day before the outcome was known"),
            learner=features.learners[at],
            course=features.courses[at],
            day=str(features.days[at]),
            end=str(ends[at]),
        )
    groups = {
        str(column): kept[column].map(lambda value: "" if pd.isna(value) else str(value)).to_numpy(dtype=object)
        for column in frame.columns
        if column not in {*keys, "completed", "exit_level", "starts", "ends", "as_of"}
    }
    return LabelledTable(
        features=features,
        target=1.0 - kept["completed"].to_numpy(dtype=float),
        levels=kept["exit_level"].to_numpy(dtype=float),
        groups=groups,
        starts=_starts(features, kept["starts"].to_numpy(dtype="datetime64[D]")),
        without_outcome=int((~known_rows).sum()),
        without_features=without_features,
        fingerprint=fingerprint_of(frame),
    )


def read_runs(source: Source) -> dict[str, tuple[date, date | None]]:
    """First and last day of each course run, from a table with ``course_key``, ``starts`` and perhaps ``ends``.

    A course may have many rows, as in outcomes: then they must agree.

    Raises:
        InputError: it cannot be read, lacks a column, a day is none, or rows of one course differ.
    """
    frame, name = read_table(source)
    require_columns(frame, ("course_key", "starts"), name)
    given = pd.DataFrame(
        {
            "course": as_texts(frame["course_key"], "course_key", name),
            "starts": as_days(frame["starts"], "starts", name),
            "ends": as_days(frame["ends"], "ends", name, empty=True) if "ends" in frame else np.datetime64("NaT", "D"),
        }
    ).drop_duplicates()
    twice = given[given.duplicated("course")]
    if len(twice):
        raise InputError(
            N_("the rows of '{course}' name different days"),
            file=name,
            accepted=N_("one start and one end for each course run"),
            course=str(twice.iloc[0]["course"]),
        )
    return {
        str(row.course): (row.starts.date(), None if pd.isna(row.ends) else row.ends.date())
        for row in given.itertuples()
    }


def _starts(features: FeatureTable, given: Days) -> Days:
    """The day each row's run started: as given, else the first day of the run in the features."""
    frame = pd.DataFrame({"course": features.courses, "given": given, "day": features.days})
    first = frame.groupby("course")[["given", "day"]].transform("min")
    found: Days = first["given"].fillna(first["day"]).to_numpy(dtype="datetime64[D]")
    return found
