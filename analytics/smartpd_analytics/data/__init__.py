"""The frozen data that crosses the borders of the analytics.

Plain, slotted and immutable: no behaviour beyond small derived values. Times are UTC; a field that
ends in ``_us`` is an integer count of microseconds since 1970-01-01T00:00Z. A ``share`` lies in
0..1. A ``Text`` holds the same words in each language (``en``, ``ru``, ``uz``).
A name is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._doors import loader

if TYPE_CHECKING:
    from .activity import BlockActivity, LearnerActivity
    from .advice import Action, Firing, LearnerFacts, Recommendation
    from .course import ContentUnit, CourseMap
    from .events import Event, LineAccount, QuarantinedLine
    from .group import GroupMean, ItemFigures, ItemStatistics, OptionUse, PairedChange
    from .instruments import (
        INSTRUMENT_KINDS,
        ITEM_KINDS,
        SEPARATOR,
        Area,
        AreaNorm,
        Competency,
        Framework,
        Instrument,
        Item,
        Level,
        MissingAnswers,
        Option,
        Scale,
    )
    from .irt import Ability, ItemBank, ItemParameters
    from .scores import AreaScore, CompetencyEstimate, CompetencyScore, DiagnosisScore
    from .simulated import SIMULATED_ORG, SIMULATED_PREFIX, is_simulated, is_simulated_learner
    from .text import LANGUAGES, Text, say, say_day, whole_percent

__all__ = [
    "INSTRUMENT_KINDS",
    "ITEM_KINDS",
    "LANGUAGES",
    "SEPARATOR",
    "SIMULATED_ORG",
    "SIMULATED_PREFIX",
    "Ability",
    "Action",
    "Area",
    "AreaNorm",
    "AreaScore",
    "BlockActivity",
    "Competency",
    "CompetencyEstimate",
    "CompetencyScore",
    "ContentUnit",
    "CourseMap",
    "DiagnosisScore",
    "Event",
    "Firing",
    "Framework",
    "GroupMean",
    "Instrument",
    "Item",
    "ItemBank",
    "ItemFigures",
    "ItemParameters",
    "ItemStatistics",
    "LearnerActivity",
    "LearnerFacts",
    "Level",
    "LineAccount",
    "MissingAnswers",
    "Option",
    "OptionUse",
    "PairedChange",
    "QuarantinedLine",
    "Recommendation",
    "Scale",
    "Text",
    "is_simulated",
    "is_simulated_learner",
    "say",
    "say_day",
    "whole_percent",
]

#: Where each name of this door is at home, by module.
_HOMES = {
    "activity": (
        "BlockActivity",
        "LearnerActivity",
    ),
    "advice": (
        "Action",
        "Firing",
        "LearnerFacts",
        "Recommendation",
    ),
    "course": (
        "ContentUnit",
        "CourseMap",
    ),
    "events": (
        "Event",
        "LineAccount",
        "QuarantinedLine",
    ),
    "group": (
        "GroupMean",
        "ItemFigures",
        "ItemStatistics",
        "OptionUse",
        "PairedChange",
    ),
    "instruments": (
        "INSTRUMENT_KINDS",
        "ITEM_KINDS",
        "SEPARATOR",
        "Area",
        "AreaNorm",
        "Competency",
        "Framework",
        "Instrument",
        "Item",
        "Level",
        "MissingAnswers",
        "Option",
        "Scale",
    ),
    "irt": (
        "Ability",
        "ItemBank",
        "ItemParameters",
    ),
    "scores": (
        "AreaScore",
        "CompetencyEstimate",
        "CompetencyScore",
        "DiagnosisScore",
    ),
    "simulated": (
        "SIMULATED_ORG",
        "SIMULATED_PREFIX",
        "is_simulated",
        "is_simulated_learner",
    ),
    "text": (
        "LANGUAGES",
        "Text",
        "say",
        "say_day",
        "whole_percent",
    ),
}

__getattr__ = loader(__name__, _HOMES)
