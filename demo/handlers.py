"""What scripts of blocks call: their handlers, in the LMS's and in Studio's way, and their files."""

from __future__ import annotations

import mimetypes
from io import BytesIO
from typing import Any

import webob
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.views.decorators.http import require_safe
from xblock.core import XBlock
from xblock.exceptions import DisallowedFileError, NoSuchHandlerError, NoSuchUsage
from xblock.plugin import PluginMissingError

from . import tracking_log
from .course import COURSE_KEY
from .runtime import DemoRuntime

__all__ = ["in_course", "in_studio", "resource"]


def in_course(request: HttpRequest, course_id: str, usage_id: str, handler: str, suffix: str = "") -> HttpResponse:
    """The LMS's way. As there, no enrolment is checked and the anonymous get through: a block guards itself."""
    if course_id == COURSE_KEY and request.user.is_authenticated:
        tracking_log.log_page(request, request.path)
    runtime = DemoRuntime(request)
    return _call(runtime, request, course_id=course_id, usage_id=usage_id, handler=handler, suffix=suffix)


def in_studio(request: HttpRequest, course_id: str, usage_id: str, handler: str, suffix: str = "") -> HttpResponse:
    """Studio's way: any account that is signed in gets through, no more is checked."""
    if not request.user.is_authenticated:
        raise Http404
    runtime = DemoRuntime(request, in_studio=True)
    return _call(runtime, request, course_id=course_id, usage_id=usage_id, handler=handler, suffix=suffix)


def _call(
    runtime: DemoRuntime, request: HttpRequest, *, course_id: str, usage_id: str, handler: str, suffix: str
) -> HttpResponse:
    if course_id != COURSE_KEY:
        raise Http404
    try:
        block = runtime.get_block(usage_id)
        answer = runtime.handle(block, handler, _webob_request(request), suffix)
    except (NoSuchUsage, NoSuchHandlerError) as error:
        raise Http404 from error
    response = HttpResponse(answer.body, status=answer.status_code)
    for name, value in answer.headerlist:
        response[name] = value
    return response


def _webob_request(request: HttpRequest) -> Any:
    # The SDK's own adapter needs a library that it does not declare.
    try:
        body = request.body
    except RawPostDataException:
        body = b""
    environ = {
        **{name: value for name, value in request.META.items() if isinstance(value, str)},
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": request.scheme,
        "CONTENT_LENGTH": str(len(body)),
    }
    return webob.Request(environ)


@require_safe
def resource(request: HttpRequest, block_type: str, uri: str) -> HttpResponse:
    """A file of a block's ``public`` folder."""
    try:
        with XBlock.load_class(block_type).open_local_resource(uri) as stream:
            content = stream.read()
    except (PluginMissingError, DisallowedFileError, OSError, ValueError) as error:
        raise Http404 from error
    return HttpResponse(content, content_type=mimetypes.guess_type(uri)[0] or "application/octet-stream")
