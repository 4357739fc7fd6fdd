"""The parts of a model's card in words: what it is for, how it estimates, its features and limits."""

from __future__ import annotations

from ..data.prediction import ModelRecord
from .model_card_words import feature_name, feature_value, reason_words
from .page import bullets, notice, paragraph, section, table
from .words import words_in

__all__ = ["features", "kind", "limits", "made", "use", "verdict"]


def verdict(record: ModelRecord, lang: str) -> str:
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
            feature=feature_name(record.rule.feature, lang),
            threshold=feature_value(record.rule.feature, record.rule.threshold, lang),
        )
    said = [reason_words(reason, lang) for reason in record.reasons]
    return notice(_("Rules alone are used, no model.")) + bullets([*said, *([rule] if rule else [])])


def use(lang: str) -> str:
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


def kind(lang: str) -> str:
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


def features(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    why = {
        "demographic": _("about the person"),
        "constant": _("the same for everybody"),
        "excluded": _("left out on request"),
        "text": _("no number"),
    }
    left = [f"{feature_name(name, lang)}: {why[reason]}" for name, reason in record.left_out]
    return section(
        _("Features"),
        paragraph(_("The model knows {count} features of the learning on a day:").format(count=len(record.features))),
        paragraph(", ".join(feature_name(name, lang) for name in record.features) + "."),
        paragraph(_("Left out:")) + bullets(left) if left else "",
    )


def limits(lang: str) -> str:
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


def made(record: ModelRecord, lang: str) -> str:
    _ = words_in(lang).gettext
    rows = [
        (_("Seed"), str(record.seed)),
        (_("Version of the model file"), str(record.schema)),
        (_("Fingerprint of the features (SHA-256)"), record.data.features_fingerprint),
        (_("Fingerprint of the outcomes (SHA-256)"), record.data.outcomes_fingerprint),
        *((name, version) for name, version in record.versions),
    ]
    return section(_("How it was made"), table(_("To make it again"), [_("What"), _("Value")], rows, words=2))
