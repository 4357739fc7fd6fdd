"""Which questionnaire a needs diagnostic asks, to which levels it leads, and which blocks it is compared with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from smartpd_analytics.api import (
    Framework,
    Instrument,
    framework_of,
    instrument_ids,
    instrument_to_document,
    load_instrument,
    say,
)
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, List, Scope, String

from . import guard, needs_diagnostic
from .handlers import json_handler, unreadable
from .messages import mark as _
from .needs_diagnostic import Targets
from .shared import language, usage_key

__all__ = ["OwnQuestionnaire"]

log = logging.getLogger(__name__)


class OwnQuestionnaire:
    """The course team's own questions, target levels and roles, and the name of the series.

    ``own_instrument`` takes the place of ``instrument`` where it is not empty; both ``own_…`` travel with the
    course through export, import and rerun.
    """

    own_instrument = Dict(
        display_name=_("Questions"),
        help=_("Adapt the questions for this course, or write your own."),
        default={},
        scope=Scope.content,
        xml_node=True,
    )
    own_versions = Dict(
        default={}, scope=Scope.content, xml_node=True, help="Earlier versions of the own questionnaire, packed."
    )
    series = String(
        display_name=_("Belongs together with"),
        help=_(
            "Results before and after are compared between blocks of this course with the same name here and the same "
            "questionnaire. Leave it empty where the course has one diagnostic before and one after."
        ),
        default="",
        scope=Scope.settings,
    )
    targets = Dict(
        display_name=_("Targets for single competences"),
        help=_("Where a competence has no target of its own, the target level above counts."),
        default={},
        scope=Scope.settings,
    )
    roles = List(
        display_name=_("Roles with targets of their own"),
        help=_("Learners choose one of these roles before they begin, and are measured by its targets."),
        default=[],
        scope=Scope.settings,
    )

    role = String(default="", scope=Scope.user_state, help="The role that the learner has chosen.")

    # --- which questionnaire ------------------------------------------------------------------

    @property
    def questionnaire_id(self) -> str:
        """Id of what learners who begin now are asked."""
        return str(self.own_instrument.get("id", "")) if self.own_instrument else str(self.instrument)

    def find_questionnaire(self, instrument_id: str, version: str = "") -> Instrument:
        """The own one, an earlier version of it, or one of the site; the newest without a version.

        Raises:
            InputError: there is none, not in this version, or it is not valid.
        """
        own = self.own_instrument
        if own and own.get("id") == instrument_id and version in ("", own.get("version")):
            return needs_diagnostic.own_instrument(own)
        for document in needs_diagnostic.unpacked(self.own_versions) if version else ():
            if (document.get("id"), document.get("version")) == (instrument_id, version):
                return needs_diagnostic.own_instrument(document)
        return load_instrument(instrument_id, version)

    def keep_own(self, door: Any, instrument: Instrument, course_key: str, events: Any) -> None:
        """Lets the plugin keep own questions once somebody begins or ends them: its pages read results with them."""
        turns = {name for name, _payload in events} & {"smartpd.diagnosis.started", "smartpd.diagnosis.completed"}
        if turns and course_key and instrument.id not in instrument_ids():
            door.keep_instrument(course_key, instrument_to_document(instrument))

    # --- what it leads to ---------------------------------------------------------------------

    def own_targets(self) -> Targets:
        """The levels that whoever looks is to reach."""
        return needs_diagnostic.targets_of(self.target_level, self.targets, self.roles, self.role)

    def targets_said(self) -> tuple[Any, ...]:
        """What ``tell_targets`` says follows from this, and from the questionnaire."""
        return (self.target_level, self.targets, self.roles, self.role)

    def tell_targets(
        self, door: Any, learner: guard.Learner, framework: Framework | None = None, *, acted: bool = True
    ) -> None:
        """Tells the plugin what the learner is to reach, so that advice is measured by it."""
        framework = framework or framework_of(self.find_questionnaire(self.questionnaire_id))
        if not framework.levels:
            return
        targets = self.own_targets()
        told = door.TargetsData(
            usage_key=usage_key(self),
            framework_id=framework.id,
            level=targets.overall,
            levels=dict(targets.competencies),
            role=dict(targets.role),
            role_sets=frozenset(each.id for each in framework.competencies if targets.of_role(each.id)),
        )
        door.record_targets(learner.user_id, learner.course_key, told, acted=acted)

    def role_choices(self) -> list[dict[str, Any]]:
        """The roles to choose from, for the page: ``id``, ``name``, ``chosen``."""
        lang = language(self)
        return [
            {"id": role["id"], "name": say(role["name"], lang), "chosen": role["id"] == self.role}
            for role in self.roles
            if isinstance(role, Mapping) and role.get("id") and isinstance(role.get("name"), Mapping)
        ]

    @json_handler
    def choose_role(self, data: dict[str, Any], suffix: str = "") -> dict[str, Any]:
        """The learner's role: ``{role}``, ``""`` for none -> ``{role}``."""
        learner = guard.learner(self)
        role_id = data.get("role")
        if not isinstance(role_id, str):
            raise unreadable(self)
        if role_id and needs_diagnostic.role_of(self.roles, role_id) is None:
            words = _("There is no such role any more. Reload the page to choose again.")
            raise JsonHandlerError(400, self.ugettext(words))
        with self._turn(learner) as door:
            self.role = role_id
            if door is not None:
                self.tell_targets(door, learner)
        return {"role": role_id}

    # --- what it is compared with -------------------------------------------------------------

    def belongs_with(self, other_key: str) -> bool:
        """Whether results of the block with this usage key are this one's before or after.

        The other block says so itself, so a series that is put right counts for results that are there already.
        A block that is gone belongs to the series without a name.
        """
        if other_key == usage_key(self):
            return True
        try:
            other = self.runtime.get_block(UsageKey.from_string(other_key))
            series = getattr(other, "series", "")
        except InvalidKeyError:
            series = ""
        except Exception:
            # Each runtime has errors of its own for a block that is not there.
            log.info("Needs diagnostic %s: no block %s to compare with", usage_key(self), other_key)
            series = ""
        return _series(series) == _series(self.series)


def _series(name: Any) -> str:
    return " ".join(str(name or "").split()).casefold()
