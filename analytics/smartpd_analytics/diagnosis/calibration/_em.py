"""Marginal maximum likelihood: EM cycles, then a quasi-Newton search to the optimum itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from ...progress import Progress
from ._curves import Floats
from ._likelihood import Likelihood

__all__ = ["Optimum", "find_optimum", "pack", "slope_at", "unpack"]

#: EM ends when no free parameter moves by more; from there the quasi-Newton search is faster.
_TOLERANCE = 1e-4
_LARGEST_STEP = 1.0
_HALVINGS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Free parameters (items, width) at the highest likelihood found."""

    free: Floats
    log_likelihood: float
    cycles: int


def find_optimum(likelihood: Likelihood, *, max_cycles: int, progress: Progress | None = None) -> Optimum:
    """The free parameters with the highest marginal (penalised, where there is a prior) likelihood.

    ``progress`` hears (cycles done, ``max_cycles``).
    """
    free = likelihood.start()
    cycles = 0
    while cycles < max_cycles:
        cycles += 1
        expected = likelihood.expect(likelihood.curves(free)[0])
        better = _maximise(likelihood, free, expected.counts)
        moved = float(np.abs(better - free).max())
        free = better
        if progress:
            progress(cycles, max_cycles)
        if moved < _TOLERANCE:
            break

    def objective(values: Floats) -> tuple[float, Floats]:
        each = unpack(likelihood, values)
        height, slope = slope_at(likelihood, each)
        return -height / likelihood.learners, -pack(likelihood, slope, add=True) / likelihood.learners

    if max_cycles > 0:
        found = minimize(
            objective,
            pack(likelihood, free),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": max(max_cycles, 50), "ftol": 1e-15, "gtol": 1e-9, "maxcor": 20},
        )
        polished = unpack(likelihood, found.x)
        if slope_at(likelihood, polished)[0] >= slope_at(likelihood, free)[0]:
            free = polished
    return Optimum(free, likelihood.expect(likelihood.curves(free)[0]).log_likelihood, cycles)


def slope_at(likelihood: Likelihood, free: Floats) -> tuple[float, Floats]:
    """The marginal log-likelihood with its priors, and its slope by Fisher's identity (items, width)."""
    probabilities, changes = likelihood.curves(free)
    expected = likelihood.expect(probabilities)
    slope = np.einsum("jqk,jqkp->jp", expected.counts / probabilities, changes)
    return expected.log_likelihood + likelihood.log_prior(free), slope + likelihood.prior_slope(free)


def pack(likelihood: Likelihood, values: Floats, *, add: bool = False) -> Floats:
    """``values`` (items, width) as one vector without what items lack; the common slope of 1PL first.

    ``add`` adds the items' parts of the common slope up, as slopes of the likelihood want it.
    """
    if likelihood.curves.model == "1pl":
        shared = values[:, 0].sum() if add else values[0, 0]
        return np.concatenate([[shared], values[:, 1]])
    own: Floats = values[likelihood.curves.present]
    return own


def unpack(likelihood: Likelihood, vector: Floats) -> Floats:
    """What ``pack`` made a vector of."""
    free = np.zeros(likelihood.curves.present.shape)
    if likelihood.curves.model == "1pl":
        free[:, 0] = vector[0]
        free[:, 1] = vector[1:]
    else:
        free[likelihood.curves.present] = vector
    return free


def _maximise(likelihood: Likelihood, free: Floats, counts: Floats) -> Floats:
    """The M-step: one step of Fisher's scoring for each item, shortened where it would go down."""
    probabilities, changes = likelihood.curves(free)
    slope = np.einsum("jqk,jqkp->jp", counts / probabilities, changes) + likelihood.prior_slope(free)
    weights = counts.sum(axis=2)[:, :, None] / probabilities
    bend = np.einsum("jqk,jqkp,jqkr->jpr", weights, changes, changes, optimize=True)
    diagonal = np.arange(bend.shape[1])
    bend[:, diagonal, diagonal] += likelihood.prior_bend(free) + np.where(likelihood.curves.present, 1e-9, 1.0)
    step = _common_slope(slope, bend) if likelihood.curves.model == "1pl" else _each(slope, bend)
    size = np.abs(step).max(axis=1, keepdims=True)
    if likelihood.curves.model == "1pl":
        size = np.full_like(size, size.max())
    step *= np.minimum(1.0, _LARGEST_STEP / np.maximum(size, 1e-300))
    before = _height(likelihood, free, counts)
    for _halving in range(_HALVINGS):
        worse = _height(likelihood, free + step, counts) < before - 1e-9
        if not worse.any():
            break
        step[worse] /= 2
    else:
        step[worse] = 0.0
    return free + step


def _height(likelihood: Likelihood, free: Floats, counts: Floats) -> Floats:
    """The expected complete log-likelihood of each item; of all together for the common slope of 1PL."""
    height: Floats = np.einsum("jqk,jqk->j", counts, np.log(likelihood.curves(free)[0]))
    if likelihood.curves.model == "1pl":
        return np.full_like(height, height.sum())
    if likelihood.curves.model == "3pl":
        height += np.array([likelihood.log_prior(row[None, :]) for row in free])
    return height


def _each(slope: Floats, bend: Floats) -> Floats:
    found: Floats = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
    return found


def _common_slope(slope: Floats, bend: Floats) -> Floats:
    """Newton's step with one slope for all items: the intercepts are taken out first (Schur complement)."""
    across = bend[:, 0, 1] / bend[:, 1, 1]
    shared = (slope[:, 0] - across * slope[:, 1]).sum() / (bend[:, 0, 0] - across * bend[:, 0, 1]).sum()
    return np.stack([np.full(len(slope), shared), slope[:, 1] / bend[:, 1, 1] - across * shared], axis=1)
