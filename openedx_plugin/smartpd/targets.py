"""What learners are measured by, and what they are to reach: by the site, by the course, by their role in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from smartpd_analytics import api as analytics
from smartpd_analytics.api import Framework, Instrument, Text

from .checks import usable

__all__ = ["LearnerTargets", "Standard", "TargetsData", "kept_targets", "learner_targets", "standard"]


@dataclass(frozen=True, slots=True)
class Standard:
    """What estimates are measured by: levels and their cuts, and the level to reach (``target`` as a share)."""

    framework: Framework
    instrument: Instrument
    target_level: str
    target: float
    #: Level id -> the share (0..1) at which it begins.
    cuts: Mapping[str, float]

    def level_at(self, value: float) -> str:
        return analytics.level_at(self.framework, self.instrument, value)

    def level_name(self, level_id: str) -> analytics.Text:
        return next((level.name for level in self.framework.levels if level.id == level_id), {})


@lru_cache(maxsize=8)
def _standard(instrument_id: str, target_level: str) -> Standard:
    instrument = analytics.load_instrument(instrument_id)
    framework = analytics.load_framework(instrument.framework_id)
    cuts = dict(zip((level.id for level in framework.levels), analytics.cut_shares(instrument), strict=True))
    if target_level not in cuts:
        raise KeyError(target_level)
    return Standard(framework, instrument, target_level, cuts[target_level], cuts)


def standard() -> Standard:
    """The yardstick of this site, by its settings; by the defaults where those cannot be used."""
    try:
        return _standard(settings.SMARTPD_INSTRUMENT, settings.SMARTPD_TARGET_LEVEL)
    except (analytics.InputError, KeyError, TypeError, ValueError):
        # Only now: to ask what can be used instead takes time, and the yardstick is asked for at every learner.
        instrument_id, level = usable("SMARTPD_INSTRUMENT"), usable("SMARTPD_TARGET_LEVEL")
        framework = analytics.load_framework(analytics.load_instrument(instrument_id).framework_id)
        levels = [each.id for each in framework.levels]
        # The site's own framework may have no level of the default's name.
        return _standard(instrument_id, level if level in levels else levels[len(levels) // 2])


@dataclass(frozen=True, slots=True)
class TargetsData:
    """The levels that a learner is to reach by what a diagnostic block of the course says.

    ``level`` counts where ``levels`` (competency id -> level id) has none. ``role`` is the name of the learner's role,
    empty for none, ``role_sets`` the competencies whose targets are the role's and not everybody's.
    """

    usage_key: str
    framework_id: str
    level: str
    levels: Mapping[str, str] = field(default_factory=dict)
    role: Text = field(default_factory=dict)
    role_sets: frozenset[str] = frozenset()


def kept_targets(targets: TargetsData) -> dict[str, Any]:
    """``targets`` as ``Profile.targets`` keeps them; JSON."""
    return {
        "block": targets.usage_key,
        "framework": targets.framework_id,
        "level": targets.level,
        "levels": dict(targets.levels),
        "role": dict(targets.role),
        "role_sets": sorted(targets.role_sets),
    }


@dataclass(frozen=True, slots=True)
class LearnerTargets:
    """What one learner is to reach: ``level`` and ``share`` overall, ``shares`` by competency.

    ``sources`` has who set each target, as in ``smartpd_analytics.api.LearnerFacts``; ``role`` is the role's name.
    """

    level: str
    share: float
    shares: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    role: Text = field(default_factory=dict)

    def of(self, competency_id: str) -> float:
        """The share to reach in one competency."""
        return self.shares.get(competency_id, self.share)


def learner_targets(kept: Mapping[str, Any], by: Standard) -> LearnerTargets:
    """The targets of a learner, of whom ``Profile.targets`` are ``kept``; the site's where the course has set none.

    Levels of another framework than the site's say nothing here.
    """
    if kept.get("framework") != by.framework.id or kept["level"] not in by.cuts:
        return LearnerTargets(by.target_level, by.target)
    return LearnerTargets(
        level=kept["level"],
        share=by.cuts[kept["level"]],
        shares={each: by.cuts[level] for each, level in kept["levels"].items() if level in by.cuts},
        sources={each.id: "role" if each.id in kept["role_sets"] else "course" for each in by.framework.competencies},
        role=kept["role"],
    )
