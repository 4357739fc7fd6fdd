"""The class pages and what learners have refused."""

import pytest
from smartpd import api
from smartpd.models import DiagnosisAnswers

from tests.openedx_plugin.classes import a_class, answer, asked, uniform
from tests.openedx_plugin.made import COURSE, DIAGNOSTIC
from tests.openedx_plugin.pages import table

pytestmark = pytest.mark.django_db
ALL = {"advice": True, "team": True, "evaluation": True}


def refuse(user, *purposes):
    api.record_consent(user.pk, COURSE, {**ALL, **dict.fromkeys(purposes, False)}, wording="w")


def test_who_refuses_the_team_counts_and_is_named_nowhere(client, teacher):
    first, *_others = a_class(6)
    refuse(first, "team")
    [found] = api.class_results(COURSE)
    assert found.finished == 6
    assert api.class_items(COURSE, api.class_diagnoses(COURSE)[0]).statistics.learners == 6
    for name, column in (("class_answers_csv", "learner"), ("class_results_csv", "Username")):
        assert first.username not in {row[column] for row in table(client, name, teacher, **asked())}
    listed, total = api.learners_of_block(COURSE, DIAGNOSTIC)
    assert total == 5
    assert first.username not in {each.username for each in listed}
    [private], _total = api.learners_of_block(COURSE, DIAGNOSTIC, search=first.username)
    assert (private.private, private.level) == (True, "")


def test_who_refuses_evaluation_counts_in_no_figure():
    first, *_others = a_class(6)
    refuse(first, "evaluation")
    [found] = api.class_results(COURSE)
    assert found.finished == 5
    assert api.class_items(COURSE, api.class_diagnoses(COURSE)[0]).statistics.learners == 5


def test_who_refuses_everything_leaves_no_single_answer(learner):
    answer(learner, uniform("2"))
    refuse(learner, *ALL)
    assert not DiagnosisAnswers.objects.exists()
    answer(learner, uniform("3"))
    assert not DiagnosisAnswers.objects.exists()
