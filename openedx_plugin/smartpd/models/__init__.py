"""The tables. Only tables of our own; the account is the one foreign key that leads out of them."""

from .advice import Recommendation
from .content import ContentUnit, OwnInstrument
from .learner import ActivitySnapshot, CompetencyEstimate, DiagnosisResult, Profile, ProgressMark
from .refresh import RefreshLock

__all__ = [
    "ActivitySnapshot",
    "CompetencyEstimate",
    "ContentUnit",
    "DiagnosisResult",
    "OwnInstrument",
    "Profile",
    "ProgressMark",
    "Recommendation",
    "RefreshLock",
]
