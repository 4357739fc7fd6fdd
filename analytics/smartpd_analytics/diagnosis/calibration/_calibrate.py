"""From a table of answers to calibrated items, with what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from threadpoolctl import threadpool_limits

from ...data import ItemBank, ItemParameters
from ...errors import N_, InputError
from ...progress import Progress
from ._curves import Floats, as_parameters, free_parameters, item_parameters
from ._em import find_optimum
from ._errors import Precision, parameter_errors, precision_at
from ._likelihood import Expected, Likelihood
from ._responses import Responses

__all__ = ["CALIBRATION_FLAGS", "CALIBRATION_MODELS", "CalibratedItem", "Calibration", "calibrate"]

CALIBRATION_MODELS = ("1pl", "2pl", "3pl", "graded")

#: What may be said against an item. Those with one of the first three cannot stand in a bank.
CALIBRATION_FLAGS = (
    "never_varies",
    "category_missing",
    "negative_discrimination",
    "few_answers",
    "low_discrimination",
    "extreme_difficulty",
    "misfit",
    "imprecise",
)

#: Answers to an item below which its parameters are not to be relied on: rules of thumb (de Ayala 2009,
#: *The Theory and Practice of Item Response Theory*; for 1PL Linacre 1994).
FEW_ANSWERS = {"1pl": 100, "2pl": 250, "3pl": 1000, "graded": 250}
#: "Very low" by Baker (2001, *The Basics of Item Response Theory*), on the logistic scale.
LOW_DISCRIMINATION = 0.35
EXTREME_DIFFICULTY = 4.0
#: Root mean square deviation of observed from expected scores, as in PISA's item analysis.
MISFIT = 0.12
#: Standard error of a threshold, in standard deviations of ability.
IMPRECISE = 0.5
#: Log-likelihood units from the optimum up to which a solution counts as converged.
CONVERGED = 1e-4


@dataclass(frozen=True, slots=True)
class CalibratedItem:
    """One item, its parameters with standard errors, and how it behaves."""

    item_id: str
    #: None for an item that was left out.
    parameters: ItemParameters | None
    #: Standard errors of discrimination, thresholds and guessing; not a number where they are not determined.
    discrimination_error: float
    threshold_errors: tuple[float, ...]
    guessing_error: float
    answered: float
    #: Mean score as a share of the item's highest.
    facility: float
    #: Correlation of the score with the mean share on the learner's other items.
    item_rest: float
    #: Root mean square deviation between observed and expected score, as a share, over the learners.
    misfit: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model. The scale is that of learners with ability N(0, 1)."""

    model: str
    #: In the table's order, those left out included.
    items: tuple[CalibratedItem, ...]
    learners: float
    patterns: int
    #: Marginal log-likelihood, without priors.
    log_likelihood: float
    parameters: int
    aic: float
    bic: float
    #: EM cycles before the quasi-Newton search.
    cycles: int
    converged: bool
    #: Log-likelihood units from the optimum.
    distance: float
    #: Reliability of EAP estimates: variance of the estimates by itself plus the mean posterior variance.
    reliability: float
    #: Whether a learner among them is simulated.
    simulated: bool

    def bank(self, bank_id: str) -> ItemBank:
        """The items that can be used."""
        items = tuple(item.parameters for item in self.items if item.parameters is not None)
        return ItemBank(bank_id, self.model, items, simulated=self.simulated)


