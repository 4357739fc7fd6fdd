"""``smartpd_refresh LOG…``: what the tracking logs tell, into profiles and recommendations."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from smartpd_analytics.api import CourseMap, InputError, read_course_map, said
from smartpd_analytics.errors import MissingExtraError

from smartpd import api
from smartpd.locks import refresh_lock
from smartpd.targets import standard

#: Problems and progress are named up to this many times; the numbers at the end are complete.
SHOWN = 20
#: A line of progress for each of these many learners.
PORTION = 500


class Command(BaseCommand):
    """Reads tracking logs, stores what each known learner did, and recomputes recommendations."""

    help = (
        "Read tracking logs (plain or gz, files or folders, - for standard input) and bring profiles and "
        "recommendations up to date. Give all logs of the courses, not only the newest: what is stored of a learner's "
        "activity is replaced. Safe to repeat; a second run beside it stops with a message."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("logs", nargs="+", metavar="LOG", help="a log file, a folder of them, or -")
        parser.add_argument("--course", action="append", default=[], help="only this course; may be repeated")
        parser.add_argument("--course-map", metavar="FILE", help="which unit trains what, in YAML or CSV")

    def handle(self, *_args: Any, **options: Any) -> None:
        # Only here: the LMS must start without the engine, which each name of this door loads.
        from smartpd_analytics import pipeline

        try:
            with refresh_lock():
                self._refresh(pipeline, options)
        except (api.RefreshRunningError, InputError, MissingExtraError) as problem:
            raise CommandError(_worded(str(problem))) from problem

    def _refresh(self, pipeline: Any, options: Mapping[str, Any]) -> None:
        courses: list[str] = options["course"]
        file = options["course_map"]
        given = read_course_map(file, standard().framework) if file else CourseMap()
        self._warn(given.problems)
        log = pipeline.read_event_log(options["logs"], stdin=sys.stdin.buffer, progress=self._reading())
        self._warn(log.account.source_problems)
        accepted = map(_worded, log.account.sources_accepted)
        self._warn(_("Accepted as sources: %(accepted)s") % {"accepted": each} for each in accepted)
        self._warn(f"{line.file}:{line.line}: {_explained(line.reason)}" for line in log.account.quarantine)
        if not log.account.read:
            raise CommandError(_("Nothing could be read."), returncode=2)
        stored = {key: _taught(api.course_map(key)) for key in api.mapped_courses()}
        if file and not _concerns(given, log.table, [api.course_map(key) for key in stored]):
            # A mistyped file would take the place of what the course team has said.
            raise CommandError(
                _("%(file)s: none of its keys is in the courses of these logs. Nothing was changed.") % {"file": file},
                returncode=2,
            )
        report = pipeline.learner_activity(
            log.table, course_map=_together(given, stored, about=courses if file else ())
        )
        found = Counter[str]()
        strangers: list[str] = []
        for course_key, in_course in sorted(report.maps.items()):
            if courses and course_key not in courses:
                continue
            if not self._known(course_key):
                found["courses_unknown"] += 1
                strangers.append(course_key)
                continue
            if course_key in stored and not in_course.framework_id:
                in_course = replace(in_course, framework_id=stored[course_key].framework_id)  # noqa: PLW2901
            found["courses"] += 1
            api.store_course_map(course_key, in_course)
            found += self._store(course_key, [a for a in report.learners if a.course_key == course_key], report)
        self._warn(_("There is no course %(course)s on this site.") % {"course": course} for course in strangers)
        absent = sorted(set(courses) - set(report.maps))
        self._warn(_("The logs have no event of %(course)s.") % {"course": course} for course in absent)
        self._account(log.account, found)
        if found["failed"]:
            # Whoever runs this every night hears of it.
            raise CommandError(
                _("Learners whose data could not be stored: %(count)s. The others are up to date.")
                % {"count": found["failed"]},
                returncode=1,
            )
        if not found["courses"]:
            raise CommandError(_("The logs have no course of this site. Nothing was changed."), returncode=2)

    def _known(self, course_key: str) -> bool:
        """Logs also name courses that never were: mistyped addresses, another site's."""
        try:
            return api.course_exists(course_key)
        except api.InvalidRecordError:
            return False

    def _store(self, course_key: str, activities: list[Any], report: Any) -> Counter[str]:
        found, notes = Counter[str](), []
        self.stdout.write(
            _("%(course)s: learners in the log: %(count)s") % {"course": course_key, "count": len(activities)}
        )
        learners = (_logged(activity, report.own_blocks.get((course_key, activity.learner))) for activity in activities)
        for number, result in enumerate(api.store_activities(course_key, learners), 1):
            found[result.outcome] += 1
            if result.problem:
                notes.append(f"{result.learner}: {_worded(result.problem)}")
            elif result.outcome == "unknown":
                notes.append(_("%(learner)s: no account has this name and number.") % {"learner": result.learner})
            if number % PORTION == 0:
                self.stdout.write(f"  {number}/{len(activities)}")
        self._warn(notes)
        return found

    # --- what is said ---------------------------------------------------------------------------

    def _reading(self) -> Any:
        """A hearer of the reading's progress that says each tenth once."""
        said = set()

        def hear(done: int, total: int) -> None:
            tenth = done * 10 // total if total else -1
            if tenth > 0 and tenth not in said:
                said.add(tenth)
                self.stdout.write(_("Reading the logs: %(share)s%%") % {"share": min(tenth, 10) * 10})

        return hear

    def _warn(self, problems: Iterable[str]) -> None:
        problems = list(problems)
        for problem in problems[:SHOWN]:
            self.stderr.write(_worded(problem))
        if len(problems) > SHOWN:
            self.stderr.write(_("… and %(count)s more.") % {"count": len(problems) - SHOWN})

    def _account(self, account: Any, found: Mapping[str, int]) -> None:
        lines = _(
            "Lines read: %(read)s = %(accepted)s accepted + %(duplicate)s duplicate + %(ignored)s ignored + "
            "%(quarantined)s quarantined."
        ) % {
            "read": account.read,
            "accepted": account.accepted,
            "duplicate": account.duplicate,
            "ignored": account.ignored,
            "quarantined": account.quarantined,
        }
        learners = _(
            "Courses: %(courses)s (unknown here: %(courses_unknown)s). Learners updated: %(updated)s, unknown here: "
            "%(unknown)s, of the course team: %(team)s, newer already stored: %(older)s, failed: %(failed)s."
        ) % {
            name: found.get(name, 0)
            for name in ("courses", "courses_unknown", "updated", "unknown", "team", "older", "failed")
        }
        self.stdout.write(lines)
        self.stdout.write(self.style.SUCCESS(learners) if not found.get("failed") else learners)


