"""PRES for the course team: the texts that learners have submitted, to read and no more.

They are loaded when the panel is opened. Another learner's state is read by the plugin, in the platform's own way
(``smartpd.api.states_of_block``).
"""

from __future__ import annotations

import logging
from typing import Any

from xblock.exceptions import JsonHandlerError

from . import guard, plugin, pres
from .handlers import json_handler, unreadable
from .messages import mark as _
from .shared import render, translate, usage_key

__all__ = ["PresStaff"]

log = logging.getLogger(__name__)


class PresStaff:
    """The course team's handler of ``PresBlock``."""

    @json_handler
    def team_submissions(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """One page of the newest texts: ``{number}``, from 1 -> ``{html}``; writes nothing.

        Raises:
            JsonHandlerError: 400 no number; 401 and 403 as ``guard.staff``; 409 there is no plugin, or the site has
                no way to others' texts; 503 they could not be read just now.
        """
        staff = guard.staff(self)
        number = data.get("number", 1)
        if not isinstance(number, int) or isinstance(number, bool):
            raise unreadable(self)
        door = plugin.door()
        if door is None or not staff.course_key:
            raise JsonHandlerError(409, translate(self, pres.TEAM_WORDS["no_plugin"]))
        try:
            found = door.states_of_block(
                staff.user_id, staff.course_key, usage_key=usage_key(self), field="submissions", page=number
            )
        except door.NotAllowedError as problem:
            raise JsonHandlerError(403, translate(self, guard.ONLY_STAFF)) from problem
        except door.NotPossibleHereError as problem:
            raise JsonHandlerError(409, translate(self, pres.TEAM_WORDS["not_here"])) from problem
        except Exception as problem:
            log.exception("%s: the submitted texts could not be read", usage_key(self))
            raise JsonHandlerError(503, translate(self, _("The texts could not be read just now."))) from problem
        screen = pres.team_screen(
            found.learners, self._settings(), self.ugettext, total=found.total, page=found.page, pages=found.pages
        )
        return {"html": render("pres/team.html", screen)}

    def _for_team(self, access: guard.Access) -> bool:
        """Whether the panel is offered."""
        who = access.learner
        return who is not None and who.is_staff and not access.read_only and plugin.door() is not None

    def _read_by_team(self, access: guard.Access) -> bool:
        """Whether the course team can read what this learner submits."""
        who, door = access.learner, plugin.door()
        if door is None or who is None or not who.user_id or not who.course_key:
            return False
        try:
            return bool(door.consent(who.user_id, who.course_key).get("team", True))
        except Exception:
            log.exception("%s: it is not known who may read", usage_key(self))
            # Rather a reader too many is named than one too few.
            return True
