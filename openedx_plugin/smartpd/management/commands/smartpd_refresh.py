"""``smartpd_refresh LOG…``: what the tracking logs tell, into profiles and recommendations."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from smartpd_analytics.api import (
    CourseMap,
    InputError,
    complete_course_map,
    part_for_course,
    read_course_map,
    said,
    unmet_warning,
)
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
        broken = (f"{line.file}:{line.line}: {_explained(line.reason)}" for line in log.account.quarantine)
        self._warn(broken, count=log.account.quarantined)
        if not log.account.read:
            raise CommandError(_("Nothing could be read."), returncode=2)
        kept = {key: api.course_map(key) for key in api.mapped_courses()}
        parts = _parts(given, _keys_of_courses(log.table, kept), courses)
        if file and not any(self._known(course_key) for course_key in parts):
            # A mistyped file would take the place of what the course team has said.
            raise CommandError(
                _("%(file)s: none of its keys is in the courses of these logs. Nothing was changed.") % {"file": file},
                returncode=2,
            )
        taught = {key: _taught(each) for key, each in kept.items()}
        report = pipeline.learner_activity(log.table, course_maps={**taught, **parts})
        if unmet := unmet_warning(given, report.unmet):
            self._warn([unmet])
        found = Counter[str]()
        strangers: list[str] = []
        for course_key, in_course in sorted(report.maps.items()):
            if courses and course_key not in courses:
                continue
            if not self._known(course_key):
                found["courses_unknown"] += 1
                strangers.append(course_key)
                continue
            found["courses"] += 1
            api.store_course_map(course_key, in_course)
            found += self._store(course_key, [a for a in report.learners if a.course_key == course_key], report)
        first = [key for key in sorted(set(parts) - set(report.maps)) if self._known(key)]
        for course_key in first:
            found["courses"] += 1
            seen_before = _without(kept.get(course_key, CourseMap()), taught.get(course_key, CourseMap()))
            api.store_course_map(course_key, complete_course_map(parts[course_key], seen_before))
            self.stdout.write(
                _("%(course)s: the logs have no event of it yet; its course map is stored.") % {"course": course_key}
            )
        self._warn(_("There is no course %(course)s on this site.") % {"course": course} for course in strangers)
        absent = sorted(set(courses) - set(report.maps) - set(first))
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

    def _warn(self, problems: Iterable[str], *, count: int = 0) -> None:
        """Say the first problems, and how many more there are; ``count``: of so many that not all are known."""
        problems = list(problems)
        count = max(count, len(problems))
        for problem in problems[:SHOWN]:
            self.stderr.write(_worded(problem))
        if count > SHOWN:
            self.stderr.write(_("… and %(count)s more.") % {"count": count - SHOWN})

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


def _keys_of_courses(table: Any, kept: Mapping[str, CourseMap]) -> Mapping[str, set[str]]:
    """Course key -> keys of its units and blocks, as far as the logs or the map that was kept know them."""
    known: dict[str, set[str]] = {key: {unit.usage_key for unit in each.units} for key, each in kept.items()}
    for name in ("usage_key", "unit_key"):
        pairs = table.select(["course_key", name]).group_by(["course_key", name]).aggregate([])
        for course_key, key in zip(*(pairs.column(each).to_pylist() for each in ("course_key", name)), strict=True):
            if course_key:
                known.setdefault(course_key, set()).update([key] if key else [])
    return known


def _parts(given: CourseMap, known: Mapping[str, set[str]], courses: list[str]) -> dict[str, CourseMap]:
    """Course key -> the part of a map that is about it, of ``courses`` where any are asked for.

    Where nothing at all is known of a course that was asked for, bare block ids are taken to be of it.
    """
    named = {f"course-v1:{part}" for unit in given.units if (part := _course_part(unit.usage_key))}
    found = {}
    for course_key in courses or sorted({*known, *named}):
        keys = known.get(course_key, set())
        part = part_for_course(given, course_key, keys)
        if part is None and course_key in courses and not keys:
            bare = tuple(unit for unit in given.units if "@" not in unit.usage_key and "/" not in unit.usage_key)
            part = replace(given, units=bare) if bare else None
        if part is not None:
            found[course_key] = part
    return found


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


def _without(course_map: CourseMap, other: CourseMap) -> CourseMap:
    keys = {unit.usage_key for unit in other.units}
    return replace(course_map, units=tuple(unit for unit in course_map.units if unit.usage_key not in keys))


def _course_part(usage_key: str) -> str:
    """``Org+Course+Run`` of a block key, ``""`` of a bare block id."""
    return usage_key.removeprefix("block-v1:").split("+type@")[0] if usage_key.startswith("block-v1:") else ""
