"""Estimates of competence, each with a standard error, from two sources, and the two made one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from math import fsum, sqrt

from ..data import CompetencyEstimate, CourseMap, DiagnosisScore, LearnerActivity
from ._trained import TrainedCompetencies

__all__ = ["combine_estimates", "problem_estimates", "score_estimates", "self_assessment_estimates"]

#: Noise of one five-option item on the scale 0..1: evenly spread answers have a standard deviation of
#: 1/sqrt(12) = 0.289, a single item a reliability of about 0.7 (Wanous, Reichers & Hudy 1997,
#: doi:10.1037/0021-9010.82.2.247): 0.289 * sqrt(1 - 0.7) = 0.16.
ITEM_NOISE = 0.16
#: What no number of items takes away, because the same person judges: half a step between two options.
#: Self-views and performance correlate at .29 only (Zell & Krizan 2014, doi:10.1177/1745691613518075).
SELF_VIEW = 0.12
#: No estimate weighs without limit.
SMALLEST_ERROR = 0.01


def self_assessment_estimates(score: DiagnosisScore) -> tuple[CompetencyEstimate, ...]:
    """One estimate (source ``self_assessment``) for each competency with an answer, in the score's order.

    ``error`` is sqrt(``SELF_VIEW``² + ``ITEM_NOISE``² / n): 0.2 for one item, never below 0.12.
    """
    return tuple(
        CompetencyEstimate(
            competency_id=competency.competency_id,
            value=competency.share,
            error=sqrt(SELF_VIEW**2 + ITEM_NOISE**2 / competency.answered),
            source="self_assessment",
            evidence=competency.answered,
        )
        for competency in score.competencies
        # By the policy ``zero`` a competency without an answer has a share as well.
        if competency.share is not None and competency.answered
    )


def score_estimates(score: DiagnosisScore) -> tuple[CompetencyEstimate, ...]:
    """What the result of an instrument says of each competency with an answer, in the score's order.

    Of a self-assessment ``self_assessment_estimates``. Of a knowledge test (source ``knowledge_test``) mean and
    standard deviation of Beta(1 + points, 1 + points missed) over the answered items, as if each point were a
    right-or-wrong answer of its own (see ``problem_estimates``). Of any other instrument none.
    """
    if score.kind == "self_assessment":
        return self_assessment_estimates(score)
    if score.kind != "knowledge_test":
        return ()
    return tuple(
        _beta(
            competency.competency_id,
            competency.points,
            competency.answered_max - competency.points,
            source="knowledge_test",
            evidence=competency.answered,
        )
        for competency in score.competencies
        if competency.answered
    )


def problem_estimates(activity: LearnerActivity, course_map: CourseMap) -> tuple[CompetencyEstimate, ...]:
    """One estimate (source ``problems``) for each competency of which a problem was tried, by competency id.

    ``value`` and ``error`` are mean and standard deviation of Beta(1 + right, 1 + wrong), the posterior
    of first-try correctness under a uniform prior (Laplace's rule of succession). A problem trains the
    competencies that ``TrainedCompetencies`` finds for it.
    """
    trained = TrainedCompetencies(course_map.units)
    tries: dict[str, list[bool]] = defaultdict(list)
    for block in activity.blocks:
        if block.first_try_right is not None:
            for competency_id in trained.of(block.usage_key, block.unit_key):
                tries[competency_id].append(block.first_try_right)
    found = ((competency_id, tries[competency_id]) for competency_id in sorted(tries, key=_natural))
    return tuple(
        _beta(competency_id, sum(each), len(each) - sum(each), source="problems", evidence=len(each))
        for competency_id, each in found
    )


def combine_estimates(estimates: Iterable[CompetencyEstimate]) -> tuple[CompetencyEstimate, ...]:
    """One estimate (source ``combined``) for each competency, by competency id.

    Inverse-variance weighting, as in a fixed-effect meta-analysis (Hedges & Olkin 1985): the sources
    count as independent, ``value`` is their mean weighted by 1/error², ``error`` 1/sqrt(sum of weights).
    The order of ``estimates`` does not matter.
    """
    by_competency: dict[str, list[CompetencyEstimate]] = defaultdict(list)
    for estimate in estimates:
        by_competency[estimate.competency_id].append(estimate)
    return tuple(_combined(by_competency[competency_id]) for competency_id in sorted(by_competency, key=_natural))


def _combined(parts: list[CompetencyEstimate]) -> CompetencyEstimate:
    weights = [max(part.error, SMALLEST_ERROR) ** -2 for part in parts]
    total = fsum(weights)
    value = fsum(weight * part.value for weight, part in zip(weights, parts, strict=True)) / total
    return CompetencyEstimate(
        competency_id=parts[0].competency_id,
        # Rounding must not carry the mean past the values that it is the mean of.
        value=min(max(value, min(part.value for part in parts)), max(part.value for part in parts)),
        error=1 / sqrt(total),
        source="combined",
        evidence=sum(part.evidence for part in parts),
    )


def _beta(competency_id: str, right: int, wrong: int, *, source: str, evidence: int) -> CompetencyEstimate:
    right, wrong = right + 1, wrong + 1
    both = right + wrong
    return CompetencyEstimate(
        competency_id=competency_id,
        value=right / both,
        error=sqrt(right * wrong / (both**2 * (both + 1))),
        source=source,
        evidence=evidence,
    )


def _natural(competency_id: str) -> tuple[tuple[int, int | str], ...]:
    """Sorting key by which 1.10 stands after 1.9."""
    parts = re.split(r"([0-9]+)", competency_id)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)
