"""The two tables that models are made of: features of learners on a day, and what became of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..csv_tables import CsvForm, form_of
from ..data import is_simulated
from ..errors import N_, InputError, LeakageError

__all__ = [
    "FeatureTable",
    "LabelledTable",
    "Source",
    "Strings",
    "Vector",
    "check_separation",
    "label",
    "read_features",
    "read_runs",
    "read_table",
]

Vector = np.ndarray[Any, np.dtype[np.float64]]
Strings = np.ndarray[Any, np.dtype[np.object_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
#: A Parquet or CSV file, or a table in memory.
Source: TypeAlias = "Path | str | pd.DataFrame"

#: What is read of a folder.
_ENDINGS = (".parquet", ".csv", ".csv.gz")

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
#: A column that parts completers from the others as well as this has seen the outcome.
_TELLS_ALL = 0.999
_ENOUGH_TO_TELL = 50


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
                f"{_listed(missing)} missing: the model was trained with it",
                file=self.name,
                accepted="a table of features made in the same way as the one that the model was trained on",
            )
        return self.values[:, [place[column] for column in columns]]


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
    _need(frame, IDENTITY, name)
    unknown = [column for column in exclude if column not in frame.columns]
    if unknown:
        raise InputError(f"no column {_listed(unknown)} to leave out", file=name, accepted=_listed(frame.columns))
    outcomes = [column for column in frame.columns if str(column).strip().lower() in OUTCOMES and column not in exclude]
    if outcomes:
        raise LeakageError(
            f"{_listed(outcomes)} among the features says what became of the learner",
            file=name,
            accepted="features of the day alone; leave such a column out with --exclude",
        )
    if frame.empty:
        raise InputError("the table has no rows", file=name, accepted="a row for each learner, course and day")
    columns, parts, left_out = _numeric(frame, exclude, with_demographics=with_demographics)
    if not columns:
        raise InputError("the table has no column with numbers", file=name, accepted="numeric features")
    values = np.column_stack(parts)
    endless = [column for at, column in enumerate(columns) if np.isinf(values[:, at]).any()]
    if endless:
        raise InputError(f"{_listed(endless)} holds infinity", file=name, accepted="a number, or an empty cell")
    table = FeatureTable(
        courses=_texts(frame["course_key"], "course_key", name),
        learners=_texts(frame["learner"], "learner", name),
        days=_days(frame["as_of"], "as_of", name),
        columns=tuple(columns),
        values=values,
        left_out=tuple(left_out),
        fingerprint=_fingerprint(frame),
        name=name,
    )
    keys = pd.DataFrame({"course": table.courses, "learner": table.learners, "day": table.days})
    twice = keys.duplicated()
    if twice.any():
        row = keys[twice].iloc[0]
        raise InputError(
            f"learner {row['learner']!r} stands twice in {row['course']!r} on {str(row['day'])[:10]}",
            file=name,
            accepted="one row for each learner, course and day",
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
    _need(frame, ("course_key", "learner", "completed"), name)
    frame = frame.assign(
        course_key=_texts(frame["course_key"], "course_key", name), learner=_texts(frame["learner"], "learner", name)
    )
    keys = ["course_key", "learner"]
    twice = frame.duplicated(keys)
    if twice.any():
        row = frame[twice].iloc[0]
        raise InputError(
            f"learner {row['learner']!r} stands twice in {row['course_key']!r}",
            file=name,
            accepted="one outcome for each learner and course",
        )
    frame = frame.assign(completed=_numbers(frame["completed"], "completed", name, only=(0.0, 1.0)))
    levels = _numbers(frame["exit_level"], "exit_level", name, shares=True) if "exit_level" in frame else None
    frame = frame.assign(exit_level=np.full(len(frame), np.nan) if levels is None else levels)
    for column in ("starts", "ends"):
        known = _days(frame[column], column, name, empty=True) if column in frame else np.datetime64("NaT", "D")
        frame = frame.assign(**{column: known})
    left = pd.DataFrame({"course_key": table.courses, "learner": table.learners, "_row": np.arange(len(table))})
    joined = left.merge(frame, on=keys, how="left", sort=False).sort_values("_row")
    known_rows = joined["completed"].notna().to_numpy()
    if not known_rows.any():
        raise InputError(
            "no row of the features has an outcome",
            file=name,
            accepted="the same course_key and learner in both tables",
        )
    without_features = len(frame) - len(left[keys].drop_duplicates().merge(frame[keys], on=keys))
    kept = joined[known_rows]
    features = table.rows(np.flatnonzero(known_rows))
    ends = kept["ends"].to_numpy(dtype="datetime64[D]")
    late = features.days > ends
    if late.any():
        at = int(np.flatnonzero(late)[0])
        raise LeakageError(
            f"learner {features.learners[at]!r} in {features.courses[at]!r}: the day {features.days[at]} lies after "
            f"the end of the course, {ends[at]}",
            file=table.name,
            accepted="features of a day before the outcome was known",
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
        fingerprint=_fingerprint(frame),
    )


def read_runs(source: Source) -> dict[str, tuple[date, date | None]]:
    """First and last day of each course run, from a table with ``course_key``, ``starts`` and perhaps ``ends``.

    A course may have many rows, as in outcomes: then they must agree.

    Raises:
        InputError: it cannot be read, lacks a column, a day is none, or rows of one course differ.
    """
    frame, name = read_table(source)
    _need(frame, ("course_key", "starts"), name)
    given = pd.DataFrame(
        {
            "course": _texts(frame["course_key"], "course_key", name),
            "starts": _days(frame["starts"], "starts", name),
            "ends": _days(frame["ends"], "ends", name, empty=True) if "ends" in frame else np.datetime64("NaT", "D"),
        }
    ).drop_duplicates()
    twice = given[given.duplicated("course")]
    if len(twice):
        raise InputError(
            N_("the rows of {course!r} name different days"),
            file=name,
            accepted=N_("one start and one end for each course run"),
            course=str(twice.iloc[0]["course"]),
        )
    return {
        str(row.course): (row.starts.date(), None if pd.isna(row.ends) else row.ends.date())
        for row in given.itertuples()
    }


def check_separation(table: LabelledTable) -> None:
    """Refuse a column that alone tells the outcome.

    Raises:
        LeakageError: its AUC is 0.999 or more, or 0.001 or less, on at least 50 rows of each outcome.
    """
    for at, column in enumerate(table.features.columns):
        values = table.features.values[:, at]
        known = ~np.isnan(values)
        target = table.target[known]
        ones = int(target.sum())
        zeros = len(target) - ones
        if min(ones, zeros) < _ENOUGH_TO_TELL:
            continue
        ranks = pd.Series(values[known]).rank().to_numpy()
        auc = (ranks[target == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros)
        if max(auc, 1 - auc) >= _TELLS_ALL:
            raise LeakageError(
                f"the column {column!r} alone tells who completes (AUC {max(auc, 1 - auc):.4f})",
                file=table.features.name,
                accepted="features of the day alone; leave such a column out with --exclude",
            )


def read_table(source: Source) -> tuple[pd.DataFrame, str]:
    """A table and the name that errors give it: a file by its ending (.parquet, else CSV), or all tables of a folder.

    Raises:
        InputError: there is no such file, or it is no table.
    """
    if isinstance(source, pd.DataFrame):
        return source.reset_index(drop=True), ""
    path = Path(source)
    if path.is_dir():
        parts = sorted(each for each in path.iterdir() if each.name.endswith(_ENDINGS))
        if not parts:
            raise InputError("the folder holds no table", file=str(path), accepted=", ".join(_ENDINGS))
        return pd.concat([_file(each) for each in parts], ignore_index=True), str(path)
    if not path.is_file():
        raise InputError("there is no such file", file=str(path), accepted="a table as Parquet or CSV")
    return _file(path), str(path)


def _file(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        form = CsvForm("utf-8", ",") if path.suffix == ".gz" else form_of(path)
        # Ids must stay as they are written: 007 is not 7.
        return pd.read_csv(
            path,
            sep=form.separator,
            decimal="," if form.decimal_comma else ".",
            encoding=form.encoding,
            dtype={"course_key": str, "learner": str},
            low_memory=False,
        )
    except OSError as error:
        if error.errno is not None:
            raise
        raise InputError(f"it cannot be read as a table: {error}", file=str(path)) from error
    except (ValueError, UnicodeError, EOFError) as error:
        # pyarrow's and pandas' errors about content are ValueErrors.
        words = " ".join(str(error).split())[:200]
        raise InputError(f"it cannot be read as a table: {words}", file=str(path), accepted="Parquet or CSV") from error


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


def _starts(features: FeatureTable, given: Days) -> Days:
    """The day each row's run started: as given, else the first day of the run in the features."""
    frame = pd.DataFrame({"course": features.courses, "given": given, "day": features.days})
    first = frame.groupby("course")[["given", "day"]].transform("min")
    found: Days = first["given"].fillna(first["day"]).to_numpy(dtype="datetime64[D]")
    return found


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise InputError(f"{_listed(missing)} missing", file=name, accepted=f"a table with {_listed(columns)}")


