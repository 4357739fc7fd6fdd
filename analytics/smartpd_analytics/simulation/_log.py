"""All course runs as one log in the order of time, written while it is simulated: memory does not grow with it.

Days are played one after the other, the sittings of a day in the order of their start. A line can be
written when no later sitting can begin before it, so only the sittings that overlap are held.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from operator import itemgetter

from ._course import Course
from ._learner import DAY_US, Learner, random_of
from ._lines import Browser
from ._oddities import Oddities
from ._plan import SimulationPlan
from ._sitting import Sitting

__all__ = ["LogWriter", "play_log"]

#: Lines that are collected before those that are certain are written.
_HELD = 20_000
_TIME = itemgetter(0)
_HURRIES = 0.8

Line = tuple[int, str, str]


class LogWriter:
    """Writes lines in order, with their oddities, and counts what the parser must make of them."""

    def __init__(self, plan: SimulationPlan, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._oddities = Oddities(plan)
        self._held: list[Line] = []
        #: Verdict -> number of lines: ``+kind``, a reason to ignore, ``duplicate``, or a reason to quarantine.
        self.verdicts: Counter[str] = Counter()
        self.lines = 0
        self.bytes = 0

    def emit(self, time_us: int, line: str, verdict: str) -> None:
        self._held.append((time_us, line, verdict))

    def settle(self, before_us: int | None) -> None:
        """Write what is earlier than ``before_us`` (all for None), where it is worth it."""
        if before_us is not None and len(self._held) < _HELD:
            return
        # Stable: lines of the same microsecond stay in the order of their sittings.
        self._held.sort(key=_TIME)
        upto = len(self._held)
        if before_us is not None:
            upto = next((at for at, line in enumerate(self._held) if line[0] >= before_us), upto)
        ready, self._held = self._held[:upto], self._held[upto:]
        ready = self._oddities.of(ready)
        if before_us is None:
            ready = [*ready, *self._oddities.rest()]
        self.verdicts.update(map(itemgetter(2), ready))
        data = "".join([line for _, line, _ in ready]).encode()
        self.lines += len(ready)
        self.bytes += len(data)
        self._write(data)


def play_log(
    plan: SimulationPlan, courses: list[Course], writer: LogWriter
) -> Iterator[tuple[int, int, list[tuple[Course, list[Learner]]]]]:
    """Play all runs, writing their lines.

    ``courses`` are all runs, in the order of their start. Yields, after each day, (days done, days in all,
    the runs that ended with that day with their learners, in the order of their numbers).
    """
    day_0 = min(course.first_us for course in courses) - 7 * DAY_US
    days = (max(course.last_us for course in courses) - day_0) // DAY_US
    waiting = list(enumerate(courses))
    running: list[_Run] = []
    for day in range(days + 1):
        today_us = day_0 + day * DAY_US
        while waiting and waiting[0][1].first_us - 7 * DAY_US <= today_us:
            number, course = waiting.pop(0)
            running.append(_Run(plan, course, first_number=1 + number * plan.learners))
        sittings = sorted(
            ((start, run, learner) for run in running for start, learner in run.sittings_of(today_us)),
            key=lambda sitting: (sitting[0], sitting[2].number),
        )
        for start, run, learner in sittings:
            writer.settle(start)
            run.play(start, learner, today_us, writer)
        ended = [run for run in running if run.course.last_us <= today_us + DAY_US]
        running = [run for run in running if run.course.last_us > today_us + DAY_US]
        if not running and not waiting:
            writer.settle(None)
        yield day + 1, days, [(run.course, run.learners) for run in ended]
        if not running and not waiting:
            return


class _Run:
    """A course run and its learners, each waiting for the day of the next sitting."""

    def __init__(self, plan: SimulationPlan, course: Course, *, first_number: int) -> None:
        self.course = course
        self.learners = [Learner(plan, course, first_number + n) for n in range(plan.learners)]
        self._seed = plan.seed
        self._tutor = plan.form == "tutor"
        self._due: defaultdict[int, list[Learner]] = defaultdict(list)
        for learner in self.learners:
            self._due[learner.enrolled_us // DAY_US].append(learner)

    def sittings_of(self, today_us: int) -> Iterator[tuple[int, Learner]]:
        for learner in self._due.pop(today_us // DAY_US, ()):
            if not learner.started:
                yield learner.enrolled_us, learner
                continue
            random = random_of(self._seed, 2, learner.number, learner.sittings)
            yield today_us + int((learner.hour + 3 * random.random()) * 3_600_000_000), learner

    def play(self, start_us: int, learner: Learner, today_us: int, writer: LogWriter) -> None:
        random = random_of(self._seed, 3, learner.number, learner.sittings)
        session = f"{random.getrandbits(128):032x}"
        browser = Browser(self.course, learner, session, emit=writer.emit, tutor=self._tutor)
        sitting = Sitting(self.course, learner, browser, random, start_us)
        learner.sittings += 1
        if learner.gone:
            sitting.play(enrols=False, leaves=True)
            learner.left = True
            return
        end_us = sitting.play(enrols=not learner.started)
        learner.started = True
        # Nobody starts to study before the course does.
        wait = learner.days_until_next(random)
        if end_us < self.course.first_us:
            late = 12 if learner.habit == "crammer" else 4
            wait = (self.course.first_us - today_us) // DAY_US + int(random.random() * late)
        learner.gone = learner.stops(random)
        if learner.next_unit >= len(self.course.units) or (learner.gone and random.random() < 0.8):
            return
        next_us = today_us + max(1, wait) * DAY_US
        last_day_us = self.course.last_us - DAY_US
        if next_us > last_day_us > today_us and random.random() < _HURRIES:
            # The end is near: most who are still there come once more.
            next_us = last_day_us - int(random.random() * min(3, (last_day_us - today_us) // DAY_US)) * DAY_US
        if next_us <= last_day_us:
            self._due[next_us // DAY_US].append(learner)
