"""What every page of the demo shows: who is signed in, the languages, the tabs of the course."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from .course import COURSE_KEY, load_course
from .words import in_language

__all__ = ["host"]


def host(request: HttpRequest) -> dict[str, Any]:
    """Context of ``main_django.html`` and ``courseware/course_navigation.html``."""
    # Error pages come here as well, before or without the middleware that sets the user.
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    staff = bool(signed_in and user.is_staff)  # type: ignore[union-attr]
    return {
        "demo_course_key": COURSE_KEY,
        "demo_course_title": in_language(load_course().title),
        "demo_tabs": _tabs(request.path, staff=staff) if signed_in else [],
        "shared_stylesheet": reverse("xblock_resource", args=("smartpd_pres", "public/shared/smartpd.css")),
    }


def _tabs(path: str, *, staff: bool) -> list[dict[str, Any]]:
    from smartpd.api import my_development_url

    mine = my_development_url(COURSE_KEY)
    home = reverse("course_home", args=(COURSE_KEY,))
    tabs = [("tab_course", home, path.startswith(home)), ("tab_my_development", mine, path == mine)]
    if staff:
        studio, team = reverse("studio", args=(COURSE_KEY,)), reverse("smartpd:team", args=(COURSE_KEY,))
        tabs += [("tab_team", team, path.startswith(team)), ("tab_studio", studio, path.startswith(studio))]
    return [{"words": words, "url": url, "active": active} for words, url, active in tabs]
