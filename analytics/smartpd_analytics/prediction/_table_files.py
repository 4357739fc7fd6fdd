"""Tables from files or memory, and columns of one kind: texts, days, numbers."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..csv_tables import CsvForm, form_of
from ..errors import N_, InputError, Message, listed

__all__ = [
    "Days",
    "Source",
    "Strings",
    "Vector",
    "as_days",
    "as_numbers",
    "as_texts",
    "fingerprint_of",
    "line_of",
    "read_table",
    "require_columns",
]

Vector = np.ndarray[Any, np.dtype[np.float64]]
Strings = np.ndarray[Any, np.dtype[np.object_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
#: A Parquet or CSV file, or a table in memory.
Source: TypeAlias = "Path | str | pd.DataFrame"

#: What is read of a folder.
_ENDINGS = (".parquet", ".csv", ".csv.gz")
_TABLE = N_("a table as Parquet or CSV")
_DAY = N_("YYYY-MM-DD")
#: How pandas says that a row is longer than the header.
_LONG_ROW = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


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
            raise InputError(N_("the folder holds no table"), file=str(path), accepted=", ".join(_ENDINGS))
        return pd.concat([_file(each) for each in parts], ignore_index=True), str(path)
    if not path.is_file():
        raise InputError(N_("there is no such file"), file=str(path), accepted=_TABLE)
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
        raise _unreadable(path, error) from error
    except (ValueError, UnicodeError, EOFError) as error:
        # pyarrow's and pandas' errors about content are ValueErrors.
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    words = " ".join(str(error).split())[:200]
    long_row = _LONG_ROW.search(words)
    if not long_row:
        problem = N_("it cannot be read as a table: {reason}")
        return InputError(problem, file=str(path), accepted=_TABLE, reason=words)
    columns, line, cells = map(int, long_row.groups())
    return InputError(
        N_("the row has {cells} cells, the header {columns}"),
        file=str(path),
        line=line,
        accepted=N_("a cell for each column; text that holds the separator in quotes"),
        cells=cells,
        columns=columns,
    )


def line_of(name: str, row: int) -> int:
    """The line in which a row (from 0) of a CSV file ends; 0 where ``name`` is no such file."""
    path = Path(name)
    if path.suffix.lower() != ".csv" or not path.is_file():
        return 0
    form = form_of(path)
    with path.open(encoding=form.encoding, errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=form.separator)
        filled = (reader.line_num for cells in reader if cells)
        return next(islice(filled, row + 1, None), 0)


def require_columns(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        accepted = Message(N_("a table with the columns {columns}"), columns=listed(columns, quoted=True))
        problem = N_("these columns are missing: {columns}")
        raise InputError(problem, file=name, accepted=accepted, columns=listed(missing, quoted=True))


def as_texts(series: pd.Series[Any], column: str, name: str) -> Strings:
    if series.isna().any():
        raise _empty(series.isna(), column, name)
    found: Strings = series.astype(str).to_numpy(dtype=object)
    return found


def as_days(series: pd.Series[Any], column: str, name: str, *, empty: bool = False) -> Days:
    """Days, from dates, times, ISO text, or integer microseconds since 1970."""
    if pd.api.types.is_integer_dtype(series):
        parsed = pd.to_datetime(series, unit="us", utc=True, errors="coerce")
    elif pd.api.types.is_datetime64_any_dtype(series):
        parsed = pd.to_datetime(series, utc=True)
    else:
        parsed = pd.to_datetime(series.astype("string"), utc=True, format="ISO8601", errors="coerce")
    days: Days = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    wrong = np.isnat(days) & series.notna().to_numpy()
    if wrong.any():
        problem = N_("column '{column}' in row {row}: '{value}' is no day")
        raise _cell(problem, _DAY, at=int(np.flatnonzero(wrong)[0]), series=series, column=column, name=name)
    if not empty and np.isnat(days).any():
        raise _empty(np.isnat(days), column, name)
    return days


def as_numbers(
    series: pd.Series[Any], column: str, name: str, *, only: tuple[float, ...] = (), shares: bool = False
) -> Vector:
    numbers: Vector = pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    given = series.notna().to_numpy()
    bad = given & np.isnan(numbers)
    if only:
        if not given.all():
            raise _empty(~given, column, name)
        bad |= ~np.isin(numbers, only)
    if shares:
        bad |= (numbers < 0) | (numbers > 1)
    if bad.any():
        accepted = ", ".join(f"{value:g}" for value in only) or N_("a share from 0 to 1, or an empty cell")
        problem = N_("column '{column}' in row {row} is '{value}'")
        raise _cell(problem, accepted, at=int(np.flatnonzero(bad)[0]), series=series, column=column, name=name)
    return numbers


def _cell(problem: str, accepted: str, *, at: int, series: pd.Series[Any], column: str, name: str) -> InputError:
    value, line = str(series.iloc[at]), line_of(name, at)
    return InputError(problem, file=name, line=line, accepted=accepted, column=column, row=at + 1, value=value)


def _empty(where: Any, column: str, name: str) -> InputError:
    at = int(np.flatnonzero(where)[0])
    problem, accepted = N_("column '{column}' is empty in row {row}"), N_("something in every row")
    return InputError(problem, file=name, line=line_of(name, at), accepted=accepted, column=column, row=at + 1)


def fingerprint_of(frame: pd.DataFrame) -> str:
    """SHA-256 of the content, whatever file format it came in."""
    digest = hashlib.sha256(",".join(map(str, frame.columns)).encode())
    # A column at a time: as text all of them take many times the room.
    for column in frame.columns:
        text = frame[column].astype(object).where(frame[column].notna(), None).astype(str)
        digest.update(pd.util.hash_pandas_object(text, index=False).to_numpy().tobytes())
    return digest.hexdigest()
