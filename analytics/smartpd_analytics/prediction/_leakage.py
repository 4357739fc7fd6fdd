"""What a model must not be shown: the outcome among its features, and in training whom it is tested on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import N_, LeakageError
from ._table_files import Strings

if TYPE_CHECKING:
    from ._outcomes import LabelledTable

__all__ = ["ALONE", "Rows", "check_separation", "check_split"]

Rows = np.ndarray[Any, np.dtype[np.int64]]

ALONE = N_("features of the day alone; leave such a column out with --exclude")
#: A column that parts completers from the others as well as this has seen the outcome.
_TELLS_ALL = 0.999
_ENOUGH_TO_TELL = 50


def check_separation(table: LabelledTable) -> None:
    """Refuse a column that alone tells the outcome.

    Raises:
        LeakageError: its AUC is 0.999 or more, or 0.001 or less, on at least 50 rows of each outcome.
    """
    for at, column in enumerate(table.features.columns):
        values = table.features.values[:, at]
        known = ~np.isnan(values)
        target = table.target[known]
        ones = int(target.sum())
        zeros = len(target) - ones
        if min(ones, zeros) < _ENOUGH_TO_TELL:
            continue
        ranks = pd.Series(values[known]).rank().to_numpy()
        auc = (ranks[target == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros)
        if max(auc, 1 - auc) >= _TELLS_ALL:
            raise LeakageError(
                N_("the column '{column}' alone tells who completes (AUC {auc})"),
                file=table.features.name,
                accepted=ALONE,
                column=column,
                auc=f"{max(auc, 1 - auc):.4f}",
            )


def check_split(courses: Strings, learners: Strings, learn: Rows, test: Rows) -> None:
    """Refuse a split that lets a model see in training whom it is tested on.

    The same person may stand on both sides with different course runs: what an earlier run taught is known.

    Raises:
        LeakageError: rows of one learner in one course run stand on both sides.
    """
    seen = set(zip(courses[learn], learners[learn], strict=True))
    for at in test:
        if (courses[at], learners[at]) in seen:
            raise LeakageError(
                N_("learner '{learner}' of '{course}' stands both in training and in validation"),
                accepted=N_("all rows of one learner in one course run on the same side"),
                learner=learners[at],
                course=courses[at],
            )
