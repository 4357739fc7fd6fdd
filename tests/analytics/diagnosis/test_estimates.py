"""Estimates from answers and from logged problems, and the two combined."""

from dataclasses import replace
from datetime import UTC, datetime
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartpd_analytics.data import (
    BlockActivity,
    CompetencyEstimate,
    ContentUnit,
    CourseMap,
    LearnerActivity,
)
from smartpd_analytics.diagnosis import (
    combine_estimates,
    problem_estimates,
    score_answers,
    self_assessment_estimates,
)
from smartpd_analytics.frameworks import load_framework, load_instrument

FRAMEWORK = load_framework("digcompedu")
INSTRUMENT = load_instrument("digcompedu_selfassessment")
RUN = "block-v1:Uni+DC101+2026"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def key(kind, block_id, run=RUN):
    return f"{run}+type@{kind}+block@{block_id}"


def problem(block_id, right, unit="u1"):
    return BlockActivity(
        key("problem", block_id), "problem", key("vertical", unit) if unit else "", "", first_try_right=right
    )


def activity(*blocks):
    tried = sum(block.first_try_right is not None for block in blocks)
    return LearnerActivity(
        learner="malika", user_id=7, course_key="course-v1:Uni+DC101+2026", as_of=NOW, enrolled=True,
        first_seen=NOW, last_seen=NOW, active_days=1, sessions=1, minutes=30.0, answers=tried, right=0, wrong=0,
        fast_answers=0, answers_shown=0, first_try_right=0, problems_tried=tried, problems_solved=0, videos_played=0,
        videos_completed=0, units_opened=1, units_in_course=1, pace=None, stopped_at="", blocks=blocks,
    )  # fmt: skip


def course_map(*rows):
    return CourseMap(units=tuple(ContentUnit(usage_key, {"en": usage_key}, **more) for usage_key, more in rows))


def row(usage_key, *competencies, **more):
    return usage_key, {"competencies": competencies, **more}


# --- from answers -----------------------------------------------------------------------------


def test_each_answered_item_gives_an_estimate_with_its_error():
    score = score_answers(INSTRUMENT, FRAMEWORK, {"i2_1": "1", "i1_3": "4"})
    estimates = self_assessment_estimates(score)
    assert [(e.competency_id, e.value, e.source, e.evidence) for e in estimates] == [
        ("1.3", 1.0, "self_assessment", 1),
        ("2.1", 0.25, "self_assessment", 1),
    ]
    assert all(isclose(e.error, 0.2) for e in estimates)


def test_more_items_make_a_smaller_error_with_a_floor():
    twins = tuple(replace(INSTRUMENT.items[0], id=f"twin{n}") for n in range(400))
    longer = replace(INSTRUMENT, items=(*INSTRUMENT.items, *twins))
    errors = []
    for count in (1, 2, 10, 400):
        score = score_answers(longer, FRAMEWORK, {twin.id: "2" for twin in twins[:count]})
        errors.append(self_assessment_estimates(score)[0].error)
    assert errors == sorted(errors, reverse=True)
    assert isclose(errors[1], sqrt(0.12**2 + 0.16**2 / 2))
    assert 0.12 < errors[-1] < 0.125


# --- from problems ----------------------------------------------------------------------------


def test_first_tries_become_a_beta_posterior():
    (estimate,) = problem_estimates(
        activity(problem("p1", True), problem("p2", True), problem("p3", False)),
        course_map(row(key("vertical", "u1"), "2.1")),
    )
    # Beta(3, 2): mean 3/5, variance 3*2 / (5*5*6).
    assert (estimate.competency_id, estimate.value, estimate.source, estimate.evidence) == ("2.1", 0.6, "problems", 3)
    assert isclose(estimate.error, 0.2)


def test_a_problem_trains_what_its_own_row_says_and_else_its_unit():
    units = course_map(
        row(key("vertical", "u1"), "2.1"),
        row(key("problem", "p1"), "4.2", "4.1", "4.2"),
        row(key("problem", "p2")),
    )
    estimates = problem_estimates(activity(problem("p1", True), problem("p2", False), problem("p3", True)), units)
    assert [(e.competency_id, e.evidence) for e in estimates] == [("2.1", 2), ("4.1", 1), ("4.2", 1)]


def test_the_map_names_the_unit_where_the_log_does_not():
    units = course_map(row(key("problem", "p1"), unit_key=key("vertical", "u1")), row(key("vertical", "u1"), "3.3"))
    assert [e.competency_id for e in problem_estimates(activity(problem("p1", True, unit="")), units)] == ["3.3"]