def calibrate(
    responses: Responses,
    *,
    model: str = "2pl",
    guessing_prior: tuple[float, float] | None = (5.0, 17.0),
    max_cycles: int = 500,
    progress: Progress | None = None,
) -> Calibration:
    """Fit ``model`` by marginal maximum likelihood (Bock & Aitkin 1981) with ability N(0, 1).

    EM over 61 equally spaced nodes, then a quasi-Newton search to the optimum. Missing answers are left
    out of the likelihood (missing at random). Items that cannot be calibrated are left out and flagged.

    Args:
        responses: scores 0 or 1; for ``graded`` 0..m, every category of an item chosen by somebody.
        model: ``1pl`` (one slope for all items), ``2pl``, ``3pl`` or ``graded``.
        guessing_prior: Beta parameters for the guessing parameter of ``3pl``; the default has its mode at
            0.2. None for pure likelihood, which small data leave undetermined.
        max_cycles: of EM, above 0.
        progress: hears (cycles done, ``max_cycles``).

    Raises:
        InputError: the model is not known, a score is not one of the model's, too little is left.
    """
    if model not in CALIBRATION_MODELS:
        raise InputError(N_("no model '{model}'"), accepted=", ".join(CALIBRATION_MODELS), model=model)
    if max_cycles < 1:
        raise InputError(N_("{name} is {value}"), accepted=N_("1 or more"), name="max_cycles", value=max_cycles)
    if guessing_prior is not None and min(guessing_prior) < 1:
        accepted, value = N_("two numbers from 1, or None"), repr(guessing_prior)
        raise InputError(N_("{name} is {value}"), accepted=accepted, name="guessing_prior", value=value)
    _check_scores(responses, model)
    unusable = [_unusable(responses, place) for place in range(len(responses.item_ids))]
    used = [place for place, flag in enumerate(unusable) if not flag]
    if len(used) < 3:
        accepted = N_("3 or more whose answers differ between learners")
        raise InputError(N_("items that can be calibrated: {found}"), accepted=accepted, found=len(used))
    kept = _part(responses, used)
    likelihood = Likelihood(kept, model, guessing_prior)
    # The matrices are small: threads that wait for each other cost many times what they save.
    with threadpool_limits(1, user_api="blas"):
        optimum = find_optimum(likelihood, max_cycles=max_cycles, progress=progress)
        precision = precision_at(likelihood, optimum.free)
    expected = likelihood.expect(likelihood.curves(optimum.free)[0])
    fitted = dict(zip(used, _items(kept, likelihood, optimum.free, precision, expected), strict=True))
    count = len(precision.covariance)
    return Calibration(
        model=model,
        items=tuple(
            fitted[place] if place in fitted else _left_out(responses, place, unusable[place])
            for place in range(len(responses.item_ids))
        ),
        learners=likelihood.learners,
        patterns=len(likelihood.patterns),
        log_likelihood=optimum.log_likelihood,
        parameters=count,
        aic=2 * count - 2 * optimum.log_likelihood,
        bic=count * log(likelihood.learners) - 2 * optimum.log_likelihood,
        cycles=optimum.cycles,
        converged=precision.distance <= CONVERGED,
        distance=precision.distance,
        reliability=_reliability(likelihood, expected),
        simulated=responses.simulated,
    )


def _check_scores(responses: Responses, model: str) -> None:
    if model == "graded":
        return
    for item_id, highest in zip(responses.item_ids, responses.scores.max(axis=0), strict=True):
        if highest > 1:
            problem = N_("item '{item}' has the score {score}, which the model {model} does not take")
            accepted = N_("0 or 1; the model graded takes more")
            raise InputError(problem, accepted=accepted, item=item_id, score=int(highest), model=model)


def _unusable(responses: Responses, place: int) -> str:
    chosen = np.unique(responses.scores[:, place])
    chosen = chosen[chosen >= 0]
    if len(chosen) < 2:
        return "never_varies"
    return "" if len(chosen) == chosen[-1] + 1 else "category_missing"


def _part(responses: Responses, used: Sequence[int]) -> Responses:
    scores = responses.scores[:, used]
    somebody = (scores >= 0).any(axis=1)
    ids = tuple(responses.item_ids[place] for place in used)
    return Responses(ids, scores[somebody], responses.counts[somebody], responses.areas)


