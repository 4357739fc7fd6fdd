"""The learner's pages: who are you, the course, its units; and the plain pages for what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from smartpd.api import recommendations
from web_fragments.fragment import Fragment

from . import tracking_log
from .course import COURSE_KEY, BlockPlan, load_course
from .people import COURSE_TEAM, LEARNERS, PEOPLE
from .runtime import DemoRuntime
from .services import completed_keys
from .words import words

__all__ = [
    "broken",
    "jump_to",
    "not_found",
    "of_the_course",
    "outline",
    "refused",
    "sign_in",
    "sign_out",
    "start",
    "unit",
]

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


# --- who are you ---


@require_safe
@ensure_csrf_cookie
def start(request: HttpRequest) -> HttpResponse:
    there = request.GET.get("next", "")
    return render(request, "demo/start.html", {"learners": LEARNERS, "course_team": COURSE_TEAM, "next": there})


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """By one click and without a password: the accounts are simulated and the demo listens on this machine only."""
    username = request.POST.get("username", "")
    if username not in {person.username for person in PEOPLE}:
        messages.error(request, words("nobody_of_that_name"))
        return redirect("start")
    user = get_user_model().objects.get(username=username)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    tracking_log.new_session(request)
    tracking_log.log_sign_in(request)
    if user.is_staff:
        # Where the platform has its instructor's pages: by this line a log tells staff from learners.
        tracking_log.log_page(request, f"/courses/{COURSE_KEY}/instructor")
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        return redirect(there)
    return redirect("smartpd:team" if user.is_staff else "course_home", COURSE_KEY)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("start")


def of_the_course(*, staff: bool = False) -> Callable[[View], View]:
    """Opens a page of the demo course to who is signed in, or to the course team only."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, course_id: str, **rest: Any) -> HttpResponse:
            if course_id != COURSE_KEY:
                raise Http404
            if not request.user.is_authenticated:
                # The start page says why one is there by this; a message would wait until it is shown, and pile up.
                safe = request.method in ("GET", "HEAD")
                there = request.get_full_path() if safe else reverse("course_home", args=(COURSE_KEY,))
                return redirect(f"{reverse('start')}?{urlencode({'next': there})}")
            if staff and not request.user.is_staff:
                return _message_page(request, 403, "only_course_team")
            return view(request, **rest)

        return guarded

    return decorate


# --- the course ---


@require_safe
@ensure_csrf_cookie
@of_the_course()
def outline(request: HttpRequest) -> HttpResponse:
    course, done, next_steps = load_course(), completed_keys(request.user, COURSE_KEY), {}
    for action in reversed(() if request.user.is_staff else recommendations(request.user.pk, COURSE_KEY)):
        where = course.unit_of(action.target)
        if where is not None:
            next_steps[where.key] = action
    sections = [
        {
            "title": section.title,
            "units": [
                {"unit": unit, "done": unit.key in done, "next_step": next_steps.get(unit.key)}
                for unit in section.units
            ],
        }
        for section in course.sections
    ]
    return render(request, "demo/outline.html", {"sections": sections})


@require_safe
@ensure_csrf_cookie
@of_the_course()
def unit(request: HttpRequest, name: str) -> HttpResponse:
    course = load_course()
    shown = course.unit(name)
    if shown is None:
        raise Http404
    tracking_log.log_page(request, f"/xblock/{shown.key}")
    place = course.units.index(shown)
    page = Fragment()
    runtime = DemoRuntime(request)
    blocks = [(plan, _block_html(runtime, plan, page)) for plan in shown.blocks]
    context = {
        "unit": shown,
        "blocks": blocks,
        "head": page.head_html(),
        "foot": page.foot_html(),
        "number": place + 1,
        "total": len(course.units),
        "previous": course.units[place - 1] if place else None,
        "next": course.units[place + 1] if place + 1 < len(course.units) else None,
    }
    return render(request, "demo/unit.html", context)


def _block_html(runtime: DemoRuntime, plan: BlockPlan, page: Fragment) -> str:
    """One block; what goes wrong in it leaves the rest of the unit in place, as in the LMS."""
    try:
        fragment = runtime.get_block(plan.key).render("student_view")
    except Exception:
        log.exception("student_view of %s", plan.key)
        return ""
    page.add_fragment_resources(fragment)
    return str(fragment.body_html())


@require_safe
@of_the_course()
def jump_to(request: HttpRequest, usage_key: str) -> HttpResponse:
    found = load_course().unit_of(usage_key)
    if found is None:
        raise Http404
    anchor = "" if usage_key == found.key else f"#{usage_key.rpartition('@')[2]}"
    return redirect(reverse("unit", args=(COURSE_KEY, found.name)) + anchor)


# --- what went wrong ---


def _message_page(request: HttpRequest, status: int, key: str) -> HttpResponse:
    return render(request, "demo/message.html", {"heading": f"{key}_heading", "text": f"{key}_text"}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _message_page(request, 404, "not_found")


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _message_page(request, 403, "refused")


def broken(request: HttpRequest) -> HttpResponse:
    """Without words, frame or user: any of them may be what is broken."""
    return render(None, "demo/broken.html", status=500)
