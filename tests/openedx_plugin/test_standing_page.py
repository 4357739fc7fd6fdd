"""What "My development" says of estimates and questionnaires: how firm, from where, of what kind."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from smartpd import api
from smartpd.models import DiagnosisResult, Recommendation
from smartpd_analytics.api import framework_of, load_instrument, load_rules, score_answers

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, NOW, activity, block, course_map, key, score

pytestmark = pytest.mark.django_db

FIRST = load_instrument("digcompedu_selfassessment").items[0].id
GOAL = api.GoalData("digcompedu", "2.1", "B2", 0.5, 0.57, 2, date(2026, 12, 31), "accepted")
AREA_1 = [item.id for item in load_instrument("digcompedu_selfassessment").items[:4]]
TITLES = {
    "en": ("Self-assessment of digital competence for teachers", "What moves you in this course"),
    "ru": (load_instrument("digcompedu_selfassessment").title["ru"], "Что движет вами на этом курсе"),
    "uz": (load_instrument("digcompedu_selfassessment").title["uz"], "Bu kursda sizni nima harakatga keltiradi"),
}


def page(client, user, name="my_development", *, lang="en", **query):
    client.force_login(user)
    response = client.get(reverse(f"smartpd:{name}", args=[COURSE]), query, headers={"accept-language": lang})
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return " ".join(content.decode().split()) if not response.streaming else content.decode()


def record(learner, found, usage_key=DIAGNOSTIC, phase="entry"):
    api.record_diagnosis(learner.pk, COURSE, usage_key=usage_key, phase=phase, score=found)


def whole(instrument_id, option=None):
    """The score of an instrument in which everything is answered, by the first option or by ``option``."""
    instrument = load_instrument(instrument_id)

    def answer(item):
        if item.kind in ("choice", "rating"):
            return option or item.options[0].id
        if item.kind == "number":
            return str(int(item.least or 0))
        if item.kind == "text":
            return "words"
        chosen = item.options if item.kind == "order" else item.options[: int(item.least or 1)]
        return "+".join(each.id for each in chosen)

    answers = {item.id: answer(item) for item in instrument.items}
    return score_answers(instrument, framework_of(instrument), answers)


# --- answered again, and reached ----------------------------------------------------------------


def test_a_new_try_that_is_not_finished_says_what_is_new_and_what_is_not(client, learner):
    record(learner, score(option="1"))
    assert "You are answering" not in page(client, learner)
    record(learner, score(3, option="4"))
    text = page(client, learner)
    assert "again: 3 of 22 questions so far. What you have answered anew counts here already" in text
    assert text.count("with your new, unfinished answers") == 1, "of one area"
    record(learner, score(option="3"))
    assert "unfinished" not in page(client, learner)


def test_earlier_results_are_where_they_can_be_read_and_the_phase_only_where_there_are_two(client, learner):
    record(learner, score(option="1"))
    text = page(client, learner)
    assert "Earlier ones, and what has changed since, can be read in the questionnaire itself." in text
    assert "at the start" not in text
    record(learner, score(option="2"), phase="exit")
    text = page(client, learner)
    assert "(at the start)" in text
    assert "(at the end)" in text


def test_where_the_whole_has_reached_the_target_areas_below_it_are_counted(client, learner):
    record(learner, score(option="3", **dict.fromkeys(AREA_1, "1")))
    assert "Areas that are still below it: 1" in page(client, learner)
    record(learner, score(option="4"))
    assert "still below it" not in page(client, learner)
    record(learner, score(option="1"))
    assert "still below it" not in page(client, learner)


def test_a_goal_reached_by_ones_own_opinion_says_so(client, learner):
    record(learner, score(option="0"))
    api.record_goal(learner.pk, COURSE, GOAL)
    record(learner, score(option="3", **{FIRST: "4"}))
    api.store_course_map(COURSE, course_map())
    assert "reached by your own assessment" in page(client, learner)
    solved = [block(f"p{number}", answers=1, right=1, first_try_right=True) for number in range(6)]
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=tuple(solved)))
    assert "by your own assessment" not in page(client, learner)


# --- how firm, and from where -------------------------------------------------------------------


def test_an_estimate_says_from_how_much_it_is_and_how_firm(client, learner):
    record(learner, score(2, "2"))
    api.store_course_map(COURSE, course_map())
    text = page(client, learner)
    area = re.search(r"<th scope=\"row\">Professional engagement</th><td.*?</td>", text).group()
    assert "self-assessment, from 2 answers: only a first impression" in area
    assert "probably between 11% and 89%" in area
    styles = dict(re.findall(r"--smartpd-(\w+):([\d.]+);", area))
    assert styles == {"value": "0.500", "low": "0.108", "high": "0.892", "goal": "0.568"}


def test_more_answers_make_it_firmer(client, learner):
    problems = [block(f"p{number}", answers=1, right=1, first_try_right=number % 3 > 0) for number in range(30)]
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=tuple(problems)))
    found = next(each for each in api.profile(learner.pk, COURSE).competencies if each.competency_id == "2.1")
    assert (found.evidence, found.firmness) == (30, "firm")
    assert "problems in the course, from 30 answers: fairly firm" in page(client, learner)


def test_two_sources_say_their_values_so_that_no_page_contradicts_another(client, learner):
    solved = [block(f"p{number}", answers=1, right=1, first_try_right=True) for number in range(6)]
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=tuple(solved)))
    record(learner, score(option="2"))
    text = page(client, learner)
    area = re.search(r"<th scope=\"row\">Digital resources</th><td.*?</tr>", text).group()
    assert (
        "self-assessment: 50%, from 3 answers; problems in the course: 88%, from 6 answers; together: a rough" in area
    )
    found = next(each for each in api.profile(learner.pk, COURSE).areas if each.area_id == "2")
    assert [(source.source, source.evidence) for source in found.sources] == [("problems", 6), ("self_assessment", 3)]
    assert found.sources[1].value == pytest.approx(0.5)
    assert "The level is of all areas together" in text


def test_what_is_reached_stands_alone_in_a_narrow_list(client, learner):
    record(learner, score(option="4", **{FIRST: "0"}))
    text = page(client, learner)
    assert '<td class="smartpd-number">reached' in text
    assert not re.search(r'data-label="To go">reached', text)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("self-assessment: 50%, from 1 answer<", "self-assessment, from 4 answers: only a first impression")),
        ("ru", ("самооценка: 50%, по 1 ответу<", "самооценка, по 4 ответам: только первое впечатление")),
        (
            "uz",
            (
                "oʻzini oʻzi baholash: 50%, 1 ta javob boʻyicha<",
                "oʻzini oʻzi baholash, 4 ta javob boʻyicha: faqat ilk taassurot",
            ),
        ),
    ],
)
def test_it_is_said_for_people(client, learner, lang, words):
    record(learner, score(option="2"))
    text = page(client, learner, lang=lang)
    for each in words:
        assert each in text


def test_numbers_of_a_bar_have_points_in_every_language(client, learner):
    record(learner, score(option="2"))
    for lang in ("en", "ru", "uz"):
        assert "--smartpd-value:0.500;" in page(client, learner, lang=lang)


# --- hasty answers ------------------------------------------------------------------------------


def answered_in(learner, seconds, **chosen):
    """A diagnosis begun with its first answer and finished ``seconds`` later."""
    record(learner, score(1))
    DiagnosisResult.objects.update(created=NOW, modified=NOW)
    record(learner, score(**chosen))
    DiagnosisResult.objects.update(modified=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "varied", "said"),
    [
        (600, True, None),
        (600, False, "all answers are the same. That can be right"),
        (22, True, "came in faster than its questions can be read. If they had been waiting"),
        (22, False, "all answers are the same, and they came in faster"),
        (3, True, None),
    ],
)
def test_a_caution_stands_beside_a_profile_that_was_probably_guessed(client, learner, seconds, varied, said):
    items = load_instrument("digcompedu_selfassessment").items
    answered_in(learner, seconds, **({items[0].id: "3", items[5].id: "0"} if varied else {}))
    text = page(client, learner)
    assert ("smartpd-notice-warning" in text) == bool(said)
    if said:
        assert said in text
        assert f'href="/courses/{COURSE}/jump_to/{DIAGNOSTIC}"' in text
        assert said in page(client, learner, "my_csv")


def where_one_stands(text):
    return text[text.index('id="smartpd-stand"') :]


def test_a_doubtful_level_is_never_told_without_the_doubt(client, learner):
    answered_in(learner, 22, option="3")
    api.record_goal(learner.pk, COURSE, GOAL)
    text = where_one_stands(page(client, learner))
    assert re.match(r"[^<]*>Where I stand</h2> <div class=\"smartpd-notice smartpd-notice-warning\">", text)
    assert re.search(r"<strong>C1 [^<]*</strong> <span[^>]*>not reliable: answered too fast<", text)
    assert re.search(r"66 of 88 points, C1 <span[^>]*>not reliable: answered too fast<", text)
    assert not re.search(r">reached<", text)
    assert text.count(">reached (uncertain)<") == 6 + 22 + 1


def test_answering_again_takes_the_doubt_away(client, learner):
    answered_in(learner, 22, option="3")
    answered_in(learner, 600, option="3", **{FIRST: "2"})
    text = page(client, learner)
    assert "uncertain" not in text
    assert "not reliable" not in text
    assert text.count(">reached<") == 6 + 21


@pytest.mark.parametrize(
    ("seconds", "again_until", "advised"),
    [(25, None, True), (25, timedelta(days=1), True), (25, timedelta(days=-1), False), (600, None, False)],
)
def test_hasty_answers_are_to_be_given_again_where_that_is_possible(learner, seconds, again_until, advised):
    until = again_until and timezone.now() + again_until
    record(learner, score(1))
    DiagnosisResult.objects.update(created=timezone.now() - timedelta(seconds=seconds))
    api.record_diagnosis(
        learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(option="2"), again_until=until
    )
    kinds = [each.kind for each in api.recommendations(learner.pk, COURSE)]
    assert ("take_diagnosis" in kinds) == advised


def test_how_long_it_took_is_known_from_the_first_answer_to_the_last(learner):
    answered_in(learner, 90)
    [found] = api.profile(learner.pk, COURSE).diagnoses
    assert (found.complete, found.seconds) == (True, 90)


def test_a_survey_is_never_called_hasty(client, learner):
    record(learner, whole("learning_needs"))
    record(learner, whole("learning_motivation"))
    assert "smartpd-notice-warning" not in page(client, learner)


# --- which questionnaire, in a form that fits it ------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_every_result_names_its_questionnaire(client, learner, lang):
    record(learner, score(option="2"))
    record(learner, whole("learning_motivation", "7"), key("smartpd_needs_diagnostic", "moves"))
    text = page(client, learner, lang=lang)
    for title in TITLES[lang]:
        assert title in text


def test_a_survey_says_what_is_answered_and_motivation_its_scales(client, learner):
    record(learner, whole("learning_needs"), key("smartpd_needs_diagnostic", "wants"))
    record(learner, whole("learning_motivation", "4"), key("smartpd_needs_diagnostic", "moves"))
    text = page(client, learner)
    assert "0 of 0" not in text
    assert re.search(r"What you need from this course</a>.*?<td>(\d+) of \1 questions answered</td>", text)
    scales = re.search(r"What moves you in this course</a>.*?<ul>(.*?)</ul>", text).group(1)
    assert "<li>Interest in learning itself: 50%</li>" in scales
    assert scales.count("<li>") == 6
    assert "points" not in re.search(r"smartpd-results.*?</table>", text).group()
    rows = list(csv.DictReader(io.StringIO(page(client, learner, "my_csv").lstrip("\ufeff"))))
    survey, motivation = (row for row in rows if row["Part"] == "Diagnosis")
    assert survey["Title"] == "What you need from this course (at the start)"
    assert (survey["Now, %"], motivation["Now, %"]) == ("", "")
    assert "Interest in learning itself: 50%" in motivation["Note"]


def test_a_result_of_an_instrument_that_is_gone_still_shows(client, learner):
    record(learner, score(option="2"))
    DiagnosisResult.objects.update(instrument_id="withdrawn", instrument_version="3")
    text = page(client, learner)
    assert "withdrawn 3" in text
    assert "44 of 88 points, B1" in text


def test_a_withdrawn_version_is_named_by_the_newest(client, learner):
    record(learner, score(option="2"))
    DiagnosisResult.objects.update(instrument_version="99")
    assert TITLES["en"][0] in page(client, learner)


# --- what the course team reads -----------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ru", "uz"])
def test_the_team_reads_which_rule_spoke_and_what_the_learner_is_told(client, learner, teacher, lang):
    api.store_course_map(COURSE, course_map())
    api.store_activity(COURSE, activity("primus", learner.pk))
    first = Recommendation.objects.get(rank=1)
    rule = next(rule for rule in load_rules(None).rules if rule.id == first.rules[0])
    for name in ("team", "team_csv"):
        text = page(client, teacher, name, lang=lang)
        for told in (rule.title[lang], first.reason[lang], first.title[lang]):
            assert told in text
        assert rule.explanation[lang] not in text


def test_a_rule_that_has_left_the_file_is_known_by_its_title(client, learner, teacher):
    api.store_activity(COURSE, activity("primus", learner.pk))
    title = {"en": "An old rule of this site"}
    Recommendation.objects.update(rules=["gone"], trace=[{"rule_id": "gone", "title": title}])
    assert "An old rule of this site" in page(client, teacher, "team")
    Recommendation.objects.update(rules=[], trace=[])
    assert page(client, teacher, "team")


# --- what is finished ---------------------------------------------------------------------------


def test_without_the_hosts_completion_the_log_says_what_is_finished(learner):
    api.store_course_map(COURSE, course_map())
    assert api.finished(learner.pk, COURSE) == frozenset()
    solved = block("p1", answers=1, right=1, first_try_right=True, solved=True)
    watched = block("v1", "video", plays=1)
    api.store_activity(COURSE, activity("primus", learner.pk, blocks=(solved, watched)))
    assert {key("vertical", "u1"), key("problem", "p1")} <= api.finished(learner.pk, COURSE)
    assert key("vertical", "u2") not in api.finished(learner.pk, COURSE)


def test_ones_own_marks_are_not_what_is_finished(learner):
    api.store_course_map(COURSE, course_map())
    api.record_progress(learner.pk, COURSE, usage_key=key("vertical", "u2"), status="done")
    assert api.finished(learner.pk, COURSE) == frozenset()


def completed_by_the_host(user, course_key):
    assert str(course_key) == COURSE
    return [key("vertical", "u2")] if user.username == "primus" else []


def test_the_hosts_completion_goes_before_the_log(learner, other, settings):
    settings.SMARTPD_COMPLETED_KEYS = f"{__name__}.completed_by_the_host"
    api.store_activity(COURSE, activity("primus", learner.pk))
    assert api.finished(learner.pk, COURSE) == {key("vertical", "u2")}
    assert api.finished(other.pk, COURSE) == frozenset()
    assert api.finished(987, COURSE) == frozenset(), "nobody has this id"
