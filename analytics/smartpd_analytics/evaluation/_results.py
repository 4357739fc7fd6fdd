"""What an evaluation finds, frozen. Figures that cannot be told are None: no spread, too few values, not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "Alpha",
    "Attrition",
    "Change",
    "Comparison",
    "Evaluation",
    "GroupResult",
    "GuessResult",
    "Interval",
    "ScaleResult",
    "WelchTest",
    "Wilcoxon",
]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wilcoxon:
    """The signed-rank test: ``statistic`` is the smaller sum of ranks, ``pairs`` those that differ.

    ``method`` is ``exact`` or ``normal`` (with the correction for ties, without one for continuity);
    ``rank_biserial`` is the difference of the sums of ranks divided by their total, -1 to 1.
    """

    statistic: float
    p: float
    pairs: int
    method: str
    rank_biserial: float


@dataclass(frozen=True, slots=True)
class Change:
    """Before and after for the same ``n`` learners, in points of the scale; ``difference`` is after minus before.

    ``percent_*`` are of the highest possible sum. ``gain`` is Hake's normalised gain of the class, ``mean_gain`` the
    mean of the ``gain_n`` individual ones (of those who could still gain). ``d_z`` is Cohen's d of paired differences,
    ``g`` the same without small-sample bias (Hedges), ``d_av`` the mean difference by the root mean square of both
    standard deviations.
    """

    n: int
    mean_before: float
    mean_after: float
    sd_before: float
    sd_after: float
    difference: Interval
    sd_difference: float
    correlation: float | None
    t: float | None
    df: int
    p: float | None
    wilcoxon: Wilcoxon | None
    d_z: Interval | None
    g: Interval | None
    d_av: float | None
    gain: float | None
    mean_gain: float | None
    gain_n: int
    percent_before: float
    percent_after: float
    percent_difference: Interval
    higher: int
    same: int
    lower: int
    #: p of the t test after Holm's correction over the tests of the same table.
    p_holm: float | None = None


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of ``items`` items over ``n`` learners who answered all, with Feldt's interval."""

    alpha: Interval
    items: int
    n: int


@dataclass(frozen=True, slots=True)
class WelchTest:
    """Two independent means: ``difference`` is of the first minus the second."""

    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    difference: Interval
    t: float
    df: float
    p: float
    g: float


@dataclass(frozen=True, slots=True)
class Attrition:
    """Who has a score at one time only, and whether those without a second one began differently.

    ``baseline`` compares the scores before of the matched learners (first) and of those lost (second); None where
    one of them is too small a group.
    """

    before: int
    after: int
    matched: int
    lost: int
    only_after: int
    baseline: WelchTest | None

    @property
    def share(self) -> float | None:
        """Share of those who began and have no score after."""
        return self.lost / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One group; ``change`` is None where the group is ``hidden`` or has too few pairs, and ``n`` with it."""

    name: str
    n: int | None
    change: Change | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms: changes compared (course first), and the mean after adjusted for that before (ANCOVA)."""

    control: str
    course: Change
    comparison: Change
    changes: WelchTest
    adjusted: Interval | None
    adjusted_p: float | None


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """A measure, or one of its areas (``area``); ``change`` is None where there are too few pairs."""

    id: str
    measure: str
    area: str
    least: float
    most: float
    parts: int
    change: Change | None
    attrition: Attrition
    alpha_before: Alpha | None
    alpha_after: Alpha | None
    groups: tuple[GroupResult, ...]
    comparison: Comparison | None
    #: (before, after) of the matched learners in per cent of the maximum, sorted: for pictures, without names.
    percents: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class GuessResult:
    """Guessed level against measured level; ``difference`` is in levels, above 0 where learners guess too high."""

    measure: str
    time: str
    n: int
    difference: Interval
    higher: int
    same: int
    lower: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole evaluation. ``titles``: scale id -> language -> title, for areas that a framework knows."""

    file: str
    learners: int
    smallest_group: int
    confidence: float
    simulated: bool
    encoding: str
    scales: tuple[ScaleResult, ...]
    guesses: tuple[GuessResult, ...]
    arms: Mapping[str, int]
    control: str
    titles: Mapping[str, Mapping[str, str]]