def _texts(series: pd.Series[Any], column: str, name: str) -> Strings:
    if series.isna().any():
        at = int(np.flatnonzero(series.isna())[0])
        raise InputError(f"row {at + 1} has no {column}", file=name, accepted="one in every row")
    found: Strings = series.astype(str).to_numpy(dtype=object)
    return found


def _days(series: pd.Series[Any], column: str, name: str, *, empty: bool = False) -> Days:
    """Days, from dates, times, ISO text, or integer microseconds since 1970."""
    try:
        if pd.api.types.is_integer_dtype(series):
            parsed = pd.to_datetime(series, unit="us", utc=True)
        elif pd.api.types.is_datetime64_any_dtype(series):
            parsed = pd.to_datetime(series, utc=True)
        else:
            parsed = pd.to_datetime(series.astype("string"), utc=True, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise InputError(f"{column} is no day: {error}", file=name, accepted="YYYY-MM-DD") from error
    days: Days = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    if not empty and np.isnat(days).any():
        raise InputError(f"row {int(np.flatnonzero(np.isnat(days))[0]) + 1} has no {column}", file=name)
    return days


def _numbers(
    series: pd.Series[Any], column: str, name: str, *, only: tuple[float, ...] = (), shares: bool = False
) -> Vector:
    numbers: Vector = pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    given = series.notna().to_numpy()
    bad = given & np.isnan(numbers)
    if only:
        bad |= ~np.isin(numbers, only)
    if shares:
        bad |= (numbers < 0) | (numbers > 1)
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        accepted = " or ".join(f"{value:g}" for value in only) if only else "a share from 0 to 1, or an empty cell"
        raise InputError(f"{column} in row {at + 1} is {series.iloc[at]!r}", file=name, accepted=accepted)
    return numbers


def _fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 of the content, whatever file format it came in."""
    digest = hashlib.sha256(",".join(map(str, frame.columns)).encode())
    # A column at a time: as text all of them take many times the room.
    for column in frame.columns:
        text = frame[column].astype(object).where(frame[column].notna(), None).astype(str)
        digest.update(pd.util.hash_pandas_object(text, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _listed(names: Any) -> str:
    shown = [repr(str(name)) for name in list(names)[:8]]
    return ", ".join(shown) + (" …" if len(names) > 8 else "")
