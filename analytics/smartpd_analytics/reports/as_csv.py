"""The report of a run as CSV: one row for each learner and action, one with empty action cells for none."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any

from .records import action_record, activity_record, failing
from .run import LearnerAdvice, RunReport
from .words import printable

__all__ = ["as_csv", "safe_cell"]

#: A spreadsheet takes a cell that starts so for a formula; full-width forms and invisible letters before it as well.
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r")


def as_csv(report: RunReport, lang: str) -> str:
    """The report as CSV with a header, UTF-8 to be; cells that a spreadsheet would run get a leading ``'``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    rows = [
        {
            **(action_record(action, advice.activity.course_key, lang) if action else {}),
            **_learner(advice, report, lang),
        }
        for advice in report.learners
        for action in advice.recommendation.actions or (None,)
    ]
    writer.writerow(_COLUMNS)
    writer.writerows([safe_cell(row.get(column)) for column in _COLUMNS] for row in rows)
    return out.getvalue()


def safe_cell(value: object) -> str:
    """A value as a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return str(value)
    text = printable(value)
    seen = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if value.startswith(_FORMULA) or seen.startswith(_FORMULA) else text


def _learner(advice: LearnerAdvice, report: RunReport, lang: str) -> dict[str, Any]:
    activity = advice.activity
    return {
        "course": activity.course_key,
        "learner": activity.learner,
        **activity_record(activity, report, lang),
        "problems_failing": len(failing(activity)),
        "competencies": "; ".join(f"{each.competency_id}={each.value:.4f}" for each in advice.estimates),
        "competency_sources": "; ".join(
            f"{each.competency_id}={_sources(advice, each.competency_id)}" for each in advice.estimates
        ),
    }


def _sources(advice: LearnerAdvice, competency_id: str) -> str:
    """Each source of an estimate with the answers behind it."""
    return ", ".join(f"{part.source} {part.evidence}" for part in advice.sources_of(competency_id))


_COLUMNS = (
    "course",
    "learner",
    "enrolled",
    "first_seen",
    "last_seen",
    "days_silent",
    "active_days",
    "sessions",
    "minutes_on_task",
    "answers",
    "right",
    "wrong",
    "fast_answers",
    "answers_shown",
    "first_try_right",
    "problems_tried",
    "problems_solved",
    "problems_failing",
    "videos_played",
    "videos_completed",
    "units_opened",
    "units_in_course",
    "pace",
    "stopped_at",
    "stopped_at_title",
    "rank",
    "kind",
    "target",
    "title",
    "minutes",
    "reason",
    "link",
    "first",
    "first_title",
    "competencies",
    "competency_sources",
)
