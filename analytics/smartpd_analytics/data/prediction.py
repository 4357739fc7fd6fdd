"""Risk of not completing: what a model says of one learner, and what is known of the model.

Every figure here is a number or None where it cannot be computed; no figure of a suppressed group is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from .text import Text

__all__ = [
    "SMALLEST_GROUP",
    "CalibrationBin",
    "Comparison",
    "DataSummary",
    "Drift",
    "FeatureProfile",
    "LevelPerformance",
    "ModelCard",
    "ModelRecord",
    "Performance",
    "Reason",
    "RiskFactor",
    "RiskPrediction",
    "RulePlan",
    "RunSummary",
    "Stage",
    "Subgroup",
]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Learners with a like probability: what was predicted for them on average, and what became of them (shares)."""

    predicted: float
    observed: float
    n: int


@dataclass(frozen=True, slots=True)
class Performance:
    """How well something told beforehand who would not complete.

    ``kind`` is ``model``, ``logistic`` or ``rule``; ``feature`` is the single column of a rule. ``n`` counts rows,
    ``positives`` those who did not complete. ``auc`` comes with its 95% interval from resampled learners;
    ``precision_top`` is the share of those who did not complete among the 20% with the highest risk.
    """

    kind: str
    feature: str
    n: int
    positives: int
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    brier: float
    precision_top: float
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """AUC of the model minus that of a baseline on the same later runs, with its 95% interval."""

    kind: str
    feature: str
    difference: float
    low: float
    high: float


#: Groups with fewer learners are not shown alone.
SMALLEST_GROUP = 20


@dataclass(frozen=True, slots=True)
class Subgroup:
    """Figures of one group on the later runs, or of the ``groups`` together that must not be shown alone.

    ``value`` is empty for learners of whom the site said none, and for several groups, whose names are not kept. All
    figures are None where even these together are too few.
    """

    column: str
    value: str
    groups: int
    n: int | None
    predicted: float | None
    observed: float | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    brier: float | None

    @property
    def suppressed(self) -> bool:
        """Whether the group is too small to be shown."""
        return self.n is None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One course run: its start (ISO day), its rows, and in which block of the order of time it lies (from 0)."""

    course_key: str
    start: str
    block: int
    n: int
    positives: int


@dataclass(frozen=True, slots=True)
class LevelPerformance:
    """Expected exit level (shares) on later runs: mean absolute errors of the model and of the earlier runs' mean."""

    n: int
    error: float
    baseline_error: float
    coverage: float
    better: bool


@dataclass(frozen=True, slots=True)
class FeatureProfile:
    """What a column looked like in training: ``edges`` cut its values into ``shares``; ``missing`` is a share."""

    name: str
    median: float
    edges: tuple[float, ...]
    shares: tuple[float, ...]
    missing: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Rows of training from about the same time of a course: ``age`` in days, and for each profile in their order the
    shares in its bins and the share missing."""

    age: float
    rows: int
    shares: tuple[tuple[float, ...], ...]
    missing: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a column has moved since training: population stability index, and the shares missing then and now.

    ``then`` is of rows of training from like times of a course.
    """

    name: str
    psi: float
    missing_then: float
    missing_now: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rules are used instead of a model: a code and its two numbers (what there is, what is needed)."""

    code: str
    found: float
    needed: float


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The rule used where no model is: a learner is flagged at ``threshold`` and beyond it (``above`` or below)."""

    feature: str
    above: bool
    threshold: float


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What was learnt from. Days are ISO dates; fingerprints are SHA-256 of the table that was read.

    ``gone`` are rows of learners who had left the course by that day, which are not learnt from.
    """

    rows: int
    learners: int
    positives: int
    runs: tuple[RunSummary, ...]
    first_day: str
    last_day: str
    without_outcome: int
    without_features: int
    gone: int
    features_fingerprint: str
    outcomes_fingerprint: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """All that a model file tells beside the estimators themselves; this is what a model card shows.

    ``verdict`` is ``model`` or ``rules``. ``left_out`` are (column, why) with why one of ``demographic``, ``constant``,
    ``excluded``, ``text``. ``performances`` are on the latest block of runs, ``earlier`` the model's on each
    block before it, both by models that had seen only runs before these.
    """

    schema: int
    verdict: str
    reasons: tuple[Reason, ...]
    seed: int
    features: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    data: DataSummary
    rule: RulePlan | None
    performances: tuple[Performance, ...]
    comparisons: tuple[Comparison, ...]
    earlier: tuple[Performance, ...]
    subgroups: tuple[Subgroup, ...]
    level: LevelPerformance | None
    profiles: tuple[FeatureProfile, ...]
    stages: tuple[Stage, ...]
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model's record, and, where newer data was given, its drift and (with outcomes) its figures there."""

    record: ModelRecord
    drift: tuple[Drift, ...] | None = None
    drift_rows: int = 0
    now: Performance | None = None


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One reason of an estimate, against the typical learner of the training data.

    ``effect`` is by how much it alone would change the typical learner's probability (-1..1), above 0 where it raises
    the risk. ``value`` and
    ``typical`` are None where not known. ``words`` say it, ``action`` says what one could do about it.
    """

    feature: str
    family: str
    effect: float
    value: float | None
    typical: float | None
    words: Text
    action: Text


@dataclass(frozen=True, slots=True)
class RiskPrediction:
    """What is expected of one learner in one course.

    ``probability`` of not completing (0..1) with its 90% interval, None where only rules are used; ``flagged`` is
    what the rule says (None where its column is missing). ``level`` is the expected exit level (0..1) with its 90%
    interval, None where no levels were learnt. ``factors`` are at most three, the weightiest first.
    """

    course_key: str
    learner: str
    as_of: str
    probability: float | None
    low: float | None
    high: float | None
    flagged: bool | None
    level: float | None
    level_low: float | None
    level_high: float | None
    factors: tuple[RiskFactor, ...]