def _items(
    kept: Responses, likelihood: Likelihood, free: Floats, precision: Precision, expected: Expected
) -> list[CalibratedItem]:
    errors = parameter_errors(likelihood, free, precision)
    misfits = _misfits(likelihood, free, expected)
    model = likelihood.curves.model
    found = []
    for place, item_id in enumerate(kept.item_ids):
        own = free_parameters(model, free[place], int(likelihood.curves.categories[place]))
        values = item_parameters(model, own)
        parameters = as_parameters(model, item_id, values, kept.areas.get(item_id, ""))
        last = len(values) - 1 if model == "3pl" else len(values)
        answered, facility, item_rest = _classical(kept, place)
        thresholds = tuple(float(each) for each in errors[place][1:last])
        usable = parameters.discrimination > 0
        found.append(
            CalibratedItem(
                item_id=item_id,
                parameters=parameters if usable else None,
                discrimination_error=float(errors[place][0]),
                threshold_errors=thresholds,
                guessing_error=float(errors[place][-1]) if model == "3pl" else 0.0,
                answered=answered,
                facility=facility,
                item_rest=item_rest,
                misfit=misfits[place],
                flags=_flags(model, parameters, thresholds, answered, misfits[place]),
            )
        )
    return found


def _flags(
    model: str, parameters: ItemParameters, errors: Sequence[float], answered: float, misfit: float
) -> tuple[str, ...]:
    slope = parameters.discrimination
    said = {
        "negative_discrimination": slope <= 0,
        "few_answers": answered < FEW_ANSWERS[model],
        "low_discrimination": 0 < slope < LOW_DISCRIMINATION,
        "extreme_difficulty": slope > 0 and max(map(abs, parameters.thresholds)) > EXTREME_DIFFICULTY,
        "misfit": misfit > MISFIT,
        "imprecise": slope > 0 and not max(errors) <= IMPRECISE,
    }
    return tuple(flag for flag in CALIBRATION_FLAGS if said.get(flag))


def _left_out(responses: Responses, place: int, flag: str) -> CalibratedItem:
    answered, facility, item_rest = _classical(responses, place)
    nan = float("nan")
    return CalibratedItem(responses.item_ids[place], None, nan, (), nan, answered, facility, item_rest, nan, (flag,))


def _classical(responses: Responses, place: int) -> tuple[float, float, float]:
    """Answers, facility, and the correlation with the rest."""
    there = responses.scores >= 0
    highest = np.maximum(responses.scores.max(axis=0), 1)
    shares = np.where(there, responses.scores / highest, 0.0)
    rows = there[:, place]
    weights = responses.counts[rows]
    answered = float(weights.sum())
    if not answered:
        return 0.0, float("nan"), float("nan")
    own = shares[rows, place]
    others = there[rows].sum(axis=1) - 1
    rest = (shares[rows].sum(axis=1) - own) / np.maximum(others, 1)
    facility = float(np.average(own, weights=weights))
    both = others > 0
    return answered, facility, _correlation(own[both], rest[both], weights[both])


def _correlation(one: Floats, other: Floats, weights: Floats) -> float:
    if not len(one):
        return float("nan")
    one = one - np.average(one, weights=weights)
    other = other - np.average(other, weights=weights)
    spread = float((weights @ one**2) * (weights @ other**2))
    return float(weights @ (one * other)) / spread**0.5 if spread > 0 else float("nan")


def _misfits(likelihood: Likelihood, free: Floats, expected: Expected) -> list[float]:
    """Root of the mean over learners of (observed - expected score)² at the nodes, as a share of the maximum."""
    scores = np.arange(likelihood.curves.most)
    by_model = likelihood.curves(free)[0] * likelihood.curves.present_categories
    learners = expected.counts.sum(axis=2)
    observed = (expected.counts @ scores) / np.maximum(learners, 1e-12)
    off = (observed - by_model @ scores) / (likelihood.curves.categories - 1)[:, None]
    return [float(each) for each in np.sqrt((learners * off**2).sum(axis=1) / learners.sum(axis=1))]


def _reliability(likelihood: Likelihood, expected: Expected) -> float:
    mean = expected.posterior @ likelihood.nodes
    variance = expected.posterior @ likelihood.nodes**2 - mean**2
    between = np.average((mean - np.average(mean, weights=likelihood.weights)) ** 2, weights=likelihood.weights)
    within = np.average(variance, weights=likelihood.weights)
    return float(between / (between + within))
