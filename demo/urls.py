"""Addresses of the demo, under the LMS's names where blocks and the plugin link to them."""

from __future__ import annotations

from django.contrib.staticfiles.views import serve
from django.urls import path, re_path
from django.views.i18n import set_language
from edx_django_utils.plugins import get_plugin_url_patterns

from . import handlers, team, views
from .settings import PROJECT_TYPE

handler404 = "demo.views.not_found"
handler500 = "demo.views.broken"

urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("courses/<course_id>/", views.outline, name="course_home"),
    path("courses/<course_id>/unit/<name>/", views.unit, name="unit"),
    path("courses/<course_id>/jump_to/<usage_key>", views.jump_to, name="jump_to"),
    path("courses/<course_id>/xblock/<usage_id>/handler/<handler>", handlers.in_course, name="xblock_handler"),
    path("courses/<course_id>/xblock/<usage_id>/handler/<handler>/<path:suffix>", handlers.in_course),
    path("xblock/resource/<block_type>/<path:uri>", handlers.resource, name="xblock_resource"),
    path("studio/<course_id>/", team.studio, name="studio"),
    path("studio/<course_id>/block/<usage_id>/", team.studio_block, name="studio_block"),
    path("studio/<course_id>/xblock/<usage_id>/handler/<handler>", handlers.in_studio, name="studio_handler"),
    path("studio/<course_id>/xblock/<usage_id>/handler/<handler>/<path:suffix>", handlers.in_studio),
    path("studio/<course_id>/xblock/<usage_id>/handler/<handler>/", handlers.in_studio),
    path("courses/<course_id>/read-log/", team.read_log, name="read_log"),
    # Django serves static files itself only while debugging; this is what its server does with --insecure.
    re_path(r"^static/(?P<path>.+)$", serve, {"insecure": True}),
    *get_plugin_url_patterns(PROJECT_TYPE),
]
