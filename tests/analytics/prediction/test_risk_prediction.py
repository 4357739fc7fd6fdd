"""What is said of a learner: probability, interval, reasons and actions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smartpd_analytics import pipeline
from smartpd_analytics.data import LANGUAGES
from smartpd_analytics.errors import InputError
from smartpd_analytics.features import FEATURES
from smartpd_analytics.prediction._factors import actions_of, family_of, sentence
from threadpoolctl import threadpool_limits

from tests.analytics.prediction.risk_cohorts import cohort


def person(made, **values):
    row = made[0].head(1).assign(days_silent=3.0, missed_share=0.0, right_share=0.6, minutes=60.0, hints=2)
    return row.assign(**values)


def test_every_probability_lies_in_its_interval(made, model):
    for each in pipeline.predict_risk(model, made[0]):
        assert 0 <= each.low <= each.probability <= each.high <= 1
        assert 0 <= each.level_low <= each.level <= each.level_high <= 1
        assert len(each.factors) <= 3


def test_who_is_silent_and_misses_tasks_is_told_so_with_an_action(made, model):
    [found] = pipeline.predict_risk(model, person(made, days_silent=35.0, missed_share=1.0))
    [usual] = pipeline.predict_risk(model, person(made))
    assert found.probability > 0.8
    assert usual.probability < 0.5
    assert {"silence", "punctuality"} <= {factor.family for factor in found.factors}
    silence = next(factor for factor in found.factors if factor.family == "silence")
    assert silence.effect > 0
    assert "35" in silence.words["en"]
    for factor in found.factors:
        assert set(factor.words) == set(factor.action) == set(LANGUAGES)
        assert len(set(factor.action.values())) == 3
        assert "{" not in "".join(factor.words.values())
    assert "Open the course today" in silence.action["en"]
    assert "100%" in next(f for f in found.factors if f.family == "punctuality").words["uz"]


def test_reasons_come_by_weight_and_what_helps_is_said_as_well(made, model):
    [found] = pipeline.predict_risk(model, person(made, days_silent=0.0, right_share=0.98, minutes=900.0))
    weights = [abs(factor.effect) for factor in found.factors]
    assert weights == sorted(weights, reverse=True)
    assert any(factor.effect < 0 and "This helps" in factor.action["en"] for factor in found.factors)


def test_what_is_not_known_is_never_praised(made, model):
    for each in pipeline.predict_risk(model, made[0].assign(right_share=np.nan)):
        assert not any(factor.value is None and factor.effect < 0 for factor in each.factors)


def test_the_typical_learner_has_no_reasons(made, model):
    medians = {each.name: each.median for each in model.record.profiles}
    [found] = pipeline.predict_risk(model, person(made, **medians))
    assert found.factors == ()


@settings(max_examples=10, deadline=None)
@given(
    silent=st.floats(0, 60),
    missed=st.floats(0, 1),
    right=st.one_of(st.none(), st.floats(0, 1)),
    minutes=st.floats(0, 2000),
)
def test_the_shares_of_all_families_add_up_to_the_difference(made, model, silent, missed, right, minutes):
    from smartpd_analytics.prediction._explain import families_of, family_shares

    row = np.array([[{"days_silent": silent, "missed_share": missed, "minutes": minutes, "hints": 2.0}.get(name,
        np.nan if right is None else right) for name in model.record.features]])  # fmt: skip
    families = families_of(model.record.features)
    assert sorted(at for family in families for at in family) == list(range(len(model.record.features)))
    with threadpool_limits(1):
        total = family_shares(model, row, families, 0).sum()
        difference = model.blend.scores(row)[0] - model.blend.scores(model.typical()[None, :])[0]
    assert total == pytest.approx(difference * model.platt.slope, abs=1e-9)


def test_the_highest_risk_comes_first_and_most_keeps_so_many_of_each_course(made, model):
    found = pipeline.predict_risk(model, made[0], most=4, explain=False)
    assert len(found) == 12
    for course in {each.course_key for each in found}:
        risks = [each.probability for each in found if each.course_key == course]
        assert risks == sorted(risks, reverse=True)
    everyone = pipeline.predict_risk(model, made[0], explain=False)
    first = everyone[0].course_key
    assert [e for e in everyone if e.course_key == first][:4] == [e for e in found if e.course_key == first]


def test_one_learner_is_told_the_same_alone_and_among_others(made, model):
    together = {(e.course_key, e.learner): e for e in pipeline.predict_risk(model, made[0].head(40))}
    for at in (0, 13, 39):
        [alone] = pipeline.predict_risk(model, made[0].iloc[[at]])
        other = together[alone.course_key, alone.learner]
        assert alone.probability == pytest.approx(other.probability, abs=1e-12)
        assert [f.feature for f in alone.factors] == [f.feature for f in other.factors]


def test_a_table_without_a_feature_of_the_model_is_refused(made, model):
    with pytest.raises(InputError, match="the model was trained with it: 'minutes'"):
        pipeline.predict_risk(model, made[0].drop(columns="minutes"))


def test_further_columns_change_nothing(made, model):
    head = made[0].head(5)
    assert pipeline.predict_risk(model, head.assign(new_thing=3.0)) == pipeline.predict_risk(model, head)


def test_where_rules_speak_there_is_no_probability(noise_model):
    features, _ = cohort(seed=3, strength=0.0)
    found = pipeline.predict_risk(noise_model, features)
    assert {each.probability for each in found} == {None}
    plan = noise_model.record.rule
    flagged = [each for each in found if each.flagged]
    assert 0 < len(flagged) < len(found) / 2
    for each in flagged:
        [factor] = each.factors
        assert factor.feature == plan.feature
        assert (factor.value >= plan.threshold) if plan.above else (factor.value <= plan.threshold)
    assert all(not each.factors for each in found if not each.flagged)
    for course in {each.course_key for each in found}:
        flags = [bool(each.flagged) for each in found if each.course_key == course]
        assert flags == sorted(flags, reverse=True)
        # The further beyond the threshold, the earlier somebody looks.
        values = [each.factors[0].value for each in found if each.course_key == course and each.flagged]
        assert values == sorted(values, reverse=plan.above)


def test_where_rules_speak_and_their_feature_is_empty_nothing_is_said(noise_model):
    features, _ = cohort(seed=3, strength=0.0)
    found = pipeline.predict_risk(noise_model, features.head(3).assign(**{noise_model.record.rule.feature: np.nan}))
    assert [each.flagged for each in found] == [None, None, None]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_is_said_in_plain_words_with_what_one_could_do(feature):
    words = sentence(feature.name, 0.75, 0.0)
    assert set(words) == set(LANGUAGES)
    assert len(set(words.values())) == len(LANGUAGES)
    for lang, text in words.items():
        assert text.lower().startswith(feature.words[lang][:8].lower())
        assert "_" not in text
        assert "{" not in text
    if feature.unit == "change":
        assert words["en"].endswith(": much more than before (typical: as before)")
    if feature.unit in ("share", "ratio"):
        assert words["uz"].endswith(": 75% (odatda: 0%)")
    if feature.unit == "flag":
        assert words["ru"].endswith(": да (обычно: нет)")
    action = actions_of(feature.name, raises=True)
    # Nobody can do anything about what the course is like.
    assert (action is None) == (family_of(feature.name).id == "course")
    assert action is None or set(action) == set(LANGUAGES)
    assert family_of(feature.name).id != "other"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-1, "much less"),
        (-0.5, "much less"),
        (-0.2, "less"),
        (0.0, "as"),
        (0.1, "more"),
        (0.49, "more"),
        (0.5, "much more"),
    ],
)
def test_how_much_has_changed_is_said_in_words(value, said):
    assert f": {said} than before (" in sentence("trend_minutes", value, None)["en"].replace(
        "as before", "as than before"
    )


def test_figures_are_written_as_in_the_language():
    assert sentence("seconds_per_answer", 35.26, None)["ru"] == "Время на один ответ: 35,3 с (обычно: неизвестно)"
    assert sentence("minutes_per_session", 1234.4, 40.0)["en"] == "Length of a sitting: 1234 min (typical: 40 min)"
    assert sentence("days_before_due", -2.5, 0.0)["en"].endswith(": \u22122.5 (typical: 0)")
