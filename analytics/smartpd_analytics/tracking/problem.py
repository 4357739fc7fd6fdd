"""Problems: answers, answers shown, drafts, resets, hints.

One submission makes several lines; only the server's ``problem_check`` knows the grade. Its ``success``
is "incorrect" for a partly right answer, and ``grade`` is not yet weighted.

How many attempts a problem allows stands in no field of any event. The browser's ``problem_graded`` carries
the HTML that the platform answered, and in it, in the learner's language, "You have used 2 of 3 attempts":
the two numbers are read, and nothing else of it. A refused answer (``problem_check_fail``) gives its reason in
``failure``: ``closed`` for attempts used up or a date past.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import identifier, integer, number
from smartpd_analytics.tracking._verdict import Ignored
from smartpd_analytics.tracking.entry import CLIENT, SERVER, EventType, Fields, Skip

#: Where the platform's answer says how many attempts are used, up to the next tag. In a line the HTML is JSON in JSON.
_FEEDBACK = "submission-feedback"
_SENTENCE = re.compile(_FEEDBACK + r"""[^>]{0,300}>([^<]{0,500})""")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")
_PROGRESS = "-problem-progress"
_WHOSE = re.compile(r"""id=\\?"([^"\\<>\s]{1,300})-problem-progress""")
#: More attempts than any course team allows.
_MOST = 10_000


_NAMES = ("problem_id", "module_id", "problem")
_NAMED = PayloadFields(*_NAMES)
_DONE = PayloadFields(*_NAMES, "attempts", "failure")
_GRADED = PayloadFields(*_NAMES, "attempts", "grade", "max_grade", "success")


def problem_key(record: Record) -> str:
    """Usage key of the problem, by the payload or else by the handler that was called."""
    return _key_of(record, record.sent(_NAMED))


def _key_of(record: Record, sent: Any) -> str:
    for value in (sent.problem_id, sent.module_id, sent.problem):
        if value and (key := record.usage_key(value, "problem")):
            return key
    return record.module_key


def _on_problem(record: Record) -> Fields:
    sent = record.sent(_DONE)
    return Fields(_key_of(record, sent), attempt=integer(sent.attempts))


def _check(record: Record) -> Fields:
    sent = record.sent(_GRADED)
    earned, possible, success = number(sent.grade), number(sent.max_grade), sent.success
    full = earned is not None and possible is not None and earned == possible > 0
    known = possible is not None or isinstance(success, str)
    return Fields(
        _key_of(record, sent),
        attempt=integer(sent.attempts),
        earned=earned,
        possible=possible,
        correct=full or success == "correct" if known else None,
    )


def _refused(record: Record) -> Fields:
    sent = record.sent(_DONE)
    failure = identifier(sent.failure)
    payload = {"failure": failure} if failure else {}
    return Fields(_key_of(record, sent), attempt=integer(sent.attempts), payload=payload)


def _whose(html: str) -> re.Match[str] | None:
    """The first id of an element that shows the progress in a problem; the answer may be long, so no search in all."""
    at = html.find(_PROGRESS)
    while at >= 0:
        start = html.rfind("id=", max(0, at - 310), at)
        if start >= 0 and (found := _WHOSE.match(html, start)) and found.end() == at + len(_PROGRESS):
            return found
        at = html.find(_PROGRESS, at + 1)
    return None


def _attempts(record: Record) -> Fields | Ignored:
    """``attempt`` is how many are used, ``payload.allowed`` how many there are."""
    html = record.payload
    if isinstance(html, list):
        html = html[1] if len(html) > 1 else None
    at = html.find(_FEEDBACK) if isinstance(html, str) else -1
    if not isinstance(html, str) or at < 0:
        return Ignored("companion")
    sentence, whose = _SENTENCE.match(html, at), _whose(html)
    found = re.findall(r"[0-9]+", _ESCAPED.sub("", sentence[1])) if sentence else ()
    key = _keys.usage_key_in(whose[1]) if whose else ""
    if len(found) != 2 or not key:
        return Ignored("companion")
    # Languages differ in which of the two comes first.
    used, allowed = sorted(int(number) if len(number) < 6 else _MOST + 1 for number in found)
    if not 1 <= allowed <= _MOST:
        return Ignored("companion")
    return Fields(key, attempt=used, payload={"allowed": allowed})


EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "problem_check": EventType("problem", _check, SERVER),
    "problem_check_fail": EventType("problem", _refused, SERVER),
    "showanswer": EventType("problem", _on_problem, SERVER),
    "save_problem_success": EventType("problem", _on_problem, SERVER),
    "reset_problem": EventType("problem", _on_problem, SERVER),
    "edx.problem.hint.demandhint_displayed": EventType("problem", _on_problem, SERVER),
    "edx.problem.hint.feedback_displayed": Skip("companion"),
    # Bookkeeping of the submission that has its own line: kind "grade", so that it is no act of the learner.
    "problem_graded": EventType("grade", _attempts, CLIENT),
    "problem_save": Skip("companion"),
    "problem_reset": Skip("companion"),
    "problem_show": Skip("companion"),
    "save_problem_fail": EventType("problem", _refused, SERVER),
    "reset_problem_fail": Skip("companion"),
}
