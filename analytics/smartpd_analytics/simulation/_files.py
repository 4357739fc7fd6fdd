"""Everything one simulation writes: the log, the truth, and the files that the other commands read."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ..errors import N_, InputError
from ..progress import Progress
from ._course import COMPETENCIES, Course, build_course
from ._learner import (
    MOST_POINTS,
    MOTIVATION_ITEMS,
    Learner,
    answers_after,
    expected_after,
    level_of,
    logistic,
    random_of,
)
from ._log import LogWriter, play_log
from ._plan import SimulationPlan

__all__ = ["LABEL", "SimulationSummary", "simulate"]

#: Stands in the truth and in the read-me of every simulation.
LABEL = "Simulated data: no real person is in it."
#: The log is compressed for transport, not for the archive.
_GZ_LEVEL = 4
_READ_ME = f"""{LABEL}

Written by `smartpd simulate`; the plan and all counts stand in truth.json. The organisation of every course
key is "Simulated" and every username begins with "simulated-", so the label stays on all that is made of it.

logs/           the tracking log
truth.json      the plan, and what ingestion must find in the log
learners.csv    each learner as simulated: habit, abilities, what became of them
outcomes.csv    completion and exit score, for `smartpd train`
pairs.csv       answers before and after, for `smartpd evaluate`
responses.csv   first answers to the questions of the courses, for `smartpd calibrate`
items.csv       the true difficulty and discrimination of those questions
course_map.csv  which unit trains what, for `smartpd recommend` and `smartpd features`
"""


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was written: ``verdicts`` has the number of lines for each verdict that the parser must give."""

    folder: Path
    log: Path
    lines: int
    bytes: int
    learners: int
    completed: int
    pairs: int
    verdicts: dict[str, int]


def simulate(
    plan: SimulationPlan,
    folder: Path,
    *,
    compressed: bool = False,
    progress: Progress | None = None,
) -> SimulationSummary:
    """Write a simulation into a new folder, as a whole or not at all.

    Args:
        plan: the same plan gives the same bytes in every file.
        folder: does not exist, or is empty.
        compressed: the log as ``.gz``.
        progress: hears (days done, days in all).

    Raises:
        InputError: the folder is not empty.
        OSError: it cannot be written; nothing is left behind.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            N_("there is something already"), file=str(folder), accepted=N_("a folder that is new or empty")
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        unfinished = Path(temporary) / "simulated"
        unfinished.mkdir()
        summary = _written(plan, unfinished, folder, compressed=compressed, progress=progress)
        if folder.exists():
            folder.rmdir()
        shutil.move(unfinished, folder)
    return summary


def _written(
    plan: SimulationPlan, here: Path, folder: Path, *, compressed: bool, progress: Progress | None
) -> SimulationSummary:
    courses = [build_course(plan, course, run) for run in range(plan.runs) for course in range(plan.courses)]
    (here / "logs").mkdir()
    log = Path("logs") / ("tracking.log.gz" if compressed else "tracking.log")
    with (here / log).open("wb") as raw, _Log(raw, compressed=compressed) as stream, _Tables(here, plan) as tables:
        writer = LogWriter(plan, stream.write)
        for done, days, ended in play_log(plan, courses, writer):
            for course, learners in ended:
                tables.add(course, learners)
            if progress:
                progress(done, days)
    (here / "README.txt").write_text(_READ_ME, encoding="utf-8")
    _write_course_map(here / "course_map.csv", courses)
    truth = {
        "simulated": True,
        "label": LABEL,
        "plan": {**asdict(plan), "start": plan.start.isoformat()},
        "log": {"file": str(log), "lines": writer.lines, "bytes": writer.bytes, **_verdicts(writer.verdicts)},
        "courses": tables.courses,
        "evaluation": tables.evaluation(),
    }
    (here / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return SimulationSummary(
        folder=folder,
        log=folder / log,
        lines=writer.lines,
        bytes=writer.bytes,
        learners=sum(course["learners"] for course in tables.courses),
        completed=sum(course["completed"] for course in tables.courses),
        pairs=tables.pairs,
        verdicts=dict(sorted(writer.verdicts.items())),
    )


def _verdicts(verdicts: Counter[str]) -> dict[str, Any]:
    """The counts as an ingestion gives them."""
    broken = ("truncated", "not_json")
    kinds = {name[1:]: n for name, n in sorted(verdicts.items()) if name.startswith("+")}
    quarantined = {name: verdicts[name] for name in sorted(broken) if verdicts[name]}
    others = {n: c for n, c in sorted(verdicts.items()) if not n.startswith("+") and n not in (*broken, "duplicate")}
    return {
        "accepted": sum(kinds.values()),
        "duplicate": verdicts["duplicate"],
        "ignored": sum(others.values()),
        "quarantined": sum(quarantined.values()),
        "events_by_kind": kinds,
        "ignored_by_reason": others,
        "quarantined_by_reason": quarantined,
    }


class _Log:
    """The log's stream: plain, or gz with the same bytes each time."""

    def __init__(self, raw: IO[bytes], *, compressed: bool) -> None:
        self._gz = gzip.GzipFile("", "wb", _GZ_LEVEL, raw, mtime=0) if compressed else None
        self.write: Callable[[bytes], object] = self._gz.write if self._gz else raw.write

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._gz:
            self._gz.close()


