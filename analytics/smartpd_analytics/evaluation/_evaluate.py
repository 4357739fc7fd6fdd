"""From a file of pairs to an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..data import Framework
from ..diagnosis import SMALLEST_GROUP, hidden_groups
from ..errors import N_, InputError
from ..frameworks import load_framework, load_instrument
from ._guesses import guess_results
from ._pairs import AFTER, BEFORE, Pairs, Person, Scale
from ._reading import read_pairs
from ._results import Alpha, Attrition, Change, Comparison, Evaluation, GroupResult, ScaleResult
from ._statistics import Values, adjusted_difference, alpha_of, change_of, holm, welch

__all__ = ["evaluate", "evaluate_file"]

#: Names of the comparison group that are understood without being told.
_CONTROLS = frozenset({"control", "comparison", "контроль", "контрольная", "сравнение", "nazorat", "taqqoslash"})
#: Which instrument's levels a guess is compared with, and where the titles of areas come from.
_INSTRUMENT = "digcompedu_selfassessment"


@dataclass(frozen=True, slots=True)
class _How:
    smallest: int
    confidence: float
    control: str


def evaluate_file(
    path: str | Path, *, smallest_group: int = SMALLEST_GROUP, control: str = "", confidence: float = 0.95
) -> Evaluation:
    """Read a file of pairs and evaluate it: see ``evaluate``.

    Raises:
        InputError: the file cannot be used, or there is not enough in it.
    """
    return evaluate(read_pairs(path), smallest_group=smallest_group, control=control, confidence=confidence)


def evaluate(
    pairs: Pairs, *, smallest_group: int = SMALLEST_GROUP, control: str = "", confidence: float = 0.95
) -> Evaluation:
    """Before against after, of those who have both.

    Args:
        smallest_group: groups with fewer matched learners in any scale are hidden; at least 2.
        control: name of the arm that took no course; without it, arms called control, comparison and the like.
        confidence: of all intervals.

    Returns:
        Scales in the order of the file. With two arms, all figures but ``comparison`` are of the course's arm. p values
        are corrected by Holm within the measures, within the areas, and within the groups of each measure.

    Raises:
        InputError: no scale has ``smallest_group`` matched learners, or the arms cannot be told apart.
    """
    if smallest_group < 2:
        raise InputError(N_("the smallest group cannot be {n}"), accepted=N_("2 and more"), n=smallest_group)
    if not 0.5 <= confidence < 1:
        raise InputError(N_("the confidence cannot be {share}"), accepted=N_("0.5 to 0.999, as 0.95"), share=confidence)
    arms = Counter(person.arm for person in pairs.people)
    without = _control_of(arms, control, pairs.file)
    course = [person for person in pairs.people if not without or person.arm != without]
    others = [person for person in pairs.people if without and person.arm == without]
    hidden = _hidden(course, pairs.scales, smallest_group)
    how = _How(smallest_group, confidence, without)
    results = [_scale_result(scale, course, others, hidden, how) for scale in pairs.scales]
    if not any(result.change for result in results):
        most = max(result.attrition.matched for result in results)
        raise InputError(
            N_("learners with a score both before and after: {most}; needed are {smallest}"),
            file=pairs.file,
            accepted=N_("more learners; or --min-group, which can lower this to 2"),
            most=most,
            smallest=smallest_group,
        )
    instrument = load_instrument(_INSTRUMENT)
    framework = load_framework(instrument.framework_id)
    guesses = [
        guess
        for scale in pairs.scales
        if not scale.area
        for guess in guess_results(
            scale, course, _scores(course, scale), (framework, instrument), (pairs.file, confidence)
        )
        if guess.n >= smallest_group
    ]
    return Evaluation(
        file=Path(pairs.file).name,
        learners=len(pairs.people),
        smallest_group=smallest_group,
        confidence=confidence,
        simulated=pairs.simulated,
        encoding=pairs.encoding,
        scales=_corrected(results),
        guesses=tuple(guesses),
        arms=dict(arms) if without else {},
        control=without,
        titles=_titles(pairs.scales, framework),
    )


def _control_of(arms: Counter[str], control: str, file: str) -> str:
    if control and control not in arms:
        accepted = ", ".join(sorted(arms))
        raise InputError(N_("no learner is in the arm '{arm}'"), file=file, accepted=accepted, arm=control)
    if len(arms) == 1:
        return ""
    found = [control] if control else [arm for arm in arms if arm.casefold() in _CONTROLS]
    if len(found) != 1 or len(arms) != 2:
        raise InputError(
            N_("column 'arm': it is not clear who took no course among {arms}"),
            file=file,
            accepted=N_("two arms, one of them called control, or named with --control"),
            arms=", ".join(f"'{arm}'" for arm in sorted(arms)),
        )
    return found[0]


def _score(person: Person, scale: Scale, time: str) -> float | None:
    """The sum of the columns; None where one of them is missing."""
    values = [person.values.get((column, time)) for column in scale.columns]
    return None if None in values else float(sum(value for value in values if value is not None))


def _scores(people: Sequence[Person], scale: Scale) -> dict[str, Sequence[float | None]]:
    return {time: [_score(person, scale, time) for person in people] for time in (BEFORE, AFTER)}


def _matched(people: Sequence[Person], scale: Scale) -> list[tuple[Person, float, float]]:
    found = []
    for person in people:
        before, after = _score(person, scale, BEFORE), _score(person, scale, AFTER)
        if before is not None and after is not None:
            found.append((person, before, after))
    return found


def _hidden(people: Sequence[Person], scales: Sequence[Scale], smallest: int) -> frozenset[str] | None:
    """Hidden groups, the same in all scales, so that none tells what another hides. None where there is one group."""
    groups = {person.group for person in people}
    if len(groups) < 2:
        return None
    sizes = dict.fromkeys(groups, len(people))
    for scale in scales:
        counted = Counter(person.group for person, *_ in _matched(people, scale))
        for group in groups:
            sizes[group] = min(sizes[group], counted[group])
    return hidden_groups(sizes, smallest)


def _scale_result(
    scale: Scale,
    course: Sequence[Person],
    others: Sequence[Person],
    hidden: frozenset[str] | None,
    how: _How,
) -> ScaleResult:
    confidence = how.confidence
    matched = _matched(course, scale)
    before, after = _arrays(matched)
    change = _change(before, after, scale, confidence) if len(matched) >= how.smallest else None
    groups: tuple[GroupResult, ...] = ()
    if hidden is not None and change:
        names = dict.fromkeys(person.group for person in course)
        groups = tuple(_group(name, matched, scale, name in hidden, confidence) for name in names)
    comparison = None
    if how.control and change:
        comparison = _comparison((before, after), _matched(others, scale), scale, change, how)
    percent = 100 / scale.most
    return ScaleResult(
        id=scale.id,
        measure=scale.measure,
        area=scale.area,
        least=scale.least,
        most=scale.most,
        parts=len(scale.columns),
        change=change,
        attrition=_attrition(scale, course, matched, how),
        alpha_before=_alpha(scale, matched, BEFORE, confidence) if change else None,
        alpha_after=_alpha(scale, matched, AFTER, confidence) if change else None,
        groups=groups,
        comparison=comparison,
        percents=tuple(sorted((b * percent, a * percent) for _, b, a in matched)) if change else (),
    )


def _arrays(matched: Sequence[tuple[Person, float, float]]) -> tuple[Values, Values]:
    return np.array([before for _, before, _ in matched]), np.array([after for *_, after in matched])


def _change(before: Values, after: Values, scale: Scale, confidence: float) -> Change:
    return change_of(before, after, least=scale.least, most=scale.most, confidence=confidence)


def _group(
    name: str, matched: Sequence[tuple[Person, float, float]], scale: Scale, is_hidden: bool, confidence: float
) -> GroupResult:
    if is_hidden:
        return GroupResult(name, None, None, hidden=True)
    mine = [one for one in matched if one[0].group == name]
    return GroupResult(name, len(mine), _change(*_arrays(mine), scale, confidence), hidden=False)


def _attrition(
    scale: Scale,
    people: Sequence[Person],
    matched: Sequence[tuple[Person, float, float]],
    how: _How,
) -> Attrition:
    scores = [(_score(person, scale, BEFORE), _score(person, scale, AFTER)) for person in people]
    lost = np.array([before for before, after in scores if before is not None and after is None])
    enough = min(len(lost), len(matched)) >= how.smallest
    return Attrition(
        before=sum(before is not None for before, _ in scores),
        after=sum(after is not None for _, after in scores),
        matched=len(matched),
        lost=len(lost),
        only_after=sum(before is None and after is not None for before, after in scores),
        baseline=welch(_arrays(matched)[0], lost, how.confidence) if enough else None,
    )


def _alpha(scale: Scale, matched: Sequence[tuple[Person, float, float]], time: str, confidence: float) -> Alpha | None:
    if not scale.of_items:
        return None
    return alpha_of(
        np.array([[person.values[column, time] for column in scale.columns] for person, *_ in matched]), confidence
    )


def _comparison(
    course: tuple[Values, Values],
    others: Sequence[tuple[Person, float, float]],
    scale: Scale,
    change: Change,
    how: _How,
) -> Comparison | None:
    if len(others) < how.smallest:
        return None
    before, after = _arrays(others)
    changes = welch(course[1] - course[0], after - before, how.confidence)
    if changes is None:
        return None
    adjusted = adjusted_difference(course, (before, after), how.confidence)
    return Comparison(
        control=how.control,
        course=change,
        comparison=_change(before, after, scale, how.confidence),
        changes=changes,
        adjusted=adjusted[0] if adjusted else None,
        adjusted_p=adjusted[1] if adjusted else None,
    )


def _corrected(results: Sequence[ScaleResult]) -> tuple[ScaleResult, ...]:
    """The results with p values after Holm: over the measures, over the areas, over the groups of each scale."""
    corrected = list(results)
    for areas in (False, True):
        at = [number for number, result in enumerate(corrected) if bool(result.area) is areas]
        ps = holm([change.p if (change := corrected[number].change) else None for number in at])
        for number, p in zip(at, ps, strict=True):
            change = corrected[number].change
            if change:
                corrected[number] = replace(corrected[number], change=replace(change, p_holm=p))
    for number, result in enumerate(corrected):
        ps = holm([group.change.p if group.change else None for group in result.groups])
        groups = tuple(
            replace(group, change=replace(group.change, p_holm=p)) if group.change else group
            for group, p in zip(result.groups, ps, strict=True)
        )
        corrected[number] = replace(result, groups=groups)
    return tuple(corrected)


def _titles(scales: Sequence[Scale], framework: Framework) -> dict[str, dict[str, str]]:
    """Titles of the areas of the bundled framework, where the areas of a measure are exactly its own."""
    areas = {area.id: area.title for area in framework.areas}
    titles: dict[str, dict[str, str]] = {}
    for measure in dict.fromkeys(scale.measure for scale in scales):
        mine = [scale for scale in scales if scale.measure == measure and scale.area]
        if mine and {scale.area for scale in mine} == set(areas):
            titles |= {scale.id: dict(areas[scale.area]) for scale in mine}
    return titles
