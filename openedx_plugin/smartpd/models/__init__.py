"""The tables. Only tables of our own; the account is the one foreign key that leads out of them."""

from .advice import Recommendation
from .content import ContentUnit
from .learner import ActivitySnapshot, CompetencyEstimate, DiagnosisResult, Profile, ProgressMark
from .refresh import RefreshLock
from .team import DiagnosisAnswers, TeamAct

__all__ = [
    "ActivitySnapshot",
    "CompetencyEstimate",
    "ContentUnit",
    "DiagnosisAnswers",
    "DiagnosisResult",
    "Profile",
    "ProgressMark",
    "Recommendation",
    "RefreshLock",
    "TeamAct",
]
