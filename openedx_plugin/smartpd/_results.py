"""What the pages say of the results of questionnaires, each in the form that fits its kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from ._words import PHASES, percent, words
from .data import DiagnosisData

__all__ = [
    "again",
    "answered_again",
    "cautions",
    "doubt",
    "doubted",
    "doubts",
    "instrument_name",
    "level_doubt",
    "levelled",
    "notes",
    "result_words",
    "results",
]

#: What speaks for hasty answers, for the course team.
_DOUBTS = {
    "same_option": pgettext_lazy("smartpd", "all answers are the same"),
    "very_fast": pgettext_lazy("smartpd", "answered faster than one can read"),
}


def doubts(found: Iterable[str]) -> str:
    """Why a result may have been given in haste, in a few words; ``""`` where nothing speaks for it."""
    return "; ".join(str(_DOUBTS[each]) for each in found if each in _DOUBTS)


def instrument_name(diagnosis: DiagnosisData) -> str:
    """The questionnaire's title; its id where this site has it no more."""
    return words(diagnosis.title) or f"{diagnosis.instrument_id} {diagnosis.instrument_version}".strip()


def results(diagnoses: Iterable[DiagnosisData]) -> list[dict[str, Any]]:
    """The lines of the table of results; the phase is named where the course asks in several."""
    complete = [each for each in diagnoses if each.complete]
    several = len({each.phase for each in complete}) > 1
    return [_result(each, named=several) for each in complete]


def _result(diagnosis: DiagnosisData, *, named: bool) -> dict[str, Any]:
    return {
        "name": instrument_name(diagnosis),
        "link": diagnosis.link,
        "phase": str(PHASES.get(diagnosis.phase, diagnosis.phase)) if named else "",
        "words": result_words(diagnosis),
        "scales": _scales(diagnosis),
        "doubt": doubt(diagnosis.cautions),
        "date": diagnosis.modified,
    }


def result_words(diagnosis: DiagnosisData) -> str:
    """Points and level of what is scored; of a survey how much is answered, of motivation what its scales count."""
    if not diagnosis.complete or not diagnosis.max_points or diagnosis.kind == "needs_survey":
        return _answered(diagnosis)
    if diagnosis.kind == "motivation":
        return _("in per cent of the highest possible:")
    if diagnosis.kind == "knowledge_test" and diagnosis.share != diagnosis.points / diagnosis.max_points:
        # Points of the questions that an adaptive test happened to ask say little.
        said = _("%(share)s%% of the whole test, estimated") % {"share": percent(diagnosis.share)}
        return f"{said}, {diagnosis.level}" if diagnosis.level else said
    points = ngettext("%(points)s of %(most)s point", "%(points)s of %(most)s points", diagnosis.max_points)
    said = points % {"points": diagnosis.points, "most": diagnosis.max_points}
    return f"{said}, {diagnosis.level}" if diagnosis.level else said


def _answered(diagnosis: DiagnosisData) -> str:
    said = ngettext(
        "%(answered)s of %(total)s question answered", "%(answered)s of %(total)s questions answered", diagnosis.total
    )
    return said % {"answered": diagnosis.answered, "total": diagnosis.total}


def _scales(diagnosis: DiagnosisData) -> list[tuple[str, int]]:
    """Title and per cent of each scale of a motivation questionnaire."""
    if diagnosis.kind != "motivation":
        return []
    known = ((words(area.title) or area.area_id, percent(area.share)) for area in diagnosis.areas)
    return [(title, share) for title, share in known if share is not None]


def cautions(diagnoses: Sequence[DiagnosisData]) -> list[dict[str, str]]:
    """What to bear in mind of the newest result of each questionnaire, with the way back to it."""
    return [
        {"words": _caution(each), "name": instrument_name(each), "link": each.link} for each in _doubtful(diagnoses)
    ]


def doubted(diagnoses: Sequence[DiagnosisData]) -> frozenset[str]:
    """The sources of estimates that may not be right: the kinds of the questionnaires with a caution."""
    return frozenset(each.kind for each in _doubtful(diagnoses))


def _doubtful(diagnoses: Sequence[DiagnosisData]) -> list[DiagnosisData]:
    newest = {each.instrument_id: each for each in sorted(diagnoses, key=lambda each: each.modified)}
    return [each for each in newest.values() if each.cautions]


def again(diagnoses: Sequence[DiagnosisData]) -> list[dict[str, Any]]:
    """Each questionnaire that was finished and is being answered anew: what is known mixes the two meanwhile."""
    return [
        {
            "name": instrument_name(new),
            "answered": new.answered,
            "total": new.total,
            "link": new.link,
            "finished": last.modified,
        }
        for new, last in _anew(diagnoses)
    ]


def answered_again(diagnoses: Sequence[DiagnosisData]) -> frozenset[str]:
    """Ids of the areas in which answers of such a new try count already."""
    return frozenset(area.area_id for new, _last in _anew(diagnoses) for area in new.areas if area.share is not None)


def _anew(diagnoses: Sequence[DiagnosisData]) -> list[tuple[DiagnosisData, DiagnosisData]]:
    """Tries under way with answers, each with the last complete result of the same questionnaire in the same block."""
    complete = {
        (each.usage_key, each.instrument_id): each
        for each in sorted(diagnoses, key=lambda each: each.modified)
        if each.complete
    }
    found = []
    for each in diagnoses:
        last = complete.get((each.usage_key, each.instrument_id))
        if not each.complete and each.answered and last is not None and last.modified < each.modified:
            found.append((each, last))
    return found


def levelled(diagnoses: Sequence[DiagnosisData]) -> DiagnosisData | None:
    """The result that the level is from; None before the first."""
    found = [each for each in diagnoses if each.complete and each.level]
    return max(found, key=lambda each: each.modified, default=None)


def level_doubt(diagnoses: Sequence[DiagnosisData]) -> str:
    """The doubt about the result that the level is from; ``""`` where there is none."""
    newest = levelled(diagnoses)
    return doubt(newest.cautions) if newest else ""


def doubt(cautions: Sequence[str]) -> str:
    """The cautions in a few words, to stand beside a level; ``""`` where there are none."""
    if "very_fast" in cautions:
        return pgettext("smartpd", "not reliable: answered too fast")
    return pgettext("smartpd", "uncertain: all answers are the same") if cautions else ""


def _caution(diagnosis: DiagnosisData) -> str:
    named = {"name": instrument_name(diagnosis)}
    if diagnosis.cautions == ("same_option",):
        said = _(
            "In “%(name)s” all answers are the same. That can be right. If it was done in a hurry, answer it again: "
            "what this page says can only be as good as the answers."
        )
    elif diagnosis.cautions == ("very_fast",):
        said = _(
            "The answers to “%(name)s” came in faster than its questions can be read. If they had been waiting on a "
            "device without a connection, all is well. If it was done in a hurry, answer it again: what this page says "
            "can only be as good as the answers."
        )
    else:
        said = _(
            "In “%(name)s” all answers are the same, and they came in faster than its questions can be read. So the "
            "profile may not fit. Answering again in peace takes a few minutes and makes the advice better."
        )
    return said % named


def notes(diagnosis: DiagnosisData) -> Iterable[str]:
    """For a table: how much is answered, the scales of a motivation questionnaire, a caution."""
    yield _answered(diagnosis)
    yield from (f"{title}: {share}%" for title, share in _scales(diagnosis))
    if diagnosis.cautions:
        yield _caution(diagnosis)
