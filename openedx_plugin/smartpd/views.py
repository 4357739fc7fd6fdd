"""The pages: one's own development, and the course team's overview. Reading only; they work without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import _own_page, _page, api, compat
from ._csv import csv_response
from ._keys import course_key_of
from ._page import words
from ._results import doubts
from .permissions import Role, role_in

__all__ = ["my_csv", "my_development", "team", "team_csv"]

Response = HttpResponse | StreamingHttpResponse


class _Refused(Exception):
    """A page that cannot be shown, as a page of its own."""

    def __init__(self, status: int, title: str, message: str) -> None:
        self.status = status
        self.title = title
        self.message = message
        super().__init__(title)


@dataclass(frozen=True, slots=True)
class _Course:
    """The course of a request, and what the person asking is in it."""

    key: Any
    title: str
    role: Role


def _course_page(view: Callable[[HttpRequest, _Course], Response]) -> Callable[..., Response]:
    """A page of a course: anonymous people are sent to log in, refusals become pages in plain words."""

    # Answers that no result counts yet are scored learner by learner: in the platform's one transaction for the whole
    # request each of them would have to wait for the page.
    @transaction.non_atomic_requests
    @require_safe
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, course_id: str) -> Response:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, _open(request, course_id))
        except _Refused as refused:
            context = {**_frame(None), "title": refused.title, "message": refused.message}
            return render(request, "smartpd/message.html", context, status=refused.status)

    return page


def _open(request: HttpRequest, course_id: str) -> _Course:
    try:
        key = course_key_of(course_id)
        title = compat.course_title(key)
    except api.InvalidRecordError:
        title = None
    if title is None:
        raise _Refused(
            404, _("There is no such course"), _("The address names a course that does not exist on this site.")
        )
    role = role_in(request.user, key)
    if role in (Role.ANONYMOUS, Role.STRANGER):
        raise _Refused(
            403,
            _("This page is for people who take the course"),
            _("You are not enrolled in “%(course)s”. Enrol in the course and open this page again.")
            % {"course": title},
        )
    return _Course(key, title, role)


def _frame(course: _Course | None, *, navigation: Any = None) -> dict[str, Any]:
    """What every page needs from the host."""
    return {
        "base_template": compat.base_template(),
        "on_platform": compat.on_platform(),
        "course": navigation,
        "navigation_template": compat.navigation_template(navigation) if course else "",
        "course_id": str(course.key) if course else "",
        "course_title": course.title if course else "",
        "is_team": course is not None and course.role is Role.TEAM,
    }


def _learner(request: HttpRequest, course: _Course) -> Any:
    """The account whose page is asked for: one's own, or for the team that of ``?learner=``."""
    username = request.GET.get("learner", "").strip()
    if not username:
        return compat.person_to_show(request, course.key)
    if username == request.user.get_username():
        return request.user
    if course.role is not Role.TEAM:
        raise _Refused(
            403,
            _("This is someone else’s page"),
            _("Only the learners themselves and the course team can see how they are getting on."),
        )
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None or not (api.profile(user.pk, course.key).as_of or compat.is_enrolled(user, course.key)):
        raise _Refused(
            404,
            _("There is no such learner in this course"),
            _("Nobody with the username “%(username)s” takes “%(course)s”.")
            % {"username": username[:150], "course": course.title},
        )
    return user


def _allowed(request: HttpRequest, course: _Course, user: Any) -> None:
    """Refuses a look at someone who does not want the course team to see results."""
    own = user == request.user and not api.is_read_only(course.key)
    if not own and api.consent(user.pk, course.key).get("team") is False:
        raise _Refused(
            403,
            _("This learner keeps the results to themselves"),
            _("Asked for consent, this learner has refused to show results to the course team. They can change that."),
        )


# --- my development -----------------------------------------------------------------------------


@_course_page
def my_development(request: HttpRequest, course: _Course) -> Response:
    """Where a learner stands, what to do next and why."""
    # Before the learner is looked up: from then on the platform takes staff who masquerade for that learner.
    frame = _frame(course, navigation=compat.navigation_course(request.user, course.key))
    user = _learner(request, course)
    _allowed(request, course, user)
    own = user == request.user
    username, name = user.get_username(), compat.full_names([user])[user.pk]
    known = api.profile(user.pk, course.key)
    actions = _page.actions_context(api.recommendations(user.pk, course.key))
    profile = _page.profile_context(known)
    if actions and actions[0]["link"] and actions[0]["link"] == profile["diagnosis"]["link"]:
        # The next action says it already.
        profile["diagnosis"]["state"] = "next"
    context = {
        **frame,
        **profile,
        "own": own,
        "goals": _own_page.goals_context(api.goals(user.pk, course.key), known, timezone.localdate()),
        "log_read": None if profile["activity"] else api.log_read(course.key),
        "learner": username,
        "learner_name": name or username,
        # Where an account has no name of its own, its username is not said twice.
        "learner_shown": f"{name} ({username})" if name not in ("", username) else username,
        "next_action": actions[0] if actions else None,
        "alternatives": actions[1:],
        "csv_url": reverse("smartpd:my_csv", args=[str(course.key)]),
        "team_url": reverse("smartpd:team", args=[str(course.key)]),
    }
    return render(request, "smartpd/my_development.html", context)


