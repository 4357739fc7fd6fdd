"""The pages of a class: what its diagnoses have found, how their questions work, and the tables of both.

The course team sees everything; an observer figures of five learners and more, and nobody by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import _class_page, _class_results, _items_page, api, compat
from ._csv import csv_response
from .permissions import Role, observes
from .views import Response, _address, _Course, _course_page, _frame, _Refused

__all__ = [
    "class_answers_csv",
    "class_items",
    "class_items_csv",
    "class_results",
    "class_results_csv",
    "class_summary_csv",
]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads a page of the class, and which cohort they have chosen."""

    whole: bool
    cohorts: tuple[api.CohortData, ...]
    cohort: int | None

    @property
    def query(self) -> dict[str, str]:
        return {} if self.cohort is None else {"cohort": str(self.cohort)}


def _reader(request: HttpRequest, course: _Course, *, names: bool = False) -> _Reader:
    if course.role is not Role.TEAM and (names or not observes(request.user, course.key)):
        raise _Refused(
            403, _("This page is for the course team"), _("Your own page is “My development” in the same course.")
        )
    if course.role is not Role.TEAM:
        # Two groups side by side give away those who are in one of them alone.
        return _Reader(False, (), None)
    cohorts = api.cohorts(course.key)
    asked = request.GET.get("cohort", "")
    if not asked:
        return _Reader(True, cohorts, None)
    if asked not in {str(each.cohort_id) for each in cohorts}:
        raise _Refused(
            404,
            _("There is no such cohort"),
            _("The course has no cohort with this number. It may have been removed since the page was opened."),
        )
    return _Reader(True, cohorts, int(asked))


def _results(course: _Course, reader: _Reader) -> list[api.ClassResultData]:
    found = api.class_results(course.key, cohort=reader.cohort)
    return [each if reader.whole else api.suppressed(each) for each in found]


def _class_frame(request: HttpRequest, course: _Course, reader: _Reader) -> dict[str, Any]:
    # Whoever observes without taking the course has no way into the platform's own tabs of it.
    inside = course.role is not Role.OBSERVER
    return {
        **_frame(course, navigation=compat.navigation_course(request.user, course.key) if inside else None),
        "whole": reader.whole,
        "cohorts": reader.cohorts,
        "cohort": reader.cohort,
        "cohort_name": next((each.name for each in reader.cohorts if each.cohort_id == reader.cohort), ""),
        "results_url": _address("class_results", course, reader.query),
        "all_url": _address("class_results", course, {}),
        "team_url": _address("team", course, {}),
    }


@_course_page
def class_results(request: HttpRequest, course: _Course) -> Response:
    """What the needs diagnostics have found in the class."""
    reader = _reader(request, course)
    results = []
    for each in _results(course, reader):
        query = {**_class_page.key_query(each), **reader.query}
        results.append({**_class_page.result_context(each), "items_url": _address("class_items", course, query)})
    context = {
        **_class_frame(request, course, reader),
        "results": results,
        "summary_url": _address("class_summary_csv", course, reader.query),
        "csv_url": _address("class_results_csv", course, reader.query) if reader.whole else "",
    }
    return render(request, "smartpd/class_results.html", context)


@_course_page
def class_results_csv(request: HttpRequest, course: _Course) -> Response:
    """Every diagnosis of every learner, as a table."""
    reader = _reader(request, course, names=True)
    header, rows = _class_page.results_csv(_class_results.result_rows(course.key, reader.cohort))
    return csv_response("class-results.csv", header, rows)


@_course_page
def class_summary_csv(request: HttpRequest, course: _Course) -> Response:
    """The figures of the page, as a table."""
    reader = _reader(request, course)
    header, rows = _class_page.summary_csv(_results(course, reader))
    return csv_response("class-summary.csv", header, rows)


# --- the questions ------------------------------------------------------------------------------


def _key(request: HttpRequest, course: _Course, reader: _Reader) -> api.DiagnosisKey:
    """The diagnosis that a request names.

    Raises:
        _Refused: there is none of these values in the course.
    """
    asked = {name: request.GET.get(name, "") for name in _class_page.KEY_NAMES}
    for key in api.class_diagnoses(course.key, cohort=reader.cohort):
        if _class_page.key_query(key) == asked:
            return key
    raise _Refused(
        404,
        _("There are no such answers"),
        _("Nobody has answered this version of the questionnaire here yet. Open it from “Results of the class”."),
    )


def _items(course: _Course, reader: _Reader, key: api.DiagnosisKey) -> api.ClassItemsData | None:
    try:
        return api.class_items(course.key, key, cohort=reader.cohort)
    except api.InvalidRecordError as problem:
        raise _Refused(
            404,
            _("The questionnaire is not on this site any more"),
            _("Without its questions nothing can be said of the answers. Ask the site’s operators for “%(name)s”.")
            % {"name": f"{key.instrument_id} {key.instrument_version}"},
        ) from problem


@_course_page
def class_items(request: HttpRequest, course: _Course) -> Response:
    """How the questions of one diagnosis work: difficulty, discrimination, and what to look at."""
    reader = _reader(request, course)
    key = _key(request, course, reader)
    query = {**_class_page.key_query(key), **reader.query}
    context = {
        **_class_frame(request, course, reader),
        **_items_page.items_context(course.key, _items(course, reader, key), key, whole=reader.whole),
        "title": _class_page.title_of(key, api.course_map(course.key)),
        "key_query": _class_page.key_query(key),
        "items_url": _address("class_items", course, _class_page.key_query(key)),
        "csv_url": _address("class_items_csv", course, query),
        "answers_url": _address("class_answers_csv", course, query) if reader.whole else "",
    }
    return render(request, "smartpd/class_items.html", context)


@_course_page
def class_items_csv(request: HttpRequest, course: _Course) -> Response:
    """The same as a table."""
    reader = _reader(request, course)
    key = _key(request, course, reader)
    header, rows = _items_page.items_csv(course.key, _items(course, reader, key), key, whole=reader.whole)
    return csv_response("class-questions.csv", header, rows)


@_course_page
def class_answers_csv(request: HttpRequest, course: _Course) -> Response:
    """Every answer of every learner to one diagnosis, a row for each learner."""
    reader = _reader(request, course, names=True)
    key = _key(request, course, reader)
    lang = get_language() or "en"
    answers = api.single_answers(course.key, key, cohort=reader.cohort)
    header, rows = _items_page.answers_csv(course.key, answers, key, lang)
    return csv_response("class-answers.csv", header, rows)
