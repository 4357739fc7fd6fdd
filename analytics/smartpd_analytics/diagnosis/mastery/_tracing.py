"""Following one learner through the answers to one competency, in constant time for each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from math import sqrt
from typing import Any, TypeVar

from ...data import CompetencyEstimate
from ...errors import N_, InputError
from ._model import MasteryModel, MasteryState, SkillModel

__all__ = ["begin_mastery", "expect_right", "mastery_estimate", "observe_answer", "trace_answers"]

Learner = TypeVar("Learner", bound=Hashable)


def begin_mastery(skill: SkillModel) -> MasteryState:
    """What is known of a learner before the first answer."""
    return MasteryState(skill.start)


def expect_right(skill: SkillModel, state: MasteryState, item: str = "") -> float:
    """Probability, 0 to 1, that the next answer will be right."""
    _belong_together(skill, state)
    return _expected(skill.right(item), state.belief)


def observe_answer(skill: SkillModel, state: MasteryState, *, correct: bool, item: str = "") -> MasteryState:
    """What is known after one more answer: Bayes' rule for the answer, then the chance to have learnt from it.

    Only first answers to an item tell what a learner knows: later ones follow feedback on the same item. It
    is for the caller to leave those out, as ``trace_answers`` does.

    Raises:
        InputError: the state is of a model with another number of levels.
    """
    _belong_together(skill, state)
    return MasteryState(_updated(skill.right(item), skill.learn, state.belief, correct), state.evidence + 1)


def mastery_estimate(competency_id: str, state: MasteryState) -> CompetencyEstimate:
    """The state as an estimate (source ``mastery``).

    The levels lie evenly on 0..1, the lowest at 0, the highest at 1. ``value`` is the expected place,
    with two levels the probability of mastery; ``error`` is the standard deviation of the place.
    """
    top = len(state.belief) - 1
    value = sum(share * level for level, share in enumerate(state.belief)) / top
    square = sum(share * level * level for level, share in enumerate(state.belief)) / top**2
    return CompetencyEstimate(
        competency_id=competency_id,
        value=min(max(value, 0.0), 1.0),
        error=sqrt(max(square - value * value, 0.0)),
        source="mastery",
        evidence=state.evidence,
    )


def trace_answers(
    model: MasteryModel,
    answers: Iterable[tuple[Learner, str, str, bool]],
    *,
    states: dict[tuple[Learner, str], MasteryState] | None = None,
) -> dict[tuple[Learner, str], MasteryState]:
    """Follow many learners at once, answer by answer in the order given.

    Args:
        model: the skills.
        answers: (learner, competency id, item, correct) of first answers, by time within a learner and competency.
        states: where to go on from; changed in place and returned. A state of another number of levels (from an
            older model) begins anew.

    Returns:
        (learner, competency id) -> state.
    """
    states = {} if states is None else states
    # Within the loop a plain list for each place: a data class for each answer would cost as much as the update.
    skills: dict[str, SkillModel] = {}
    rights: dict[tuple[str, str], tuple[float, ...]] = {}
    places: dict[tuple[Learner, str], list[Any]] = {}
    for learner, competency_id, item, correct in answers:
        right = rights.get((competency_id, item))
        if right is None:
            skill = skills.setdefault(competency_id, model.skill(competency_id))
            right = rights[competency_id, item] = skill.right(item)
        place = (learner, competency_id)
        found = places.get(place)
        if found is None:
            skill = skills[competency_id]
            state = states.get(place)
            if state is None or len(state.belief) != len(right):
                state = MasteryState(skill.start)
            found = places[place] = [state.belief, state.evidence, skill.learn]
        found[0] = _updated(right, found[2], found[0], correct)
        found[1] += 1
    states.update((place, MasteryState(belief, evidence)) for place, (belief, evidence, _) in places.items())
    return states


def _expected(right: tuple[float, ...], belief: tuple[float, ...]) -> float:
    return sum(p * share for p, share in zip(right, belief, strict=True))


def _updated(
    right: tuple[float, ...], learn: tuple[float, ...], belief: tuple[float, ...], correct: bool
) -> tuple[float, ...]:
    if len(belief) == 2:  # by far the most frequent, and twice as fast written out
        low, high = (right[0], right[1]) if correct else (1 - right[0], 1 - right[1])
        low *= belief[0]
        high *= belief[1]
        total = low + high
        if total <= 0:
            low, high, total = belief[0], belief[1], 1.0
        stays = low / total * (1 - learn[0])
        return (stays, 1 - stays)
    if correct:
        weights = [p * share for p, share in zip(right, belief)]  # noqa: B905 - checked where a state is taken up
    else:
        weights = [share - p * share for p, share in zip(right, belief)]  # noqa: B905
    total = sum(weights)
    if total <= 0:  # an answer that the model holds to be impossible tells nothing
        weights, total = list(belief), 1.0
    moved = 0.0
    found = []
    for weight, chance in zip(weights, learn):  # noqa: B905 - the highest level has nowhere to go
        share = weight / total
        moves = share * chance
        found.append(share - moves + moved)
        moved = moves
    found.append(weights[-1] / total + moved)
    return tuple(found)


def _belong_together(skill: SkillModel, state: MasteryState) -> None:
    if len(skill.start) != len(state.belief):
        problem = N_("the state has {state} levels, the skill {skill}")
        accepted = N_("a state that began with this skill")
        raise InputError(problem, accepted=accepted, state=len(state.belief), skill=len(skill.start))
