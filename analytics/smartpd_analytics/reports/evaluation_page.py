"""The report of an evaluation as one HTML page in one language or several.

It says what changed, never why: without a comparison group no word of cause stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..data import LANGUAGES
from ..evaluation import Evaluation, ScaleResult
from .charts import ForestRow, forest_svg, histogram_svg, ladder_svg
from .evaluation_parts import alpha_part, attrition_part, comparison_part, group_parts, guess_part, reading_part
from .evaluation_words import Figures
from .page import PageContent, figure, html_page, notice, paragraph, section, table
from .svg import radar_svg

__all__ = ["evaluation_page"]


def evaluation_page(evaluation: Evaluation, languages: Sequence[str] = LANGUAGES) -> str:
    """A self-contained HTML document; the first of ``languages`` is shown first."""
    contents = []
    for lang in languages:
        words = Figures(evaluation, lang)
        contents.append(
            PageContent(lang, words._("Before and after: what changed in a cohort"), _body(evaluation, words))
        )
    return html_page(contents, simulated=evaluation.simulated)


def _body(evaluation: Evaluation, words: Figures) -> str:
    _ = words._
    measures = [scale for scale in evaluation.scales if not scale.area and scale.change]
    parts = [_summary(evaluation, measures, words), attrition_part(evaluation, words)]
    parts.append(section(_("Change by scale"), _means(evaluation.scales, words), _tests(evaluation, words)))
    for measure in measures:
        areas = [scale for scale in evaluation.scales if scale.measure == measure.measure and scale.area]
        shown = [scale for scale in areas if scale.change]
        pictures = [*_pictures(measure, words), *([_profile(measure, areas, words)] if len(shown) > 2 else [])]
        parts.append(section(words.title(measure), *pictures))
    parts.append(_forest(evaluation, words))
    parts += [
        group_parts(evaluation, words),
        comparison_part(evaluation, words),
        guess_part(evaluation, words),
        alpha_part(evaluation, words),
        reading_part(evaluation, words),
    ]
    return "".join(parts)


def _summary(evaluation: Evaluation, measures: Sequence[ScaleResult], words: Figures) -> str:
    _ = words._
    lines = []
    for measure in measures:
        change = measure.change
        assert change  # noqa: S101
        told = _(
            "{measure}: {before} of the maximum before, {after} after; {n} learners have both scores. The mean changed "
            "by {change} percentage points ({confidence} confidence interval: {range})."
        ).format(
            measure=words.title(measure),
            before=words.percent(change.percent_before),
            after=words.percent(change.percent_after),
            n=change.n,
            change=words.signed(change.percent_difference.value),
            confidence=words.percent(evaluation.confidence * 100, 0),
            range=words.range(change.percent_difference, 1),
        )
        lines.append(paragraph(told))
    return section(_("In short"), *lines, notice(_caution(evaluation, words)))


def _caution(evaluation: Evaluation, words: Figures) -> str:
    _ = words._
    if evaluation.control:
        return _(
            "The figures compare those who took the course with those who did not. Unless chance decided who "
            "belongs to which group, the groups may differ in more than the course."
        )
    return _(
        "There is no comparison group. The figures say how much changed, not why: a second answer to the same "
        "questions, other learning in these weeks and who stayed to the end can change a mean as well."
    )


def _means(scales: Sequence[ScaleResult], words: Figures) -> str:
    _ = words._
    rows = []
    for scale in scales:
        change = scale.change
        if change is None:
            rows.append([words.title(scale), scale.attrition.matched, *[None] * 6])
            continue
        rows.append(
            [
                words.title(scale),
                change.n,
                words.number(change.mean_before),
                words.number(change.mean_after),
                words.percent(change.percent_before),
                words.percent(change.percent_after),
                words.interval(change.difference),
                words.number(change.gain),
            ]
        )
    head = [
        _("Scale"), _("Learners with both"), _("Mean before"), _("Mean after"), _("Before, % of maximum"),
        _("After, % of maximum"), _("Mean difference [interval]"), _("Normalised gain"),
    ]  # fmt: skip
    return table(_("Means of the learners with both scores"), head, rows)


def _tests(evaluation: Evaluation, words: Figures) -> str:
    _ = words._
    rows = []
    for scale in evaluation.scales:
        change = scale.change
        if change is None:
            continue
        ranks = change.wilcoxon
        rows.append(
            [
                words.title(scale),
                f"{words.number(change.t)} ({change.df})" if change.t is not None else None,
                words.p(change.p),
                words.p(change.p_holm),
                words.p(ranks.p if ranks else None),
                words.interval(change.d_z),
                words.interval(change.g),
                f"{change.higher} / {change.same} / {change.lower}",
            ]
        )
    head = [
        _("Scale"), _("t (degrees of freedom)"), _("p"), _("p after Holm"), _("p of the Wilcoxon test"),
        _("Cohen's d_z [interval]"), _("Hedges' g [interval]"), _("Higher / same / lower"),
    ]  # fmt: skip
    return table(_("Tests and effect sizes"), head, rows)


def _pictures(scale: ScaleResult, words: Figures) -> list[str]:
    _ = words._
    change = scale.change
    assert change  # noqa: S101
    title = words.title(scale)
    before, after = _("before"), _("after")
    ladder = ladder_svg(
        scale.percents,
        title=_("{scale}: change of each learner").format(scale=title),
        description=_(
            "Lines from the score before to the score after, in per cent of the maximum: {higher} learners went up, "
            "{same} stayed, {lower} went down. The mean went from {before} to {after}."
        ).format(
            higher=change.higher,
            same=change.same,
            lower=change.lower,
            before=words.percent(change.percent_before),
            after=words.percent(change.percent_after),
        ),
        before=before,
        after=after,
    )
    histogram = histogram_svg(
        [pair[0] for pair in scale.percents],
        [pair[1] for pair in scale.percents],
        title=_("{scale}: distribution before and after").format(scale=title),
        description=_(
            "Number of learners in each tenth of the scale. At or above half of the maximum were {before} of {n} "
            "learners before and {after} after."
        ).format(
            before=sum(pair[0] >= 50 for pair in scale.percents),
            after=sum(pair[1] >= 50 for pair in scale.percents),
            n=change.n,
        ),
        words=(before, after, _("learners, by per cent of the maximum")),
    )
    return [
        figure(
            ladder,
            _(
                "Thin lines are learners, or the mean of several where there are many: solid up, dashed down. The "
                "thick line is the mean."
            ),
        ),
        figure(histogram, _("Hatched bars: before. Solid bars: after.")),
    ]


def _profile(measure: ScaleResult, areas: Sequence[ScaleResult], words: Figures) -> str:
    _ = words._
    axes = []
    told = []
    for area in areas:
        if area.change:
            before, after = area.change.percent_before, area.change.percent_after
            axes.append((words.title(area), after / 100, before / 100))
            told.append(f"{words.title(area)}: {words.percent(before, 0)} \u2192 {words.percent(after, 0)}")
    title = _("{scale}: profile by area").format(scale=words.title(measure))
    picture = radar_svg(axes, title=title, description="; ".join(told), size=360)
    return figure(picture, _("● after, ◇ before, in per cent of the maximum of each area."))


def _forest(evaluation: Evaluation, words: Figures) -> str:
    _ = words._
    rows = [
        ForestRow(words.title(scale), g.value, g.low, g.high, words.interval(g))
        for scale in evaluation.scales
        if scale.change and (g := scale.change.g)
    ]
    if not rows:
        return ""
    told = "; ".join(f"{row.label}: {row.figures}" for row in rows)
    axis = _("Hedges' g with its confidence interval")
    picture = forest_svg(rows, title=_("Effect sizes"), description=told, axis=axis)
    caption = _("An interval that does not touch the dashed line at 0 leaves little doubt that the mean changed.")
    return section(_("Effect sizes"), figure(picture, caption))
