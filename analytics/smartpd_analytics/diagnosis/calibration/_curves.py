"""The models over all items at once: probabilities of categories on the nodes, and how they change.

Every item has the same number of free parameters here; those that a graded item with fewer categories
lacks have no effect. Free parameters run over all real numbers:

- 1PL, 2PL: slope a, intercept d, logit P(1) = a ability + d;
- 3PL: and the logit of the guessing parameter;
- graded: slope a, first intercept, and the logarithms of the steps down to each further intercept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from ...data import ItemParameters

__all__ = ["Curves", "Floats", "as_parameters", "free_parameters", "item_parameters"]

Floats = NDArray[Any]

#: No probability falls below this, so that its logarithm stays finite.
_SMALLEST = 1e-15
_START_GUESSING = 0.15


class Curves:
    """One model over ``len(categories)`` items; ``categories`` holds the number of categories of each."""

    def __init__(self, model: str, categories: Sequence[int], nodes: Floats) -> None:
        self.model = model
        self.nodes = nodes
        self.categories = np.asarray(categories)
        self.most = int(self.categories.max())
        self.width = {"1pl": 2, "2pl": 2, "3pl": 3, "graded": self.most}[model]
        #: Which free parameters each item really has; shape (items, width).
        self.present = np.ones((len(self.categories), self.width), dtype=bool)
        if model == "graded":
            self.present = np.arange(self.width)[None, :] < self.categories[:, None]

        #: Which categories each item has; shape (items, 1, most).
        self.present_categories = (np.arange(self.most)[None, :] < self.categories[:, None])[:, None, :]

    def start(self, shares: Floats) -> Floats:
        """Where to begin; ``shares`` (items, most) are the shares of learners in each category or a higher one."""
        begin = np.zeros((len(self.categories), self.width))
        begin[:, 0] = 1.0
        reached = logit(np.clip(shares, 0.01, 0.99)) * 1.2
        begin[:, 1] = reached[:, 1]
        if self.model == "3pl":
            easier = np.clip((shares[:, 1] - _START_GUESSING) / (1 - _START_GUESSING), 0.02, 0.98)
            begin[:, 1] = logit(easier) * 1.2
            begin[:, 2] = logit(_START_GUESSING)
        if self.model == "graded":
            steps = np.maximum(reached[:, 1:-1] - reached[:, 2:], 0.05)
            begin[:, 2:] = np.where(self.present[:, 2:], np.log(steps), 0.0)
        return begin

    def __call__(self, free: Floats) -> tuple[Floats, Floats]:
        """Probabilities (items, nodes, categories), and their derivatives (items, nodes, categories, width)."""
        return self._graded(free) if self.model == "graded" else self._right_or_wrong(free)

    def _right_or_wrong(self, free: Floats) -> tuple[Floats, Floats]:
        curve = expit(free[:, :1] * self.nodes + free[:, 1:2])
        guessing = expit(free[:, 2:3]) if self.model == "3pl" else np.zeros((len(free), 1))
        density = (1 - guessing) * curve * (1 - curve)
        probabilities = np.empty((*curve.shape, 2))
        probabilities[..., 0] = (1 - guessing) * (1 - curve)
        probabilities[..., 1] = guessing + (1 - guessing) * curve
        changes = np.empty((*curve.shape, 2, self.width))
        changes[..., 1, 0] = density * self.nodes
        changes[..., 1, 1] = density
        if self.model == "3pl":
            changes[..., 1, 2] = guessing * (1 - guessing) * (1 - curve)
        changes[..., 0, :] = -changes[..., 1, :]
        return np.maximum(probabilities, _SMALLEST), changes

    def _graded(self, free: Floats) -> tuple[Floats, Floats]:
        items, nodes = len(free), len(self.nodes)
        steps = np.where(self.present[:, 2:], np.exp(free[:, 2:]), 0.0)
        intercepts = np.concatenate([free[:, 1:2], free[:, 1:2] - np.cumsum(steps, axis=1)], axis=1)
        there = self.present[:, 1:]  # (items, most - 1): whether category k = 1.. exists
        curve = expit(free[:, None, :1] * self.nodes[None, :, None] + intercepts[:, None, :]) * there[:, None, :]
        density = curve * (1 - curve) * there[:, None, :]
        at_least = np.concatenate([np.ones((items, nodes, 1)), curve, np.zeros((items, nodes, 1))], axis=2)
        probabilities = at_least[..., :-1] - at_least[..., 1:]
        rises = np.zeros((items, nodes, self.most + 1, self.width))
        rises[:, :, 1:-1, 0] = density * self.nodes[None, :, None]
        rises[:, :, 1:-1, 1] = density
        for step in range(2, self.width):
            # The step lowers its own intercept and all after it.
            rises[:, :, step:-1, step] = -density[:, :, step - 1 :] * steps[:, None, step - 2 : step - 1]
        exists = self.present_categories
        return (
            np.where(exists, np.maximum(probabilities, _SMALLEST), 1.0),
            (rises[:, :, :-1] - rises[:, :, 1:]) * exists[..., None],
        )


def free_parameters(model: str, row: Floats, categories: int) -> Floats:
    """The free parameters that an item really has, of one row."""
    return row[:categories] if model == "graded" else row


def item_parameters(model: str, row: Floats) -> Floats:
    """Discrimination, thresholds and, by 3PL, guessing, of one item's own free parameters."""
    slope = row[0]
    if model != "graded":
        known = [slope, -row[1] / slope]
        return np.array([*known, expit(row[2])] if model == "3pl" else known)
    intercepts = row[1] - np.concatenate([[0.0], np.cumsum(np.exp(row[2:]))])
    return np.concatenate([[slope], -intercepts / slope])


def as_parameters(model: str, item_id: str, values: Floats, area_id: str) -> ItemParameters:
    """``values`` as ``item_parameters`` gives them."""
    last = len(values) - 1 if model == "3pl" else len(values)
    return ItemParameters(
        item_id=item_id,
        discrimination=float(values[0]),
        thresholds=tuple(float(each) for each in values[1:last]),
        guessing=float(values[-1]) if model == "3pl" else 0.0,
        area_id=area_id,
    )
