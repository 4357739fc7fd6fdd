"""Fitting mastery models to answers: expectation maximisation for all competencies at once, in numpy.

Never imported by the light door. Method: Baum-Welch for the levels (Rabiner 1989, doi:10.1109/5.18626),
with weak priors so that little data stay near the assumed skill (maximum a posteriori); item offsets by
Newton steps inside the M step, where the items of a competency prove to differ, shrunk by the variance that
DerSimonian & Laird's moment estimator finds between them (1986, doi:10.1016/0197-2456(86)90046-2); the
number of levels by the Bayesian information criterion (Schwarz 1978), for each competency by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from ...errors import N_, InputError
from ._model import DEFAULT_SKILL, MasteryModel, SkillModel

__all__ = ["MAX_LEVELS", "fit_mastery"]

#: More levels than this have not paid in any data tried.
MAX_LEVELS = 4
_ROUNDS = 200
#: Rounds end when the mean log-likelihood of an answer grows by less.
_ENOUGH = 2e-6
#: Weight of the priors, in learners (start), moves (learn) and answers (ease).
_PRIOR = 1.0
_PRIOR_LEARN = 0.15
#: Levels begin evenly between these logits.
_EASE_ENDS = (-1.2, 1.8)
_LARGEST_STEP = 1.0
#: Items are taken to differ where chance alone would make them differ so much in one case of a thousand.
_CHANCE = 0.001

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def fit_mastery(
    learners: Sequence[Any],
    competencies: Sequence[str],
    correct: Sequence[bool],
    items: Sequence[str] | None = None,
    *,
    levels: Sequence[int] = tuple(range(2, MAX_LEVELS + 1)),
    item_effects: bool = True,
) -> MasteryModel:
    """Fit a skill to every competency.

    Args:
        learners, competencies, correct, items: one entry for each first answer, by time within a learner and
            competency; the order of different competencies does not matter.
        levels: numbers of levels to choose from, each 2 or more.
        item_effects: whether items may differ in difficulty; only where ``items`` is given.

    Returns:
        A model whose skills hold as many answers as were given for them. Deterministic.

    Raises:
        InputError: no answers, or sequences of different lengths.
    """
    if not len(learners) == len(competencies) == len(correct) == (len(items) if items is not None else len(correct)):
        raise InputError(N_("the columns of answers have different lengths"), accepted=N_("one entry for each answer"))
    if not len(correct):
        problem = N_("there are no answers to fit a mastery model to")
        raise InputError(problem, accepted=N_("one first answer or more"))
    if not levels or min(levels) < 2:
        value = repr(tuple(levels))
        raise InputError(N_("{name} is {value}"), accepted=N_("numbers from 2 up"), name="levels", value=value)
    columns = [np.asarray(competencies, dtype=str), np.asarray(learners).astype(str), np.asarray(correct, dtype=float)]
    if items is not None and item_effects:
        columns.append(np.asarray(items, dtype=str))
    best: dict[str, tuple[float, SkillModel]] = {}
    for number in sorted(set(levels)):
        data = _Answers.of(*columns)
        fit = _Fit(data, number)
        fit.run()
        # Each level adds a start share, a chance to learn and an ease.
        criterion = -2 * fit.likelihood + (3 * number - 2) * np.log(np.maximum(data.rows_of_skill, 2))
        better = []
        for at, name in enumerate(data.skill_names):
            if name not in best or criterion[at] < best[name][0]:
                best[name] = float(criterion[at]), fit.skill(at)
                better.append(name)
        # Where one level more did not pay, two more are not tried.
        left = np.isin(columns[0], better)
        if not left.any():
            break
        columns = [column[left] for column in columns]
    return MasteryModel({name: skill for name, (_, skill) in sorted(best.items())}, DEFAULT_SKILL)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Answers laid out step by step: all first ones, all second ones, …, longest sequences foremost.

    So step t of the recursion is a slice, ``offsets[t]:offsets[t + 1]``, and its rows are 0, 1, ….
    """

    right: Floats
    item: Whole
    skill: Whole
    offsets: Whole
    row_skill: Whole
    rows_of_skill: Whole
    answers_of_skill: Whole
    skill_names: tuple[str, ...]
    item_names: tuple[str, ...]
    item_skill: Whole

    @classmethod
    def of(cls, competencies: Any, learners: Any, correct: Floats, items: Any = None) -> _Answers:
        skill_names, skill = np.unique(competencies, return_inverse=True)
        _, learner = np.unique(learners, return_inverse=True)
        _, sequence = np.unique(skill.astype(np.int64) * (learner.max() + 1) + learner, return_inverse=True)
        order = np.argsort(sequence, kind="stable")
        lengths = np.bincount(sequence)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        step = np.arange(len(order)) - np.repeat(starts, lengths)
        longest_first = np.argsort(-lengths, kind="stable")
        place = np.empty_like(longest_first)
        place[longest_first] = np.arange(len(lengths))
        row = np.repeat(place, lengths)
        flat = order[np.lexsort((row, step))]
        row_skill = skill[order[starts]][longest_first]
        item_names: tuple[str, ...] = ()
        item = np.zeros(len(flat), dtype=np.int64)
        item_skill = np.zeros(0, dtype=np.int64)
        if items is not None:
            # An item that trains two competencies may be easy for the one and hard for the other.
            named, code = np.unique(items, return_inverse=True)
            pairs, pair = np.unique(skill.astype(np.int64) * len(named) + code, return_inverse=True)
            item = pair[flat]
            item_names = tuple(str(name) for name in named[pairs % len(named)])
            item_skill = pairs // len(named)
        kinds = len(skill_names)
        return cls(
            right=correct[flat],
            item=item,
            skill=skill[flat],
            offsets=np.concatenate([[0], np.cumsum(np.bincount(step))]),
            row_skill=row_skill,
            rows_of_skill=np.bincount(row_skill, minlength=kinds),
            answers_of_skill=np.bincount(skill, minlength=kinds),
            skill_names=tuple(map(str, skill_names)),
            item_names=item_names,
            item_skill=item_skill,
        )


