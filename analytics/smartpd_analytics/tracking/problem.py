"""Problems: answers, answers shown, drafts, resets, hints.

One submission makes several lines; only the server's ``problem_check`` knows the grade. Its ``success``
is "incorrect" for a partly right answer, and ``grade`` is not yet weighted.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._record import Record, integer, number
from smartpd_analytics.tracking.entry import SERVER, EventType, Fields, Skip


def problem_key(record: Record) -> str:
    """Usage key of the problem, by the payload or else by the handler that was called."""
    event = record.event
    for field in ("problem_id", "module_id", "problem"):
        if key := record.usage_key(event.get(field), "problem"):
            return key
    return record.module_key


def _on_problem(record: Record) -> Fields:
    return {"usage_key": problem_key(record), "attempt": integer(record.event.get("attempts"))}


def _check(record: Record) -> Fields:
    event = record.event
    earned, possible = number(event.get("grade")), number(event.get("max_grade"))
    success = event.get("success")
    full = earned is not None and possible is not None and earned == possible > 0
    known = possible is not None or isinstance(success, str)
    return {
        **_on_problem(record),
        "earned": earned,
        "possible": possible,
        "correct": full or success == "correct" if known else None,
    }


EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "problem_check": EventType("problem", _check, SERVER),
    "problem_check_fail": EventType("problem", _on_problem, SERVER),
    "showanswer": EventType("problem", _on_problem, SERVER),
    "save_problem_success": EventType("problem", _on_problem, SERVER),
    "reset_problem": EventType("problem", _on_problem, SERVER),
    "edx.problem.hint.demandhint_displayed": EventType("problem", _on_problem, SERVER),
    "edx.problem.hint.feedback_displayed": Skip("companion"),
    "problem_graded": Skip("companion"),
    "problem_save": Skip("companion"),
    "problem_reset": Skip("companion"),
    "problem_show": Skip("companion"),
    "save_problem_fail": Skip("companion"),
    "reset_problem_fail": Skip("companion"),
}
