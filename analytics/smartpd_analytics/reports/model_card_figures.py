"""The parts of a model's card with figures: tables and pictures of its data and of how good it is."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.prediction import SMALLEST_GROUP, Comparison, ModelCard, ModelRecord, Performance, Subgroup
from .model_card_svg import auc_svg, calibration_svg
from .model_card_words import (
    MUCH_DRIFT,
    feature_name,
    group_name,
    performance_name,
    range_words,
    share_words,
)
from .page import bullets, figure, notice, paragraph, section, table
from .words import decimal, printable, words_in

__all__ = ["calibration", "data", "groups", "later_runs", "levels", "new_data"]

#: Siddiqi (2006): below it little has changed.
_SOME_DRIFT = 0.1
_MOST_DRIFT_ROWS = 20


def data(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    learnt = record.data
    facts = [
        (_("Learners"), learnt.learners),
        (_("Rows: a learner in a course on a day"), learnt.rows),
        (_("Did not complete"), share_words(learnt.positives / max(1, learnt.rows), lang, 1)),
        (_("Days of the features"), f"{learnt.first_day} – {learnt.last_day}"),
        (_("Rows without an outcome, left out"), learnt.without_outcome),
        (_("Outcomes without features"), learnt.without_features),
        (_("Rows of learners who had left the course, left out"), learnt.gone),
    ]
    last = max((run.block for run in learnt.runs), default=0)
    runs = [
        (
            printable(run.course_key),
            run.start,
            _("latest, for proof") if run.block == last and last else _("earlier"),
            run.n,
            share_words(run.positives / max(1, run.n), lang, 1),
        )
        for run in learnt.runs
    ]
    return section(
        _("Data"),
        table(_("What was learnt from"), [_("What"), _("Figure")], facts),
        table(
            _("Course runs in the order of time"),
            [_("Course run"), _("First day"), _("Part"), _("Rows"), _("Did not complete")],
            runs,
            words=3,
        ),
    )


def later_runs(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    if not record.performances:
        return ""
    rows = [_figures(performance_name(each, lang), each, lang) for each in record.performances]
    known = [
        (
            f"{performance_name(each, lang)}: {decimal(each.auc, lang, 3)}",
            each.auc,
            each.auc_low or 0.0,
            each.auc_high or 1.0,
        )
        for each in record.performances
        if each.auc is not None
    ]
    title = _("AUC on the latest runs, with 95% intervals")
    parts = [
        paragraph(
            _(
                "Learnt from the earlier runs alone, then compared with what became of the learners of the latest "
                "runs. Rows are never shuffled."
            )
        ),
        table(_("On the latest runs"), _heads(lang), rows),
        figure(
            auc_svg(
                known,
                title=title,
                description="; ".join(row[0] for row in known),
                tick=lambda value: decimal(value, lang),
            ),
            title,
        ),
        bullets([_comparison(each, lang) for each in record.comparisons]),
    ]
    if record.earlier:
        earlier = [
            _figures(_("Step {number}").format(number=number), each, lang)
            for number, each in enumerate(record.earlier, 1)
        ]
        parts.append(table(_("The model on the steps before, in the order of time"), _heads(lang), earlier))
    parts.append(
        paragraph(
            _(
                "AUC: how often, of one learner who completed and one who did not, the second had the higher risk; 0.5 "
                "is chance. Brier: mean squared error of the probability, 0 is best. Precision at the top 20%: of the "
                "fifth with the highest risk, the share that did not complete."
            )
        )
    )
    return section(_("How good it is on later course runs"), *parts)


def _heads(lang: str) -> list[str]:
    _ = words_in(lang).gettext
    return [
        _("What"),
        _("Rows"),
        _("Did not complete"),
        "AUC",
        _("95% interval"),
        _("Brier score"),
        _("Precision at the top 20%"),
    ]


def _figures(name: str, each: Performance, lang: str) -> list[object]:
    return [
        name,
        each.n,
        share_words(each.positives / max(1, each.n), lang, 1),
        None if each.auc is None else decimal(each.auc, lang, 3),
        range_words(each.auc_low, each.auc_high, lang),
        decimal(each.brier, lang, 3),
        share_words(each.precision_top, lang, 1),
    ]


def _comparison(each: Comparison, lang: str) -> str:
    _ = words_in(lang).gettext
    other = (
        _("the rule on {feature}").format(feature=feature_name(each.feature, lang))
        if each.kind == "rule"
        else _("the logistic regression alone")
    )
    return _("AUC of the model minus that of {other}: {difference} (95% interval {low} to {high}).").format(
        other=other,
        difference=decimal(each.difference, lang, 3),
        low=decimal(each.low, lang, 3),
        high=decimal(each.high, lang, 3),
    )


def calibration(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    model = next((each for each in record.performances if each.kind == "model"), None)
    if model is None:
        return ""
    rows = [
        (str(number), each.n, share_words(each.predicted, lang, 1), share_words(each.observed, lang, 1))
        for number, each in enumerate(model.calibration, 1)
    ]
    said = "; ".join(f"{row[2]} → {row[3]}" for row in rows)
    title = _("Predicted and observed shares on the latest runs")
    picture = calibration_svg(
        model.calibration,
        title=title,
        description=_("Predicted and then observed, from the lowest risk to the highest: {pairs}.").format(pairs=said),
        x_label=_("Predicted: does not complete"),
        y_label=_("Observed"),
    )
    return section(
        _("Calibration"),
        paragraph(
            _("Of learners with a predicted risk of 30%, 30 of 100 should not complete: dots on the dashed line.")
        ),
        figure(picture, title),
        table(title, [_("Group by risk"), _("Rows"), _("Predicted"), _("Observed")], rows),
    )


def groups(found: Sequence[Subgroup], lang: str) -> str:
    _ = words_in(lang).gettext
    if not found:
        return section(
            _("Groups of learners"),
            paragraph(_("The site gave no groups, so nothing is known about differences between groups.")),
        )
    rows: list[list[object]] = []
    for each in found:
        name = f"{printable(each.column)}: {group_name(each, lang)}"
        if each.suppressed:
            rows.append([name, _("too few"), None, None, None, None, None])
            continue
        rows.append(
            [
                name,
                each.n,
                share_words(each.predicted, lang, 1),
                share_words(each.observed, lang, 1),
                None if each.auc is None else decimal(each.auc, lang, 3),
                range_words(each.auc_low, each.auc_high, lang),
                None if each.brier is None else decimal(each.brier, lang, 3),
            ]
        )
    return section(
        _("Groups of learners"),
        table(
            _("The model on the latest runs, by group"),
            [_("Group"), _("Learners"), _("Predicted"), _("Observed"), "AUC", _("95% interval"), _("Brier score")],
            rows,
        ),
        paragraph(
            _(
                "Groups with fewer than {n} learners are shown together only, with the next larger one where they "
                "could be worked out else. Groups are used for this table alone, the model does not know them."
            ).format(n=SMALLEST_GROUP)
        ),
    )


def levels(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    level = record.level
    if level is None:
        return ""
    rows = [
        (_("Learners with an exit level on the latest runs"), level.n),
        (_("Mean absolute error"), share_words(level.error, lang, 1)),
        (_("The same when everyone gets the mean of the earlier runs"), share_words(level.baseline_error, lang, 1)),
        (_("Exit levels inside their 90% interval"), share_words(level.coverage, lang, 1)),
    ]
    return section(
        _("Expected exit level of those who complete"),
        ""
        if level.better
        else notice(_("No exit level is estimated: that was not better than the mean beyond chance.")),
        table(_("On the latest runs"), [_("What"), _("Figure")], rows),
    )


def new_data(card: ModelCard, lang: str) -> str:
    _ = words_in(lang).gettext
    if card.drift is None:
        return section(
            _("Change since training"),
            paragraph(_("No newer data was given. Make this card again with the features of a new run to see it.")),
        )
    rows = [
        (
            feature_name(each.name, lang),
            _("much") if each.psi >= MUCH_DRIFT else _("some") if each.psi >= _SOME_DRIFT else _("little"),
            decimal(each.psi, lang, 3),
            share_words(each.missing_then, lang),
            share_words(each.missing_now, lang),
        )
        for each in card.drift[:_MOST_DRIFT_ROWS]
    ]
    much = sum(each.psi >= MUCH_DRIFT for each in card.drift)
    said = _("{much} of {all} features have changed much; rows of new data: {rows}.").format(
        much=much, all=len(card.drift), rows=card.drift_rows
    )
    parts = [
        notice(said) if much else paragraph(said),
        table(
            _("Features that have changed most"),
            [_("Feature"), _("Change"), "PSI", _("Missing in training"), _("Missing now")],
            rows,
            words=2,
        ),
        paragraph(
            _(
                "PSI: population stability index, against rows of training from the same time of a course; below 0.1 "
                "little has changed, from 0.25 on much. Train again when important features have changed much."
            )
        ),
    ]
    if card.now is not None:
        parts.append(
            table(_("On the new data"), _heads(lang), [_figures(performance_name(card.now, lang), card.now, lang)])
        )
    return section(_("Change since training"), *parts)
