"""Features that know the outcome, days after the end, and splits that share a learner are refused."""

import numpy as np
import pandas as pd
import pytest
from smartpd_analytics import pipeline
from smartpd_analytics.errors import InputError, LeakageError
from smartpd_analytics.prediction import check_split

from tests.analytics.prediction.risk_cohorts import cohort


@pytest.mark.parametrize("name", ["completed", "exit_level", "final_result", "Final_Grade"])
def test_an_outcome_among_the_features_is_refused_by_its_name(made, name):
    features, outcomes = made
    with pytest.raises(LeakageError, match=f"became of the learner: '{name}'"):
        pipeline.train_risk(features.assign(**{name: 1.0}), outcomes)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_outcome_in_disguise_is_refused(made, sign):
    features, outcomes = made
    with pytest.raises(LeakageError, match=r"'badge' alone tells who completes \(AUC 1\.0000\)"):
        pipeline.train_risk(features.assign(badge=sign * outcomes.completed.to_numpy()), outcomes)


def test_such_a_column_can_be_left_out(made):
    features, outcomes = made
    model = pipeline.train_risk(
        features.assign(badge=outcomes.completed.to_numpy()), outcomes, exclude=["badge"], replicates=0
    )
    assert ("badge", "excluded") in model.record.left_out


def test_a_day_after_the_end_of_the_course_is_refused(made):
    features, outcomes = made
    late = features.assign(as_of=features.as_of.where(features.index != 7, pd.Timestamp("2023-12-01")))
    with pytest.raises(LeakageError, match=r"'L0007'.*2023-12-01 lies after the end of the course, 2023-05-12"):
        pipeline.train_risk(late, outcomes)


def test_rows_of_one_learner_on_both_sides_of_a_run_are_refused():
    courses = np.array(["a", "a", "a", "b"], dtype=object)
    learners = np.array(["x", "y", "x", "x"], dtype=object)
    with pytest.raises(LeakageError, match="'x' of 'a' stands both in training and in validation"):
        check_split(courses, learners, np.array([0, 1]), np.array([2, 3]))
    check_split(courses, learners, np.array([0, 1, 2]), np.array([3]))


BAD = {
    "a column is missing": (lambda f, o: (f.drop(columns="as_of"), o), "these columns are missing: 'as_of'"),
    "no outcome column": (lambda f, o: (f, o.drop(columns="completed")), "these columns are missing: 'completed'"),
    "a learner twice on a day": (lambda f, o: (pd.concat([f, f.head(1)]), o), "'L0000' stands twice"),
    "two outcomes": (lambda f, o: (f, pd.concat([o, o.head(1)])), "'L0000' stands twice"),
    "an outcome of 2": (lambda f, o: (f, o.assign(completed=2)), "accepted: 0, 1"),
    "an empty outcome": (lambda f, o: (f, o.assign(completed=np.nan)), "column 'completed' is empty in row 1"),
    "a level of 62": (lambda f, o: (f, o.assign(exit_level=62)), "a share from 0 to 1"),
    "infinity": (lambda f, o: (f.assign(minutes=np.inf), o), "infinity stands in: 'minutes'"),
    "no day": (lambda f, o: (f.assign(as_of="soon"), o), "column 'as_of' in row 1: 'soon' is no day"),
    "no learner": (lambda f, o: (f.assign(learner=None), o), "column 'learner' is empty in row 1"),
    "other learners": (lambda f, o: (f, o.assign(learner="z" + o.learner)), "no row of the features has an outcome"),
    "no rows": (lambda f, o: (f.head(0), o), "no rows"),
    "only text": (lambda f, o: (f[["course_key", "learner", "as_of", "stopped_at"]], o), "no column with numbers"),
}


@pytest.mark.parametrize("case", BAD, ids=BAD)
def test_tables_that_are_not_accepted_say_what_is(made, case):
    change, words = BAD[case]
    with pytest.raises(InputError, match=words):
        pipeline.train_risk(*change(*made), replicates=0)


def test_rows_without_an_outcome_are_left_out_and_counted():
    features, outcomes = cohort(learners=230)
    model = pipeline.train_risk(features, outcomes.iloc[10:], replicates=0)
    assert model.record.data.without_outcome == 10
    model = pipeline.train_risk(features.iloc[5:], outcomes, replicates=0)
    assert model.record.data.without_features == 5
