"""Mastery tracking beside pyBKT: the next answer within a competency, on the same folds of simulated learners.

Two cohorts: one made by classical knowledge tracing itself (so that pyBKT fits the true model), and one of
learners who differ in ability and answer items that differ in difficulty. Folds part learners, never answers.
pyBKT runs with its defaults (five starts).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from smartpd_analytics.api import begin_mastery, expect_right, observe_answer, trace_answers
from smartpd_analytics.pipeline import fit_mastery

from benchmarks.figure import Figure

LEARNERS, SKILLS, MOST_ANSWERS, ITEMS, FOLDS = 240, 4, 10, 12, 3
STREAM = 300_000


@dataclass(frozen=True)
class Answer:
    learner: str
    skill: str
    item: str
    correct: bool


def traced(seed: int) -> list[Answer]:
    """Learners who answer as knowledge tracing says."""
    random = np.random.default_rng(seed)
    found = []
    for skill in range(SKILLS):
        start, learn, guess, slip = (
            random.uniform(*ends) for ends in ((0.1, 0.6), (0.05, 0.35), (0.1, 0.3), (0.03, 0.2))
        )
        for learner in range(LEARNERS):
            known = random.random() < start
            for _ in range(random.integers(3, MOST_ANSWERS + 1)):
                correct = random.random() < (1 - slip if known else guess)
                found.append(Answer(f"l{learner}", f"s{skill}", f"s{skill}i{random.integers(ITEMS)}", bool(correct)))
                known = known or random.random() < learn
    return found


def differing(seed: int) -> list[Answer]:
    """Learners of normal ability who gain a little from every answer; items of normal difficulty."""
    random = np.random.default_rng(seed)
    found = []
    for skill in range(SKILLS):
        difficulty = random.normal(0, 0.8, ITEMS)
        for learner in range(LEARNERS):
            ability, gain = random.normal(), abs(random.normal(0.15, 0.1))
            for _ in range(random.integers(3, MOST_ANSWERS + 1)):
                item = random.integers(ITEMS)
                correct = random.random() < 1 / (1 + exp(-1.5 * (ability - difficulty[item])))
                found.append(Answer(f"l{learner}", f"s{skill}", f"s{skill}i{item}", bool(correct)))
                ability += gain
    return found


def ours(train: list[Answer], test: list[Answer]) -> tuple[float, float]:
    """AUC on ``test`` and seconds of fitting."""
    started = time.perf_counter()
    model = fit_mastery(*([getattr(a, name) for a in train] for name in ("learner", "skill", "correct", "item")))
    seconds = time.perf_counter() - started
    states, expected = {}, []
    for answer in test:
        skill = model.skill(answer.skill)
        state = states.get((answer.learner, answer.skill)) or begin_mastery(skill)
        expected.append(expect_right(skill, state, answer.item))
        states[answer.learner, answer.skill] = observe_answer(skill, state, correct=answer.correct, item=answer.item)
    return float(roc_auc_score([answer.correct for answer in test], expected)), seconds


def theirs(train: list[Answer], test: list[Answer]) -> tuple[float, float]:
    with working_pybkt() as model:
        started = time.perf_counter()
        model.fit(data=_frame(train))
        seconds = time.perf_counter() - started
        found = model.predict(data=_frame(test))
    return float(roc_auc_score(found["correct"], found["correct_predictions"])), seconds


def _frame(answers: list[Answer]) -> pd.DataFrame:
    rows = [(a.learner, a.skill, int(a.correct)) for a in answers]
    return pd.DataFrame(rows, columns=["user_id", "skill_name", "correct"]).astype({"skill_name": object})


@contextlib.contextmanager
def working_pybkt() -> Iterator[object]:
    """pyBKT 1.4 with two stumbling blocks of newer libraries out of its way; its work is its own."""
    import sklearn.metrics._classification as classification

    whole = classification._log_loss

    def for_arrays(*arguments, **options):
        try:
            return whole(*arguments, **options)
        except AttributeError as error:  # pyBKT tries every metric on lists, and expects a TypeError
            raise TypeError from error

    classification._log_loss = for_arrays
    try:
        from pyBKT.fit import EM_fit
        from pyBKT.models import Model
    finally:
        classification._log_loss = whole
    run = EM_fit.run

    def with_plain_number(*arguments, **options):
        result = run(*arguments, **options)
        result["total_loglike"] = np.asarray(result["total_loglike"]).item()
        return result

    EM_fit.run = with_plain_number
    try:
        yield Model(seed=1)
    finally:
        EM_fit.run = run


def _differences(answers: list[Answer], seed: int) -> tuple[list[float], list[float]]:
    learners = sorted({a.learner for a in answers})
    fold = dict(zip(learners, np.random.default_rng(seed).integers(0, FOLDS, len(learners)), strict=True))
    gains, speeds = [], []
    for number in range(FOLDS):
        train = [a for a in answers if fold[a.learner] != number]
        test = [a for a in answers if fold[a.learner] == number]
        (auc, seconds), (peer_auc, peer_seconds) = ours(train, test), theirs(train, test)
        gains.append(auc - peer_auc)
        speeds.append(peer_seconds / seconds)
    return gains, speeds


def _events_per_second() -> float:
    answers = [(a.learner, a.skill, a.item, a.correct) for a in differing(3)]
    learners, skills, items, correct = map(list, zip(*answers, strict=True))
    model = fit_mastery(learners, skills, correct, items)
    stream = (answers * (STREAM // len(answers) + 1))[:STREAM]
    started = time.perf_counter()
    trace_answers(model, stream)
    return STREAM / (time.perf_counter() - started)


def measure() -> list[Figure]:
    figures = []
    speeds: list[float] = []
    for name, answers in (("traced", traced(1)), ("differing", differing(2))):
        gains, faster = _differences(answers, 4)
        speeds += faster
        unit = f"least difference in AUC to pyBKT on {FOLDS} folds of {len(answers):,} simulated answers"
        figures.append(
            Figure(f"mastery_auc_{name}_over_pybkt", min(gains), must=-0.005, aim=0, unit=unit, better="more")
        )
    unit = "times faster to fit than pyBKT with its defaults, least of all folds"
    figures.append(Figure("mastery_fit_over_pybkt", min(speeds), must=20, aim=50, unit=unit, better="more"))
    unit = "answers followed in a second on one core"
    figures.append(
        Figure("mastery_events_per_second", _events_per_second(), must=1e5, aim=3e5, unit=unit, better="more")
    )
    return figures
