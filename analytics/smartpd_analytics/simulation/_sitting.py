"""What a learner does from signing in to closing the page, as lines of the log."""

from __future__ import annotations

from math import exp
from random import Random

from ..data import SIMULATED_ORG
from ._course import COMPETENCIES, HOST, Block, Course, Problem, Unit
from ._learner import MOST_POINTS, PASS, Learner, answers_after, level_of, logistic
from ._lines import Browser, stamp

__all__ = ["Sitting"]

_SECOND = 1_000_000
_CORRECTNESS = '"npoints": null, "msg": "", "hint": "", "hintmode": null, "queuestate": null, "answervariable": null}}'
_UNIT_QUERY = (
    '"{\\"GET\\": {\\"exam_access\\": [\\"\\"], \\"jumpToId\\": [\\"\\"], \\"preview\\": [\\"0\\"], '
    '\\"recheck_access\\": [\\"1\\"], \\"show_bookmark\\": [\\"0\\"], \\"show_title\\": [\\"0\\"], '
    '\\"view\\": [\\"student_view\\"]}, \\"POST\\": {}}"'
)
#: Chance of watching the video, of answering the questions; seconds of reading.
_WATCHES = {"steady": 0.85, "crammer": 0.45, "watcher": 0.98, "guesser": 0.25, "dropout": 0.6, "silent": 0.4}
_ANSWERS = {"steady": 0.98, "crammer": 0.97, "watcher": 0.72, "guesser": 0.98, "dropout": 0.85, "silent": 0.4}
_READS = {"steady": 240, "crammer": 110, "watcher": 90, "guesser": 35, "dropout": 130, "silent": 50}
_TRIES = 3


