"""What is to be simulated, and the checks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ..errors import N_, InputError

__all__ = ["FORMS", "HABITS", "SimulationPlan"]

FORMS = ("raw", "tutor")
#: How learners study, and their shares of a cohort: see ``_learner``.
HABITS = {
    "steady": 0.38,
    "crammer": 0.17,
    "watcher": 0.13,
    "guesser": 0.12,
    "dropout": 0.15,
    "silent": 0.05,
}
_MOST_LEARNERS, _MOST_WEEKS, _MOST_RUNS = 1_000_000, 52, 50
_START = datetime(2024, 9, 2, tzinfo=UTC)
#: Days between the end of a run and the start of the next.
_BETWEEN_RUNS = 14


@dataclass(frozen=True, slots=True)
class SimulationPlan:
    """The same plan gives the same bytes.

    Args:
        learners: enrolled in each course run, at least 1.
        weeks: length of a run, 2 to 52; two units a week.
        courses: courses at the same time, 1 to 50.
        runs: runs of each course one after the other, 1 to 50, two weeks apart.
        seed: any whole number.
        start: first day of the first run, with a time zone; a Monday is best.
        oddities: share of lines, 0 to 0.5, with which something is wrong: see ``ODDITIES``.
        form: ``raw`` (a JSON object a line) or ``tutor`` (with the prefix of its containers).
        habits: name to share; shares are weighed against each other.

    Raises:
        InputError: a value is out of its range.
    """

    learners: int = 200
    weeks: int = 8
    courses: int = 1
    runs: int = 2
    seed: int = 1
    start: datetime = _START
    oddities: float = 0.01
    form: str = "raw"
    habits: dict[str, float] = field(default_factory=lambda: dict(HABITS))

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("learners", self.learners, 1, _MOST_LEARNERS),
            ("weeks", self.weeks, 2, _MOST_WEEKS),
            ("courses", self.courses, 1, _MOST_RUNS),
            ("runs", self.runs, 1, _MOST_RUNS),
        ):
            if not least <= value <= most:
                raise InputError(N_("{name} cannot be {value}"), accepted=f"{least} … {most}", name=name, value=value)
        if not 0 <= self.oddities <= 0.5:
            raise InputError(N_("{name} cannot be {value}"), accepted="0 … 0.5", name="oddities", value=self.oddities)
        if self.form not in FORMS:
            raise InputError(N_("there is no form '{form}'"), accepted=", ".join(FORMS), form=self.form)
        if self.start.tzinfo is None:
            raise InputError(N_("the start has no time zone"), accepted=N_("a time with its zone, best in UTC"))
        unknown = sorted(set(self.habits) - set(HABITS))
        if unknown or not self.habits or min(self.habits.values()) < 0 or sum(self.habits.values()) <= 0:
            raise InputError(
                N_("these habits cannot be simulated: {habits}; each has a share of 0 or more, one of them above 0"),
                accepted=", ".join(HABITS),
                habits=", ".join(f"{name}={share:g}" for name, share in sorted(self.habits.items())),
            )

    def start_of(self, run: int) -> datetime:
        """First day of a run, counted from 0."""
        return self.start.astimezone(UTC) + timedelta(days=run * (self.weeks * 7 + _BETWEEN_RUNS))

    @property
    def end(self) -> datetime:
        """The moment after the last day of the last run."""
        return self.start_of(self.runs - 1) + timedelta(days=self.weeks * 7)
