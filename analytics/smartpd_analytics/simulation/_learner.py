"""One simulated learner: abilities, habits, answers to the instruments, and when they sit down.

The habits: *steady* studies every few days; *crammer* starts late and does much at a time; *watcher* sees
the videos and skips questions; *guesser* answers at once, without reading; *dropout* is likely to stop
early; *silent* enrols and hardly comes. Diligence and wrong answers make any of them more or less likely
to stop, so does learning alone, and no habit decides the outcome by itself.
"""

from __future__ import annotations

from math import exp
from random import Random

from ..data import SIMULATED_PREFIX
from ._course import COMPETENCIES, Course
from ._plan import SimulationPlan

__all__ = [
    "DAY_US",
    "MOST_POINTS",
    "MOTIVATION_ITEMS",
    "PASS",
    "Learner",
    "answers_after",
    "expected_after",
    "level_of",
    "logistic",
    "random_of",
]

DAY_US = 86_400_000_000
MOTIVATION_ITEMS = 8
#: Of 22 items, five options of 0 to 4.
MOST_POINTS = 88
#: Share of the points with which the course is passed.
PASS = 0.35
#: Lowest points of each level in the manner of DigCompEdu CheckIn (88 points in all).
_CUTS = (("C2", 81), ("C1", 66), ("B2", 50), ("B1", 34), ("A2", 20), ("A1", 0))
_DAYS_BETWEEN = {"steady": 3.0, "crammer": 6.0, "watcher": 3.5, "guesser": 3.0, "dropout": 4.0, "silent": 9.0}
_UNITS_AT_ONCE = {"steady": 1.6, "crammer": 3.4, "watcher": 1.8, "guesser": 1.9, "dropout": 1.4, "silent": 1.0}
_STOPS = {"steady": -0.4, "crammer": 0.1, "watcher": 0.1, "guesser": 0.4, "dropout": 1.4, "silent": 2.0}
#: Chance at each sitting that something comes between of which the log knows nothing.
_LIFE = 0.016
#: An item may also be answered lower than before.
_LOST = 0.04
_GROUPS = (("north", 0.55), ("south", 0.90), ("west", 1.0))


def random_of(seed: int, stream: int, first: int = 0, second: int = 0) -> Random:
    """An independent source of random numbers for each purpose, so that one change moves nothing else."""
    key = (((seed & 0xFFFFFFFFFFFFFFFF) << 8 | stream) << 32 | first) << 32 | second
    return Random(key)  # noqa: S311  a simulation, no secret


def logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


def level_of(points: float) -> str:
    """The level of a sum of points out of 88."""
    return next(level for level, least in _CUTS if points >= least)


class Learner:
    """One learner in one course run; ``number`` counts all learners of the simulation from 1."""

    __slots__ = (
        "ability",
        "agent",
        "diligence",
        "earned",
        "enrolled_us",
        "entry",
        "exit",
        "gain",
        "gone",
        "group",
        "growth",
        "habit",
        "hour",
        "ip",
        "language",
        "left",
        "motivation",
        "motivation_gain",
        "next_unit",
        "number",
        "passed",
        "sittings",
        "sociable",
        "started",
        "user_id",
        "username",
        "wrong",
    )

    def __init__(self, plan: SimulationPlan, course: Course, number: int) -> None:
        random = random_of(plan.seed, 1, number)
        self.number = number
        self.user_id = 1000 + number
        self.username = f"{SIMULATED_PREFIX}{number:06d}"
        self.ability = random.gauss(0, 1)
        self.diligence = random.gauss(0, 1)
        self.sociable = random.gauss(0, 1)
        self.growth = max(0.0, random.gauss(0.9, 0.35))
        self.habit = _drawn(random.random(), plan.habits)
        self.group = next(name for name, most in _GROUPS if random.random() < most or name == "west")
        self.hour = min(max(random.gauss(12.5, 3.2), 2.0), 18.5)
        self.agent = int(random.random() * 6)
        self.language = int(random.random() * 4)
        self.ip = f"203.0.113.{1 + number % 254}"
        self.entry = tuple(_item(random, 1.9 + 0.95 * self.ability, 0.8, 0, 4) for _ in COMPETENCIES)
        self.motivation = tuple(_item(random, 4.7 + 0.75 * self.diligence, 0.9, 1, 7) for _ in range(MOTIVATION_ITEMS))
        late = 6 * random.random() if self.habit == "crammer" else 3 * random.random() ** 2
        self.enrolled_us = course.first_us + int((random.random() * 9 - 7) * DAY_US) + int(late * DAY_US)
        #: Chance that a missing point of competence, or of motivation, is reached by the end of the course.
        self.gain = min(max(random.gauss(0.42, 0.22), 0.0), 0.95)
        self.motivation_gain = min(max(random.gauss(0.25, 0.2), 0.0), 0.95)
        self.exit: tuple[int, ...] | None = None
        self.started = self.gone = self.left = self.passed = False
        self.next_unit = 0
        self.earned = 0.0
        self.wrong = 0.25
        self.sittings = 0

    def skill(self, course: Course) -> float:
        """Ability now: it grows with the units that were studied."""
        return self.ability + self.growth * self.next_unit / len(course.units)

    def units_today(self, random: Random) -> int:
        return max(1, round(_UNITS_AT_ONCE[self.habit] * exp(0.3 * random.gauss(0, 1) + 0.1 * self.diligence)))

    def days_until_next(self, random: Random) -> int:
        return max(1, round(_DAYS_BETWEEN[self.habit] * exp(0.4 * random.gauss(0, 1) - 0.22 * self.diligence)))

    def stops(self, random: Random) -> bool:
        """Whether this was the last sitting."""
        weight = -5.0 + _STOPS[self.habit] - 0.9 * self.diligence - 0.8 * self.sociable + 4.0 * (self.wrong - 0.25)
        return random.random() < _LIFE + logistic(weight)

    def completed(self, course: Course) -> bool:
        """All units studied, enough of the points reached, not left."""
        return self.next_unit >= len(course.units) and self.passed and not self.left


def _drawn(at: float, shares: dict[str, float]) -> str:
    at *= sum(shares.values())
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return next(name for name, share in shares.items() if share > 0)


def _item(random: Random, mean: float, spread: float, least: int, most: int) -> int:
    return min(max(round(random.gauss(mean, spread)), least), most)


def answers_after(random: Random, before: tuple[int, ...], *, least: int, most: int, gain: float) -> tuple[int, ...]:
    """The same items answered again: each missing point is won with chance ``gain``, few are lost."""
    return tuple(
        value
        + sum(random.random() < gain for _ in range(most - value))
        - sum(random.random() < _LOST for _ in range(value - least))
        for value in before
    )


def expected_after(before: tuple[int, ...], *, least: int, most: int, gain: float) -> float:
    """Expected sum of ``answers_after``, given the answers before: the truth that an evaluation should find."""
    return sum(value + (most - value) * gain - (value - least) * _LOST for value in before)
