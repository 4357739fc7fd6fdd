"""Questionnaires that course teams have written, as the plugin keeps and finds them."""

import pytest
from opaque_keys.edx.keys import CourseKey
from smartpd import api
from smartpd.instruments import find_instrument
from smartpd.models import OwnInstrument
from smartpd_analytics.api import (
    InputError,
    framework_of,
    instrument_to_document,
    load_instrument,
    parse_instrument,
    score_answers,
)

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, OTHER_COURSE

pytestmark = pytest.mark.django_db
SITES = load_instrument("digcompedu_selfassessment")
OWN = {**instrument_to_document(SITES), "id": "own-1a2b3c", "version": "2.40961"}


def find(course=COURSE, instrument_id="own-1a2b3c", version="2.40961"):
    return find_instrument(CourseKey.from_string(course), instrument_id, version)


def test_what_is_kept_is_found_in_its_course_alone():
    api.keep_instrument(COURSE, OWN)
    api.keep_instrument(COURSE, OWN)
    assert find() == parse_instrument(OWN)
    assert OwnInstrument.objects.count() == 1
    for wrong in ({"course": OTHER_COURSE}, {"version": "1"}, {"instrument_id": "own"}):
        with pytest.raises(InputError):
            find(**wrong)


def test_the_sites_come_first():
    api.keep_instrument(COURSE, {**OWN, "id": SITES.id, "version": SITES.version, "minutes": 99})
    assert find(instrument_id=SITES.id, version=SITES.version) == SITES


def test_corrected_words_are_read_as_they_are_now():
    api.keep_instrument(COURSE, OWN)
    find()
    api.keep_instrument(COURSE, {**OWN, "minutes": 99})
    assert find().minutes == 99


@pytest.mark.parametrize("document", [{}, {**OWN, "items": []}, {**OWN, "version": "9" * 33}])
def test_what_is_no_questionnaire_is_refused(document):
    with pytest.raises(api.InvalidRecordError):
        api.keep_instrument(COURSE, document)
    assert not OwnInstrument.objects.exists()


def test_a_result_of_own_questions_is_named_by_their_title(learner):
    title = {"en": "Our own", "ru": "Наш", "uz": "Oʻzimizniki"}
    api.keep_instrument(COURSE, {**OWN, "title": title})
    instrument = parse_instrument(OWN)
    score = score_answers(instrument, framework_of(instrument), {item.id: "2" for item in instrument.items})
    api.record_diagnosis(learner.pk, COURSE, usage_key=DIAGNOSTIC, phase="entry", score=score)
    (found,) = api.profile(learner.pk, COURSE).diagnoses
    assert (found.title, found.kind, found.instrument_version) == (title, "self_assessment", "2.40961")
