"""An instrument file as an Instrument, checked against its framework or its own scales."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from ..data import INSTRUMENT_KINDS, AreaNorm, Framework, Instrument, MissingAnswers, Scale
from ..errors import N_, InstrumentError, Message
from ._entry import Entry, Problems, distinct
from ._items_file import Head, read_items, read_option_sets

__all__ = ["MISSING_POLICIES", "instrument_from", "instrument_problems"]

#: What may become of missing answers; see ``MissingAnswers``.
MISSING_POLICIES = ("refuse", "person_mean", "zero")
#: Keys that the kinds with a framework have, and those without.
_WITH_FRAMEWORK = ("framework", "cut_scores")
_SOME_POINTS = N_("a number of points above 0")


def instrument_from(entry: Entry, framework_of: Callable[[Entry], Framework]) -> Instrument:
    """The instrument that a tree says, or the first problem as InstrumentError.

    ``framework_of`` gives the framework that the entry ``framework`` names, or raises.
    """
    problems = Problems()
    found = _read(entry, framework_of, problems)
    problems.raise_first()
    return found


def instrument_problems(entry: Entry, framework_of: Callable[[Entry], Framework]) -> tuple[InstrumentError, ...]:
    """Everything that is wrong with an instrument, in the order of the file; empty where nothing is."""
    problems = Problems()
    problems.attempt(partial(_read, entry, framework_of, problems), None)
    return problems.sorted()


def _read(entry: Entry, framework_of: Callable[[Entry], Framework], problems: Problems) -> Instrument:
    given = entry.values()
    if "kind" not in given:
        raise entry.error(N_("'{key}' is missing"), ", ".join(INSTRUMENT_KINDS), key="kind")
    kind = given["kind"].one_of(INSTRUMENT_KINDS)
    fields = _keys(entry, kind)
    framework = framework_of(fields["framework"]) if "framework" in fields else None
    scales = _scales(fields["scales"]) if "scales" in fields else ()
    sets = (
        problems.attempt(partial(read_option_sets, fields["option_sets"], kind, problems), {})
        if ("option_sets" in fields)
        else {}
    )
    head = Head(kind, framework, scales, sets)
    before = len(problems.found)
    items = problems.attempt(partial(read_items, fields["items"], head, problems), ())
    asked = tuple(item for item in items if item.active)
    places = tuple(area.id for area in framework.areas) if framework else tuple(scale.id for scale in scales)
    source, norms = (
        problems.attempt(partial(_norms, fields["norms"], places), ("", ())) if "norms" in fields else ("", ())
    )
    # What is left of the items when some cannot be read says nothing about the cut scores.
    points = sum(item.max_points for item in asked) if len(problems.found) == before else None
    return Instrument(
        id=problems.attempt(fields["id"].identifier, ""),
        version=problems.attempt(fields["version"].identifier, ""),
        kind=kind,
        framework_id=framework.id if framework else "",
        title=problems.attempt(fields["title"].text, {}),
        intro=problems.attempt(fields["intro"].text, {}),
        minutes=problems.attempt(fields["minutes"].natural, 0),
        items=asked,
        cut_scores=problems.attempt(partial(_cut_scores, fields.get("cut_scores"), framework, points), ()),
        missing=problems.attempt(partial(_missing, fields.get("missing")), MissingAnswers()),
        norms=norms,
        norms_source=source,
        scales=scales,
        ability_cuts=problems.attempt(partial(_ability_cuts, fields.get("ability_cuts"), framework), ()),
        switched_off=tuple(item for item in items if not item.active),
        option_sets=sets,
    )


def _keys(entry: Entry, kind: str) -> dict[str, Entry]:
    both = ("id", "version", "kind", "title", "intro", "minutes", "items")
    if kind in ("needs_survey", "motivation"):
        return entry.fields(*both, "scales", optional=("option_sets", "missing", "norms"))
    more = ("ability_cuts",) if kind == "knowledge_test" else ()
    return entry.fields(*both, *_WITH_FRAMEWORK, optional=("option_sets", "missing", "norms", *more))


def _scales(entry: Entry) -> tuple[Scale, ...]:
    places: list[tuple[str, Entry]] = []
    scales: list[Scale] = []
    for scale_entry in entry.entries(N_("scale {number}")):
        fields = scale_entry.fields("id", "title", "description")
        scale = Scale(fields["id"].identifier(), fields["title"].text(), fields["description"].text())
        places.append((scale.id, fields["id"]))
        scales.append(scale)
    distinct(places, N_("scale"))
    return tuple(scales)


def _missing(entry: Entry | None) -> MissingAnswers:
    if entry is None:
        return MissingAnswers()
    fields = entry.fields("policy", optional=("least_share",))
    policy = fields["policy"].words()
    if policy not in MISSING_POLICIES:
        raise fields["policy"].error(
            N_("'{found}' is no policy for missing answers"), ", ".join(MISSING_POLICIES), found=policy
        )
    if "least_share" not in fields:
        return MissingAnswers(policy)
    if policy != "person_mean":
        raise fields["least_share"].error(
            N_("the policy '{found}' has none"), N_("least_share with person_mean alone"), found=policy
        )
    accepted = N_("a number above 0, at most 1")
    least = fields["least_share"].decimal(accepted, 0, 1)
    if least == 0:
        raise fields["least_share"].error(N_("{found} is out of range"), accepted, found="0")
    return MissingAnswers(policy, least)


def _norms(entry: Entry, known: tuple[str, ...]) -> tuple[str, tuple[AreaNorm, ...]]:
    fields = entry.fields("source", "areas")
    places: list[tuple[str, Entry]] = []
    norms: list[AreaNorm] = []
    for area_entry in fields["areas"].entries(N_("area {number}"), under=entry.name):
        inner = area_entry.fields("area", "sd", "alpha")
        area_id = inner["area"].one_of(known)
        sd = inner["sd"].decimal(_SOME_POINTS, 0, 1_000_000)
        if sd == 0:
            raise inner["sd"].error(N_("a standard deviation of 0"), _SOME_POINTS)
        alpha = inner["alpha"].decimal(N_("a number from 0 to 1"), 0, 1)
        places.append((area_id, inner["area"]))
        norms.append(AreaNorm(area_id, sd, alpha))
    distinct(places, N_("area"))
    return fields["source"].words(), tuple(norms)


def _cut_scores(entry: Entry | None, framework: Framework | None, max_points: int | None) -> tuple[int, ...]:
    if entry is None or framework is None:
        return ()
    accepted = Message(
        N_("one number for each of {levels}, ascending, from 0 to at most {most}"),
        levels=", ".join(level.id for level in framework.levels),
        most="…" if max_points is None else max_points,
    )
    cuts = tuple(cut.natural() for cut in entry.entries(N_("cut score {number}")))
    if len(cuts) != len(framework.levels):
        raise entry.error(N_("there are {found} numbers"), accepted, found=len(cuts))
    if cuts[0] != 0:
        raise entry.error(N_("the first is {found}"), accepted, found=cuts[0])
    for lower, upper in pairwise(cuts):
        if upper <= lower:
            raise entry.error(N_("{upper} stands after {lower}"), accepted, upper=upper, lower=lower)
    if max_points is not None and cuts[-1] > max_points:
        raise entry.error(N_("{found} is more than all points together"), accepted, found=cuts[-1])
    return cuts


def _ability_cuts(entry: Entry | None, framework: Framework | None) -> tuple[float, ...]:
    if entry is None or framework is None:
        return ()
    levels = [level.id for level in framework.levels[1:]]
    accepted = Message(N_("one number for each of {levels}, ascending, from -10 to 10"), levels=", ".join(levels))
    cuts = tuple(cut.decimal(accepted, -10, 10) for cut in entry.entries(N_("cut {number}"), under=entry.name))
    if len(cuts) != len(levels):
        raise entry.error(N_("there are {found} numbers"), accepted, found=len(cuts))
    for lower, upper in pairwise(cuts):
        if upper <= lower:
            raise entry.error(N_("{upper} stands after {lower}"), accepted, upper=f"{upper:g}", lower=f"{lower:g}")
    return cuts
