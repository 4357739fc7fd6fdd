"""``smartpd evaluate PAIRS.csv --out DIR``: competence and motivation of a cohort, before and after."""

from __future__ import annotations

from pathlib import Path

import click

from .. import pipeline
from ..data import LANGUAGES
from ..errors import N_, InputError, reason_of
from ..reports.evaluation_files import evaluation_csv, evaluation_json
from ..reports.evaluation_page import evaluation_page
from ..reports.evaluation_words import Figures
from ..reports.words import said, simulated_words, words_in
from ._common import FAILED, examples, file_argument, file_option, language_option, refuse_to_overwrite, say, write

__all__ = ["command"]

#: What a run writes.
_REPORT, _CSV, _JSON = "evaluation.html", "evaluation.csv", "evaluation.json"


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="evaluate",
        callback=_run,
        short_help=_("Compare scores of a cohort before and after: statistics, pictures, a report."),
        help="\n\n".join(
            (
                _("Compare the scores of a cohort before and after, scale by scale and group by group."),
                _(
                    "PAIRS is a CSV file with a row for each learner and the columns learner, SCALE_pre and "
                    "SCALE_post, or with a row for each score; docs/evaluation.md describes both. Written are "
                    "evaluation.html (in three languages), evaluation.csv and evaluation.json."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd evaluate pairs.csv --out report",
            "smartpd evaluate pairs.csv --out report --lang uz --min-group 10",
            "smartpd evaluate pairs.csv --out report --control waiting-list",
        ),
        params=[
            file_argument("pairs"),
            file_option(
                "--out", _("The folder of the report; it is made where it is missing."), metavar="DIR", required=True
            ),
            click.Option(
                ["--min-group", "smallest"],
                type=int,
                default=pipeline.SMALLEST_GROUP,
                metavar="N",
                help=_("Groups with fewer learners are not shown; 5 without it."),
            ),
            click.Option(
                ["--control"],
                default="",
                metavar="ARM",
                help=_("Which value of the column arm is the comparison group."),
            ),
            click.Option(
                ["--confidence"],
                type=float,
                default=0.95,
                metavar="SHARE",
                help=_("Confidence of the intervals; 0.95 without it."),
            ),
            click.Option(
                ["--report-lang", "languages"],
                multiple=True,
                type=click.Choice(sorted(LANGUAGES, reverse=True)),
                help=_("Only this language in the report, instead of all three; may be given more than once."),
            ),
            language_option(lang),
        ],
    )


def _run(
    *, pairs: Path, out: Path, smallest: int, control: str, confidence: float, languages: tuple[str, ...], lang: str
) -> int:
    _ = words_in(lang).gettext
    if out.exists() and not out.is_dir():
        raise InputError(N_("--out names a file"), file=str(out), accepted=N_("a folder"))
    for name in (_REPORT, _CSV, _JSON):
        refuse_to_overwrite(out / name, [pairs])
    found = pipeline.evaluate_file(pairs, smallest_group=smallest, control=control, confidence=confidence)
    shown = languages or (lang, *(other for other in LANGUAGES if other != lang))
    files = {
        _CSV: evaluation_csv(found),
        _JSON: evaluation_json(found),
        _REPORT: evaluation_page(found, tuple(dict.fromkeys(shown))),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(_("{file} cannot be written: {problem}").format(file=out, problem=said(reason_of(error), lang)))
        return FAILED
    if not all(write(out / name, text, lang) for name, text in files.items()):
        return FAILED
    _summarise(found, lang)
    return 0


def _summarise(found: pipeline.Evaluation, lang: str) -> None:
    """A line for each measure, on the error stream."""
    words = Figures(found, lang)
    _ = words._
    if found.simulated:
        say(simulated_words(lang))
    if found.encoding == "cp1251":
        say(_("The file is no UTF-8 and was read as Windows-1251; check the letters of the groups."))
    for scale in found.scales:
        if scale.area:
            continue
        change = scale.change
        if change is None:
            say(
                _("{scale}: too few learners with both scores ({n}).").format(
                    scale=words.title(scale), n=scale.attrition.matched
                )
            )
            continue
        say(
            _("{scale}: {before} → {after} of the maximum, {n} learners, Hedges' g {g}").format(
                scale=words.title(scale),
                before=words.percent(change.percent_before),
                after=words.percent(change.percent_after),
                n=change.n,
                g=words.interval(change.g),
            )
        )
