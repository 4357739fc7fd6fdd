"""What the class pages say of the questions: how they work, what to do, and when nothing can be said."""

import re

import pytest
from smartpd import api
from smartpd._items_page import HINTS, HINTS_OF_TESTS
from smartpd_analytics.api import ITEM_FLAGS, framework_of, score_answers

from tests.openedx_plugin.classes import AGAIN, SELF, TEST, a_class, answer, asked, people, uniform
from tests.openedx_plugin.made import COURSE, DIAGNOSTIC
from tests.openedx_plugin.pages import page, table
from tests.openedx_plugin.test_views import Outline

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_the_questions_of_a_class(client, teacher, lang):
    a_class(30)
    text = page(client, "class_items", teacher, lang=lang, **asked())
    assert text.count("<article") == 22
    assert SELF.items[0].text[lang].split("'")[0][:30] in text
    assert Outline(text).wrong == []
    assert "{%" not in text
    assert "{{" not in text


def test_weak_questions_are_named_with_what_to_do(client, teacher):
    users = people(24)
    for number, user in enumerate(users):
        level = str(number % 5)
        answers = uniform(level) | {SELF.items[0].id: "4", SELF.items[1].id: str(4 - int(level))}
        answer(user, answers)
    text = page(client, "class_items", teacher, **asked())
    look = text[text.index("What to look at") : text.index("All questions")]
    assert "Everybody gave the same answer" in look
    assert "Who is higher overall is lower here" in look
    assert look.count("<li>") == 2
    rows = table(client, "class_items_csv", teacher, **asked())
    assert float(rows[1]["Discrimination"]) < 0
    assert "lower here" in rows[1]["Hints"]


def test_a_test_has_hints_of_its_own(client, teacher):
    a_class(25, instrument=TEST)
    text = page(client, "class_items", teacher, **asked(TEST))
    assert "Right (difficulty)" in text
    assert 'smartpd-badge-success">right' in text


def test_every_flag_has_its_words():
    assert set(HINTS_OF_TESTS) == set(ITEM_FLAGS)
    assert set(HINTS) <= set(ITEM_FLAGS)


def test_few_learners_get_no_hints_and_no_verdict(client, teacher):
    users = a_class(6)
    text = page(client, "class_items", teacher, **asked())
    assert "Hints appear from 20 learners on" in text
    assert "What to look at" not in text
    verdict = re.compile(r"learners can be trusted|too low|enough for|</span> (?:very )?well|>(?:very )?well<|>little<")
    assert not verdict.search(text)
    a_class(20, users=[*users, *people(14, start=6)], block=AGAIN)
    assert verdict.search(page(client, "class_items", teacher, **asked(block=AGAIN)))


@pytest.mark.parametrize(("lang", "mark"), [("en", "."), ("ru", ","), ("uz", ",")])
def test_figures_have_the_readers_decimal_mark_and_tables_a_point(client, teacher, lang, mark):
    a_class(6)
    text = page(client, "class_items", teacher, lang=lang, **asked())
    assert re.search(rf"<dd>0{re.escape(mark)}\d\d", text)
    assert not re.search(rf"<dd>0[^{re.escape(mark)}]\d\d", text)
    assert all(float(row["Discrimination"]) for row in table(client, "class_items_csv", teacher, **asked()))


def test_what_to_the_target_means_is_said(client, teacher):
    a_class(6)
    assert "“To the target” is what learners are missing to their targets" in page(client, "class_results", teacher)
    assert "“To the target” is what is missing to the target, on average over all" in page(client, "team", teacher)


def test_a_range_in_a_sentence_is_called_probable(client, teacher):
    a_class(6)
    assert re.search(
        r"\d+% <span class=.smartpd-muted.>\(probably between \d+% and \d+%\)", page(client, "class_results", teacher)
    )


def test_answers_older_than_their_keeping_are_said(client, teacher, learner):
    score = score_answers(SELF, framework_of(SELF), uniform("2"))
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score)
    assert "Only results are known here" in page(client, "class_items", teacher, **asked())
    answer(people(1)[0], uniform("3"))
    assert "do not count here: 1" in page(client, "class_items", teacher, **asked())


def test_what_is_begun_has_no_figures_yet(client, teacher, learner):
    answer(learner, uniform("2", items=3))
    assert "Nobody has finished yet" in page(client, "class_items", teacher, **asked())
    assert len(table(client, "class_answers_csv", teacher, **asked())) == 3


@pytest.mark.parametrize("query", [{}, asked(phase="exit"), asked(block="<b>"), {**asked(), "version": "0"}])
@pytest.mark.parametrize("name", ["class_items", "class_items_csv", "class_answers_csv"])
def test_a_diagnosis_that_is_not_there(client, teacher, learner, name, query):
    answer(learner, uniform("2"))
    text = page(client, name, teacher, status=404, **query)
    assert "no such answers" in text
