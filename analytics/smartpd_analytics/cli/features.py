"""``smartpd features --store DIR --out FILE``: what each learner did, in numbers."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from .. import pipeline
from ..data import is_simulated
from ..errors import N_, InputError, Message, reason_of
from ..reports.as_csv import safe_cell
from ..reports.words import said, simulated_words, words_in
from ._common import FAILED, course_option, examples, file_option, language_option, progress_bar, say
from ._output import write_file
from ._store import store_option

__all__ = ["command"]

_SUFFIXES = (".parquet", ".csv")


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    names = ", ".join(pipeline.TABLES)
    return click.Command(
        name="features",
        callback=_run,
        short_help=_("Say in numbers what each learner did by a day."),
        help="\n\n".join(
            (
                _(
                    "Compute from a store of events what each learner did in each course by a day, in numbers: time, "
                    "pace, regularity, knowledge, media, help, progress and their change. Nothing later than that day "
                    "counts."
                ),
                _("Further tables tell course teams of problems, units, courses and weeks."),
            )
        ),
        epilog=examples(
            lang,
            "smartpd features --store events --out learners.parquet",
            "smartpd features --store events --out learners.csv --as-of 2026-10-01 --course-map map.yaml",
            "smartpd features --store events --out days.parquet --day 7 --day 14 --day 21 --runs outcomes.csv",
            "smartpd features --store events --out tables --tables learners,items,units,courses --state memory",
            "smartpd features --store events --out learners.parquet --engine spark --master spark://host:7077",
        ),
        params=[
            store_option(lang),
            file_option(
                "--out",
                _("A file, Parquet or CSV by its ending; a folder where several tables are asked for."),
                required=True,
            ),
            click.Option(
                ["--tables"],
                default="learners",
                metavar="NAMES",
                help=_("Tables, separated by commas: {names}.").format(names=names) + " [learners]",
            ),
            click.Option(
                ["--as-of", "as_of"],
                type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
                metavar="DATE",
                help=_("The day, to its end in UTC, or a time; without it the newest event of each course."),
            ),
            click.Option(
                ["--day", "days"],
                type=click.IntRange(min=1),
                multiple=True,
                metavar="N",
                help=_("Instead of --as-of: the Nth day of each course run in --runs; may be given more than once."),
            ),
            file_option(
                "--runs", _("When each course run starts, for --day: course_key and starts, as the outcomes have them.")
            ),
            course_option(lang),
            file_option("--course-map", _("Which unit trains what and is due when, as YAML or CSV.")),
            click.Option(
                ["--utc-offset"],
                type=click.FloatRange(-14, 14),
                default=0.0,
                metavar="HOURS",
                help=_("Distance of local time from UTC, for days and times of day; 5 for Tashkent."),
            ),
            file_option(
                "--state",
                _("Remember the counts in this folder: the next run counts only learners with new events."),
                metavar="DIR",
            ),
            click.Option(
                ["--engine"],
                type=click.Choice(pipeline.ENGINES),
                default="duckdb",
                help=_("What computes: DuckDB on this machine, or Spark."),
            ),
            click.Option(
                ["--master"], default="local[*]", metavar="URL", help=_("Address of Spark, for --engine spark.")
            ),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice([suffix.removeprefix(".") for suffix in _SUFFIXES]),
                default="parquet",
                help=_("Form of the files where --out is a folder.") + " [parquet]",
            ),
            language_option(lang),
        ],
    )


def _run(
    *,
    store: Path,
    out: Path,
    tables: str,
    as_of: datetime | None,
    days: tuple[int, ...],
    runs: Path | None,
    courses: tuple[str, ...],
    course_map: Path | None,
    utc_offset: float,
    state: Path | None,
    engine: str,
    master: str,
    output_format: str,
    lang: str,
) -> int:
    _ = words_in(lang).gettext
    if bool(days) != (runs is not None):
        raise InputError(N_("--day and --runs belong together"), accepted=N_("both, or neither"))
    if days and (as_of is not None or state is not None):
        raise InputError(N_("--day excludes --as-of and --state"), accepted=N_("one of them"))
    names = [name.strip() for name in tables.split(",") if name.strip()]
    targets = _targets(out, names, output_format)
    if out.resolve() == store.resolve() or out.resolve().is_relative_to(store.resolve()):
        raise InputError(N_("--out lies in the store"), file=str(out), accepted=N_("another place"))
    how: dict[str, Any] = {
        "course_map_path": course_map,
        "courses": courses,
        "utc_offset": timedelta(hours=utc_offset),
        "engine": engine,
        "master": master,
    }
    with progress_bar(lang, N_("Computing"), in_bytes=False) as progress:
        if runs is not None:
            found = pipeline.day_features(store, runs, days, names, progress=progress, **how)
            made = found.tables
        else:
            found = None
            end = None if as_of is None else _end(as_of)
            made = pipeline.store_features(store, names, as_of=end, state=state, progress=progress, **how)
    if found is not None:
        _tell_left_out(found, lang)
    if any(is_simulated(course.course_key) for course in pipeline.open_store(store).courses()):
        say(simulated_words(lang))
    for name, path in targets.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, _bytes(path, made[name]))
        except OSError as error:
            say(_("{file} cannot be written: {problem}").format(file=path, problem=said(reason_of(error), lang)))
            return FAILED
        say(_("Written: {file} ({rows} rows)").format(file=path, rows=made[name].num_rows))
    return 0


def _tell_left_out(found: pipeline.DayFeatures, lang: str) -> None:
    _ = words_in(lang).gettext
    if found.without_start:
        say(_("Courses without a start in --runs, left out: {courses}").format(courses=", ".join(found.without_start)))
    for course, day in found.not_reached:
        say(_("{course} has no day {day} yet, or no longer; left out").format(course=course, day=day))


def _end(as_of: datetime) -> datetime:
    """A day counts to its last microsecond."""
    as_of = as_of.replace(tzinfo=UTC)
    midnight = (as_of.hour, as_of.minute, as_of.second) == (0, 0, 0)
    return as_of + timedelta(days=1, microseconds=-1) if midnight else as_of


def _targets(out: Path, names: list[str], output_format: str) -> dict[str, Path]:
    """Table -> the file it goes to."""
    if not names:
        raise InputError(N_("--tables names no table"), accepted=", ".join(pipeline.TABLES))
    if out.suffix.lower() in _SUFFIXES:
        if len(names) > 1:
            raise InputError(N_("--out is one file for several tables"), file=str(out), accepted=N_("a folder"))
        return {names[0]: out}
    if out.suffix and not out.is_dir():
        accepted = Message(N_("{endings}, or a folder"), endings=", ".join(_SUFFIXES))
        raise InputError(N_("the ending '{ending}' is not known"), file=str(out), accepted=accepted, ending=out.suffix)
    return {name: out / f"{name}.{output_format}" for name in names}


def _bytes(path: Path, table: Any) -> str | bytes:
    if path.suffix.lower() == ".csv":
        return _csv(table)
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _csv(table: Any) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            writer.writerow([_plain(value) for value in row.values()])
    return text.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else safe_cell(value)
