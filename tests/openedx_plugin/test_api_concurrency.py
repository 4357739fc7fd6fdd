"""Several requests of one learner at once: nothing is lost, nothing is there twice, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from smartpd import api
from smartpd.models import DiagnosisResult, Profile, ProgressMark, Recommendation
from smartpd_analytics.api import load_instrument

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, activity, course_map, key, score

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "not __import__('django.db').db.connection.features.has_select_for_update",
        reason="SQLite in memory has one writer; run with SMARTPD_DATABASE_URL on a server",
    ),
]

THREADS = 8
INSTRUMENT = load_instrument("digcompedu_selfassessment")
KEY = api.DiagnosisKey(DIAGNOSTIC, "entry", INSTRUMENT.id, INSTRUMENT.version)


def together(*works):
    """Runs the works at the same moment, each on a connection of its own."""
    start = Barrier(len(works))

    def run(work):
        try:
            start.wait(timeout=30)
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(timeout=60)


def people(count):
    return [get_user_model().objects.create_user(username=f"learner{number}") for number in range(count)]


@pytest.mark.parametrize("round_", range(3))
def test_the_first_answers_of_one_learner_at_once(round_):
    (learner,) = people(1)
    api.store_course_map(COURSE, course_map())

    def answer(number):
        # As the block does it: inside its own transaction.
        with transaction.atomic():
            api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(number + 1, "1"))

    together(*(lambda number=number: answer(number) for number in range(THREADS)))
    assert Profile.objects.count() == 1
    assert DiagnosisResult.objects.count() == 1
    ranks = list(Recommendation.objects.order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, len(ranks) + 1))
    assert api.profile(learner.pk, COURSE).diagnosis_answered in range(1, THREADS + 1)


def test_different_things_of_one_learner_at_once():
    (learner,) = people(1)
    api.store_course_map(COURSE, course_map())
    works = [
        lambda: api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(22, "2")),
        lambda: api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="exit", score=score(5, "3")),
        lambda: api.store_activity(COURSE, activity("learner0", learner.pk)),
        lambda: api.refresh(learner.pk, COURSE),
        *(
            lambda name=name: api.record_progress(learner.pk, COURSE, usage_key=key("html", name), status="done")
            for name in ("a", "b", "c", "a")
        ),
    ]
    together(*works)
    profile = api.profile(learner.pk, COURSE)
    assert profile.level == "B1"
    assert {each.phase for each in profile.diagnoses} == {"entry", "exit"}
    assert profile.activity is not None
    assert ProgressMark.objects.count() == 3


def test_many_learners_at_once_do_not_block_each_other():
    learners = people(THREADS)
    api.store_course_map(COURSE, course_map())

    def answer_all(learner):
        for answered in range(1, 8):
            with transaction.atomic():
                api.record_diagnosis(
                    learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score(answered, "1")
                )

    together(*(lambda learner=learner: answer_all(learner) for learner in learners))
    for learner in learners:
        assert api.profile(learner.pk, COURSE).diagnosis_answered == 7


def test_the_course_map_stored_twice_at_once():
    together(*[lambda: api.store_course_map(COURSE, course_map())] * 4)
    assert api.course_map(COURSE) == course_map()
    assert connection.vendor != "sqlite"


def test_answers_on_the_way_while_everybody_reads():
    learners = people(4)
    api.store_course_map(COURSE, course_map())
    items = [item.id for item in INSTRUMENT.items][:12]

    def answer_all(learner):
        own = {}
        for item in items:
            own[item] = "2"
            with api.learner_turn(learner.pk, COURSE):
                said = {"usage_key": DIAGNOSTIC, "phase": "entry", "answers": own, "terms": "same"}
                if not api.record_answers(learner.pk, COURSE, instrument=INSTRUMENT, **said):
                    api.record_diagnosis(learner.pk, COURSE, score=score(len(own), "2"), **said)

    def read():
        for _time in range(6):
            api.course_overview(COURSE)
            api.class_results(COURSE)
            list(api.single_answers(COURSE, KEY))

    def advise(learner):
        for _time in range(6):
            api.recommendations(learner.pk, COURSE)
            api.store_activity(COURSE, activity(learner.username, learner.pk))

    together(
        *(lambda learner=learner: answer_all(learner) for learner in learners),
        *(lambda learner=learner: advise(learner) for learner in learners),
        read,
        read,
    )
    for learner in learners:
        profile = api.profile(learner.pk, COURSE)
        assert (profile.diagnosis_answered, profile.diagnoses[0].points) == (12, 24)
        said = [each for one in profile.competencies for each in one.sources if each.source == "self_assessment"]
        assert [each.value for each in said] == [0.5] * 12
    assert {len(each.answers) for each in api.single_answers(COURSE, KEY)} == {12}


def test_one_learners_turns_come_one_after_the_other():
    (learner,) = people(1)

    def add_one():
        with api.learner_turn(learner.pk, COURSE):
            known = Profile.objects.get(user=learner)
            Profile.objects.filter(pk=known.pk).update(level=str(int(known.level or 0) + 1))

    together(*([add_one] * THREADS))
    assert Profile.objects.get(user=learner).level == str(THREADS)


def test_nobodys_turn_is_refused():
    with pytest.raises(api.UnknownLearnerError), api.learner_turn(987654, COURSE):
        pass
    assert not Profile.objects.exists()