class Sitting:
    """One sitting; what is learned and answered changes the learner."""

    def __init__(self, course: Course, learner: Learner, browser: Browser, random: Random, start_us: int) -> None:
        self._course = course
        self._learner = learner
        self._to = browser
        self._random = random.random
        self._source = random
        self._now = start_us
        self._transactions = 0

    def play(self, *, enrols: bool, leaves: bool = False) -> int:
        """Write the lines of the sitting; returns the moment of its end in microseconds."""
        learner, course, to = self._learner, self._course, self._to
        if enrols or self._random() < 0.6:
            to.signs_in(self._now)
            self._wait(8)
        if enrols:
            self._enrolment("activated")
        self._home()
        if leaves:
            self._enrolment("deactivated")
            return self._now
        if enrols and learner.habit == "silent" and self._random() < 0.7:
            return self._now
        for _ in range(learner.units_today(self._source)):
            if learner.next_unit >= course.open_units(self._now):
                if learner.next_unit and self._random() < 0.4:
                    self._look_again(course.units[int(self._random() * learner.next_unit)])
                break
            unit = course.units[learner.next_unit]
            self._unit(unit)
            learner.next_unit += 1
        if self._random() < min(0.9, 0.18 * exp(0.9 * learner.sociable)):
            self._forum()
        if self._random() < 0.35:
            to.signs_out(self._now)
        return self._now

    # --- the parts of a sitting ---------------------------------------------------------------

    def _wait(self, seconds: float) -> int:
        """Move the clock on by about that many seconds, at least 50 ms; returns the moment."""
        self._now += 50_000 + int(seconds * (0.5 + self._random()) * _SECOND)
        return self._now

    def _enrolment(self, what: str) -> None:
        event = f'{{"user_id": {self._learner.user_id}, "course_id": "{self._course.key}", "mode": "audit"}}'
        name = f"edx.course.enrollment.{what}"
        self._to.in_course(self._wait(5), name, "/change_enrollment", event, "+enrolment")

    def _home(self) -> None:
        course, to = self._course, self._to
        to.request(self._wait(2), f"/api/course_home/course_metadata/{course.key}", "companion")
        to.request(self._wait(0.4), f"/api/course_home/outline/{course.key}", "companion")
        unit = course.units[min(self._learner.next_unit, len(course.units) - 1)]
        kind = "start" if self._learner.next_unit == 0 else "resume"
        event = (
            f'"{{\\"courserun_key\\": \\"{course.key}\\", \\"event_type\\": \\"{kind}\\", \\"org_key\\": '
            f'\\"{SIMULATED_ORG}\\", \\"url\\": \\"https://{HOST}/courses/{course.key}/jump_to/{unit.block.key}\\"}}"'
        )
        page = f"https://apps.simulated.example/learning/course/{course.key}/home"
        to.browser(self._wait(6), "edx.course.home.resume_course.clicked", event, page, "+navigation")

    def _unit(self, unit: Unit) -> None:
        learner, to = self._learner, self._to
        to.request(self._wait(1.2), f"/api/courseware/sequence/{unit.sequence.key}", "companion")
        before, to.referer = to.referer, unit.frame
        to.request(self._wait(1), f"/xblock/{unit.block.key}", "+page", _UNIT_QUERY)
        to.referer = unit.referer
        if unit.number == 0:
            self._diagnosis(self._course.diagnosis, "entry", learner.entry)
        self._video_event(unit, self._wait(1.5), "load_video", "")
        self._read(unit)
        if self._random() < _WATCHES[learner.habit]:
            self._watch(unit)
        if self._random() < _ANSWERS[learner.habit]:
            for problem in unit.problems:
                self._answer(unit, problem)
        if unit.number % 4 == 1 and self._random() < 0.6:
            self._mark(unit)
        if unit.number == len(self._course.units) - 1:
            self._finish()
        if self._random() < 0.6:
            to.left_page(self._wait(3), unit.page)
        to.referer = before
        if unit.number + 1 < len(self._course.units) and self._random() < 0.7:
            event = (
                f'"{{\\"current_tab\\": 1, \\"id\\": \\"{unit.block.key}\\", \\"tab_count\\": 2, '
                f'\\"widget_placement\\": \\"top\\", \\"old\\": 1, \\"new\\": 2}}"'
            )
            name = "edx.ui.lms.sequence.next_selected"
            to.browser(self._wait(2), name, event, unit.frame, "+navigation", event_type="seq_next")

    def _look_again(self, unit: Unit) -> None:
        """Back to a unit that was studied before, for its video."""
        to = self._to
        before, to.referer = to.referer, unit.frame
        to.request(self._wait(1), f"/xblock/{unit.block.key}", "+page", _UNIT_QUERY)
        to.referer = unit.referer
        self._video_event(unit, self._wait(1.5), "load_video", "")
        if self._random() < 0.5:
            self._watch(unit)
        to.referer = before

    def _read(self, unit: Unit) -> None:
        self._wait(_READS[self._learner.habit])
        path = unit.html.path("publish_completion")
        self._to.handler_request(self._now, path)
        self._to.completed(self._now + 301_211, unit.html, "publish_completion")
        self._wait(1)

    def _video_event(self, unit: Unit, time_us: int, name: str, more: str) -> None:
        event = (
            f'"{{\\"id\\": \\"{unit.video.id}\\", \\"code\\": \\"simulated00\\", '
            f'\\"duration\\": {unit.seconds}{more}}}"'
        )
        self._to.browser(time_us, name, event, unit.page, "+video")

    def _watch(self, unit: Unit) -> None:
        at, length = 0.0, unit.seconds
        patience = 0.35 + 0.2 * self._learner.diligence + (0.5 if self._learner.habit == "watcher" else 0.25)
        self._video_event(unit, self._wait(3), "play_video", ', \\"currentTime\\": 0')
        if self._random() < 0.25:
            self._video_event(
                unit, self._wait(2), "speed_change_video",
                ', \\"current_time\\": 1.5, \\"old_speed\\": \\"1.0\\", \\"new_speed\\": \\"1.5\\"',
            )  # fmt: skip
        while at < length:
            seen = min(length - at, 40 + self._random() * 260)
            at += seen
            self._now += int(seen * _SECOND)
            if at >= length:
                break
            self._video_event(unit, self._now, "pause_video", f', \\"currentTime\\": {at:.6f}')
            if self._random() > patience:
                return
            if self._random() < 0.25:
                new = min(at + 60, length - 1)
                more = f', \\"old_time\\": {at:.6f}, \\"new_time\\": {new:.2f}, \\"type\\": \\"onSlideSeek\\"'
                self._video_event(unit, self._wait(2), "seek_video", more)
                at = new
            self._video_event(unit, self._wait(20), "play_video", f', \\"currentTime\\": {at:.6f}')
        done = f', \\"currentTime\\": {length * 0.95:.1f}'
        self._video_event(unit, self._wait(0.1), "complete_video", done)
        self._to.handler_request(self._now + 120_044, unit.video.path("publish_completion"))
        self._to.completed(self._now + 230_761, unit.video, "publish_completion")
        self._video_event(unit, self._now + 700_129, "stop_video", f', \\"currentTime\\": {length}')
        self._wait(2)

    def _answer(self, unit: Unit, problem: Problem) -> None:
        learner = self._learner
        guesses = learner.habit == "guesser" and self._random() < 0.75
        skill = learner.skill(self._course)
        right_before = 0.0
        for attempt in range(1, _TRIES + 1):
            self._wait(6 if guesses else 55)
            chance = (
                0.28 if guesses else logistic(problem.discrimination * (skill - problem.difficulty) + 0.5 * attempt)
            )
            right = self._random() < chance
            points = problem.weight if right else int(problem.weight > 1 and self._random() < 0.4)
            learner.wrong = 0.9 * learner.wrong + (0.0 if right else 0.1)
            learner.earned += max(0.0, points - right_before)
            right_before = max(right_before, points)
            learner.passed = learner.passed or learner.earned / self._course.possible >= PASS
            self._submission(unit, problem, attempt, points, right=right)
            if right or self._random() < 0.45:
                return
        if self._random() < 0.3:
            to, context = self._to, problem.block.context("xmodule_handler/problem_show")
            event = f'"{{\\"problem\\": \\"{problem.block.key}\\"}}"'
            to.browser(self._wait(3), "problem_show", event, unit.page, "companion")
            to.handler_request(self._now + 115_322, problem.block.path("xmodule_handler/problem_show"))
            event = f'{{"problem_id": "{problem.block.key}"}}'
            to.server(self._now + 183_877, "showanswer", context, event, "+problem", by_block=True)
            self._wait(2)

    def _submission(self, unit: Unit, problem: Problem, attempt: int, points: float, *, right: bool) -> None:
        """The lines of one submission, in the order in which a platform writes them."""
        to, course, learner, now = self._to, self._course, self._learner, self._now
        choice = problem.right if right else (problem.right + 1 + int(self._random() * (problem.options - 1))) % 4
        name, key, context = problem.input, problem.block.key, problem.context
        sent = f"input_{name}=choice_{choice}"
        to.browser(now, "problem_check", f'"{sent}"', unit.page, "companion")
        query = f'"{{\\"GET\\": {{}}, \\"POST\\": {{\\"input_{name}\\": [\\"choice_{choice}\\"]}}}}"'
        to.handler_request(now + 120_024, problem.path, query)
        self._transactions += 1
        short = (now >> 16 & 0xFFFF, now & 0xFFF, self._transactions & 0xFFF, now & 0xFFFFFFFFFFFF)
        transaction = "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}".format(learner.number, *short)
        who = f'{{"user_id": "{learner.user_id}", "course_id": "{course.key}", '
        last = f'"event_transaction_id": "{transaction}", "event_transaction_type": "edx.grades.problem.submitted"'
        to.server(
            now + 503_794, "edx.grades.problem.submitted", context,
            f'{who}"problem_id": "{key}", {last}, "weighted_earned": {float(points)}, '
            f'"weighted_possible": {float(problem.weight)}}}',
            "+grade",
        )  # fmt: skip
        if attempt == 1:
            to.completed(now + 541_233, problem.block, "xmodule_handler/problem_check")
        verdict = "correct" if right else "incorrect"
        map_ = f'{{"{name}": {{"correctness": "{verdict}", {_CORRECTNESS}'
        to.server(
            now + 573_310, "problem_check", context,
            f'{{"state": {{"seed": 1, "student_answers": {{}}, "has_saved_answers": false, "correct_map": {{}}, '
            f'"correct_map_history": [], "input_state": {{"{name}": {{}}}}, "done": false}}, "problem_id": "{key}", '
            f'"answers": {{"{name}": "choice_{choice}"}}, "grade": {points}, "max_grade": {problem.weight}, '
            f'"correct_map": {map_}, "success": "{verdict}", "attempts": {attempt}, "submission": {{"{name}": '
            f'{{"question": "{problem.block.title}", "answer": "Option {choice + 1}", "response_type": '
            f'"multiplechoiceresponse", "input_type": "choicegroup", "correct": {"true" if right else "false"}, '
            f'"variant": "", "group_label": ""}}}}}}',
            "+problem", by_block=True,
        )  # fmt: skip
        possible = float(sum(one.weight for one in unit.problems) * 2)
        earned = min(possible, learner.earned)
        to.server(
            now + 612_749, "edx.grades.subsection.grade_calculated", context,
            f'{who}"block_id": "{unit.sequence.key}", "course_version": "{course.version}", "weighted_total_earned": '
            f'{earned}, "weighted_total_possible": {possible}, "weighted_graded_earned": {earned}, '
            f'"weighted_graded_possible": {possible}, "first_attempted": "{stamp(now)}", "subtree_edited_timestamp": '
            f'"{stamp(course.first_us)}", {last}, "visible_blocks_hash": "enOxTPSOdQU/XEW0vmlBGzlJEsA="}}',
            "+grade",
        )  # fmt: skip
        share = learner.earned / course.possible
        to.server(
            now + 630_202, "edx.grades.course.grade_calculated", context,
            f'{who}"course_version": "{course.version}", "percent_grade": {share:.2f}, "letter_grade": '
            f'"{"Pass" if share >= PASS else ""}", "course_edited_timestamp": "{stamp(course.first_us)}", {last}, '
            f'"grading_policy_hash": "ChVp0lHGQGCevD0t4njna/C44zQ="}}',
            "+grade",
        )  # fmt: skip
        name = "edx.course.grade.now_passed" if share >= PASS else "edx.course.grade.now_failed"
        to.server(now + 637_084, name, context, f"{who}{last}}}", "+grade")
        to.browser(now + 905_118, "problem_graded", f'["{sent}", "{problem.graded_html}"]', unit.page, "companion")
        self._wait(4)

    def _forum(self) -> None:
        thread = f"{int(self._random() * 0xFFFFFF):024x}"
        url = f"https://{HOST}/courses/{self._course.key}/discussion/forum/course/threads/{thread}"
        event = (
            f'{{"id": "{thread}", "commentable_id": "course", "title": "Simulated", "body": "Simulated", '
            f'"url": "{url}", "user_course_roles": ["Student"], "user_forums_roles": ["Student"]}}'
        )
        path = "/api/discussion/v1/threads/"
        self._to.in_course(self._wait(15), "edx.forum.thread.viewed", path, event, "+forum")
        if self._random() < 0.3:
            path = "/api/discussion/v1/responses/"
            self._to.in_course(self._wait(90), "edx.forum.response.created", path, event, "+forum")

    # --- our own blocks -----------------------------------------------------------------------

    def _diagnosis(self, block: Block, phase: str, points: tuple[int, ...]) -> None:
        to, context = self._to, block.context("save_answer")
        path, total = block.path("save_answer"), len(points)
        head = (
            f'{{"usage_key": "{block.key}", "instrument": "digcompedu_selfassessment", "version": "1", '
            f'"phase": "{phase}"'
        )
        areas: dict[str, int] = {}
        for number, (competency, value) in enumerate(zip(COMPETENCIES, points, strict=True), start=1):
            to.handler_request(self._wait(9), path)
            if number == 1:
                event = f'{head}, "total": {total}}}'
                to.server(self._now + 90_313, "smartpd.diagnosis.started", context, event, "+diagnosis", by_block=True)
            event = (
                f'{head}, "item": "i{competency.replace(".", "_")}", "competency": "{competency}", '
                f'"option": "{value}", "points": {value}, "answered": {number}, "total": {total}}}'
            )
            to.server(self._now + 110_427, "smartpd.diagnosis.answered", context, event, "+diagnosis", by_block=True)
            areas[competency[0]] = areas.get(competency[0], 0) + value
        of_areas = ", ".join(f'"{area}": {value}' for area, value in areas.items())
        event = (
            f'{head}, "points": {sum(points)}, "max_points": {MOST_POINTS}, "level": "{level_of(sum(points))}", '
            f'"areas": {{{of_areas}}}}}'
        )
        to.server(self._now + 140_518, "smartpd.diagnosis.completed", context, event, "+diagnosis", by_block=True)
        self._wait(20)

    def _mark(self, unit: Unit) -> None:
        block, to = self._course.matrix, self._to
        target = unit.block.key
        cell = f"{unit.competency}:practise"
        to.handler_request(self._wait(12), block.path("mark_cell"))
        event = f'{{"usage_key": "{block.key}", "cell": "{cell}", "status": "done", "target": "{target}"}}'
        name, context = "smartpd.matrix.cell_marked", block.context("mark_cell")
        to.server(self._now + 80_117, name, context, event, "+matrix", by_block=True)
        rating = 1 + int(self._random() * 4)
        to.handler_request(self._wait(6), block.path("rate_cell"))
        event = (
            f'{{"usage_key": "{block.key}", "cell": "{cell}", "rating": {rating}, "scale": 4, "target": "{target}"}}'
        )
        name, context = "smartpd.matrix.cell_rated", block.context("rate_cell")
        to.server(self._now + 80_233, name, context, event, "+matrix", by_block=True)
        self._wait(5)

    def _finish(self) -> None:
        """The last unit: a text, and the exit diagnosis."""
        learner, block, to = self._learner, self._course.pres, self._to
        if self._random() < 0.85:
            words = ", ".join(
                f'"{part}": {15 + int(self._random() * 50)}' for part in ("position", "reason", "example", "summary")
            )
            for name, handler in (("smartpd.pres.saved", "save_draft"), ("smartpd.pres.submitted", "submit")):
                to.handler_request(self._wait(240), block.path(handler))
                event = f'{{"usage_key": "{block.key}", "version": 1, "words": {{{words}}}}}'
                to.server(self._now + 95_801, name, block.context(handler), event, "+pres", by_block=True)
        if self._random() < 0.9:
            learner.exit = answers_after(self._source, learner.entry, least=0, most=4, gain=learner.gain)
            self._diagnosis(self._course.exit_diagnosis, "exit", learner.exit)
