"""Adaptive testing beside catsim: time for each item, error after 20 items, items to a posterior deviation of 0.35.

The bank is catsim's own (500 items, 2PL), the learners are simulated, abilities N(0, 1). Both give 20 items
by maximum information and estimate ability after each answer, each in its own way: catsim by its
``MaxInfoSelector`` and ``NumericalSearchEstimator`` called as its documentation shows, ours by ``next_item``,
which does both. Nothing is warmed up for ours: what it computes of the bank at first use counts.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from math import exp, inf, sqrt

from catsim.estimation import NumericalSearchEstimator
from catsim.item_bank import ItemBank as PeerBank
from catsim.selection import MaxInfoSelector
from smartpd_analytics.api import AdaptiveSettings, ItemBank, ItemParameters, estimate_ability, next_item

from benchmarks.figure import Figure

BANK_SIZE = 500
BANKS = 4
LENGTH = 20
#: Learners of whom our time is taken and catsim's; for each bank, those of whom the error is taken.
TIMED = 200
PEER_TIMED = 40
LEARNERS = 500

Answer = Callable[[int], int]


def peer_bank(seed: int) -> PeerBank:
    return PeerBank.generate_item_bank(BANK_SIZE, itemtype="2PL", seed=seed)


def own_bank(peer: PeerBank) -> ItemBank:
    rows = zip(peer.discrimination.tolist(), peer.difficulty.tolist(), strict=True)
    items = tuple(ItemParameters(str(place), a, (b,)) for place, (a, b) in enumerate(rows))
    return ItemBank("catsim", "2pl", items, simulated=True)


def learner(bank: ItemBank, ability: float, seed: int) -> Answer:
    """How a learner answers each item; the same item in the same way, whoever asks."""
    draws = random.Random(seed)  # noqa: S311
    chances = [draws.random() for _item in bank.items]

    def answer(place: int) -> int:
        item = bank.items[place]
        return int(chances[place] < 1 / (1 + exp(-item.discrimination * (ability - item.difficulty))))

    return answer


def test_with_catsim(bank: PeerBank, answer: Answer) -> tuple[float, float]:
    """Seconds spent in selection, and in selection and estimation together."""
    selector, estimator = MaxInfoSelector(), NumericalSearchEstimator()
    asked: list[int] = []
    answers: list[bool] = []
    ability = 0.0
    selecting = estimating = 0.0
    for _item in range(LENGTH):
        started = time.perf_counter()
        place = selector.select(item_bank=bank, administered_items=asked, est_theta=ability)
        selecting += time.perf_counter() - started
        asked.append(int(place))
        answers.append(bool(answer(asked[-1])))
        started = time.perf_counter()
        ability = estimator.estimate(
            item_bank=bank, administered_items=asked, response_vector=answers, est_theta=ability
        )
        estimating += time.perf_counter() - started
    return selecting, selecting + estimating


def test_with_ours(bank: ItemBank, answer: Answer, settings: AdaptiveSettings) -> tuple[float, dict[str, int]]:
    """Seconds spent, and the answers."""
    answers: dict[str, int] = {}
    spent = 0.0
    while True:
        started = time.perf_counter()
        step = next_item(bank, answers, settings)
        spent += time.perf_counter() - started
        if step.stopped:
            return spent, answers
        answers[step.item_id] = answer(int(step.item_id))


def times() -> tuple[float, float]:
    """How many times longer catsim takes: selection alone against our both, and both against both."""
    peer = peer_bank(1)
    settings = AdaptiveSettings(error=0.0, max_items=LENGTH, randomesque=1)
    draws = random.Random(1)  # noqa: S311
    alone, both = [], []
    # A new bank for each round: nothing of the round before is remembered.
    for _round in range(3):
        bank = own_bank(peer)
        spent = selecting = together = 0.0
        for number in range(TIMED):
            answer = learner(bank, draws.gauss(0, 1), number)
            spent += test_with_ours(bank, answer, settings)[0] / TIMED
            if number % (TIMED // PEER_TIMED) == 0:
                peers = test_with_catsim(peer, answer)
                selecting += peers[0] / PEER_TIMED
                together += peers[1] / PEER_TIMED
        alone.append(selecting / spent)
        both.append(together / spent)
    return statistics.median(alone), statistics.median(both)


def errors(randomesque: int) -> tuple[float, float]:
    """Root mean square error after 20 items; mean number of items to a posterior deviation of 0.35."""
    squares: list[float] = []
    lengths: list[int] = []
    for seed in range(BANKS):
        bank = own_bank(peer_bank(seed))
        draws = random.Random(100 + seed)  # noqa: S311
        fixed = AdaptiveSettings(error=0.0, max_items=LENGTH, randomesque=randomesque)
        until = AdaptiveSettings(error=0.35, min_items=1, max_items=BANK_SIZE, max_seconds=inf, randomesque=randomesque)
        for number in range(LEARNERS):
            ability = draws.gauss(0, 1)
            answer = learner(bank, ability, 1000 * seed + number)
            answers = test_with_ours(bank, answer, fixed)[1]
            squares.append((estimate_ability(bank, answers).value - ability) ** 2)
            lengths.append(len(test_with_ours(bank, answer, until)[1]))
    return sqrt(statistics.fmean(squares)), statistics.fmean(lengths)


def measure() -> list[Figure]:
    alone, both = times()
    rmse, items = errors(1)
    open_rmse, open_items = errors(5)
    return [
        Figure(
            "cat_faster_than_catsim",
            both,
            must=5,
            aim=20,
            unit="times less time for each item (selection and estimate), against catsim's selection and estimate",
            better="more",
        ),
        Figure(
            "cat_faster_than_catsim_selection",
            alone,
            must=5,
            aim=20,
            unit="times less time for each item (selection and estimate), against catsim's selection alone",
            better="more",
        ),
        Figure("cat_error_after_20_items", rmse, must=0.33, aim=0.30, unit="root mean square error of ability"),
        Figure("cat_items_to_035", items, must=15, aim=13.5, unit="items to a posterior deviation of 0.35, mean"),
        Figure(
            "cat_error_after_20_items_exposure",
            open_rmse,
            must=0.33,
            aim=0.30,
            unit="root mean square error of ability, one of the best five at random",
        ),
        Figure(
            "cat_items_to_035_exposure",
            open_items,
            must=15,
            aim=13.5,
            unit="items to a posterior deviation of 0.35, mean, one of the best five at random",
        ),
    ]
