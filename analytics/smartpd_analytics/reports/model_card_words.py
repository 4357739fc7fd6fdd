"""What the card of a model says in words: names of features and measures, reasons, a change of the data."""

from __future__ import annotations

from ..data.prediction import ModelCard, Performance, Reason, Subgroup
from ..features import FEATURES
from .words import decimal, printable, words_in

__all__ = [
    "MUCH_DRIFT",
    "drift_words",
    "feature_name",
    "feature_value",
    "group_name",
    "performance_name",
    "range_words",
    "reason_words",
    "share_words",
]

#: Siddiqi (2006): from here on a feature has changed much.
MUCH_DRIFT = 0.25
#: From this share of features on that have changed much, a prediction is not given without a word about it.
_ALARMING = 0.25
_WORDS = {feature.name: feature.words for feature in FEATURES}
_UNITS = {feature.name: feature.unit for feature in FEATURES}


def share_words(share: float | None, lang: str, digits: int = 0) -> str | None:
    """A share as per cent."""
    return None if share is None else f"{decimal(share * 100, lang, digits)}%"


def range_words(low: float | None, high: float | None, lang: str) -> str | None:
    return None if low is None or high is None else f"{decimal(low, lang, 3)} – {decimal(high, lang, 3)}"


def feature_name(name: str, lang: str) -> str:
    words = _WORDS.get(name)
    return words[lang] if words else printable(name).replace("_", " ")


def feature_value(name: str, value: float, lang: str) -> str:
    """A value of a feature: a share as per cent, whole numbers without decimals."""
    if _UNITS.get(name) == "share" or name.endswith("_share"):
        return f"{decimal(value * 100, lang, 0)}%"
    return decimal(value, lang, 0 if value == round(value) else 2)


def group_name(each: Subgroup, lang: str) -> str:
    _ = words_in(lang).gettext
    if each.groups > 1:
        return _("{n} groups together").format(n=each.groups)
    return printable(each.value) or _("not given")


def performance_name(each: Performance, lang: str) -> str:
    """What was measured, for people."""
    _ = words_in(lang).gettext
    if each.kind == "rule":
        return _("Rule: {feature}").format(feature=feature_name(each.feature, lang))
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
    much = sum(each.psi >= MUCH_DRIFT for each in drift)
    if not much or much < _ALARMING * len(drift):
        return ""
    words = words_in(lang).gettext(
        "{much} of {all} features have changed much since training: see smartpd model-card --features before anybody "
        "acts on this."
    )
    return words.format(much=much, all=len(drift))
