"""What each simulated learner does in three weeks, as a list of steps with their times: pure, and the same each time.

One function for each habit. Which answer is right is read off the course, so a habit says how somebody
answers and never what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from smartpd_analytics.api import load_instrument

from .course import BlockPlan, Unit, load_course

__all__ = ["FIRST_DAY", "LAST_DAY", "Step", "all_steps"]

#: Three weeks from a Monday.
FIRST_DAY = datetime(2026, 10, 5, tzinfo=UTC)
LAST_DAY = FIRST_DAY + timedelta(days=20)
SEED = "three weeks"

_INSTRUMENT = load_instrument("digcompedu_selfassessment")


@dataclass(frozen=True, slots=True)
class Step:
    """At ``time``, ``who`` does ``act`` with ``what``: the name of a unit or block, and what is sent to it."""

    time: datetime
    who: str
    act: str
    what: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)


class Diary:
    """One learner's steps as they are thought up; ``wait`` moves the time on."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.random = Random(f"{SEED} {who}")  # noqa: S311  a simulation, no secret
        self.steps: list[Step] = []
        self._now = FIRST_DAY
        self._attempts: dict[str, int] = {}

    def day(self, number: int, hour: float) -> None:
        """Sit down on a day of the three weeks, counted from 0, at about an hour of the day (UTC), and sign in."""
        self._now = FIRST_DAY + timedelta(days=number, hours=hour, minutes=self.random.randint(0, 40))
        self.do("sign_in")
        self.wait(5, 30)

    def wait(self, least: float, most: float) -> None:
        self._now += timedelta(milliseconds=self.random.randint(int(least * 1000), int(most * 1000)))

    def do(self, act: str, what: str = "", **sent: Any) -> None:
        self.steps.append(Step(self._now, self.who, act, what, sent))

    # --- what most of them do somewhere ---

    def open(self, unit: str) -> Unit:
        found = load_course().unit(unit)
        if found is None:
            raise ValueError(f"the course has no unit {unit!r}")
        self.do("open", unit)
        return found

    def read(self, unit: Unit, least: float, most: float) -> None:
        """The texts of a unit, each for so many seconds; five seconds on screen complete one."""
        for block in unit.blocks:
            if block.type == "html":
                self.wait(5, 6)
                self.do("complete", block.name)
                self.wait(least, most)

    def answer_right(self, block: BlockPlan) -> None:
        self.do("answer", block.name, answer=_right(block))

    def answer_wrong(self, block: BlockPlan) -> None:
        number = self._attempts[block.name] = self._attempts.get(block.name, -1) + 1
        wrong = _wrong(block)
        self.do("answer", block.name, answer=wrong[number % len(wrong)])

    def diagnose(self, points: Callable[[str], int], *, pause: tuple[float, float], items: int = 0) -> None:
        """Answer the needs diagnostic from the start, by the points for a competency; all items for 0."""
        self.open("diagnostic")
        self.wait(15, 40)
        chosen = _INSTRUMENT.items[: items or None]
        for item in chosen:
            self.wait(*pause)
            aim = points(item.competency_id)
            option = min((abs(option.points - aim), option.id) for option in item.options)
            self.do("diagnose", "needs", item=item.id, option=option[1], version=_INSTRUMENT.version)
        if len(chosen) == len(_INSTRUMENT.items):
            self.wait(3, 8)
            self.do("finish", "needs", version=_INSTRUMENT.version)
            self.wait(30, 90)

    def mark(self, **statuses: str) -> None:
        """Cells of the learning matrix, by their ids with ``_`` for ``-``."""
        for cell, status in statuses.items():
            self.wait(4, 15)
            self.do("mark", "matrix", cell=cell.replace("_", "-"), status=status)

    def rate(self, **ratings: int) -> None:
        for cell, rating in ratings.items():
            self.wait(4, 15)
            self.do("rate", "matrix", cell=cell.replace("_", "-"), rating=rating)


def _right(block: BlockPlan) -> str:
    if block.fields["kind"] == "number":
        return f"{block.fields['answer']:g}"
    return next(f"choice_{number}" for number, option in enumerate(block.fields["options"]) if option.get("correct"))


