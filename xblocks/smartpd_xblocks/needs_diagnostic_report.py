"""The needs diagnostic in the platform's own exports: the course team's CSV of all learners' answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from smartpd_analytics.api import InputError, framework_of, public_answers

from . import needs_diagnostic, plugin
from .handlers import harmless
from .needs_diagnostic import Attempt
from .shared import course_key

__all__ = ["NeedsDiagnosticReport"]

#: What an answer looks like that is no sentence of a learner's own: one word in ASCII.
_ID = re.compile(r"[!-~]{1,80}")


class NeedsDiagnosticReport:
    """The export of ``NeedsDiagnosticBlock``, which has the fields."""

    def generate_report_data(
        self, user_state_iterator: Iterable[Any], limit_responses: int | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """For *Instructor → Data download → responses*: each learner's attempts, one answer a row.

        Of who has refused that the course team sees them there is no answer, and of nobody what they wrote in their own
        words. Answers to instruments or versions that are gone are given by their ids.

        The platform makes a row of everybody who has opened the block, with the whole stored state in a column
        ``state``, and lays ours over it: so each row of ours empties that column, and everybody has one.

        Args:
            user_state_iterator: of the platform's ``XBlockUserState`` (``username``, ``state``).
            limit_responses: the most answers to give.

        Yields:
            username and the row, column -> value. No cell can be taken for a formula.
        """
        left = limit_responses
        refusing = self._refusing()
        for found in user_state_iterator:
            hidden = found.username in refusing or ((found.state or {}).get("consent") or {}).get("team") is False
            rows = [] if hidden else list(islice(self._answer_rows(found.state or {}), left))
            if left is not None:
                left -= len(rows)
            for row in rows or [{}]:
                yield found.username, {**{name: harmless(str(value)) for name, value in row.items()}, "state": ""}

    def _refusing(self: Any) -> frozenset[str]:
        door, key = plugin.door(), course_key(self)
        if door is None or not key:
            return frozenset()
        names: frozenset[str] = door.usernames_refusing(key, "team")
        return names

    def _answer_rows(self, state: dict[str, Any]) -> Iterator[dict[str, Any]]:
        earlier = [kept for kept in state.get("earlier") or [] if isinstance(kept, dict)]
        for kept in earlier:
            yield from self._attempt_rows(
                kept.get("number", ""), kept.get("instrument", ""), kept.get("version", ""), kept
            )
        now = {"answers": state.get("answers") or {}, "completed": state.get("completed_at") or ""}
        number = needs_diagnostic.attempts_gone(state) + len(earlier) + 1
        yield from self._attempt_rows(number, state.get("instrument_id", ""), state.get("instrument_version", ""), now)

    def _attempt_rows(
        self, number: Any, instrument_id: str, version: str, kept: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        speaker = self._speaker()
        answers, completed = kept.get("answers") or {}, kept.get("completed") or ""
        base = {
            speaker.word("report_attempt"): number,
            speaker.word("report_finished"): completed[:16].replace("T", " "),
            speaker.word("report_version"): f"{instrument_id} {version}".strip(),
        }
        try:
            instrument = self.find_questionnaire(instrument_id, version)
            framework = framework_of(instrument)
        except InputError:
            for item, option in sorted(answers.items()):
                if not _ID.fullmatch(option):
                    continue
                yield {**base, speaker.word("question"): item, speaker.word("answer"): option}
            return
        public = public_answers(instrument, answers)
        attempt = Attempt(instrument_id=instrument.id, version=instrument.version, answers=public)
        columns, *rows = needs_diagnostic.result_table(attempt, instrument, framework, speaker)
        for row in rows:
            if row[2]:
                yield {**base, **dict(zip(columns, row, strict=True))}
