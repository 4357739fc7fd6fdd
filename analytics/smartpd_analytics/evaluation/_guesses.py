"""Guessed level against measured level."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from ..data import Framework, Instrument
from ..errors import N_, InputError
from ._pairs import AFTER, BEFORE, Person, Scale
from ._results import GuessResult
from ._statistics import mean_interval

__all__ = ["guess_results"]


def guess_results(
    scale: Scale,
    people: Sequence[Person],
    scores: dict[str, Sequence[float | None]],
    levels: tuple[Framework, Instrument],
    how: tuple[str, float],
) -> list[GuessResult]:
    """For each time the guesses of those who also have a score; nothing where nobody guessed.

    ``scores`` has the scores by time, in the order of ``people``. The instrument's cut scores are held against the
    score in proportion to its maximum. ``how`` is the name of the file and the confidence.

    Raises:
        InputError: a guess is no level of the framework, or the scale does not start at 0.
    """
    framework, instrument = levels
    file, confidence = how
    index = {level.id.casefold(): level.index for level in framework.levels}
    cuts = [cut / instrument.max_points for cut in instrument.cut_scores]
    results = []
    for time in (BEFORE, AFTER):
        misses = []
        for person, score in zip(people, scores[time], strict=True):
            guess = person.guesses.get((scale.measure, time))
            if guess is None:
                continue
            if guess.casefold() not in index:
                raise InputError(
                    N_("column '{column}': learner '{learner}' guessed '{guess}'"),
                    file=file,
                    accepted=", ".join(level.id for level in framework.levels),
                    column=f"{scale.measure}_guess_{time}",
                    learner=person.learner,
                    guess=guess,
                )
            if scale.least:
                raise InputError(
                    N_("guessed levels cannot be compared with '{scale}', which starts at {least}"),
                    file=file,
                    accepted=N_("a scale that starts at 0"),
                    scale=scale.id,
                    least=f"{scale.least:g}",
                )
            if score is not None:
                # The small step up keeps a score on a cut above it, whatever the division rounds.
                misses.append(index[guess.casefold()] - (bisect_right(cuts, score / scale.most + 1e-12) - 1))
        if len(misses) > 1:
            missed = np.array(misses, dtype=float)
            results.append(
                GuessResult(
                    measure=scale.measure,
                    time=time,
                    n=len(misses),
                    difference=mean_interval(missed, confidence),
                    higher=int((missed > 0).sum()),
                    same=int((missed == 0).sum()),
                    lower=int((missed < 0).sum()),
                )
            )
    return results