class _Tables:
    """The CSV files, written run by run."""

    def __init__(self, here: Path, plan: SimulationPlan) -> None:
        self._here = here
        self._plan = plan
        self._open: list[IO[str]] = []
        self.courses: list[dict[str, Any]] = []
        self.pairs = 0
        self._expected: defaultdict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        self._learners = self._table("learners.csv", (
            "course_key", "learner", "user_id", "group", "habit", "ability", "diligence", "ability_at_the_end",
            "units_studied", "units", "points", "possible", "left", "completed", "exit_level",
        ))  # fmt: skip
        self._outcomes = self._table(
            "outcomes.csv", ("course_key", "learner", "completed", "exit_level", "starts", "ends", "group")
        )
        self._pairs = self._table("pairs.csv", _pairs_head())
        self._items = self._table("items.csv", ("item", "course", "competency", "discrimination", "difficulty"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for stream in self._open:
            stream.close()

    def _table(self, name: str, head: Iterable[str]) -> Any:
        stream = (self._here / name).open("w", encoding="utf-8", newline="")
        self._open.append(stream)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        return writer

    def add(self, course: Course, learners: list[Learner]) -> None:
        """One run that has ended."""
        completed = 0
        for learner in learners:
            done = learner.completed(course)
            completed += done
            level = level_of(sum(learner.exit)) if learner.exit else ""
            share = round(sum(learner.exit) / MOST_POINTS, 4) if learner.exit else ""
            days = (_day(course.first_us), _day(course.last_us - 1))
            self._outcomes.writerow((course.key, learner.username, int(done), share, *days, learner.group))
            self._learners.writerow((
                course.key, learner.username, learner.user_id, learner.group, learner.habit,
                f"{learner.ability:.4f}", f"{learner.diligence:.4f}", f"{learner.skill(course):.4f}",
                learner.next_unit, len(course.units), f"{learner.earned:g}", course.possible, int(learner.left),
                int(done), level,
            ))  # fmt: skip
            if learner.next_unit:
                self._pairs.writerow(self._pair(course, learner))
        self._respond(course, learners)
        self.courses.append(
            {
                "course_key": course.key,
                "first_day": _day(course.first_us),
                "last_day": _day(course.last_us - 1),
                "units": len(course.units),
                "learners": len(learners),
                "completed": completed,
                "habits": dict(sorted(Counter(learner.habit for learner in learners).items())),
            }
        )

    def _pair(self, course: Course, learner: Learner) -> list[object]:
        random = random_of(self._plan.seed, 4, learner.number)
        after: Iterable[object] = learner.exit or ("",) * len(COMPETENCIES)
        motivation: Iterable[object] = ("",) * MOTIVATION_ITEMS
        guesses = [level_of(min(max(sum(learner.entry) + random.gauss(6, 10), 0), 88)), ""]
        if learner.exit:
            motivation = answers_after(random, learner.motivation, least=1, most=7, gain=learner.motivation_gain)
            guesses[1] = level_of(min(max(sum(learner.exit) + random.gauss(1, 7), 0), 88))
            self.pairs += 1
            self._expect(learner)
        return [
            learner.username, learner.group, course.key, *guesses,
            *learner.entry, *after, *learner.motivation, *motivation,
        ]  # fmt: skip

    def _expect(self, learner: Learner) -> None:
        """What the answers after should be on average, given those before."""
        for area in sorted({competency[0] for competency in COMPETENCIES}):
            before = tuple(value for item, value in zip(COMPETENCIES, learner.entry, strict=True) if item[0] == area)
            change = expected_after(before, least=0, most=4, gain=learner.gain) - sum(before)
            self._expected[f"competence/{area}"] += change
            self._expected["competence"] += change
        before = learner.motivation
        change = expected_after(before, least=1, most=7, gain=learner.motivation_gain) - sum(before)
        self._expected["motivation"] += change

    def evaluation(self) -> dict[str, Any]:
        """Expected mean change in points, by scale, of those with both answers."""
        return {
            "pairs": self.pairs,
            "expected_change": {name: round(sum_ / self.pairs, 6) for name, sum_ in sorted(self._expected.items())},
        }

    def _respond(self, course: Course, learners: list[Learner]) -> None:
        """First answers by a test at the end of the first run of each course, of the learners that it had."""
        if course.run:
            return
        problems = [problem for unit in course.units for problem in unit.problems]
        names = [problem.block.id for problem in problems]
        for problem in problems:
            self._items.writerow(
                (problem.block.id, course.name, problem.competency, problem.discrimination, problem.difficulty)
            )
        name = "responses.csv" if course.name == "DC1" else f"responses-{course.name}.csv"
        table = self._table(name, ("learner", *names))
        for learner in learners:
            random = random_of(self._plan.seed, 6, learner.number).random
            skill = learner.ability
            chances = (logistic(problem.discrimination * (skill - problem.difficulty)) for problem in problems)
            table.writerow((learner.username, *(int(random() < chance) for chance in chances)))


def _pairs_head() -> list[str]:
    return [
        "learner", "group", "course_key", "competence_guess_pre", "competence_guess_post",
        *(f"competence/{item}_{when} [0-4]" for when in ("pre", "post") for item in COMPETENCIES),
        *(f"motivation.{item + 1}_{when} [1-7]" for when in ("pre", "post") for item in range(MOTIVATION_ITEMS)),
    ]  # fmt: skip


def _write_course_map(path: Path, courses: list[Course]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("usage_key", "title_en", "competencies", "level", "minutes", "activity", "mode"))
        for course in courses:
            for unit in course.units:
                minutes = 10 + unit.seconds // 60
                row = (unit.block.key, unit.title, unit.competency, unit.level, minutes, "practise", "asynchronous")
                table.writerow(row)


def _day(time_us: int) -> str:
    from ._lines import stamp

    return stamp(time_us)[:10]
