"""The course team's pages: blocks as Studio edits them, and the button that reads the tracking log again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from web_fragments.fragment import Fragment

from .course import COURSE_KEY, load_course
from .reading import LogBusy, LogUnreadable, read_logs
from .runtime import DemoRuntime
from .views import of_the_course
from .words import words

__all__ = ["read_log", "studio", "studio_block"]


@require_safe
@of_the_course(staff=True)
def studio(request: HttpRequest) -> HttpResponse:
    editable = [
        {"unit": unit, "plan": plan} for unit, plan in load_course().blocks() if plan.type.startswith("smartpd_")
    ]
    return render(request, "demo/studio.html", {"editable": editable})


@require_safe
@ensure_csrf_cookie
@of_the_course(staff=True)
def studio_block(request: HttpRequest, usage_id: str) -> HttpResponse:
    course = load_course()
    plan, unit = course.block(usage_id), course.unit_of(usage_id)
    if plan is None or unit is None or not plan.type.startswith("smartpd_"):
        raise Http404
    fragment = DemoRuntime(request, in_studio=True).get_block(usage_id).render("studio_view")
    page = Fragment()
    page.add_fragment_resources(fragment)
    context = {"unit": unit, "html": fragment.body_html(), "head": page.head_html(), "foot": page.foot_html()}
    return render(request, "demo/studio_block.html", context)


@require_POST
@of_the_course(staff=True)
def read_log(request: HttpRequest) -> HttpResponse:
    try:
        said = read_logs()
    except LogBusy:
        messages.warning(request, words("log_busy"))
    except LogUnreadable as problem:
        messages.error(request, f"{words('log_failed')} {problem}")
    else:
        messages.success(request, f"{words('log_done')} {said}")
    return redirect("studio", COURSE_KEY)
