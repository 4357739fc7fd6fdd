"""The needs diagnostic for the course team: what the class has answered, and one learner's attempt reset or reopened.

All of it is loaded when the panel is opened, so that nobody's first screen gets heavier. Another learner's state is
changed by the plugin, in the platform's own ways (``smartpd.api.team_turn``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.safestring import mark_safe
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, Scope

from . import guard, needs_diagnostic, plugin
from .handlers import json_handler, unreadable
from .messages import mark as _
from .needs_diagnostic import Refusal
from .shared import publish, render, translate, usage_key

__all__ = ["NeedsDiagnosticStaff"]

log = logging.getLogger(__name__)

_Decide = Callable[..., dict[str, Any]]


class NeedsDiagnosticStaff:
    """The course team's handlers of ``NeedsDiagnosticBlock``."""

    team_act = Dict(
        default={},
        scope=Scope.user_state,
        help="What the course team did last to this learner's attempt: act, time, and how many attempts are gone.",
    )

    # --- handlers -----------------------------------------------------------------------------

    @json_handler
    def team_summary(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """What the class has answered here -> ``{html}``; writes nothing."""
        staff, door = self._team()
        screen = needs_diagnostic.team_screen(
            door.class_results(staff.course_key, usage_key=usage_key(self)),
            self._speaker(),
            target=self.target_level,
            link=door.class_results_url(staff.course_key),
        )
        for each in screen["results"]:
            # Drawn and escaped by the analytics.
            each |= {name: mark_safe(each[name]) for name in ("levels", "areas")}  # noqa: S308
        return {"html": render("needs_diagnostic/team.html", screen)}

    @json_handler
    def team_learners(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """Learners who have answered here: ``{search}`` -> ``{html}``; writes nothing."""
        staff, door = self._team()
        search = data.get("search", "")
        if not isinstance(search, str):
            raise unreadable(self)
        found, total = door.learners_of_block(
            staff.course_key, usage_key(self), search=search[:100], fields=needs_diagnostic.STATE_FIELDS
        )
        screen = needs_diagnostic.learners_screen(found, total, self._speaker(), searched=bool(search.strip()))
        return {"html": render("needs_diagnostic/team_learners.html", screen)}

    @json_handler
    def team_reset(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """All that one learner has here is deleted: ``{learner}`` -> ``{said}``."""
        return self._act("reset", needs_diagnostic.reset, data, event="smartpd.diagnosis.reset", said="was_reset")

    @json_handler
    def team_reopen(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """One learner who has finished may go on: ``{learner}`` -> ``{said}``."""
        return self._act(
            "reopen", needs_diagnostic.reopened, data, event="smartpd.diagnosis.reopened", said="was_reopened"
        )

    # --- inside -------------------------------------------------------------------------------

    def _team(self) -> tuple[guard.Learner, Any]:
        """Who asks, and the plugin's door.

        Raises:
            JsonHandlerError: 401 or 403, not the course team; 409 there is no plugin.
        """
        staff = guard.staff(self)
        door = plugin.door()
        if door is None or not staff.course_key:
            raise JsonHandlerError(409, translate(self, needs_diagnostic.TEAM_WORDS["no_plugin"]))
        return staff, door

    def _act(self, act: str, decide: _Decide, data: dict[str, Any], *, event: str, said: str) -> dict[str, Any]:
        staff, door = self._team()
        username = data.get("learner")
        if not isinstance(username, str) or not username:
            raise unreadable(self)
        try:
            with door.team_turn(
                staff.user_id, staff.course_key, username=username, usage_key=usage_key(self), act=act
            ) as turn:
                turn.change = decide(turn.state, now=datetime.now(UTC).isoformat(timespec="seconds"))
        except Refusal as refusal:
            raise JsonHandlerError(refusal.status, refusal.message.said(self.ugettext)) from refusal
        except Exception as problem:
            raise self._not_done(door, problem, username) from problem
        # Who has refused that answers count in the course's figures has no event of the diagnostic in the log.
        if door.consent(turn.user_id, staff.course_key).get("evaluation", True):
            publish(self, event, self._told(turn))
        words = translate(self, needs_diagnostic.TEAM_WORDS[said])
        return {"said": words.format(name=username)}

    def _told(self, turn: Any) -> Mapping[str, Any]:
        """What the event says: of whom, and how much there was."""
        state = turn.state
        return {
            "instrument": state.get("instrument_id", ""),
            "version": state.get("instrument_version", ""),
            "phase": self.phase,
            "learner_id": turn.user_id,
            "answered": len(state.get("answers") or {}),
            "attempt": needs_diagnostic.attempts_gone(state) + len(state.get("earlier") or ()) + 1,
        }

    def _not_done(self, door: Any, problem: Exception, username: str) -> JsonHandlerError:
        if isinstance(problem, door.UnknownLearnerError):
            words = _("Nobody with the username “{name}” has answered here, so nothing was changed.")
            return JsonHandlerError(404, translate(self, words).format(name=username[:150]))
        if isinstance(problem, door.NotAllowedError):
            return JsonHandlerError(403, translate(self, guard.ONLY_STAFF))
        if isinstance(problem, door.NotPossibleHereError):
            return JsonHandlerError(409, translate(self, needs_diagnostic.TEAM_WORDS["no_way"]))
        log.error("%s: an act of the course team failed", usage_key(self), exc_info=problem)
        return JsonHandlerError(503, translate(self, _("That could not be done just now, and nothing was changed.")))
