"""Learning from earlier runs, proof on later ones, and saying where that fails."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from smartpd_analytics import pipeline
from smartpd_analytics.errors import InputError

from tests.analytics.prediction.risk_cohorts import COURSES, cohort


def kinds(model):
    return [(each.kind, each.feature) for each in model.record.performances]


def test_a_model_that_beats_the_rules_on_later_runs_is_used(model):
    record = model.record
    assert record.verdict == "model"
    assert record.reasons == ()
    assert kinds(model)[:2] == [("model", ""), ("logistic", "")]
    assert {("rule", "days_silent"), ("rule", "missed_share")} <= set(kinds(model))
    ours, *_, rule = record.performances
    assert ours.auc_low < ours.auc < ours.auc_high
    assert ours.auc > rule.auc
    assert all(each.low > 0 for each in record.comparisons if each.kind == "rule")


def test_only_the_latest_run_is_the_proof_and_the_earlier_steps_stand_beside(model):
    record = model.record
    assert [run.block for run in record.data.runs] == [0, 1, 2]
    assert record.performances[0].n == 260
    assert len(record.earlier) == 1
    assert sum(each.n for each in record.performances[0].calibration) == 260


def test_what_became_of_the_latest_learners_does_not_touch_earlier_steps(made, model):
    features, outcomes = made
    last = outcomes.course_key == COURSES[-1]
    turned = outcomes.assign(completed=np.where(last, 1 - outcomes.completed, outcomes.completed))
    other = pipeline.train_risk(features, turned, seed=5, replicates=0)
    assert other.record.earlier == model.record.earlier
    assert other.record.performances[0].auc < 0.5


def test_figures_are_those_of_scikit_learn(made, model):
    features, outcomes = cohort(seed=9)
    found = pipeline.evaluate_risk(model, features, outcomes)
    predicted = {
        (p.course_key, p.learner): p.probability for p in pipeline.predict_risk(model, features, explain=False)
    }
    truth = 1 - outcomes.completed
    risk = [predicted[key] for key in zip(outcomes.course_key, outcomes.learner, strict=True)]
    assert found.auc == pytest.approx(roc_auc_score(truth, risk), abs=1e-12)
    assert found.brier == pytest.approx(brier_score_loss(truth, risk), abs=1e-12)
    top = pd.Series(truth.to_numpy())[np.argsort(risk)[::-1][: round(0.2 * len(risk))]]
    assert found.precision_top == pytest.approx(top.mean(), abs=0.01)


def test_probabilities_are_calibrated_on_new_learners(model):
    found = pipeline.evaluate_risk(model, *cohort(seed=21, learners=700))
    assert max(abs(each.predicted - each.observed) for each in found.calibration) < 0.12


def test_the_model_is_better_than_its_simple_rules_on_new_learners(model):
    features, outcomes = cohort(seed=22, learners=700)
    found = pipeline.evaluate_risk(model, features, outcomes)
    rule = roc_auc_score(1 - outcomes.completed, features.days_silent)
    assert found.auc_low > rule


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"learners": 60}, "few_later_learners"),
        ({"learners": 150, "runs": 2}, "few_learners"),
        ({"runs": 1, "learners": 400}, "no_later_run"),
    ],
)
def test_too_little_data_is_said_and_rules_are_used(change, code):
    model = pipeline.train_risk(*cohort(**change), replicates=0)
    assert model.record.verdict == "rules"
    assert code in {reason.code for reason in model.record.reasons}
    assert all(reason.found < reason.needed for reason in model.record.reasons)
    assert model.blend is None


def test_one_rare_outcome_is_too_little(made):
    features, outcomes = made
    rare = outcomes.assign(completed=1 * (outcomes.groupby("course_key").cumcount() > 10))
    model = pipeline.train_risk(features, rare, replicates=0)
    assert {"one_outcome", "one_outcome_later"} == {reason.code for reason in model.record.reasons}


def test_a_model_that_is_not_better_than_a_rule_recommends_rules(noise_model):
    record = noise_model.record
    assert record.verdict == "rules"
    assert [reason.code for reason in record.reasons] == ["not_better"]
    # The figures that led to it stay visible, and the rule is the one that was not beaten.
    rules = [each for each in record.comparisons if each.kind == "rule"]
    assert record.rule.feature == min(rules, key=lambda each: each.difference).feature


def test_the_same_seed_gives_the_same_predictions_and_another_seed_others(made, model):
    features, _ = made
    again = pipeline.train_risk(*made, seed=5, replicates=3)
    assert pipeline.predict_risk(again, features) == pipeline.predict_risk(model, features)
    assert again.record == model.record
    other = pipeline.train_risk(*made, seed=6, replicates=0)
    assert pipeline.predict_risk(other, features, explain=False) != pipeline.predict_risk(
        model, features, explain=False
    )


def test_the_order_of_rows_changes_no_figure(made, model):
    features, outcomes = made
    mixed = pipeline.train_risk(features.iloc[::-1], outcomes.sample(frac=1, random_state=0), seed=5, replicates=0)
    assert mixed.record.performances[0].auc == pytest.approx(model.record.performances[0].auc, abs=0.01)
    assert [run.n for run in mixed.record.data.runs] == [run.n for run in model.record.data.runs]


def test_persons_and_constants_and_text_are_left_out_and_named(model):
    assert dict(model.record.left_out) == {"gender": "demographic", "stopped_at": "text", "always_one": "constant"}
    assert set(model.record.features) == {"days_silent", "missed_share", "right_share", "minutes", "hints"}


def test_demographics_are_used_on_request_alone(made):
    model = pipeline.train_risk(*made, replicates=0, with_demographics=True)
    assert "gender" in model.record.features


def test_groups_are_reported_and_never_features(model):
    found = {(each.column, each.value): each for each in model.record.subgroups}
    arts = found["faculty", "arts"]
    assert arts.n == 173
    assert 0 < arts.predicted < 1
    assert arts.auc_low <= arts.auc <= arts.auc_high
    assert not {"faculty", "campus"} & set(model.record.features)


def test_a_small_group_is_shown_only_together_with_the_one_that_would_give_it_away(made, model):
    alone, together = [each for each in model.record.subgroups if each.column == "campus"]
    assert (alone.value, alone.groups, alone.n) == ("new", 1, 220)
    assert (together.value, together.groups, together.n) == ("", 2, 40)
    _, outcomes = made
    latest = outcomes[outcomes.course_key == outcomes.course_key.max()]
    few = latest[latest.campus.isin(["far", "old"])]
    assert together.observed == pytest.approx(1 - few.completed.mean())


def test_groups_that_are_too_few_even_together_have_no_figures(made):
    features, outcomes = made
    latest = outcomes.course_key == outcomes.course_key.max()
    rare = np.where(latest & (np.arange(len(outcomes)) % 20 == 0), "a", None)
    model = pipeline.train_risk(features, outcomes.assign(badge=rare), replicates=0)
    found = [each for each in model.record.subgroups if each.column == "badge"]
    assert [(each.value, each.groups, each.n) for each in found] == [("", 2, 260)]
    few = outcomes.assign(faculty=np.where(latest, outcomes.learner, "arts"))
    model = pipeline.train_risk(features, few, replicates=0)
    found = [each for each in model.record.subgroups if each.column == "faculty"]
    assert [(each.value, each.groups, each.n) for each in found] == [("", 260, 260)]


def test_an_exit_level_that_is_no_better_than_the_mean_is_not_estimated(made):
    features, outcomes = made
    noise = outcomes.assign(exit_level=np.random.default_rng(3).uniform(size=len(outcomes)))
    model = pipeline.train_risk(features, noise, replicates=0)
    assert model.record.verdict == "model"
    assert not model.record.level.better
    assert {each.level for each in pipeline.predict_risk(model, features)} == {None}


def test_exit_levels_are_those_of_completers(made):
    features, outcomes = made
    model = pipeline.train_risk(features, outcomes, replicates=0)
    lost = outcomes.assign(exit_level=outcomes.exit_level.where(outcomes.completed == 1, 0.0))
    assert pipeline.train_risk(features, lost, replicates=0).record.level == model.record.level
    latest = outcomes[outcomes.course_key == outcomes.course_key.max()]
    assert model.record.level.n == latest.completed.sum()


def test_who_has_left_is_neither_learnt_from_nor_spoken_of(made):
    features, outcomes = made
    gone = np.arange(len(features)) % 10 == 0
    model = pipeline.train_risk(features.assign(enrolled=np.where(gone, 0, 1)), outcomes, replicates=0, seed=5)
    assert model.record.data.gone == gone.sum()
    assert model.record.data.rows == (~gone).sum()
    assert (
        model.record.performances
        == pipeline.train_risk(features[~gone], outcomes, replicates=0, seed=5).record.performances
    )
    heard = []
    mixed = features.assign(enrolled=np.where(gone, 0, np.nan))
    found = pipeline.predict_risk(model, mixed, on_gone=heard.append)
    assert len(found) == (~gone).sum()
    assert heard == [gone.sum()]
    with pytest.raises(InputError, match="everybody in the table has left"):
        pipeline.predict_risk(model, features.assign(enrolled=0))


def test_exit_levels_are_better_than_the_mean_and_their_interval_holds(model):
    level = model.record.level
    assert level.error < 0.8 * level.baseline_error
    assert 0.82 <= level.coverage <= 0.97


def test_two_days_of_one_learner_count_once_as_a_learner(made):
    features, outcomes = made
    later = features.assign(as_of=features.as_of + pd.Timedelta(days=7), days_silent=features.days_silent + 1)
    model = pipeline.train_risk(pd.concat([features, later]), outcomes, replicates=0)
    assert model.record.data.rows == 2 * len(features)
    assert model.record.data.learners == 260


def test_progress_is_told_to_its_end(made):
    steps = []
    pipeline.train_risk(*made, replicates=1, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)


def test_a_feature_that_only_the_latest_run_has_is_no_obstacle(made):
    features, outcomes = made
    new = features.right_share.where(features.course_key == COURSES[-1])
    model = pipeline.train_risk(features.assign(right_share=new), outcomes, replicates=2)
    assert model.record.verdict == "model"
    assert pipeline.predict_risk(model, features.head(3))
