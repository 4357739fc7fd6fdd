"""Addresses in the LMS, below ``smartpd/``."""

from django.urls import re_path

from . import views

app_name = "smartpd"

#: The platform's own form of a course id, old keys with slashes included.
COURSE = r"(?P<course_id>[^/+]+(?:/|\+)[^/+]+(?:/|\+)[^/?]+)"

urlpatterns = [
    re_path(rf"^{COURSE}/$", views.my_development, name="my_development"),
    re_path(rf"^{COURSE}/my\.csv$", views.my_csv, name="my_csv"),
    re_path(rf"^{COURSE}/team/$", views.team, name="team"),
    re_path(rf"^{COURSE}/team/results/$", views.class_results, name="class_results"),
    re_path(rf"^{COURSE}/team/results\.csv$", views.class_results_csv, name="class_results_csv"),
    re_path(rf"^{COURSE}/team\.csv$", views.team_csv, name="team_csv"),
]