class _Fit:
    """One number of levels, all competencies."""

    def __init__(self, data: _Answers, levels: int) -> None:
        kinds = len(data.skill_names)
        self.data = data
        self.levels = levels
        start = np.linspace(1.3, 0.7, levels)
        self.start: Floats = np.tile(start / start.sum(), (kinds, 1))
        self.learn: Floats = np.full((kinds, levels - 1), _PRIOR_LEARN)
        self.prior_ease: Floats = np.linspace(*_EASE_ENDS, levels)
        self.ease: Floats = np.tile(self.prior_ease, (kinds, 1))
        self.offset: Floats = np.zeros(len(data.item_names))
        self.differ = np.zeros(kinds, dtype=bool)
        self.expected: Floats = np.empty(len(data.right))
        self.likelihood: Floats = np.full(kinds, -np.inf)

    def run(self) -> None:
        """Fit with equal items, then, where they prove to differ, with their offsets."""
        self._climb()
        if len(self.offset):
            self.differ = self._items_differ()
            if self.differ.any():
                self._climb()

    def _climb(self) -> None:
        before = -np.inf
        for turn in range(_ROUNDS):
            shares, moved, could = self._expect()
            now = float(self.likelihood.sum())
            if turn > 3 and now - before < _ENOUGH * len(self.data.right):
                break
            before = now
            self._maximise(shares, moved, could)

    def _items_differ(self) -> npt.NDArray[np.bool_]:
        """By skill, whether its items differ beyond chance.

        What is right beyond expectation, given all answers before, is a martingale: summed by item and divided by its
        standard deviation it is normal where items are equal, and the squares add up to a chi-square.
        """
        data, size, kinds = self.data, len(self.offset), len(self.data.skill_names)
        beyond = np.bincount(data.item, data.right - self.expected, size)
        variance = np.bincount(data.item, self.expected * (1 - self.expected), size)
        known = variance > 0
        squares = np.bincount(data.item_skill[known], beyond[known] ** 2 / variance[known], kinds)
        free = np.bincount(data.item_skill[known], minlength=kinds)
        differ: npt.NDArray[np.bool_] = (chi2.sf(squares, free) < _CHANCE) & (free > 1)
        return differ

    def skill(self, at: int) -> SkillModel:
        """The parameters of one competency."""
        data = self.data
        start = self.start[at] / self.start[at].sum()
        names = {
            data.item_names[place]: float(self.offset[place])
            for place in np.flatnonzero(data.item_skill == at)
            if abs(self.offset[place]) > 1e-9
        }
        return SkillModel(
            start=tuple(map(float, start)),
            learn=tuple(map(float, self.learn[at])),
            ease=tuple(map(float, self.ease[at])),
            items=names,
            answers=int(data.answers_of_skill[at]),
        )

    def _right(self) -> Floats:
        """Probability of a right answer on each level, for each answer."""
        ease = self.ease[self.data.skill]
        if len(self.offset):
            ease = ease + self.offset[self.data.item][:, None]
        return _logistic(ease)

    def _expect(self) -> tuple[Floats, Floats, Floats]:
        """Shares of the levels for each answer given all of its sequence; moves made and possible, by skill."""
        data, levels = self.data, self.levels
        right = self._right()
        seen = np.where(data.right[:, None] > 0, right, 1 - right)
        learn = self.learn[data.row_skill]
        steps = len(data.offsets) - 1
        forward = np.empty_like(seen)
        scale = np.empty(len(seen))
        for step in range(steps):
            at = slice(data.offsets[step], data.offsets[step + 1])
            rows = at.stop - at.start
            if step == 0:
                belief = self.start[data.row_skill[:rows]]
            else:
                earlier = data.offsets[step - 1]
                belief = forward[earlier : earlier + rows].copy()
                moves = belief[:, :-1] * learn[:rows]
                belief[:, :-1] -= moves
                belief[:, 1:] += moves
            self.expected[at] = (belief * right[at]).sum(axis=1)
            weighed = belief * seen[at]
            scale[at] = weighed.sum(axis=1)
            forward[at] = weighed / scale[at][:, None]
        kinds = len(data.skill_names)
        self.likelihood = np.bincount(data.skill, np.log(scale), kinds).astype(np.float64)
        shares = np.empty_like(seen)
        moved = np.zeros((kinds, levels - 1))
        could = np.zeros((kinds, levels - 1))
        backward = np.ones((0, levels))
        for step in range(steps - 1, -1, -1):
            at = slice(data.offsets[step], data.offsets[step + 1])
            rows, later = at.stop - at.start, len(backward)
            back = np.ones((rows, levels))
            if later:
                after = slice(data.offsets[step + 1], data.offsets[step + 1] + later)
                ahead = seen[after] * backward / scale[after][:, None]
                chance = learn[:later]
                stay = ahead.copy()
                stay[:, :-1] *= 1 - chance
                up = chance * ahead[:, 1:]
                mine = forward[at][:later]
                moves = mine[:, :-1] * up
                stays = mine[:, :-1] * stay[:, :-1]
                skill = data.row_skill[:later]
                for level in range(levels - 1):
                    moved[:, level] += np.bincount(skill, moves[:, level], kinds)
                    could[:, level] += np.bincount(skill, moves[:, level] + stays[:, level], kinds)
                back[:later] = stay
                back[:later, :-1] += up
            shares[at] = forward[at] * back
            backward = back
        return shares, moved, could

    def _maximise(self, shares: Floats, moved: Floats, could: Floats) -> None:
        data = self.data
        kinds = len(data.skill_names)
        first = shares[: data.offsets[1]]
        start = _sums(data.row_skill, first, kinds) + _PRIOR
        self.start = start / start.sum(axis=1, keepdims=True)
        self.learn = (moved + 2 * _PRIOR * _PRIOR_LEARN) / (could + 2 * _PRIOR)
        if len(self.offset):
            size = len(self.offset)
            right = _sums(data.item, shares * data.right[:, None], size)
            given = _sums(data.item, shares, size)
            of = data.item_skill
            for _ in range(2):
                self._move_items(right, given)
                self._move_ease(_sums(of, right - given * self._item_right(), kinds), self._curvature(given))
        else:
            right = _sums(data.skill, shares * data.right[:, None], kinds)
            given = _sums(data.skill, shares, kinds)
            for _ in range(3):
                p = _logistic(self.ease)
                self._move_ease(right - given * p, given * p * (1 - p))
        self.ease = np.sort(self.ease, axis=1)

    def _item_right(self) -> Floats:
        return _logistic(self.ease[self.data.item_skill] + self.offset[:, None])

    def _curvature(self, given: Floats) -> Floats:
        p = self._item_right()
        return _sums(self.data.item_skill, given * p * (1 - p), len(self.data.skill_names))

    def _move_ease(self, gradient: Floats, curvature: Floats) -> None:
        gradient = gradient - _PRIOR / 4 * (self.ease - self.prior_ease)
        self.ease = self.ease + np.clip(gradient / (curvature + _PRIOR / 4), -_LARGEST_STEP, _LARGEST_STEP)

    def _move_items(self, right: Floats, given: Floats) -> None:
        """A Newton step for the offsets, then the spread that they show beyond chance."""
        of = self.data.item_skill
        kinds = len(self.data.skill_names)
        p = self._item_right()
        gradient = (right - given * p).sum(axis=1)
        information = np.maximum((given * p * (1 - p)).sum(axis=1), 1e-9)
        # What each item would be by itself, one step from here; its variance is 1 / information.
        alone = self.offset + np.clip(gradient / information, -3, 3)
        total = np.bincount(of, information, kinds)
        middle = np.bincount(of, information * alone, kinds) / total
        beyond = np.bincount(of, information * (alone - middle[of]) ** 2, kinds) - (
            np.bincount(of, minlength=kinds) - 1
        )
        weight = total - np.bincount(of, information**2, kinds) / total
        spread = np.maximum(beyond / np.maximum(weight, 1e-9), 0.0)[of]
        shrink = spread / (spread + 1 / information)
        self.offset = np.where(self.differ[of], shrink * (alone - middle[of]), 0.0)


def _logistic(x: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(x, -35, 35)))
    return found


def _sums(groups: Whole, values: Floats, size: int) -> Floats:
    """Column sums of ``values`` by group."""
    return np.stack([np.bincount(groups, values[:, at], size) for at in range(values.shape[1])], axis=1)