@pytest.mark.parametrize(
    "written", [key("problem", "p1"), "p1", "problem+block@p1", key("problem", "p1", "block-v1:Uni+DC101+2025")]
)
def test_a_row_is_found_by_full_key_bare_id_and_across_runs(written):
    assert [
        e.competency_id for e in problem_estimates(activity(problem("p1", True)), course_map(row(written, "5.1")))
    ] == ["5.1"]


def test_a_unit_is_not_taken_for_a_problem_of_the_same_id():
    units = course_map(row(key("vertical", "same"), "1.1"), row(key("vertical", "u1"), "6.5"))
    assert [e.competency_id for e in problem_estimates(activity(problem("same", True)), units)] == ["6.5"]


def test_what_was_not_tried_or_is_not_mapped_gives_nothing():
    video = BlockActivity(key("video", "v1"), "video", key("vertical", "u1"), "", plays=3)
    units = course_map(row(key("vertical", "u1"), "2.1"))
    assert problem_estimates(activity(video, problem("p1", None)), units) == ()
    assert problem_estimates(activity(problem("p1", True, unit="elsewhere")), units) == ()
    assert problem_estimates(activity(problem("p1", True, unit="")), CourseMap()) == ()


def test_competencies_come_in_their_natural_order():
    units = course_map(row(key("vertical", "u1"), "1.10", "1.9", "K2", "1.1"))
    assert [e.competency_id for e in problem_estimates(activity(problem("p1", True)), units)] == [
        "1.1",
        "1.9",
        "1.10",
        "K2",
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_problem_estimates_stay_inside_and_sharpen(tries):
    units = course_map(row(key("vertical", "u1"), "2.1"))
    (estimate,) = problem_estimates(activity(*(problem(f"p{n}", right) for n, right in enumerate(tries))), units)
    (longer,) = problem_estimates(activity(*(problem(f"p{n}", right) for n, right in enumerate(tries * 4))), units)
    assert 0 < estimate.value < 1
    assert 0 < longer.error < estimate.error < sqrt(1 / 12)
    share = sum(tries) / len(tries)
    assert abs(longer.value - share) <= abs(estimate.value - share)


# --- combined ---------------------------------------------------------------------------------

shares = st.floats(0, 1)
estimates_of_one = st.lists(
    st.builds(
        CompetencyEstimate,
        competency_id=st.just("2.1"),
        value=shares,
        error=st.floats(0.01, 0.3),
        source=st.sampled_from(["self_assessment", "problems"]),
        evidence=st.integers(1, 20),
    ),
    min_size=1,
    max_size=5,
)


def estimate(value, error, competency_id="2.1", evidence=1):
    return CompetencyEstimate(competency_id, value, error, "problems", evidence)


def test_the_surer_source_weighs_more():
    (combined,) = combine_estimates([estimate(0.8, 0.2, evidence=1), estimate(0.4, 0.1, evidence=9)])
    assert isclose(combined.value, (0.8 * 25 + 0.4 * 100) / 125)
    assert isclose(combined.error, 1 / sqrt(125))
    assert (combined.source, combined.evidence) == ("combined", 10)


def test_one_for_each_competency_in_natural_order():
    combined = combine_estimates([estimate(0.1, 0.2, "1.10"), estimate(0.2, 0.2, "1.2"), estimate(0.3, 0.2, "1.10")])
    assert [(e.competency_id, e.evidence) for e in combined] == [("1.2", 1), ("1.10", 2)]
    assert combine_estimates([]) == ()


def test_an_estimate_without_error_does_not_silence_the_rest():
    (combined,) = combine_estimates([estimate(1.0, 0.0), estimate(0.0, 0.01)])
    assert isclose(combined.value, 0.5)


@given(estimates_of_one)
def test_the_combined_value_lies_between_and_is_surer_than_each(parts):
    (combined,) = combine_estimates(parts)
    assert min(part.value for part in parts) <= combined.value <= max(part.value for part in parts)
    assert combined.error <= min(part.error for part in parts) * (1 + 1e-12)
    assert combined.evidence == sum(part.evidence for part in parts)


@given(estimates_of_one, st.randoms(use_true_random=False))
def test_the_order_of_sources_does_not_matter(parts, random):
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert combine_estimates(shuffled) == combine_estimates(parts)


@given(estimates_of_one)
def test_combining_again_changes_nothing(parts):
    once = combine_estimates(parts)
    (twice,) = combine_estimates(once)
    assert isclose(twice.value, once[0].value)
    assert isclose(twice.error, max(once[0].error, 0.01))