def _worded(text: str) -> str:
    """What the analytics says, in the language of the command."""
    return said(text, (get_language() or "en")[:2])


def _explained(code: str) -> str:
    """Why a line cannot be read, in the language of the command."""
    from smartpd_analytics.reports.account import explain

    return explain(code, (get_language() or "en")[:2])


def _concerns(given: CourseMap, table: Any, stored: Iterable[CourseMap]) -> bool:
    """Whether a map is about the courses of the logs: it names one of them, or a block that they or their maps know.

    A map that has no row is about none.
    """
    keys = {key for name in ("usage_key", "unit_key") for key in table.column(name).unique().to_pylist() if key}
    keys |= {unit.usage_key for each in stored for unit in each.units}
    known = {key.rpartition("@")[2] for key in keys}
    courses = {key.removeprefix("course-v1:") for key in table.column("course_key").unique().to_pylist() if key}
    return any(
        _course_part(unit.usage_key) in courses or unit.usage_key.rpartition("@")[2] in known for unit in given.units
    )


def _logged(activity: Any, own: Any) -> api.LearnerLogData:
    """One learner as the log has them, in the plugin's terms."""
    answers = own.diagnosis if own is not None else None
    diagnosis = answers and api.LoggedDiagnosisData(
        usage_key=answers.usage_key,
        phase=answers.phase,
        instrument_id=answers.instrument,
        instrument_version=answers.version,
        answers=answers.answers,
    )
    return api.LearnerLogData(activity, diagnosis, own.done if own is not None else frozenset())


def _taught(course_map: CourseMap) -> CourseMap:
    """The part of a stored map that no log can show: what a course team once said of its units."""
    said = ("competencies", "level", "activity", "modes", "prerequisites", "max_attempts", "due_us")
    taught = (unit for unit in course_map.units if any(getattr(unit, name) for name in said))
    return replace(course_map, units=tuple(taught))


def _together(given: CourseMap, stored: Mapping[str, CourseMap], *, about: Iterable[str]) -> CourseMap | None:
    """The map given now, and for all other courses what was said of them before, so that it is not lost.

    ``about`` are the courses that the given map is known to be about, beside those its keys name. Bare block
    ids name none, so without ``about`` such a map is taken to be about every course.
    """
    named = {_course_part(unit.usage_key) for unit in given.units}
    named |= {key.removeprefix("course-v1:") for key in about}
    everywhere = "" in named and not about
    others = [each for key, each in stored.items() if key.removeprefix("course-v1:") not in named and not everywhere]
    units = tuple(_renumbered([*given.units, *(unit for each in others for unit in each.units)]))
    return CourseMap(units, given.framework_id) if units else None


def _renumbered(units: Iterable[Any]) -> Iterator[Any]:
    for position, unit in enumerate(units):
        yield replace(unit, position=position)


def _course_part(usage_key: str) -> str:
    """``Org+Course+Run`` of a block key, ``""`` of a bare block id."""
    return usage_key.removeprefix("block-v1:").split("+type@")[0] if usage_key.startswith("block-v1:") else ""
