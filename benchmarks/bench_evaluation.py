"""The statistics of an evaluation beside those of pingouin, and a simulated line beside ``json.dumps`` of it.

pingouin computes on random cohorts with ties, zeros and unequal spreads what it has in common with us: t, p, d_av,
Wilcoxon's W and p with its rank-biserial correlation, Cronbach's alpha, Holm's correction, Welch's t.
"""

from __future__ import annotations

import json
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from smartpd_analytics.evaluation._statistics import alpha_of, change_of, holm, welch
from smartpd_analytics.pipeline import SimulationPlan, simulate

from benchmarks.figure import Figure

COHORTS = 200
MOST = 88


def largest_difference() -> float:
    """Over all cohorts and figures, relative where a figure is above 1."""
    import pingouin

    random = np.random.default_rng(88)
    worst = 0.0
    ps = []
    for _cohort in range(COHORTS):
        n = int(random.integers(5, 400))
        before = random.integers(0, MOST - 20, n).astype(float)
        after = np.clip(before + random.integers(-8, 20, n), 0, MOST)
        found = change_of(before, after, least=0, most=MOST)
        t = pingouin.ttest(after, before, paired=True).iloc[0]
        ranks = pingouin.wilcoxon(after, before, correction=False, method=method(found)).iloc[0]
        items = random.integers(0, 5, (n, 6)) + random.normal(0, 2, n)[:, None]
        alpha, _interval = pingouin.cronbach_alpha(pd.DataFrame(items))
        other = random.normal(40, 9, n + 3)
        two = pingouin.ttest(before, other, correction=True).iloc[0]
        ours = welch(before, other)
        pairs = [
            (found.t, t["T"]),
            (found.p, t["p_val"]),
            (found.d_av, pingouin.compute_effsize(after, before, paired=True, eftype="cohen")),
            (found.wilcoxon.statistic, ranks["W_val"]),
            (found.wilcoxon.p, ranks["p_val"]),
            (found.wilcoxon.rank_biserial, ranks["RBC"]),
            (alpha_of(items).alpha.value, alpha),
            (ours.t, two["T"]),
            (ours.df, two["dof"]),
            (ours.p, two["p_val"]),
        ]
        ps.append(found.p)
        worst = max(worst, *(abs(mine - theirs) / max(1.0, abs(theirs)) for mine, theirs in pairs))
    corrected = pingouin.multicomp(ps, method="holm")[1]
    return max(worst, *(abs(mine - theirs) for mine, theirs in zip(holm(ps), corrected, strict=True)))


def method(found) -> str:
    return "exact" if found.wilcoxon.method == "exact" else "approx"


def line_ratio() -> float:
    """Time of a simulated line, all files of the simulation included, by that of dumping the same object."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        made = simulate(SimulationPlan(learners=100, weeks=4, oddities=0), Path(folder) / "sim")
        ours = time.perf_counter() - started
        objects = [json.loads(line) for line in made.log.read_bytes().splitlines()]
    started = time.perf_counter()
    for each in objects:
        json.dumps(each)
    return ours / (time.perf_counter() - started)


def measure() -> list[Figure]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        difference = float(largest_difference())
    return [
        Figure("evaluation_against_pingouin", difference, 1e-9, 1e-12, "largest difference of any figure"),
        Figure("simulated_line", line_ratio(), 3.0, 1.5, "times json.dumps of the same line"),
    ]
