"""The card of a risk model, as a page and as JSON (Mitchell et al. 2019, Model Cards for Model Reporting)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from ..data import LANGUAGES
from ..data.prediction import SMALLEST_GROUP, Comparison, ModelCard, ModelRecord, Performance, Reason, Subgroup
from ..features import FEATURES
from .model_card_svg import auc_svg, calibration_svg
from .page import PageContent, bullets, figure, html_page, notice, paragraph, section, table
from .words import decimal, printable, words_in

__all__ = ["card_html", "card_json", "drift_words", "performance_name", "reason_words", "share_words"]

Gettext = Callable[[str], str]

#: Siddiqi (2006): below the first little has changed, from the second on much.
_SOME_DRIFT, _MUCH_DRIFT = 0.1, 0.25
_MOST_DRIFT_ROWS = 20
#: From this share of features on that have changed much, a prediction is not given without a word about it.
_ALARMING = 0.25


def card_json(card: ModelCard) -> str:
    """The card as one JSON object; suppressed figures are null."""
    return json.dumps(asdict(card), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def card_html(card: ModelCard, lang: str) -> str:
    """The card as one HTML file in all languages, ``lang`` first."""
    order = [lang, *(each for each in LANGUAGES if each != lang)]
    contents = [
        PageContent(each, words_in(each).gettext("Model card: risk of not completing"), _body(card, each))
        for each in order
    ]
    return html_page(contents, simulated=card.record.data.simulated)


def share_words(share: float | None, lang: str, digits: int = 0) -> str | None:
    """A share as per cent."""
    return None if share is None else f"{decimal(share * 100, lang, digits)}%"


def performance_name(each: Performance, lang: str) -> str:
    """What was measured, for people."""
    _ = words_in(lang).gettext
    if each.kind == "rule":
        return _("Rule: {feature}").format(feature=_feature(each.feature, lang))
    return _("Model") if each.kind == "model" else _("Logistic regression alone")


def reason_words(reason: Reason, lang: str) -> str:
    """Why rules are used, as a sentence."""
    _ = words_in(lang).gettext
    sentences = {
        "no_later_run": _("All course runs start on the same day: there is no later run to prove a model on."),
        "few_learners": _("The earlier runs have {found} learners with an outcome; {needed} are needed."),
        "few_later_learners": _("The latest runs have {found} learners with an outcome; {needed} are needed."),
        "one_outcome": _("The earlier runs have {found} learners with the rarer outcome; {needed} are needed."),
        "one_outcome_later": _("The latest runs have {found} learners with the rarer outcome; {needed} are needed."),
        "not_better": _("On the latest runs the model was not better than a simple rule beyond chance."),
    }
    return sentences[reason.code].format(found=f"{reason.found:.0f}", needed=f"{reason.needed:.0f}")


def drift_words(card: ModelCard, lang: str) -> str:
    """What is to be said of newer data before anybody acts on a prediction; empty where a quarter has not changed."""
    drift = card.drift or ()
    much = sum(each.psi >= _MUCH_DRIFT for each in drift)
    if not much or much < _ALARMING * len(drift):
        return ""
    words = words_in(lang).gettext(
        "{much} of {all} features have changed much since training: see smartpd model-card --features before anybody "
        "acts on this."
    )
    return words.format(much=much, all=len(drift))


def _body(card: ModelCard, lang: str) -> str:
    record = card.record
    return "".join(
        (
            _verdict(record, lang),
            _use(lang),
            _kind(lang),
            _data(record, lang),
            _later(record, lang),
            _calibration(record, lang),
            _groups(record.subgroups, lang),
            _levels(record, lang),
            _new_data(card, lang),
            _features(record, lang),
            _limits(lang),
            _made(record, lang),
        )
    )


def _verdict(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    if record.verdict == "model":
        return notice(_("The model is used: on later course runs it was better than every simple rule."))
    rule = ""
    if record.rule is not None:
        template = (
            _("The rule: {feature} of {threshold} or more.")
            if record.rule.above
            else _("The rule: {feature} of {threshold} or less.")
        )
        rule = template.format(
            feature=_feature(record.rule.feature, lang),
            threshold=_value(record.rule.feature, record.rule.threshold, lang),
        )
    said = [reason_words(reason, lang) for reason in record.reasons]
    return notice(_("Rules alone are used, no model.")) + bullets([*said, *([rule] if rule else [])])


def _use(lang: str) -> str:
    _ = words_in(lang).gettext
    return section(
        _("What it is for"),
        paragraph(
            _(
                "It estimates how likely a learner is not to complete the course, so that somebody can offer help in "
                "time. Each estimate comes with its interval, its reasons, and what one could do."
            )
        ),
        paragraph(
            _(
                "It is not for marks, admission, dismissal or any other decision about a person, and not for comparing "
                "teachers. Without an offer of help an estimate does no good."
            )
        ),
    )


def _kind(lang: str) -> str:
    _ = words_in(lang).gettext
    return section(
        _("How it estimates"),
        paragraph(
            _(
                "Gradient boosted decision trees and a regularised logistic regression, averaged on the scale of "
                "log-odds; then calibrated by Platt's method on course runs that were left out in turn. The 90% "
                "interval of an estimate comes from trainings on resampled learners. Where this is not better than a "
                "simple rule, the rule is used."
            )
        ),
    )


def _data(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    data = record.data
    facts = [
        (_("Learners"), data.learners),
        (_("Rows: a learner in a course on a day"), data.rows),
        (_("Did not complete"), share_words(data.positives / max(1, data.rows), lang, 1)),
        (_("Days of the features"), f"{data.first_day} – {data.last_day}"),
        (_("Rows without an outcome, left out"), data.without_outcome),
        (_("Outcomes without features"), data.without_features),
        (_("Rows of learners who had left the course, left out"), data.gone),
    ]
    last = max((run.block for run in data.runs), default=0)
    runs = [
        (
            printable(run.course_key),
            run.start,
            _("latest, for proof") if run.block == last and last else _("earlier"),
            run.n,
            share_words(run.positives / max(1, run.n), lang, 1),
        )
        for run in data.runs
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


def _later(record: ModelRecord, lang: str) -> str:
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
        _range(each.auc_low, each.auc_high, lang),
        decimal(each.brier, lang, 3),
        share_words(each.precision_top, lang, 1),
    ]


def _range(low: float | None, high: float | None, lang: str) -> str | None:
    return None if low is None or high is None else f"{decimal(low, lang, 3)} – {decimal(high, lang, 3)}"


def _comparison(each: Comparison, lang: str) -> str:
    _ = words_in(lang).gettext
    other = (
        _("the rule on {feature}").format(feature=_feature(each.feature, lang))
        if each.kind == "rule"
        else _("the logistic regression alone")
    )
    return _("AUC of the model minus that of {other}: {difference} (95% interval {low} to {high}).").format(
        other=other,
        difference=decimal(each.difference, lang, 3),
        low=decimal(each.low, lang, 3),
        high=decimal(each.high, lang, 3),
    )


def _calibration(record: ModelRecord, lang: str) -> str:
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


def _groups(groups: Sequence[Subgroup], lang: str) -> str:
    _ = words_in(lang).gettext
    if not groups:
        return section(
            _("Groups of learners"),
            paragraph(_("The site gave no groups, so nothing is known about differences between groups.")),
        )
    rows: list[list[object]] = []
    for each in groups:
        name = f"{printable(each.column)}: {_group(each, lang)}"
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
                _range(each.auc_low, each.auc_high, lang),
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


def _group(each: Subgroup, lang: str) -> str:
    _ = words_in(lang).gettext
    if each.groups > 1:
        return _("{n} groups together").format(n=each.groups)
    return printable(each.value) or _("not given")


def _levels(record: ModelRecord, lang: str) -> str:
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


def _new_data(card: ModelCard, lang: str) -> str:
    _ = words_in(lang).gettext
    if card.drift is None:
        return section(
            _("Change since training"),
            paragraph(_("No newer data was given. Make this card again with the features of a new run to see it.")),
        )
    rows = [
        (
            _feature(each.name, lang),
            _("much") if each.psi >= _MUCH_DRIFT else _("some") if each.psi >= _SOME_DRIFT else _("little"),
            decimal(each.psi, lang, 3),
            share_words(each.missing_then, lang),
            share_words(each.missing_now, lang),
        )
        for each in card.drift[:_MOST_DRIFT_ROWS]
    ]
    much = sum(each.psi >= _MUCH_DRIFT for each in card.drift)
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


def _features(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    why = {
        "demographic": _("about the person"),
        "constant": _("the same for everybody"),
        "excluded": _("left out on request"),
        "text": _("no number"),
    }
    left = [f"{_feature(name, lang)}: {why[reason]}" for name, reason in record.left_out]
    return section(
        _("Features"),
        paragraph(_("The model knows {count} features of the learning on a day:").format(count=len(record.features))),
        paragraph(", ".join(_feature(name, lang) for name in record.features) + "."),
        paragraph(_("Left out:")) + bullets(left) if left else "",
    )


def _limits(lang: str) -> str:
    _ = words_in(lang).gettext
    return section(
        _("Limits"),
        bullets(
            [
                _("The reasons of an estimate say what weighs in it, not what causes the outcome."),
                _(
                    "A course that is unlike those in training can be estimated wrongly; watch the change since "
                    "training."
                ),
                _("Learners who were helped because of an estimate change the data from which the next model learns."),
                _(
                    "The interval of an estimate tells how much it depends on who was in training, not what else may "
                    "happen."
                ),
                _("Data gaps, such as study outside the platform, look like silence."),
            ]
        ),
    )


def _made(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    rows = [
        (_("Seed"), str(record.seed)),
        (_("Version of the model file"), str(record.schema)),
        (_("Fingerprint of the features (SHA-256)"), record.data.features_fingerprint),
        (_("Fingerprint of the outcomes (SHA-256)"), record.data.outcomes_fingerprint),
        *((name, version) for name, version in record.versions),
    ]
    return section(_("How it was made"), table(_("To make it again"), [_("What"), _("Value")], rows, words=2))


_WORDS = {feature.name: feature.words for feature in FEATURES}
_UNITS = {feature.name: feature.unit for feature in FEATURES}


def _feature(name: str, lang: str) -> str:
    words = _WORDS.get(name)
    return words[lang] if words else printable(name).replace("_", " ")


def _value(name: str, value: float, lang: str) -> str:
    """A value of a feature: a share as per cent, whole numbers without decimals."""
    if _UNITS.get(name) == "share" or name.endswith("_share"):
        return f"{decimal(value * 100, lang, 0)}%"
    return decimal(value, lang, 0 if value == round(value) else 2)
