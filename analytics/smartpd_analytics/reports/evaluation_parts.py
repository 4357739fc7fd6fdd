"""The sections of the evaluation's page that hold tables alone: who is counted, groups, comparison, reliability."""

from __future__ import annotations

from ..evaluation import Evaluation, ScaleResult
from .charts import ForestRow, forest_svg
from .evaluation_words import Figures
from .page import bullets, figure, paragraph, section, table

__all__ = ["alpha_part", "attrition_part", "comparison_part", "group_parts", "guess_part", "reading_part"]


def attrition_part(evaluation: Evaluation, words: Figures) -> str:
    """Who has one score, who has both, and how those without a second one had begun."""
    _ = words._
    measures = [scale for scale in evaluation.scales if not scale.area]
    rows = []
    for scale in measures:
        found = scale.attrition
        share = found.share
        rows.append(
            [
                words.title(scale),
                found.before,
                found.after,
                found.matched,
                found.lost,
                words.percent(None if share is None else share * 100, 0),
                found.only_after,
            ]
        )
    head = [
        _("Scale"), _("Score before"), _("Score after"), _("Both"), _("Before only"), _("Lost, of those before"),
        _("After only"),
    ]  # fmt: skip
    lines = []
    for scale in measures:
        baseline = scale.attrition.baseline
        if baseline is None:
            continue
        lines.append(
            _(
                "{scale}: those without a second score had begun at {lost} points on average, those with both at "
                "{stayed} "
                "(difference {difference}, p {p})."
            ).format(
                scale=words.title(scale),
                lost=words.number(baseline.mean_second),
                stayed=words.number(baseline.mean_first),
                difference=words.interval(baseline.difference),
                p=words.p(baseline.p),
            )
        )
    told = paragraph(_("Only learners with both scores count in the figures of this page."))
    caution = paragraph(
        _("Where those who left had begun differently, the figures speak of those who stayed, not of all who began.")
    )
    return section(
        _("Who is counted"),
        told,
        table(_("Scores before and after"), head, rows),
        bullets(lines),
        caution if lines else "",
    )


def group_parts(evaluation: Evaluation, words: Figures) -> str:
    """Groups in each measure; their areas stand in the CSV file."""
    _ = words._
    parts = []
    for scale in evaluation.scales:
        if scale.area or not scale.groups:
            continue
        parts.append(_groups(scale, words))
    if not parts:
        return ""
    told = _(
        "Groups of fewer than {n} learners are not shown, nor a group from which the figures of a hidden one could be "
        "worked out. Groups differ in many things; a difference between them does not tell its reason."
    ).format(n=evaluation.smallest_group)
    return section(_("By group"), paragraph(told), *parts)


def _groups(scale: ScaleResult, words: Figures) -> str:
    _ = words._
    rows: list[list[object]] = []
    forest = []
    for group in scale.groups:
        name = group.name or _("without a group")
        change = group.change
        if change is None:
            rows.append([name, _("not shown") if group.hidden else group.n, *[None] * 5])
            continue
        rows.append(
            [
                name,
                change.n,
                words.percent(change.percent_before),
                words.percent(change.percent_after),
                words.interval(change.difference),
                words.interval(change.g),
                words.p(change.p_holm),
            ]
        )
        if change.g:
            g = change.g
            forest.append(ForestRow(name, g.value, g.low, g.high, words.interval(g)))
    head = [
        _("Group"), _("Learners with both"), _("Before, % of maximum"), _("After, % of maximum"),
        _("Mean difference [interval]"), _("Hedges' g [interval]"), _("p after Holm"),
    ]  # fmt: skip
    found = table(words.title(scale), head, rows)
    if len(forest) > 1:
        title = _("{scale}: effect sizes by group").format(scale=words.title(scale))
        told = "; ".join(f"{row.label}: {row.figures}" for row in forest)
        axis = _("Hedges' g with its confidence interval")
        found += figure(forest_svg(forest, title=title, description=told, axis=axis), title)
    return found


