"""The course team's list of learners, as page and as table."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from smartpd import api
from smartpd.models import DiagnosisResult
from smartpd_analytics.api import load_instrument

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, NOW, activity, score
from tests.openedx_plugin.pages import page, table, url

pytestmark = pytest.mark.django_db

FIRST = load_instrument("digcompedu_selfassessment").items[0].id


def test_the_team_page_lists_learners_with_their_next_step(client, known, other, teacher):
    api.store_activity(COURSE, activity("secunda", other.pk, enrolled=False))
    text = page(client, "team", teacher)
    first = api.recommendations(known.pk, COURSE)[0]
    for expected in ("First Learner", "secunda", "B1", first.title["en"], "has left the course", "?learner=primus"):
        assert expected in text
    assert text.count("has left the course") == 1


def test_the_team_page_searches_and_pages(client, known, other, teacher, settings):
    settings.SMARTPD_PAGE_SIZE = 1
    api.store_activity(COURSE, activity("secunda", other.pk))
    first = page(client, "team", teacher)
    assert "Page 1 of 2" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert "secunda" in page(client, "team", teacher, page=2)
    assert "Page 1 of 2" in page(client, "team", teacher, page="x")
    found = page(client, "team", teacher, search="SECU")
    assert "secunda" in found
    assert "primus" not in found
    assert "Nobody was found for “qq”" in page(client, "team", teacher, search="qq")
    assert [row["Username"] for row in table(client, "team_csv", teacher, search="secu")] == ["secunda"]
    assert len(table(client, "team_csv", teacher)) == 2


def test_learners_stand_by_need_where_that_is_asked(client, known, other, teacher, settings):
    settings.SMARTPD_PAGE_SIZE = 1
    # "known" has half of all points; who has none needs more, and who has answered nothing comes last.
    nobody = get_user_model().objects.create_user(username="aaa")
    api.record_consent(nobody.pk, COURSE, {"evaluation": True})
    api.record_diagnosis(other.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="1"))
    rows = table(client, "team_csv", teacher, sort="need")
    assert [(row["Username"], row["To the target, %"]) for row in rows] == [
        ("secunda", "32"), ("primus", "7"), ("aaa", ""),
    ]  # fmt: skip
    assert [row["Username"] for row in table(client, "team_csv", teacher, sort="<b>")] == ["aaa", "primus", "secunda"]
    text = page(client, "team", teacher, sort="need")
    assert "secunda" in text
    assert "sort=need&amp;page=2" in text
    assert rows[0]["Doubtful because"] == "all answers are the same"
    assert "uncertain: all answers are the same" in text
    # Who keeps results to themselves stands where nothing is told.
    api.record_consent(other.pk, COURSE, {"team": False})
    rows = table(client, "team_csv", teacher, sort="need")
    assert [(row["Username"], row["To the target, %"], row["Doubtful because"]) for row in rows][2] == (
        "secunda",
        "",
        "",
    )


def test_an_empty_team_page_says_why(client, teacher):
    assert "Nobody takes this course yet" in page(client, "team", teacher)
    assert "Everybody who takes this course has begun" in page(client, "team", teacher, show="waiting")


def test_who_is_enrolled_and_has_not_begun_is_listed_after_the_others(client, known, other, stranger, teacher):
    text = page(client, "team", teacher)
    assert text.index("primus") < text.index("secunda")
    assert text.count(">has not begun<") == 1
    assert "stranger" not in text
    assert "Learners: 2" in text
    waiting = page(client, "team", teacher, show="waiting")
    assert "Learners who have not begun: 1" in waiting
    assert "secunda" in waiting
    assert "primus" not in waiting
    assert "Development of secunda" in page(client, "my_development", teacher, learner="secunda")
    assert [(row["Username"], row["Note"]) for row in table(client, "team_csv", teacher)] == [
        ("primus", ""),
        ("secunda", "has not begun"),
    ]
    assert [row["Username"] for row in table(client, "team_csv", teacher, show="waiting")] == ["secunda"]


def test_pages_go_on_from_who_is_known_to_who_has_not_begun(client, known, other, teacher, settings):
    settings.SMARTPD_PAGE_SIZE = 2
    group = Group.objects.get(name=COURSE)
    for name in ("quartus", "tertia", "anna"):
        group.user_set.add(get_user_model().objects.create_user(username=name))
    gone = get_user_model().objects.create_user(username="gone", is_active=False)
    helper = get_user_model().objects.create_user(username="helper", is_staff=True)
    group.user_set.add(gone, helper)
    listed = [[row.username for row in api.course_overview(COURSE, page=number).learners] for number in (1, 2, 3, 4)]
    assert listed == [["primus", "anna"], ["quartus", "secunda"], ["tertia"], ["tertia"]]
    found = api.course_overview(COURSE, search="t", page=1)
    assert ([row.username for row in found.learners], found.total, found.waiting) == (["primus", "quartus"], 3, 4)
    text = page(client, "team", teacher, show="waiting", search="a", page=1)
    assert 'href="?search=a&amp;show=waiting&amp;page=2"' in text


def test_without_a_group_every_account_takes_the_course(db):
    get_user_model().objects.create_user(username="somebody")
    assert [row.username for row in api.team_learners(COURSE)] == ["somebody"]


def test_a_level_from_hasty_answers_says_so_in_the_list(client, learner, other, teacher):
    for user, option in ((learner, "1"), (other, "2")):
        api.record_diagnosis(user.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(1))
        DiagnosisResult.objects.filter(profile__user=user).update(created=NOW, modified=NOW)
        api.record_diagnosis(
            user.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(22, option, **{FIRST: "3"})
        )
    DiagnosisResult.objects.filter(profile__user=learner).update(modified=NOW + timedelta(seconds=22))
    DiagnosisResult.objects.filter(profile__user=other).update(modified=NOW + timedelta(seconds=600))
    text = page(client, "team", teacher)
    assert text.count("not reliable: answered too fast") == 1
    assert re.search(r"A2 <span[^>]*>not reliable: answered too fast", text)
    said = [row["Doubtful because"] for row in table(client, "team_csv", teacher)]
    assert said == ["answered faster than one can read", ""]
    api.record_consent(learner.pk, COURSE, {"team": False})
    assert "not reliable" not in page(client, "team", teacher)


def test_queries_of_the_team_page_do_not_grow(client, known, other, teacher, django_assert_num_queries):
    client.force_login(teacher)
    client.get(url("team"))
    with django_assert_num_queries(11):
        client.get(url("team"))
    group = Group.objects.get(name=COURSE)
    for number in range(5):
        group.user_set.add(get_user_model().objects.create_user(username=f"late{number}"))
    api.record_diagnosis(other.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(22, "2"))
    with django_assert_num_queries(11):
        client.get(url("team"))
