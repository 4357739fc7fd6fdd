"""Earlier and later: course runs in the order of time, and what may be learnt from what."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ._leakage import Rows
from ._outcomes import LabelledTable

__all__ = ["MOST_BLOCKS", "blocks_of", "inner_folds"]

#: So many steps from earlier to later are tried at most: each costs a training.
MOST_BLOCKS = 4
_LEARNER_FOLDS = 5


def blocks_of(table: LabelledTable) -> list[Rows]:
    """Rows in up to four blocks: every run lies in one, and each block starts after the one before it.

    Runs that start on the same day stay together. Blocks are of like size as far as that allows.
    """
    days = np.unique(table.starts)
    sizes = np.array([(table.starts == day).sum() for day in days])
    wanted = min(MOST_BLOCKS, len(days))
    # The middle of each day's rows says to which part of all rows it belongs.
    middle = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    part = np.minimum((middle * wanted).astype(int), wanted - 1)
    if len(days) > 1 and len(set(part)) < 2:
        part[-1] = part[0] + 1
    found = [np.flatnonzero(np.isin(table.starts, days[part == number])) for number in sorted(set(part))]
    return [rows for rows in found if len(rows)]


def inner_folds(table: LabelledTable, rows: Rows) -> Iterator[tuple[Rows, Rows]]:
    """(learn, test) within ``rows``, for calibration: each time other runs are left out; in a single run, learners.

    Calibration asks how bold the scores are, so that each fold shall learn from nearly as much as the model itself:
    folds from earlier to later would learn from much less. The proof of the model is another matter (``blocks_of``).
    """
    courses, learners = table.features.courses, table.features.learners
    starts = np.unique(table.starts[rows])
    if len(starts) > 1:
        for part in np.array_split(starts, min(MOST_BLOCKS, len(starts))):
            out = np.isin(table.starts[rows], part)
            yield rows[~out], rows[out]
        return
    runs = np.unique(courses[rows].astype(str))
    by = courses if len(runs) > 1 else learners
    names = np.unique(by[rows].astype(str))
    fold = {name: number % _LEARNER_FOLDS for number, name in enumerate(names)}
    folds = np.array([fold[str(name)] for name in by[rows]])
    for number in sorted(set(folds)):
        learn, test = rows[folds != number], rows[folds == number]
        if len(learn) and len(test):
            yield learn, test
