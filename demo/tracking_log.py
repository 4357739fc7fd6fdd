"""Writes the demo's tracking log, line by line in the platform's shape.

A server event says who, from where, about what; a page line (an *implicit* event) has the path as
its type and the query as a JSON string. Checked against lines of a running LMS by golden files.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from hashlib import md5
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import clock
from .course import COURSE_KEY

__all__ = ["log_completion", "log_enrolment", "log_grade", "log_page", "log_server_event", "log_sign_in", "new_session"]

log = logging.getLogger(__name__)
_writing = threading.Lock()
#: Why the last line was lost, for who cannot do without it.
lost: deque[OSError] = deque(maxlen=1)
_ORG = COURSE_KEY.split(":")[1].split("+")[0]
_SESSION = "tracking_session"
#: The platform cuts what it tells of a request.
_PAGE_EVENT_LENGTH = 512


def new_session(request: HttpRequest) -> None:
    """Give the signed-in browser the token that its lines carry; the cookie itself is never written."""
    name = request.user.get_username()
    request.session[_SESSION] = md5(f"{name} {clock.now().isoformat()}".encode(), usedforsecurity=False).hexdigest()


def log_page(request: HttpRequest, path: str) -> None:
    """The platform's line for a request: ``/xblock/<unit>`` for a unit page, or the path of a handler."""
    query = json.dumps({"GET": dict(request.GET.lists()), "POST": dict(request.POST.lists())})
    context = {"user_id": request.user.pk, "path": path, "course_id": "", "org_id": "", "enterprise_uuid": ""}
    if path.startswith("/courses/"):
        context |= {"course_id": COURSE_KEY, "org_id": _ORG}
    _write(request, path, query[:_PAGE_EVENT_LENGTH], context, page=None)


def log_server_event(request: HttpRequest, name: str, event: Mapping[str, Any], block: Any) -> None:
    """What a block published from one of its handlers."""
    _write(request, name, event, {**_course_context(request), **_module(block), "asides": {}}, page="x_module")


def log_grade(request: HttpRequest, block: Any, earned: float, possible: float) -> None:
    """The platform's line for a published grade, in weighted points."""
    name = "edx.grades.problem.submitted"
    usage_key = str(block.scope_ids.usage_id)
    moment = f"{request.session.get(_SESSION, '')} {clock.now().isoformat()} {usage_key}"
    event = {
        "user_id": str(request.user.pk),
        "course_id": COURSE_KEY,
        "problem_id": usage_key,
        "event_transaction_id": str(uuid.uuid5(uuid.NAMESPACE_URL, moment)),
        "event_transaction_type": name,
        "weighted_earned": float(earned),
        "weighted_possible": float(possible),
    }
    _write(request, name, event, {**_course_context(request), **_module(block)}, page=None)


def log_completion(request: HttpRequest, block: Any, completion: float, created: str, modified: str) -> None:
    """The platform's line for a changed completion."""
    event = {
        "user_id": request.user.pk,
        "course_id": COURSE_KEY,
        "block_id": str(block.scope_ids.usage_id),
        "block_type": block.scope_ids.block_type,
        "completion": float(completion),
        "modified": modified,
        "created": created,
    }
    context = {**_course_context(request), **_module(block)}
    _write(request, "edx.completion.block_completion.changed", event, context, page=None)


def log_sign_in(request: HttpRequest) -> None:
    """The platform's line for a login, which has neither username nor session yet."""
    context = {"user_id": None, "path": request.path, "course_id": "", "org_id": "", "enterprise_uuid": ""}
    line = _line(request, "edx.user.login", {"user_id": request.user.pk, "event_type": "login"}, context, page=None)
    _append({**line, "username": "", "session": ""})


def log_enrolment(request: HttpRequest) -> None:
    """The platform's line for an enrolment."""
    event = {"user_id": request.user.pk, "course_id": COURSE_KEY, "mode": "audit"}
    context = {
        "user_id": request.user.pk,
        "path": "/change_enrollment",
        "course_id": COURSE_KEY,
        "org_id": _ORG,
        "enterprise_uuid": "",
    }
    _write(request, "edx.course.enrollment.activated", event, context, page=None)


def _course_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "course_id": COURSE_KEY,
        "course_user_tags": {},
        "user_id": request.user.pk,
        "path": request.path,
        "org_id": _ORG,
        "enterprise_uuid": "",
    }


def _module(block: Any) -> dict[str, Any]:
    return {
        "module": {"display_name": block.display_name_with_default, "usage_key": str(block.scope_ids.usage_id)},
    }


def _line(
    request: HttpRequest, name: str, event: Any, context: Mapping[str, Any], *, page: str | None
) -> dict[str, Any]:
    return {
        "name": name,
        "context": context,
        "username": request.user.get_username(),
        "session": request.session.get(_SESSION, ""),
        "ip": request.META.get("REMOTE_ADDR", ""),
        "agent": request.META.get("HTTP_USER_AGENT", ""),
        "host": request.META.get("HTTP_HOST") or f"{request.META['SERVER_NAME']}:{request.META['SERVER_PORT']}",
        "referer": request.META.get("HTTP_REFERER", ""),
        "accept_language": request.META.get("HTTP_ACCEPT_LANGUAGE", ""),
        "event": event,
        "time": clock.now().isoformat(timespec="microseconds"),
        "event_type": name,
        "event_source": "server",
        "page": page,
    }


def _write(request: HttpRequest, name: str, event: Any, context: Mapping[str, Any], *, page: str | None) -> None:
    _append(_line(request, name, event, context, page=page))


def _append(line: Mapping[str, Any]) -> None:
    # A full disk must not stop a learner: the platform's own logger loses the line as well.
    text = json.dumps(line) + "\n"
    path = Path(settings.DEMO_TRACKING_LOG)
    try:
        with _writing, path.open("a", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        lost.append(error)
        log.error("tracking line lost: %s", error)