@_course_page
def my_csv(request: HttpRequest, course: _Course) -> Response:
    """The same as a table, for one's own use."""
    user = _learner(request, course)
    _allowed(request, course, user)
    header, rows = _page.profile_csv(api.profile(user.pk, course.key), api.recommendations(user.pk, course.key))
    rows += _own_page.chosen_rows(
        course.key,
        api.goals(user.pk, course.key),
        api.stated_needs(user.pk, course.key),
        api.consent(user.pk, course.key),
    )
    return csv_response("my-development.csv", header, rows)


# --- the course team ----------------------------------------------------------------------------


def _team_only(course: _Course) -> None:
    if course.role is not Role.TEAM:
        raise _Refused(
            403, _("This page is for the course team"), _("Your own page is “My development” in the same course.")
        )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


#: What the address says where only learners who have not begun are to be listed.
_WAITING = "waiting"


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """Which learners are asked for, and in what order."""
    return {
        "search": request.GET.get("search", ""),
        "sort": "need" if request.GET.get("sort") == "need" else "",
        "waiting_only": request.GET.get("show") == _WAITING,
    }


def _address(name: str, course: _Course, query: Mapping[str, str]) -> str:
    """The address of a page of the course, without what is empty in ``query``."""
    address: str = reverse(f"smartpd:{name}", args=[str(course.key)])
    given = {key: value for key, value in query.items() if value}
    return f"{address}?{urlencode(given)}" if given else address


@_course_page
def team(request: HttpRequest, course: _Course) -> Response:
    """The learners of a course: level, last activity, first next action with its reason."""
    _team_only(course)
    found = api.course_overview(course.key, page=_page_number(request), **_wanted(request))
    learners = [
        {
            "username": row.username,
            "full_name": row.full_name,
            "level": row.level,
            "last_active": row.last_active,
            "left": row.enrolled is False,
            "private": row.private,
            "need": _page.percent(row.need),
            "doubt": _page.doubt(row.cautions),
            "begun": row.begun,
            "action": next(iter(_page.actions_context([row.action] if row.action else [])), None),
        }
        for row in found.learners
    ]
    query = {"search": found.search, "sort": found.sort, "show": _WAITING if found.waiting_only else ""}
    context = {
        **_frame(course, navigation=compat.navigation_course(request.user, course.key)),
        "found": found,
        "learners": learners,
        "wanted": urlencode({key: value for key, value in query.items() if value}),
        "my_url": api.my_development_url(course.key),
        "team_url": reverse("smartpd:team", args=[str(course.key)]),
        "csv_url": _address("team_csv", course, query),
        "name_url": _address("team", course, {"search": found.search}),
        "need_url": _address("team", course, {"search": found.search, "sort": "need"}),
        "results_url": api.class_results_url(course.key),
    }
    return render(request, "smartpd/team.html", context)


@_course_page
def team_csv(request: HttpRequest, course: _Course) -> Response:
    """All learners that the search finds, as a table."""
    _team_only(course)
    header = [
        pgettext("smartpd", "Username"),
        pgettext("smartpd", "Name"),
        pgettext("smartpd", "Level"),
        pgettext("smartpd", "Last active"),
        pgettext("smartpd", "Next step"),
        pgettext("smartpd", "Reason"),
        pgettext("smartpd", "Minutes"),
        pgettext("smartpd", "Rule"),
        pgettext("smartpd", "To the target, %"),
        pgettext("smartpd", "Doubtful because"),
        pgettext("smartpd", "Note"),
    ]
    learners = api.team_learners(course.key, **_wanted(request))
    return csv_response("learners.csv", header, map(_team_row, learners))


def _team_row(row: api.LearnerRowData) -> list[Any]:
    day = row.last_active.date().isoformat() if row.last_active else None
    action = row.action
    told: list[Any] = [None] * 4
    if action:
        told = [words(action.title), words(action.reason), action.minutes, words(action.rule_title)]
    note = None if row.begun else pgettext("smartpd", "has not begun")
    return [row.username, row.full_name, row.level, day, *told, _page.percent(row.need), doubts(row.cautions), note]
