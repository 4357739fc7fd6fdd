"""Addresses in the LMS, below ``smartpd/``."""

from django.urls import re_path

from . import class_views, views

app_name = "smartpd"

#: The platform's own form of a course id, old keys with slashes included.
COURSE = r"(?P<course_id>[^/+]+(?:/|\+)[^/+]+(?:/|\+)[^/?]+)"

urlpatterns = [
    re_path(rf"^{COURSE}/$", views.my_development, name="my_development"),
    re_path(rf"^{COURSE}/my\.csv$", views.my_csv, name="my_csv"),
    re_path(rf"^{COURSE}/team/$", views.team, name="team"),
    re_path(rf"^{COURSE}/team/results/$", class_views.class_results, name="class_results"),
    re_path(rf"^{COURSE}/team/results\.csv$", class_views.class_results_csv, name="class_results_csv"),
    re_path(rf"^{COURSE}/team/results/summary\.csv$", class_views.class_summary_csv, name="class_summary_csv"),
    re_path(rf"^{COURSE}/team/questions/$", class_views.class_items, name="class_items"),
    re_path(rf"^{COURSE}/team/questions\.csv$", class_views.class_items_csv, name="class_items_csv"),
    re_path(rf"^{COURSE}/team/answers\.csv$", class_views.class_answers_csv, name="class_answers_csv"),
    re_path(rf"^{COURSE}/team\.csv$", views.team_csv, name="team_csv"),
]
