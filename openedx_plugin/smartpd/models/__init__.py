"""The tables. Only tables of our own; the account is the one foreign key that leads out of them."""

from .advice import Recommendation
from .choices import AskedItems, Consent, Goal, StatedNeeds
from .content import ContentUnit, OwnInstrument
from .learner import (
    ActivitySnapshot,
    CompetencyEstimate,
    DiagnosisResult,
    DiagnosisUnderWay,
    Profile,
    ProgressMark,
)
from .refresh import RefreshLock
from .team import DiagnosisAnswers, TeamAct

__all__ = [
    "ActivitySnapshot",
    "AskedItems",
    "CompetencyEstimate",
    "Consent",
    "ContentUnit",
    "DiagnosisAnswers",
    "DiagnosisResult",
    "DiagnosisUnderWay",
    "Goal",
    "OwnInstrument",
    "Profile",
    "ProgressMark",
    "Recommendation",
    "RefreshLock",
    "StatedNeeds",
    "TeamAct",
]
