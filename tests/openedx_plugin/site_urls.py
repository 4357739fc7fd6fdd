"""Addresses of a host: the plugin's, taken in as the platform does, and the platform's own that it links to."""

from django.http import HttpResponse
from django.urls import path, re_path
from edx_django_utils.plugins import get_plugin_url_patterns


def page(request, **_parts):
    return HttpResponse("a page")


urlpatterns = [
    path("login", page, name="login"),
    re_path(r"^courses/(?P<course_id>[^/]+)/jump_to/(?P<location>.*)$", page, name="jump_to"),
    re_path(r"^courses/(?P<course_id>[^/]+)/jump_to_id/(?P<module_id>.*)$", page, name="jump_to_id"),
    *get_plugin_url_patterns("lms.djangoapp"),
]
