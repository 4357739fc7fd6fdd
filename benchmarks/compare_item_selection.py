"""Three ways of choosing the next item, on simulated learners: ``python -m benchmarks.compare_item_selection``.

The figures of decision 0011: for two 500-item 2PL banks of catsim's generator and 2,000 learners each, the root
mean square error of ability after 20 items and the mean posterior standard deviation then. Takes a minute.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEARNERS, ITEMS, LENGTH, SHORTLIST = 2000, 500, 20, 25
NODES = np.linspace(-5, 5, 81)


def at_the_estimate(posterior: Floats, slopes: Floats, difficulties: Floats, curves: Floats, used: Floats) -> Floats:
    ability = (posterior @ NODES)[:, None]
    right = 1 / (1 + np.exp(-slopes * (ability - difficulties)))
    return slopes**2 * right * (1 - right)


def by_the_posterior(posterior: Floats, slopes: Floats, difficulties: Floats, curves: Floats, used: Floats) -> Floats:
    return posterior @ (slopes[:, None] ** 2 * curves * (1 - curves)).T


def expected_variance(posterior: Floats, slopes: Floats, difficulties: Floats, curves: Floats, used: Floats) -> Floats:
    told = np.where(used, -1.0, by_the_posterior(posterior, slopes, difficulties, curves, used))
    shortlist = np.argpartition(-told, SHORTLIST, axis=1)[:, :SHORTLIST]
    worth = np.full(told.shape, -np.inf)
    rows = np.arange(len(posterior))
    for place in shortlist.T:
        variance = np.zeros(len(posterior))
        for likelihood in (curves[place], 1 - curves[place]):
            weights = posterior * likelihood
            chance = weights.sum(axis=1)
            variance += weights @ NODES**2 - (weights @ NODES) ** 2 / chance
        worth[rows, place] = -variance
    return worth


def main() -> None:
    prior = np.exp(-(NODES**2) / 2)
    for seed in (0, 1):
        draws = np.random.default_rng(seed)
        difficulties, slopes = draws.multivariate_normal([0, 1.2], [[1, 0], [0, 0.25**2]], ITEMS).T
        curves = 1 / (1 + np.exp(-slopes[:, None] * (NODES - difficulties[:, None])))
        abilities = draws.normal(size=LEARNERS)
        right = draws.random((LEARNERS, ITEMS)) < 1 / (1 + np.exp(-slopes * (abilities[:, None] - difficulties)))
        rows = np.arange(LEARNERS)
        for worth in (at_the_estimate, by_the_posterior, expected_variance):
            posterior = np.tile(prior / prior.sum(), (LEARNERS, 1))
            used = np.zeros((LEARNERS, ITEMS), dtype=bool)
            for _item in range(LENGTH):
                values = np.where(used, -np.inf, worth(posterior, slopes, difficulties, curves, used))
                chosen = values.argmax(axis=1)
                used[rows, chosen] = True
                posterior *= np.where(right[rows, chosen][:, None], curves[chosen], 1 - curves[chosen])
                posterior /= posterior.sum(axis=1, keepdims=True)
            mean = posterior @ NODES
            deviation = np.sqrt(posterior @ NODES**2 - mean**2).mean()
            error = np.sqrt(((mean - abilities) ** 2).mean())
            print(f"bank {seed}  {worth.__name__:<18}  error {error:.3f}  posterior deviation {deviation:.3f}")


if __name__ == "__main__":
    main()
