"""Which level a learner is to reach: one for the whole course, others for single competencies, others for a role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smartpd_analytics.api import LANGUAGES, DiagnosisScore, Framework

from ..messages import Message
from ..messages import mark as _

__all__ = ["Targets", "role_of", "target_problems", "targets_of"]

_ROLE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_MOST_ROLES = 20
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Targets:
    """The levels to reach: ``overall``, and where a competency has one of its own, ``competencies``.

    ``role`` is the name of the role that the learner has chosen, empty for none; ``of_role`` says of which
    competencies the role sets the target.
    """

    overall: str
    competencies: Mapping[str, str] = field(default_factory=dict)
    role: Mapping[str, str] = field(default_factory=dict)
    role_overall: bool = False
    role_competencies: frozenset[str] = frozenset()

    def of_role(self, competency_id: str) -> bool:
        """Whether the target in one competency is the role's."""
        return self.role_overall or competency_id in self.role_competencies

    def level_in(self, competency_id: str) -> str:
        """The level to reach in one competency."""
        return self.competencies.get(competency_id, self.overall)

    def shares(self, score: DiagnosisScore, share_of: Callable[[str], float | None]) -> Mapping[str, float]:
        """Share of the points to reach, by competency and by area, 0..1; of the whole under ``""``.

        An area's is the mean of its competencies' weighted by their points: what somebody has who reaches each of
        them exactly. ``share_of`` gives the lower edge of a level, None for one that the framework lacks.
        """
        base = share_of(self.overall)
        if base is None:
            return {}
        found: dict[str, float] = {}
        parts: dict[str, list[tuple[float, int]]] = {}
        for one in score.competencies:
            own = share_of(self.competencies[one.competency_id]) if one.competency_id in self.competencies else None
            found[one.competency_id] = base if own is None else own
            for part in (one.area_id, ""):
                parts.setdefault(part, []).append((found[one.competency_id], one.max_points))
        plain = not any(one.competency_id in self.competencies for one in score.competencies)
        for part, goals in parts.items():
            points = sum(most for _goal, most in goals)
            mean = sum(goal * most for goal, most in goals) / points if points else base
            found.setdefault(part, base if plain else mean)
        return found


def role_of(roles: Sequence[Mapping[str, Any]], role_id: str) -> Mapping[str, Any] | None:
    """The role that a learner has chosen; None where it is gone or none was chosen."""
    return next((role for role in roles if isinstance(role, Mapping) and role.get("id") == role_id), None)


def targets_of(
    target_level: str, targets: Mapping[str, str], roles: Sequence[Mapping[str, Any]], role_id: str
) -> Targets:
    """What one learner is to reach: the role's levels before the block's, those of competencies before the overall."""
    role = role_of(roles, role_id)
    if role is None:
        return Targets(target_level, dict(targets))
    overall = str(role.get("level") or "")
    # A role with a level of its own leaves what the block says of single competencies behind.
    own = role.get("targets", {})
    return Targets(
        overall or target_level,
        {**({} if overall else targets), **own},
        role=role.get("name", {}),
        role_overall=bool(overall),
        role_competencies=frozenset(own),
    )


def target_problems(targets: Any, roles: Any, framework: Framework | None) -> Iterable[Message]:
    """A message for each target and role that cannot be used, about ``targets…`` or ``roles…``."""
    yield from _levels_problems(targets, framework, "targets")
    if not isinstance(roles, list) or len(roles) > _MOST_ROLES:
        words = _("Roles: a list is needed (accepted: at most {limit} roles).")
        yield Message(words, {"limit": _MOST_ROLES}, about="roles")
        return
    seen: set[str] = set()
    for index, role in enumerate(roles):
        yield from _role_problems(role, index, seen, framework)


def _role_problems(role: Any, index: int, seen: set[str], framework: Framework | None) -> Iterable[Message]:
    about = f"roles.{index}"
    role_id = role.get("id") if isinstance(role, dict) else None
    if not isinstance(role_id, str) or not _ROLE_ID.fullmatch(role_id):
        words = _("Role {number}: it has no id (accepted: up to 32 letters a to z, digits and hyphens).")
        yield Message(words, {"number": index + 1}, about=about)
        return
    if role_id in seen:
        yield Message(
            _("Role {number}: the id “{id}” stands twice."), {"number": index + 1, "id": role_id}, about=about
        )
    seen.add(role_id)
    name = role.get("name")
    for lang in LANGUAGES:
        words = name.get(lang) if isinstance(name, dict) else None
        if not isinstance(words, str) or not words.strip() or len(words) > _LONGEST_NAME:
            text = _("Role {number}: it has no name in every language (accepted: 1 to {limit} characters in each).")
            yield Message(text, {"number": index + 1, "limit": _LONGEST_NAME}, about=f"{about}.name.{lang}")
            break
    level, levels = role.get("level", ""), [each.id for each in framework.levels] if framework else []
    if level and framework and level not in levels:
        yield _no_level(level, levels, f"{about}.level")
    yield from _levels_problems(role.get("targets", {}), framework, f"{about}.targets")


def _levels_problems(targets: Any, framework: Framework | None, about: str) -> Iterable[Message]:
    if not isinstance(targets, dict):
        yield Message(_("Targets: a level for each competency is needed."), about=about)
        return
    if framework is None or not framework.levels:
        return
    known, levels = {one.id for one in framework.competencies}, [each.id for each in framework.levels]
    for competency, level in targets.items():
        if competency not in known:
            words = _("Targets: the framework has no competency “{competency}”.")
            yield Message(words, {"competency": str(competency)[:40]}, about=about)
        elif level not in levels:
            yield _no_level(level, levels, f"{about}.{competency}")


def _no_level(level: Any, levels: Sequence[str], about: str) -> Message:
    words = _("Targets: there is no level “{level}” (accepted: {accepted}).")
    return Message(words, {"level": str(level)[:40], "accepted": ", ".join(levels)}, about=about)