def _wrong(block: BlockPlan) -> list[str]:
    if block.fields["kind"] == "number":
        return [f"{block.fields['answer'] * share:g}" for share in (0.6, 0.86, 1.4, 1.75)]
    return [f"choice_{number}" for number, option in enumerate(block.fields["options"]) if not option.get("correct")]


def _problems(unit: Unit) -> list[BlockPlan]:
    return [block for block in unit.blocks if block.type == "problem"]


def _by_area(**points: int) -> Callable[[str], int]:
    """Points for a competency by its area: ``a1`` for area 1."""
    return lambda competency: points[f"a{competency.partition('.')[0]}"]


# --- the habits -------------------------------------------------------------------------------


def _steady() -> Diary:
    """Unit by unit, reads, answers, comes back every few days; the last unit is still open."""
    diary = Diary("steady")
    diary.day(0, 13)
    diary.do("enrol")
    diary.read(diary.open("welcome"), 60, 120)
    diary.diagnose(_by_area(a1=2, a2=3, a3=2, a4=1, a5=2, a6=1), pause=(9, 25))
    diary.open("path")
    diary.mark(choosing_read="planned", licences_read="planned", checks_read="planned", sources_read="planned")
    sessions = {2: "choosing", 4: "licences", 7: "protecting", 10: "talking", 13: "checks", 16: "accessible"}
    for day, name in sessions.items():
        diary.day(day, 14)
        unit = diary.open(name)
        diary.read(unit, 170, 320)
        for problem in _problems(unit):
            diary.wait(20, 60)
            if diary.random.random() < 0.2:
                diary.answer_wrong(problem)
                diary.wait(40, 90)
            diary.answer_right(problem)
        diary.wait(20, 40)
        diary.open("path")
        diary.mark(**{f"{name}_read": "done"})
        diary.rate(**{f"{name}_read": 3})
    diary.day(19, 14)
    diary.read(diary.open("sources"), 200, 300)
    return diary


def _guesser() -> Diary:
    """Answers within seconds, without reading, until something is right; looks the numbers up."""
    diary = Diary("guesser")
    diary.day(1, 16)
    diary.do("enrol")
    diary.open("welcome")
    diary.wait(2, 4)
    diary.diagnose(lambda _competency: 3, pause=(1, 3))
    for day, names in {1: ["choosing", "licences"], 8: ["protecting", "talking"], 15: ["checks", "accessible"]}.items():
        if day > 1:
            diary.day(day, 17)
        for name in names:
            unit = diary.open(name)
            for problem in _problems(unit):
                wrong = 2 if problem.fields["kind"] == "choice" else 3
                for _try in range(wrong):
                    diary.wait(1.2, 2.6)
                    diary.answer_wrong(problem)
                diary.wait(1.5, 2.8)
                if problem.fields["kind"] == "number":
                    diary.do("show", problem.name)
                elif diary.random.random() < 0.6:
                    diary.answer_right(problem)
            diary.wait(1, 3)
    diary.day(20, 17)
    unit = diary.open("sources")
    for problem in _problems(unit):
        diary.wait(1.2, 2.4)
        diary.answer_wrong(problem)
        diary.wait(1.2, 2.4)
        diary.answer_wrong(problem)
    return diary


