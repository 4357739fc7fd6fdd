"""The end of an attempt, whatever kind of instrument it was, and earlier ends in a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from smartpd_analytics.api import Framework, Instrument, whole_percent

from ._attempt import Attempt, score_of
from ._questionnaire import motivation_screen, survey_screen
from ._screens import Speaker, result_screen
from ._targets import Targets

__all__ = ["earlier_line", "end_screen"]


def end_screen(
    attempt: Attempt,
    instrument: Instrument,
    framework: Framework,
    speaker: Speaker,
    *,
    targets: Targets,
    kept: bool = True,
    wished: Iterable[str] = (),
    reached: Collection[str] = (),
) -> dict[str, Any]:
    """The result of any kind of instrument for ``result.html``; ``part`` is the template of its kind.

    Args:
        targets: the levels to reach.
        kept: whether the plugin has the answers to a needs survey.
        wished: ids of areas in which the learner wants to get better first.
        reached: ids of competencies that all that is known of the learner says are reached.
    """
    words = speaker.plain()
    score = score_of(attempt, instrument, framework)
    common = {
        "t": words,
        "finished": bool(attempt.completed),
        "heading": words["result"] if score.complete else words["result_so_far"],
        "answered": score.answered,
        "gaps": [],
        "levels": bool(framework.levels),
    }
    if instrument.kind == "knowledge_test" and not attempt.completed:
        # Half a test would tell which of its answers are right.
        return {**common, "part": "not_yet"}
    if framework.levels:
        return {
            **common,
            **result_screen(
                attempt,
                instrument,
                framework,
                speaker,
                target=targets.overall,
                targets=targets,
                wished=wished,
                reached=reached,
            ),
            "part": "levels",
        }
    if instrument.kind == "motivation":
        return {**common, **motivation_screen(attempt, instrument, framework, speaker), "part": "motivation"}
    return {
        **common,
        **survey_screen(attempt, instrument, framework, speaker, kept=kept),
        "heading": words["needs_said"],
        "part": "survey",
    }


def earlier_line(attempt: Attempt, instrument: Instrument, framework: Framework, speaker: Speaker) -> str:
    """An earlier attempt in a line."""
    score = score_of(attempt, instrument, framework)
    day = speaker.day(attempt.completed)
    if score.share is None or not score.max_points:
        return speaker.word("earlier_done", day=day)
    if not framework.levels:
        return speaker.word("earlier_share", day=day, percent=whole_percent(score.share))
    if attempt.asked:
        return speaker.word("earlier_test", day=day, level=score.level or "–", percent=whole_percent(score.share))
    points = {"points": score.points, "max_points": score.max_points}
    return speaker.word("earlier_line", day=day, level=score.level or "–", **points)