def comparison_part(evaluation: Evaluation, words: Figures) -> str:
    """The course's arm against the comparison group."""
    _ = words._
    rows = []
    for scale in evaluation.scales:
        found = scale.comparison
        if found is None:
            continue
        rows.append(
            [
                words.title(scale),
                f"{found.course.n} / {found.comparison.n}",
                words.interval(found.course.difference),
                words.interval(found.comparison.difference),
                words.interval(found.changes.difference),
                words.p(found.changes.p),
                words.interval(found.adjusted),
                words.p(found.adjusted_p),
            ]
        )
    if not evaluation.control:
        return ""
    if not rows:
        told = _("The comparison group has too few learners with both scores to be shown.")
        return section(_("Against the comparison group"), paragraph(told))
    head = [
        _("Scale"), _("Learners: course / comparison"), _("Change in the course"), _("Change without the course"),
        _("Difference of the changes"), _("p"), _("After, at equal scores before (ANCOVA)"), _("p"),
    ]  # fmt: skip
    told = _("All other sections are about those who took the course.")
    return section(
        _("Against the comparison group"), paragraph(told), table(_("Differences in change, in points"), head, rows)
    )


def guess_part(evaluation: Evaluation, words: Figures) -> str:
    """What learners thought their level was, against what the answers give."""
    _ = words._
    if not evaluation.guesses:
        return ""
    times = {"pre": _("before"), "post": _("after")}
    rows = [
        [
            f"{words.measure(guess.measure)}, {times[guess.time]}",
            guess.n,
            words.percent(100 * guess.same / guess.n, 0),
            words.percent(100 * guess.higher / guess.n, 0),
            words.percent(100 * guess.lower / guess.n, 0),
            words.interval(guess.difference),
        ]
        for guess in evaluation.guesses
    ]
    head = [
        _("Scale"), _("Learners who guessed"), _("Same level"), _("Guessed higher"), _("Guessed lower"),
        _("Mean difference in levels [interval]"),
    ]  # fmt: skip
    told = _(
        "Learners guessed their level before they answered. Above 0 they thought more of themselves than the result."
    )
    return section(_("Guessed and measured level"), paragraph(told), table(_("Guess against result"), head, rows))


def alpha_part(evaluation: Evaluation, words: Figures) -> str:
    """Reliability of the scales whose items are in the file."""
    _ = words._
    rows = [
        [
            words.title(scale),
            scale.parts,
            words.interval(scale.alpha_before.alpha if scale.alpha_before else None),
            words.interval(scale.alpha_after.alpha if scale.alpha_after else None),
        ]
        for scale in evaluation.scales
        if scale.alpha_before or scale.alpha_after
    ]
    if not rows:
        return ""
    head = [_("Scale"), _("Items"), _("Cronbach's alpha before [interval]"), _("Cronbach's alpha after [interval]")]
    told = _(
        "From about 0.7 on, a scale is commonly held to be dependable enough for the mean of a group. Three "
        "to five items seldom are for a single learner."
    )
    return section(_("Reliability"), paragraph(told), table(_("Cronbach's alpha"), head, rows))


def reading_part(evaluation: Evaluation, words: Figures) -> str:
    """What the figures are, in plain words."""
    _ = words._
    lines = [
        _(
            "Per cent of maximum: the score divided by the highest possible one. Where the lowest answer is 1, "
            "the lowest possible value is not 0%."
        ),
        _("Interval in brackets: the confidence interval ({confidence}).").format(
            confidence=words.percent(evaluation.confidence * 100, 0)
        ),
        _(
            "d_z: the mean difference divided by the standard deviation of the differences. Hedges' g is the "
            "same, corrected for small numbers of learners."
        ),
        _(
            "Normalised gain (Hake): the share of what could still be gained that was gained; up to 0.3 is called"
            " low, from 0.7 on high."
        ),
        _(
            "p after Holm: corrected for the number of tests in the same family: the measures, the areas, or the "
            "groups of one scale."
        ),
        _("Wilcoxon test: compares ranks and does not need differences that are normally distributed."),
    ]
    return section(_("How to read the figures"), bullets(lines))
