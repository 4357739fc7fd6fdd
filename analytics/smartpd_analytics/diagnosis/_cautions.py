"""Signs that answers to a questionnaire may have been given without reading."""

from __future__ import annotations

from collections.abc import Iterable

from ..data import CompetencyScore

__all__ = ["FASTEST_ANSWER", "LEAST_ANSWERS", "SLOWEST_BURST", "answering_cautions"]

#: Fewer answers say nothing: a few equal ones in a row are common among people who read with care (Curran 2016,
#: doi:10.1016/j.jesp.2015.07.006, takes half of a questionnaire as the mark; 10 is about half of the bundled one).
LEAST_ANSWERS = 10
#: Seconds for each answer below which a questionnaire cannot have been read (Huang, Curran, Keeney, Poposki & DeShon
#: 2012, doi:10.1007/s10869-011-9231-8).
FASTEST_ANSWER = 2.0
#: Nobody presses faster than this: such answers were kept on a device without a connection and sent in one go.
SLOWEST_BURST = 0.5


def answering_cautions(competencies: Iterable[CompetencyScore], *, seconds: float | None = None) -> tuple[str, ...]:
    """What speaks for hasty answers: any of ``same_option`` and ``very_fast``, in this order.

    ``same_option``: at least ``LEAST_ANSWERS`` are answered and every answered competency has the same share of
    its points, as when one option was chosen throughout. It can also be true: of somebody who begins everywhere.

    ``very_fast``: as many are answered, and from the first answer to the last they took on average at least
    ``SLOWEST_BURST`` and less than ``FASTEST_ANSWER`` seconds each. The mean and not the median, because several
    questions stand on one screen: who reads them all and then presses quickly has short times between answers.
    A pause makes the mean longer, so this errs on the side of silence.

    Args:
        seconds: from the first answer to the last; None where it is not known.
    """
    answered = [each for each in competencies if each.answered and each.share is not None]
    count = sum(each.answered for each in answered)
    if count < LEAST_ANSWERS:
        return ()
    found = []
    if len(answered) > 1 and len({round(each.share or 0.0, 6) for each in answered}) == 1:
        found.append("same_option")
    if seconds is not None and SLOWEST_BURST <= seconds / (count - 1) < FASTEST_ANSWER:
        found.append("very_fast")
    return tuple(found)
