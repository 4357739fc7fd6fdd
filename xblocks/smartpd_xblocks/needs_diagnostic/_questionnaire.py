"""The end of a motivation questionnaire and of a needs survey: neither has levels, each says something of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartpd_analytics.api import SEPARATOR, AreaScore, Framework, Instrument, Item, radar_svg, say, whole_percent

from ._attempt import Attempt, score_of, usable_answers

if TYPE_CHECKING:
    from ._screens import Speaker

__all__ = ["answer_words", "decimal_mark", "motivation_screen", "survey_screen"]


def answer_words(item: Item, answer: str, lang: str) -> str:
    """An answer as people read it; ``""`` for none."""
    if not answer or item.kind in ("number", "text"):
        return answer
    texts = {option.id: say(option.text, lang) for option in item.options}
    chosen = [texts[option] for option in answer.split(SEPARATOR)]
    if item.kind == "order":
        chosen = [f"{place}. {text}" for place, text in enumerate(chosen, start=1)]
    return "; ".join(chosen)


def motivation_screen(
    attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker
) -> dict[str, Any]:
    """The profile over the scales, in per cent of the way from the lowest to the highest."""
    score = score_of(attempt, instrument, framework)
    rows = [_scale(area, framework, instrument, speaker) for area in score.areas]
    known = [row for row in rows if row["percent"] is not None]
    figures = "; ".join(f"{row['title']}: {row['percent']}%" for row in known)
    axes = [(row["title"], area.share, None) for row, area in zip(rows, score.areas, strict=True)]
    ranked = sorted(known, key=lambda row: -row["percent"]) if score.complete else []
    return {
        "whole": speaker.word("motivation_whole", percent=whole_percent(score.share))
        if score.complete and score.share is not None
        else speaker.word("answered", answered=score.answered, total=score.total),
        "strongest": speaker.word("motivation_strongest", scale=ranked[0]["title"]) if ranked else "",
        "weakest": speaker.word("motivation_weakest", scale=ranked[-1]["title"]) if len(ranked) > 1 else "",
        "radar": radar_svg(axes, title=speaker.word("motivation_picture"), description=figures) if known else "",
        "scales": rows,
    }


def _scale(area: AreaScore, framework: Framework, instrument: Instrument, speaker: Speaker) -> dict[str, Any]:
    named = next(each for each in framework.areas if each.id == area.area_id)
    highest = max((item.max_points for item in instrument.items if item.area_id == area.area_id), default=0)
    mean = area.mean
    return {
        "title": say(named.title, speaker.lang),
        "description": say(named.description, speaker.lang),
        "percent": None if area.share is None else whole_percent(area.share),
        "mean": ""
        if mean is None
        else speaker.word("motivation_mean", mean=decimal_mark(f"{mean:.1f}", speaker.lang), most=highest),
    }


def decimal_mark(number: str, lang: str) -> str:
    """A number as people write it: its decimals after a comma but in English."""
    return number if lang.startswith("en") else number.replace(".", ",")


def survey_screen(
    attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker, *, kept: bool
) -> dict[str, Any]:
    """What was said, section by section, and what it changes; ``kept`` where the plugin has it."""
    given = usable_answers(instrument, attempt.answers)
    sections = []
    for area in framework.areas:
        own = [item for item in instrument.items if item.area_id == area.id]
        rows = [
            {
                "question": say(item.text, speaker.lang),
                "answer": answer_words(item, given.get(item.id, ""), speaker.lang),
                "private": item.private,
            }
            for item in own
        ]
        sections.append({"title": say(area.title, speaker.lang), "rows": rows})
    changes = []
    if kept and "hours" in given:
        changes.append(speaker.counted("needs_hours", float(given["hours"])))
    wishes = next((item for item in instrument.items if item.id == "goal_areas" and item.id in given), None)
    if kept and wishes is not None:
        changes.append(
            speaker.word("needs_areas", areas=answer_words(wishes, given[wishes.id], speaker.lang).replace("; ", ", "))
        )
    if kept and given.get("connection", "fast") != "fast":
        changes.append(speaker.word("needs_connection"))
    if kept and "sitting" in given:
        changes.append(speaker.word("needs_sitting"))
    return {"sections": sections, "changes": changes, "said": bool(given)}
