"""``smartpd train FEATURES OUTCOMES --out MODEL``: learn the risk of not completing."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .. import pipeline
from ..reports.words import N_, decimal, simulated_words, words_in
from ._common import (
    FAILED,
    examples,
    file_argument,
    file_option,
    language_option,
    progress_bar,
    refuse_to_overwrite,
    refuse_unwritable,
    say,
    write,
)

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="train",
        callback=_run,
        short_help=_("Learn the risk of not completing from earlier course runs."),
        help="\n\n".join(
            (
                _("Learn the risk of not completing a course, and the exit level, from the features of any day of it."),
                _(
                    "FEATURES is a table (Parquet or CSV) with course_key, learner, as_of and numbers, as smartpd "
                    "features writes it. OUTCOMES has course_key, learner and completed (1 or 0), and may have "
                    "exit_level (0 to 1), starts and ends of the course run, and groups that the model card reports."
                ),
                _(
                    "The model is proved on later course runs than those it learnt from. With too little data, or "
                    "where it is not better than a simple rule, it says so and the rule is used."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd train features.parquet outcomes.csv --out risk.skops",
            "smartpd train features.parquet outcomes.csv --out risk.skops --exclude course_grade",
        ),
        params=[
            file_argument("features"),
            file_argument("outcomes"),
            file_option(
                "--out", _("The model file, written as a whole or not at all."), metavar="MODEL", required=True
            ),
            click.Option(
                ["--seed"],
                type=click.IntRange(0, 2**31),
                default=0,
                metavar="N",
                help=_("The same seed and data give the same predictions.") + " [0]",
            ),
            click.Option(
                ["--exclude"],
                multiple=True,
                metavar="COLUMN",
                help=_("Leave this feature out; may be given more than once."),
            ),
            click.Option(
                ["--with-demographics"],
                is_flag=True,
                help=_("Learn from columns about the person as well, such as age or region."),
            ),
            click.Option(["--json", "as_json"], is_flag=True, help=_("The model card as JSON on standard output.")),
            language_option(lang),
        ],
    )


def _run(
    *,
    features: Path,
    outcomes: Path,
    out: Path,
    seed: int,
    exclude: tuple[str, ...],
    with_demographics: bool,
    as_json: bool,
    lang: str,
) -> int:
    from ..reports.model_card import card_json

    refuse_to_overwrite(out, [features, outcomes])
    refuse_unwritable(out)
    with progress_bar(lang, N_("Training"), in_bytes=False) as progress:
        model = pipeline.train_risk(
            features,
            outcomes,
            seed=seed,
            exclude=exclude,
            with_demographics=with_demographics,
            progress=progress,
        )
    _tell(model, lang)
    if not write(out, pipeline.model_bytes(model), lang):
        return FAILED
    if as_json:
        sys.stdout.write(card_json(pipeline.model_card(model)))
    return 0


def _tell(model: pipeline.RiskModel, lang: str) -> None:
    from ..reports.model_card_words import performance_name, reason_words, share_words

    _ = words_in(lang).gettext
    record = model.record
    data = record.data
    if data.simulated:
        say(simulated_words(lang))
    say(
        _("{rows} rows of {learners} learners in {runs} course runs; {share} did not complete.").format(
            rows=data.rows,
            learners=data.learners,
            runs=len({run.course_key for run in data.runs}),
            share=share_words(data.positives / max(1, data.rows), lang, 1),
        )
    )
    if data.without_outcome:
        say(_("Rows without an outcome, left out") + f": {data.without_outcome}")
    if data.gone:
        say(_("Rows of learners who had left the course, left out") + f": {data.gone}")
    about_persons = [name for name, why in record.left_out if why == "demographic"]
    if about_persons:
        say(_("Left out, as about the person: {names}").format(names=", ".join(about_persons)))
    for each in record.performances:
        if each.auc is not None and each.auc_low is not None and each.auc_high is not None:
            say(
                _("On the latest runs, {name}: AUC {auc} (95% {low} to {high}), Brier {brier}").format(
                    name=performance_name(each, lang),
                    auc=decimal(each.auc, lang, 3),
                    low=decimal(each.auc_low, lang, 3),
                    high=decimal(each.auc_high, lang, 3),
                    brier=decimal(each.brier, lang, 3),
                )
            )
    if record.verdict == "model":
        say(_("The model is used: on later course runs it was better than every simple rule."))
    else:
        say(_("Rules alone are used, no model."))
        for reason in record.reasons:
            say(reason_words(reason, lang))
