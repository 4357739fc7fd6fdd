"""The shape of a simulated course: what stands in it, and the parts of log lines that never change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import md5
from random import Random

from ..data import SIMULATED_ORG
from ._plan import SimulationPlan

__all__ = ["HOST", "Block", "Course", "Problem", "Unit", "block_id", "build_course"]

#: A name that can never be a real site's (RFC 2606).
HOST = "lms.simulated.example"
MFE = "https://apps.simulated.example"
_QUERY = "?exam_access=&jumpToId=&preview=0&recheck_access=1&show_bookmark=0&show_title=0&view=student_view"
UNITS_A_WEEK = 2
_WEEK_US = 7 * 86_400_000_000
PROBLEMS_A_UNIT = 2
#: Competences of DigCompEdu that the units train in turn.
COMPETENCIES = (
    "1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4",
    "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2", "6.3", "6.4", "6.5",
)  # fmt: skip
_LEVELS = ("A2", "A2", "B1", "B1", "B2")


@dataclass(frozen=True, slots=True)
class Block:
    """A block, with the context of its server events from ``path`` on, for each of its handlers."""

    key: str
    id: str
    type: str
    title: str
    course_key: str

    def path(self, handler: str) -> str:
        return f"/courses/{self.course_key}/xblock/{self.key}/handler/{handler}"

    def context(self, handler: str) -> str:
        module = json.dumps({"display_name": self.title, "usage_key": self.key})
        return (
            f', "path": "{self.path(handler)}", "org_id": "{SIMULATED_ORG}", "enterprise_uuid": "", "module": {module}'
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: chance of a right first answer is logistic(``discrimination`` (ability - ``difficulty``))."""

    block: Block
    competency: str
    discrimination: float
    difficulty: float
    weight: int
    options: int
    right: int
    graded_html: str
    context: str
    path: str

    @property
    def input(self) -> str:
        return f"{self.block.id}_2_1"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of study; the first holds the entry diagnosis and the matrix, the last the exit diagnosis and a text."""

    number: int
    block: Block
    sequence: Block
    title: str
    competency: str
    level: str
    html: Block
    video: Block
    seconds: int
    problems: tuple[Problem, ...]
    page: str
    referer: str
    #: The page of the course's front end that holds the unit.
    frame: str


@dataclass(frozen=True, slots=True)
class Course:
    """One run of a course."""

    key: str
    name: str
    run: int
    units: tuple[Unit, ...]
    diagnosis: Block
    exit_diagnosis: Block
    matrix: Block
    pres: Block
    first_us: int
    last_us: int
    possible: int
    version: str

    def open_units(self, time_us: int) -> int:
        """Number of units that are open: those of a week open with it, the first ones before the course as well."""
        weeks = max(0, (time_us - self.first_us) // _WEEK_US)
        return min(len(self.units), UNITS_A_WEEK * (weeks + 1))


def block_id(course: str, name: str) -> str:
    """32 hex digits, as Studio gives them; the same in every run, as a rerun keeps them."""
    return md5(f"simulated {course} {name}".encode(), usedforsecurity=False).hexdigest()


def build_course(plan: SimulationPlan, course: int, run: int) -> Course:
    """A run of a course: content is the same in every run, keys and dates are its own."""
    name = f"DC{course + 1}"
    start = plan.start_of(run)
    key = f"course-v1:{SIMULATED_ORG}+{name}+run-{run + 1:02d}"
    content = Random(f"{plan.seed} content {course}")  # noqa: S311  a simulation, no secret

    def block(kind: str, title: str, what: str) -> Block:
        ident = block_id(name, what)
        return Block(f"block-v1:{key.removeprefix('course-v1:')}+type@{kind}+block@{ident}", ident, kind, title, key)

    units = []
    for number in range(plan.weeks * UNITS_A_WEEK):
        week = number // UNITS_A_WEEK
        units.append(_unit(number, block, content, block("sequential", f"Week {week + 1}", f"week {week}"), key))
    first = int(start.timestamp() * 1_000_000)
    return Course(
        key=key,
        name=name,
        run=run,
        units=tuple(units),
        diagnosis=block("smartpd_needs_diagnostic", "Where do I stand?", "entry"),
        exit_diagnosis=block("smartpd_needs_diagnostic", "Where do I stand now?", "exit"),
        matrix=block("smartpd_learning_matrix", "My matrix", "matrix"),
        pres=block("smartpd_pres", "My position", "pres"),
        first_us=first,
        last_us=first + int(timedelta(weeks=plan.weeks).total_seconds()) * 1_000_000,
        possible=sum(problem.weight for unit in units for problem in unit.problems),
        version=block_id(name, f"version {run}")[:24],
    )


def _unit(number: int, block, content: Random, sequence: Block, key: str) -> Unit:  # type: ignore[no-untyped-def]
    vertical = block("vertical", f"Unit {number + 1}", f"unit {number}")
    competency = COMPETENCIES[number % len(COMPETENCIES)]
    problems = []
    for index in range(PROBLEMS_A_UNIT):
        one = block("problem", f"Question {number + 1}.{index + 1}", f"problem {number}.{index}")
        weight = 2 if index == PROBLEMS_A_UNIT - 1 and number % 3 == 2 else 1
        options = 4
        problems.append(
            Problem(
                block=one,
                competency=competency,
                discrimination=round(0.7 + 1.1 * content.random(), 3),
                difficulty=round(content.gauss(-0.1, 0.8), 3),
                weight=weight,
                options=options,
                right=int(content.random() * options),
                graded_html=_graded_html(one, options),
                context=one.context("xmodule_handler/problem_check"),
                path=one.path("xmodule_handler/problem_check"),
            )
        )
    page = f"https://{HOST}/xblock/{vertical.key}{_QUERY}"
    return Unit(
        number=number,
        block=vertical,
        sequence=sequence,
        title=f"Unit {number + 1}",
        competency=competency,
        level=_LEVELS[number % len(_LEVELS)],
        html=block("html", f"Text {number + 1}", f"html {number}"),
        video=block("video", f"Video {number + 1}", f"video {number}"),
        seconds=180 + int(content.random() * 420),
        problems=tuple(problems),
        page=page,
        referer=page,
        frame=f"{MFE}/learning/course/{key}/{sequence.key}/{vertical.key}",
    )


def _graded_html(block: Block, options: int) -> str:
    """What the browser tells of a graded problem, as the content of a JSON string."""
    name = f"{block.id}_2_1"
    choices = "".join(
        f'<div class="field">\n  <input type="radio" name="input_{name}" id="input_{name}_choice_{n}" '
        f'class="field-input input-radio" value="choice_{n}"/><label id="{name}-choice_{n}-label" '
        f'for="input_{name}_choice_{n}" class="response-label field-label label-inline">\n  Option {n + 1}\n'
        "  </label>\n</div>\n"
        for n in range(options)
    )
    whole = (
        f'\n\n<h3 class="hd hd-3 problem-header" id="{block.id}-problem-title" tabindex="-1">\n  {block.title}\n'
        f'</h3>\n\n<div class="problem-progress" id="{block.key}-problem-progress"></div>\n\n<div class="problem">\n'
        f'<fieldset aria-describedby="status_{name}">\n<legend id="{name}-legend" '
        f'class="response-fieldset-legend field-group-hd">{block.title}</legend>\n{choices}</fieldset>\n</div>\n'
    )
    return json.dumps(whole)[1:-1]
