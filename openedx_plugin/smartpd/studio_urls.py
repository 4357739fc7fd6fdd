"""The same addresses in Studio: they lead to the LMS, where the pages are."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import re_path

from . import compat
from .urls import COURSE, app_name

__all__ = ["app_name", "urlpatterns"]


def to_lms(request: HttpRequest, course_id: str) -> HttpResponse:
    """Redirects to the page of the same path in the LMS."""
    return HttpResponseRedirect(compat.studio_redirect(request.get_full_path()))


urlpatterns = [
    re_path(rf"^{COURSE}/$", to_lms, name="my_development"),
    re_path(rf"^{COURSE}/team/$", to_lms, name="team"),
]
