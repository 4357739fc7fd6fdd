"""From candidates to at most three actions, in order, each with its reason.

score = points of the rules + expected gain + urgency, where

- points of the rules: sum of ``boost * certainty`` of the candidate rules that fired;
- expected gain, for actions that train something: ``GAIN * gap * level fit * readiness / hours``, at most
  ``GAIN_MAX``. Gap: mean distance to the target of the trained competencies, or ``ON_THE_WAY`` of that of the unit it
  opens the way to, if that is more. Level fit: how well the level suits the learner (below). Readiness: share of the
  prerequisites that are met. Hours: minutes / 60, at least a quarter of an hour, so that a trifle does not win by
  being short;
- urgency: what the learner's own evidence adds within one kind (one point for each further failure).

Equal scores: course order, then usage key, then kind. Docs: docs/how-recommendations-are-made.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum

from ..data import Action, CourseMap, Firing, LearnerFacts, Recommendation, Text
from ..expert import Inference, RuleSet, Verdict, fill, infer, judge, load_rules
from ._candidate import Candidate
from ._candidates import candidates
from ._course import lay_out
from ._facts import learner_facts
from ._gaps import Gaps, gaps_of
from ._words import default_reason, first_step_words, named, title_or_word, whose_target

__all__ = ["recommend"]

#: Points for closing the whole distance (gap 1) in one hour, at a fitting level.
GAIN = 20.0
GAIN_MAX = 40.0
SHORTEST_HOURS = 0.25
#: What a unit that must come first gets of the gap of the unit that waits for it.
ON_THE_WAY = 0.5
#: Kinds whose worth lies in the competency they train; the others answer to a behaviour.
TRAINING = frozenset({"practise", "prepare", "resume", "retry", "review", "revisit", "start"})
#: Levels above the learner -> how well that fits; further away: FAR.
LEVEL_FIT = {-1: 0.6, 0: 1.0, 1: 0.8, 2: 0.3}
FAR = 0.2
#: Where level or learner is not known.
LEVEL_UNKNOWN = 0.7
#: Kinds that lead into a unit as a whole: two of them for one unit would say the same twice.
WHOLE_UNIT = frozenset({"come_back", "practise", "prepare", "read_first", "resume", "start", "stretch"})
#: Kinds that go back to what was there before count as one.
FAMILY = {"read_first": "revisit"}
#: At most so many actions of one kind, and problems of one unit, while there are others.
SAME_KIND = 2


@dataclass(frozen=True, slots=True)
class _Weighed:
    candidate: Candidate
    verdict: Verdict
    score: float


def recommend(
    facts: LearnerFacts, course_map: CourseMap, *, rules: RuleSet | None = None, limit: int = 3
) -> Recommendation:
    """Up to ``limit`` actions for one learner, best first, with the trace that explains them.

    Args:
        facts: all that is known of the learner.
        course_map: what the course offers; an empty one for advice from the log alone.
        rules: the bundled ones when None.
        limit: 0 or more.

    Returns:
        Actions with ranks 1, 2, …; none for who has left the course. The trace has the rules about the
        learner, then those about the chosen actions. The same input in any order gives the same output.
    """
    rules = rules or load_rules()
    gaps = gaps_of(facts, course_map.framework_id)
    course = lay_out(facts, course_map, gaps)
    learner = learner_facts(facts, course, gaps)
    inference = infer(rules, learner)
    weighed = [
        _Weighed(candidate, verdict, _score(candidate, verdict))
        for candidate in candidates(facts, course, gaps, learner)
        if not (verdict := judge(rules, inference, candidate.facts, candidate.target, traced=False)).blocked
    ]
    weighed.sort(key=lambda one: (-one.score, one.candidate.order, one.candidate.target, one.candidate.kind))
    chosen = _varied(weighed, limit)
    return Recommendation(
        learner=facts.learner,
        course_key=facts.course_key,
        as_of=facts.as_of,
        actions=_actions(chosen, inference, gaps),
        trace=(*inference.trace, *_firings(rules, inference, chosen)),
    )


def _score(candidate: Candidate, verdict: Verdict) -> float:
    return round(fsum([*verdict.points.values(), _gain(candidate), candidate.urgency]), 6)


def _gain(candidate: Candidate) -> float:
    """Expected gain in points; 0 where no gap is known."""
    values = candidate.facts
    gap = max(float(values["target_gap"]), ON_THE_WAY * float(values["target_after_gap"]))
    if candidate.kind not in TRAINING or not gap:
        return 0.0
    step = int(values["target_step"])
    fit = LEVEL_FIT.get(step, FAR) if values["has_target_step"] else LEVEL_UNKNOWN
    needed = len(candidate.unit.prerequisites) if candidate.unit else 0
    readiness = 1.0 - float(values["target_prerequisites_open"]) / needed if needed else 1.0
    hours = max(candidate.minutes / 60, SHORTEST_HOURS)
    return min(GAIN * gap * fit * readiness / hours, GAIN_MAX)


def _varied(ordered: Iterable[_Weighed], limit: int) -> list[_Weighed]:
    """The best ``limit``, with variety.

    Each target once, and one action about a unit as a whole (or its next question) for each unit. A third action of one
    kind, a third problem of one unit, and what leads to where another action leads, only where there is nothing else.
    """
    chosen: list[_Weighed] = []
    spare: list[_Weighed] = []
    last: list[_Weighed] = []
    for one in ordered:
        if len(chosen) >= limit:
            break
        if any(_same(one.candidate, other.candidate) for other in chosen):
            continue
        kinds = [_family(other.candidate) for other in chosen]
        beside = [other.candidate for other in chosen if _unit_key(other.candidate) == _unit_key(one.candidate)]
        if beside and not all(_is_problem(each) for each in [*beside, one.candidate]):
            last.append(one)
        elif len(beside) >= SAME_KIND or kinds.count(_family(one.candidate)) >= SAME_KIND:
            spare.append(one)
        else:
            chosen.append(one)
    for one in [*spare, *last]:
        if len(chosen) < limit and not any(_same(one.candidate, other.candidate) for other in chosen):
            chosen.append(one)
    return chosen


def _same(one: Candidate, other: Candidate) -> bool:
    if one.target == other.target:
        return True
    return one.kind in WHOLE_UNIT and other.kind in WHOLE_UNIT and _unit_key(one) == _unit_key(other)


def _is_problem(candidate: Candidate) -> bool:
    """What is to be done is one problem, and no way back to what explains it."""
    return candidate.role == "problem"


def _family(candidate: Candidate) -> str:
    return FAMILY.get(candidate.kind, candidate.kind)


def _unit_key(candidate: Candidate) -> str:
    return candidate.unit.key if candidate.unit else candidate.target


def _firings(rules: RuleSet, inference: Inference, chosen: Iterable[_Weighed]) -> Iterator[Firing]:
    """Why these: judged once more, as a trace of all candidates would take most of the time."""
    for one in chosen:
        yield from judge(rules, inference, one.candidate.facts, one.candidate.target).trace


def _actions(chosen: Iterable[_Weighed], inference: Inference, gaps: Gaps) -> tuple[Action, ...]:
    """The chosen ones with their reasons: no rule says the same twice where it has other words."""
    actions: list[Action] = []
    said: list[Text] = []
    for one in chosen:
        candidate, verdict = one.candidate, one.verdict
        template = verdict.reason or default_reason(candidate.kind, candidate.sentence or candidate.role)
        if verdict.again and template in said:
            template = verdict.again
        said.append(template)
        actions.append(_action(len(actions) + 1, one, template, inference, gaps))
    return tuple(actions)


def _action(rank: int, one: _Weighed, template: Text, inference: Inference, gaps: Gaps) -> Action:
    candidate, points = one.candidate, one.verdict.points
    return Action(
        rank=rank,
        kind=candidate.kind,
        target=candidate.target,
        title=title_or_word(candidate.title, candidate.role),
        minutes=candidate.minutes,
        reason=fill(template, {**inference.facts, **candidate.facts}, _words(candidate, gaps)),
        first=candidate.first,
        first_title=title_or_word(candidate.first_title, candidate.first_role) if candidate.first else {},
        competencies=candidate.competencies,
        score=one.score,
        rules=_strongest(points, one.verdict),
    )


def _strongest(points: Mapping[str, float], verdict: Verdict) -> tuple[str, ...]:
    return tuple(sorted(verdict.fired, key=lambda rule_id: (-abs(points.get(rule_id, 0.0)), rule_id)))


def _words(candidate: Candidate, gaps: Gaps) -> Mapping[str, Text]:
    """What the placeholders ``WORDS`` of a sentence stand for."""
    unit, about, after = candidate.unit, candidate.about, candidate.after
    described = unit is not None and not unit.titled
    return {
        "target": named(candidate.title, candidate.role, described=described and candidate.role == "unit"),
        "unit": named(unit.title if unit else {}, unit.role if unit else "unit", described=described),
        "competency": named(gaps.titles.get(candidate.furthest, {}), "competency"),
        "whose_target": whose_target(gaps.sources.get(candidate.furthest, ""), gaps.role),
        "after": named(
            after.title if after else {},
            after.role if after else "unit",
            described=after is not None and not after.titled,
        ),
        "about": named(about.title, about.role) if about else named({}, "problem"),
        "first": named(
            candidate.first_title or {},
            candidate.first_role or "unit",
            described=described and candidate.first_role == "unit",
        ),
        "first_step": first_step_words(candidate.first_role, again=candidate.first_again),
    }
