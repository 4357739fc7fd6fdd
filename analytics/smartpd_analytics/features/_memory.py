"""What a run remembers, so that the next one counts only the learners whose events have changed.

Remembered are the counts of ``_counts`` with the keys they belong to, and for each learner and course a print of
the events behind them. A learner is counted again when the print is another one, or when the blocks of the course
are seen otherwise than before (the unit of a block, its type): then the whole course is. What depends on the
others, as medians and the size of the course, and on the day, is computed anew from the counts in every run.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow.parquet as pq

from ..errors import N_, StoreError
from ..store import SCHEMA_VERSION
from ._counts import Counts
from ._encoded import PRINT, Encoded
from ._frames import kept, read_parquet, union

__all__ = ["Memory"]

#: Counts up with each change of what is counted.
_VERSION = 1
_FILE = "state.json"
_TABLES = ("people", "places", "days", "blocks", "units")


class Memory:
    """The counts of the run before.

    Args:
        folder: where they are; it need not exist.
        offset_us: the run's distance from UTC: counts by other days are of no use.
    """

    def __init__(self, folder: Path, *, offset_us: int) -> None:
        self._folder = folder
        self._about = {"version": _VERSION, "schema": SCHEMA_VERSION, "offset_us": offset_us}
        self._tables = self._read()
        #: Learners whose counts were taken over in this run, and all.
        self.untouched = self.learners = 0

    def _read(self) -> Path | None:
        try:
            state = json.loads((self._folder / _FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if self._folder.exists() and any(self._folder.iterdir()):
                raise StoreError(
                    N_("this folder is no memory of smartpd features"),
                    store=str(self._folder),
                    accepted=N_("a new or empty folder, or the one of an earlier run"),
                ) from None
            return None
        except (OSError, ValueError) as error:
            problem, reason = N_("its {name} cannot be read: {reason}"), str(error)
            raise StoreError(problem, store=str(self._folder), name=_FILE, reason=reason) from None
        tables = self._folder / str(state.pop("tables", ""))
        return (
            tables if state == self._about and all((tables / f"{name}.parquet").exists() for name in _TABLES) else None
        )

    def _table(self, name: str) -> Any:
        return read_parquet([(self._tables or Path()) / f"{name}.parquet"])

    def known(self, people: Any, places: Any) -> Any | None:
        """``who`` of the learners that need not be counted again; None where nobody is known."""
        if self._tables is None:
            return None
        keys = ["course_key", "usage_key"]
        before = self._table("places").rename({"home_key": "home_before", "block_type": "type_before"})
        moved = places.join(before, on=keys, how="inner").filter(
            (nw.col("home_key") != nw.col("home_before")) | (nw.col("block_type") != nw.col("type_before"))
        )
        same = people.join(self._table("people"), on=["course_key", "learner", *PRINT], how="inner")
        same = kept(same.join(moved.select("course_key").unique(), on="course_key", how="anti").select("who"))
        self.untouched = _number(same)
        return same

    def merged(self, known: Encoded, fresh: Counts, same: Any | None) -> Counts:
        """The counts of this run: the fresh ones and those of the learners in ``same``."""
        self.learners = _number(known.people)
        if same is None or not self.untouched:
            return fresh
        who = known.people.join(same, on="who", how="inner").select("who", "course_key", "learner")
        blocks = known.blocks.select("block", "course_key", "usage_key")
        units = known.units.select("unit", "course_key", "unit_key")

        def taken(name: str, like: Any, *more: tuple[Any, str]) -> Any:
            table = self._table(name).join(who, on=["course_key", "learner"], how="inner")
            for codes, key in more:
                table = table.join(codes, on=["course_key", key], how="inner")
            return kept(union(like, table))

        return Counts(
            days=taken("days", fresh.days),
            blocks=taken("blocks", fresh.blocks, (blocks, "usage_key")),
            units=taken("units", fresh.units, (units, "unit_key")),
        )

    def save(self, known: Encoded, found: Counts) -> None:
        """Remember; a run that is killed leaves the memory as it was.

        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        who = known.people.select("who", "course_key", "learner")
        blocks = known.blocks.select("block", "usage_key")
        units = known.units.select("unit", "unit_key")
        theirs = found.blocks.join(who, on="who", how="inner").join(blocks, on="block", how="inner")
        opened = found.units.join(who, on="who", how="inner").join(units, on="unit", how="inner")
        tables = {
            "people": known.people.select("course_key", "learner", *PRINT),
            "places": known.blocks.select("course_key", "usage_key", "block_type", "home_key"),
            "days": found.days.join(who, on="who", how="inner").drop("who"),
            "blocks": theirs.drop("who", "block"),
            "units": opened.drop("who", "unit"),
        }
        new = Path(tempfile.mkdtemp(prefix="counts-", dir=self._folder))
        try:
            for name, frame in tables.items():
                pq.write_table(frame.collect(backend="pyarrow").to_native(), new / f"{name}.parquet")
            state = new / _FILE
            state.write_text(json.dumps({**self._about, "tables": new.name}), encoding="utf-8")
            with state.open("rb") as stream:
                os.fsync(stream.fileno())
            state.replace(self._folder / _FILE)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        for old in self._folder.glob("counts-*"):
            if old != new:
                shutil.rmtree(old, ignore_errors=True)


def _number(frame: Any) -> int:
    return int(frame.select(nw.len().alias("n")).collect(backend="pyarrow").to_native()["n"][0].as_py())
