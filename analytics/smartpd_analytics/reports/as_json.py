"""The report of a run as one JSON object, for programs. What each field means: docs/command-line.md."""

from __future__ import annotations

import json
import re
from typing import Any

from ..data import say
from .account import explain, lines_record, sources_accepted, warning_lines
from .records import action_record, activity_record, course_record
from .run import LearnerAdvice, RunReport

__all__ = ["as_json"]

#: Letters that move a terminal's cursor, turn its direction or end a line; JSON lets them stand, we escape them.
_UNSEEN = re.compile(r"[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def as_json(report: RunReport, lang: str) -> str:
    """The report as indented JSON with a line break at its end; never NaN; the same report gives the same text."""
    document = {
        "simulated": report.simulated,
        "lines": lines_record(report.account),
        "quarantine": [
            {"file": line.file, "line": line.line, "reason": line.reason, "explanation": explain(line.reason, lang)}
            for line in report.account.quarantine
        ],
        "warnings": report.warnings,
        "messages": list(warning_lines(report, lang)),
        "sources_accepted": sources_accepted(report.account, lang),
        "courses": [course_record(course) for course in report.courses],
        "learners": [_learner(advice, report, lang) for advice in report.learners],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return _UNSEEN.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text) + "\n"


def _learner(advice: LearnerAdvice, report: RunReport, lang: str) -> dict[str, Any]:
    activity = advice.activity
    return {
        "learner": activity.learner,
        "course": activity.course_key,
        "activity": activity_record(activity, report, lang),
        "competencies": [
            {
                "competency": estimate.competency_id,
                "title": say(report.competency_title(activity.course_key, estimate.competency_id), lang),
                "share": round(estimate.value, 4),
                "standard_error": round(estimate.error, 4),
                "answers": estimate.evidence,
                "sources": [
                    {
                        "source": part.source,
                        "share": round(part.value, 4),
                        "standard_error": round(part.error, 4),
                        "answers": part.evidence,
                    }
                    for part in advice.sources_of(estimate.competency_id)
                ],
            }
            for estimate in advice.estimates
        ],
        "actions": [action_record(action, activity.course_key, lang) for action in advice.recommendation.actions],
    }
