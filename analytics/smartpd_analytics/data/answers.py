"""One answer to one item: its one spelling, and what it is worth.

Partial credit is a share of what the item is worth, rounded down to whole points:

- ``multiple``: right options chosen minus wrong ones chosen, over the number of right ones, 0 at the least
  (plus/minus scoring; among the rules for "select all that apply" that keep most information, and the one by
  which choosing everything gains nothing: Betts, Muntean, Kim & Kao 2022, doi:10.1177/0013164421994636);
- ``order``: Kendall's (1938) tau between the learner's order and the right one, 0 at the least: the pairs in the
  right order minus those in the wrong one, over all pairs.

Without it several options are right all together or not at all: dichotomous scoring, which item response models for
right and wrong answers are made for.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .instruments import Item

__all__ = ["Fault", "points_of", "spelling"]

_SEPARATOR = "+"
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
#: Most characters of a text where the item does not say.
_LONGEST_TEXT = 2000


class Fault(NamedTuple):
    """Why something is no answer: the arguments of ``AnswerError`` after the item.

    ``accepted`` holds ids, or the least and the most.
    """

    given: object
    problem: str
    accepted: tuple[str, ...]


def spelling(item: Item, answer: object) -> str | Fault:
    """The one spelling of ``answer``, see ``Item``; or why it is no answer to the item."""
    known = tuple(option.id for option in item.options)
    if item.kind == "number":
        return _number(item, answer)
    if item.kind == "text":
        return _words(item, answer)
    if not isinstance(answer, str):
        return Fault(answer, "unknown_option", known)
    if item.kind in ("multiple", "order"):
        return _options(item, answer, known)
    return answer if answer in known else Fault(answer, "unknown_option", known)


def points_of(item: Item, answer: str) -> int:
    """What a canonical answer is worth; 0 in items without points."""
    if item.kind in ("choice", "rating"):
        return next(item.scored(option) for option in item.options if option.id == answer)
    if item.kind not in ("multiple", "order"):
        return 0
    share = _share_right(item, answer.split(_SEPARATOR))
    if item.scoring == "partial":
        return int(item.worth * max(share, 0.0) + 1e-9)
    return item.worth if share == 1.0 else 0


def _share_right(item: Item, chosen: list[str]) -> float:
    """1 for what is right as a whole, less for anything else, down to below 0."""
    if item.kind == "multiple":
        wanted = {option.id for option in item.options if option.points}
        right = sum(option in wanted for option in chosen)
        return (right - (len(chosen) - right)) / len(wanted) if wanted else 0.0
    place = {option.id: number for number, option in enumerate(item.options)}
    signs = [1 if place[before] < place[after] else -1 for before, after in combinations(chosen, 2)]
    return sum(signs) / len(signs)


def _options(item: Item, answer: str, known: tuple[str, ...]) -> str | Fault:
    chosen = answer.split(_SEPARATOR)
    strange = next((option for option in chosen if option not in known), None)
    if strange is not None:
        return Fault(strange, "unknown_option", known)
    if len(set(chosen)) < len(chosen):
        return Fault(answer, "option_twice", known)
    if item.kind == "order":
        return answer if len(chosen) == len(known) else Fault(answer, "options_missing", known)
    alone = tuple(option.id for option in item.options if option.exclusive and option.id in chosen)
    if alone and len(chosen) > 1:
        return Fault(answer, "not_alone", alone)
    least, most = int(item.least or 1), int(item.most or len(known))
    if not alone and not least <= len(chosen) <= most:
        return Fault(answer, "wrong_number", (str(least), str(most)))
    return _SEPARATOR.join(option for option in known if option in chosen)


def _number(item: Item, answer: object) -> str | Fault:
    accepted = (_said(item.least), _said(item.most))
    if not isinstance(answer, str) or not _NUMBER.fullmatch(answer.strip()):
        return Fault(answer, "not_a_number", accepted)
    value = float(answer.strip().replace(",", "."))
    if (item.least is not None and value < item.least) or (item.most is not None and value > item.most):
        return Fault(answer, "out_of_range", accepted)
    return str(int(value)) if value == int(value) else repr(value)


def _words(item: Item, answer: object) -> str | Fault:
    # The words themselves stand in no fault: faults are logged.
    words = answer.strip() if isinstance(answer, str) else ""
    most = int(item.most or _LONGEST_TEXT)
    if not words:
        return Fault("", "no_words", (str(most),))
    return words if len(words) <= most else Fault(len(words), "too_long", (str(most),))


def _said(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"
