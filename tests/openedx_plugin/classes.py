"""Classes of simulated learners who have answered a diagnosis, and how their pages are asked for."""

import random
from dataclasses import asdict

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from smartpd import api
from smartpd.models import DiagnosisAnswers, DiagnosisResult, Profile
from smartpd_analytics.api import framework_of, load_instrument, score_answers

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, NOW

SELF = load_instrument("digcompedu_selfassessment")
TEST = load_instrument("digital_teaching_test")
AGAIN = DIAGNOSTIC.replace("needs", "needs_again")


def asked(instrument=SELF, phase="entry", block=DIAGNOSTIC, **more):
    return {"block": block, "phase": phase, "instrument": instrument.id, "version": instrument.version, **more}


def answer(user, answers, *, instrument=SELF, phase="entry", block=DIAGNOSTIC):
    score = score_answers(instrument, framework_of(instrument), answers)
    api.record_diagnosis(user.pk, COURSE, usage_key=block, phase=phase, score=score, answers=answers)


def uniform(option, items=None):
    return {item.id: option for item in SELF.items[:items]}


def people(count, start=0):
    group = Group.objects.get_or_create(name=COURSE)[0]
    made = get_user_model().objects.bulk_create(
        get_user_model()(username=f"learner{number:03}", first_name=f"=N{number}")
        for number in range(start, start + count)
    )
    users = list(get_user_model().objects.filter(username__in=[each.username for each in made]).order_by("username"))
    group.user_set.add(*users)
    return users


def chosen(instrument, able, dice):
    """Answers of somebody of that ability, 0..1; what has several options at once is answered with all of them."""
    answers = {}
    for item in instrument.items:
        options = sorted(item.options, key=lambda option: option.points)
        place = round(able * (len(options) - 1) + dice.gauss(0, 0.7))
        option = options[min(len(options) - 1, max(0, place))]
        alone = item.kind in ("choice", "rating")
        answers[item.id] = option.id if alone else "+".join(option.id for option in item.options)
    return answers


def a_class(count, *, instrument=SELF, phase="entry", block=DIAGNOSTIC, users=None, up=0.0):
    """Simulated learners of differing ability, stored at once."""
    dice = random.Random(7)  # noqa: S311
    users = users or people(count)
    profiles = [Profile.objects.get_or_create(user=user, course_key=COURSE)[0] for user in users]
    given = [chosen(instrument, min(1.0, max(0.0, dice.gauss(0.45 + up, 0.2))), dice) for _user in users]
    scores = [score_answers(instrument, framework_of(instrument), each) for each in given]
    DiagnosisResult.objects.bulk_create(
        DiagnosisResult(
            profile=profile, usage_key=block, phase=phase, framework_id=score.framework_id,
            instrument_id=instrument.id, instrument_version=instrument.version, complete=score.complete,
            answered=score.answered, total=score.total, points=score.points, max_points=score.max_points,
            level=score.level or "", areas=[asdict(each) for each in score.areas],
            competencies=[asdict(each) for each in score.competencies], created=NOW, modified=NOW,
        )
        for profile, score in zip(profiles, scores, strict=True)
    )  # fmt: skip
    stored = DiagnosisResult.objects.filter(usage_key=block, phase=phase, instrument_id=instrument.id).order_by("pk")
    DiagnosisAnswers.objects.bulk_create(
        DiagnosisAnswers(result=row, answers=answers) for row, answers in zip(stored, given, strict=True)
    )
    return users
