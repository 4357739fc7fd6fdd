"""What learners of different needs are told in the demo course, through the door that blocks and pages use."""

import re

import pytest
from django.core.management import call_command
from smartpd import api
from smartpd_analytics.api import framework_of, load_instrument, read_course_map, score_answers

from demo.course import COURSE_KEY, COURSE_MAP

LANGUAGES = ("en", "ru", "uz")
DIAGNOSTIC = "block-v1:Simulated+DC101+demo+type@smartpd_needs_diagnostic+block@needs"
INSTRUMENT = load_instrument("digcompedu_selfassessment")
STEADY, GUESSER, READER, STOPPED = 101, 102, 103, 104


@pytest.fixture
def course(people):
    api.store_course_map(COURSE_KEY, read_course_map(COURSE_MAP))


@pytest.fixture
def diagnosed(course):
    """Records the answers of a learner with nothing in the log: points for all, others by area or competency."""

    def record(points, items=None, **others):
        given = {name.replace("_", ".").strip("c"): value for name, value in others.items()}
        answers = {
            item.id: str(given.get(item.competency_id, given.get(item.competency_id[0], points)))
            for item in INSTRUMENT.items[:items]
        }
        score = score_answers(INSTRUMENT, framework_of(INSTRUMENT), answers)
        api.record_diagnosis(STEADY, COURSE_KEY, usage_key=DIAGNOSTIC, phase="entry", score=score)
        return api.recommendations(STEADY, COURSE_KEY)

    return record


def well_written(actions):
    """In every language: whole sentences, nothing left to fill in, no two alike."""
    for lang in LANGUAGES:
        reasons = [action.reason[lang] for action in actions]
        assert len(set(reasons)) == len(reasons), reasons
        for action, reason in zip(actions, reasons, strict=True):
            assert re.fullmatch(r"[A-ZА-ЯЁ0-9“«OʻGʻ].*[.…]", reason), reason
            assert not re.search(r"[{}|]|nan|None| {2}|\.\.", reason), reason
            assert action.title[lang]
        if lang == "ru":
            assert not any(re.search("[A-Za-z]{4,}", reason) for reason in reasons), reasons
        else:
            assert not any(re.search("[а-яё]", reason) for reason in reasons), reasons
    return actions


def title(action):
    return action.title["en"]


def test_who_can_do_nearly_nothing_is_prepared_and_told_for_what(diagnosed):
    first, *_ = actions = well_written(diagnosed(0))
    assert first.kind == "prepare"
    assert "By your answers you are just beginning" in first.reason["en"]
    assert "prepares you for" in first.reason["en"]
    assert "легче пойдёт" in first.reason["ru"]
    assert "tayyorlaydi" in first.reason["uz"]
    assert len(actions) == 3


def test_who_can_do_everything_is_sent_to_no_unit(diagnosed):
    (action,) = well_written(diagnosed(4))
    assert action.kind == "stretch"
    assert "every competency" in action.reason["en"]


def test_only_what_is_below_its_target_is_proposed(diagnosed):
    """Strong in all but the area of assessment: that is all there is to begin."""
    actions = well_written(diagnosed(4, c4=1))
    begun = [action for action in actions if action.kind in {"start", "prepare"} and action.competencies]
    assert begun
    assert all(set(action.competencies) & {"4.1", "4.2", "4.3"} for action in begun)
    assert "25%" in begun[0].reason["en"]


def test_a_need_that_no_unit_trains_leaves_the_choice_to_the_learner(course, diagnosed):
    """What the course offers is reached, what is not reached it does not offer: no unit is forced on anybody."""
    assert not any("1.1" in unit.competencies for unit in api.course_map(COURSE_KEY).units)
    actions = well_written(diagnosed(4, c1_1=0))
    assert not [action for action in actions if action.kind == "start" and action.competencies]
    (offer,) = [action for action in actions if action.kind == "stretch"]
    assert offer.reason["en"].startswith("In “Organisational communication” you are at 0%, your target is 57%")


def test_the_largest_need_comes_first(diagnosed):
    actions = well_written(diagnosed(2, c2=1))
    assert actions[0].kind == "start"
    assert any(c.startswith("2.") for c in actions[0].competencies)


def test_a_need_of_a_quarter_outweighs_the_order_of_the_course(diagnosed):
    """Nearly there in the first units, a quarter of the scale away from the target in the last."""
    actions = well_written(diagnosed(2, c5=1))
    assert any(c.startswith("5.") for c in actions[0].competencies)


def test_the_minutes_left_of_the_diagnosis_are_those_of_its_instrument(diagnosed):
    (begun,) = [action for action in diagnosed(2, items=11) if action.kind == "take_diagnosis"]
    assert begun.minutes == INSTRUMENT.minutes / 2
    assert str(begun.minutes) in begun.reason["uz"]


def test_habits_get_advice_of_their_own(course, settings, capsys):
    call_command("smartpd_refresh", str(settings.DEMO_SHIPPED_LOG), "--course", str(COURSE_KEY))
    told = {who: well_written(api.recommendations(who, COURSE_KEY)) for who in (STEADY, GUESSER, READER, STOPPED)}
    first = {who: actions[0].kind for who, actions in told.items()}
    assert first[GUESSER] == "read_first"
    assert first[READER] == "practise"
    assert first[STOPPED] == "come_back"
    assert len({title(actions[0]) for actions in told.values()}) == 4