def _reader() -> Diary:
    """Reads everything slowly, answers almost nothing."""
    diary = Diary("reader")
    diary.day(0, 6)
    diary.do("enrol")
    diary.read(diary.open("welcome"), 120, 180)
    diary.diagnose(_by_area(a1=2, a2=1, a3=1, a4=1, a5=1, a6=2), pause=(15, 40))
    names = ["choosing", "licences", "protecting", "talking", "checks", "accessible", "sources", "position"]
    for number, name in enumerate(names):
        diary.day(3 + number * 2 + number // 3, 6)
        unit = diary.open(name)
        diary.read(unit, 360, 600)
        if name == "choosing":
            diary.answer_right(_problems(unit)[0])
        diary.wait(20, 40)
        diary.open("path")
        diary.mark(**{f"{name}_read" if name != "position" else "talking_explain": "doing"})
    return diary


def _stopped() -> Diary:
    """Began well, then left in the first week in the middle of the diagnostic."""
    diary = Diary("stopped")
    diary.day(0, 15)
    diary.do("enrol")
    diary.read(diary.open("welcome"), 60, 100)
    diary.wait(20, 40)
    unit = diary.open("choosing")
    diary.read(unit, 150, 220)
    for problem in _problems(unit):
        diary.wait(25, 50)
        diary.answer_right(problem)
    diary.day(3, 15)
    unit = diary.open("licences")
    diary.read(unit, 120, 180)
    diary.wait(20, 40)
    diary.answer_wrong(_problems(unit)[0])
    diary.wait(40, 60)
    diary.diagnose(_by_area(a1=1, a2=2, a3=1, a4=1, a5=1, a6=1), pause=(10, 25), items=9)
    return diary


def _stuck() -> Diary:
    """Does well, but fails one problem again and again."""
    diary = Diary("stuck")
    diary.day(0, 12)
    diary.do("enrol")
    diary.read(diary.open("welcome"), 60, 90)
    diary.diagnose(_by_area(a1=3, a2=2, a3=3, a4=2, a5=2, a6=2), pause=(8, 20))
    diary.open("path")
    diary.mark(talking_read="planned", talking_explain="planned", checks_read="planned")
    for day, name in {2: "choosing", 4: "licences", 6: "protecting", 8: "talking"}.items():
        diary.day(day, 12)
        unit = diary.open(name)
        diary.read(unit, 150, 280)
        for problem in _problems(unit):
            diary.wait(25, 60)
            diary.answer_right(problem)
    for day in (11, 14, 17, 20):
        diary.day(day, 12)
        unit = diary.open("checks")
        if day == 11:
            diary.read(unit, 180, 260)
            diary.wait(30, 60)
            diary.answer_right(_problems(unit)[0])
        for _try in range(2 if day in (11, 17) else 1):
            diary.wait(60, 140)
            diary.answer_wrong(_problems(unit)[1])
        if day == 14:
            diary.wait(30, 60)
            _writes(diary)
        if day == 17:
            diary.wait(30, 60)
            diary.open("path")
            diary.mark(talking_read="done", checks_read="doing")
            diary.rate(talking_read=4, checks_read=2)
    return diary


def _writes(diary: Diary) -> None:
    """A PRES text, saved part by part and handed in."""
    diary.read(diary.open("position"), 120, 200)
    texts = {"position": "", "reason": "", "example": "", "summary": ""}
    for part, text in _TEXTS.items():
        diary.wait(150, 260)
        texts = {**texts, part: text}
        diary.do("draft", "pres", texts=texts)
    diary.wait(30, 60)
    diary.do("submit", "pres", texts=texts)


_TEXTS = {
    "position": "Menimcha, raqamli vositalar har bir darsda emas, balki faqat talaba usiz bajara olmaydigan ish "
    "boʻlgan darsda kerak.",
    "reason": "Chunki vosita darsning maqsadi boʻlib qolsa, talabalar mavzuni emas, tugmalarni oʻrganadi, vaqtning "
    "yarmi esa kirish va sozlashga ketadi.",
    "example": "Masalan, oʻtgan haftada onlayn doskani ochishga oʻn besh daqiqa sarfladik, keyin esa xuddi shu "
    "topshiriqni qogʻozda olti daqiqada bajardik va muhokamaga vaqt qoldi.",
    "summary": "Shuning uchun bundan keyin darsni rejalashtirganda avval maqsadni yozaman, keyin esa raqamli vosita "
    "unga yordam beradimi, deb oʻzimdan soʻrayman.",
}


def all_steps() -> Iterator[Step]:
    """The steps of everybody, in the order in which they happened."""
    diaries = (_steady(), _guesser(), _reader(), _stopped(), _stuck())
    steps = [step for diary in diaries for step in diary.steps]
    return iter(sorted(steps, key=lambda step: (step.time, step.who)))
