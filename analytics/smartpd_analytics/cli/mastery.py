"""``smartpd mastery --store DIR --course-map FILE``: where each learner stands, by first answers to problems."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import click

from .. import pipeline
from ..api import mastery_model_from_json, mastery_model_to_json
from ..data import is_simulated
from ..errors import N_, InputError, reason_of
from ..reports.as_csv import safe_cell
from ..reports.words import printable, said, simulated_words, words_in
from ._common import (
    FAILED,
    course_option,
    examples,
    file_option,
    language_option,
    out_option,
    refuse_to_overwrite,
    refuse_unwritable,
    say,
    write,
)
from ._store import store_option

__all__ = ["command"]

_MODEL = N_("a mastery model that smartpd mastery wrote")
_COLUMNS = ("course", "learner", "competency", "mastery", "error", "answers", "fitted")


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="mastery",
        callback=_run,
        short_help=_("Say where each learner stands in each competency, by first answers to problems."),
        help=_(
            "Say where each learner stands in each competency: the expected place between 0 (not yet) and 1 "
            "(mastered) with its standard error, followed from first answer to first answer to problems."
        ),
        epilog=examples(
            lang,
            "smartpd mastery --store store --course-map map.yaml --out mastery.csv",
            "smartpd mastery --store store --course-map map.yaml --save-model mastery.json",
        ),
        params=[
            store_option(lang),
            file_option("--course-map", _("Which unit trains what, as YAML or CSV."), required=True),
            course_option(lang),
            file_option(
                "--model", _("Follow learners by this model instead of fitting one to the answers of the store.")
            ),
            file_option("--save-model", _("Keep the fitted model in this file.")),
            click.Option(
                ["--format", "output_format"],
                type=click.Choice(["csv", "json"]),
                default="csv",
                help=_("CSV with a row for each learner and competency, or one JSON object.") + " [csv]",
            ),
            out_option(lang),
            language_option(lang),
        ],
    )


def _run(
    *,
    store: Path,
    course_map: Path,
    courses: tuple[str, ...],
    model: Path | None,
    save_model: Path | None,
    output_format: str,
    out: Path | None,
    lang: str,
) -> int:
    inputs = [course_map, *([model] if model else [])]
    for target in (out, save_model):
        refuse_to_overwrite(target, inputs)
        refuse_unwritable(target)
    given = mastery_model_from_json(_read(model), file=str(model)) if model else None
    report = pipeline.mastery_from_store(store, course_map, model=given, courses=courses)
    for problem in report.map_problems:
        _ = words_in(lang).gettext
        say(printable(_("Course map: {problem}").format(problem=said(problem, lang))))
    written = save_model is None or write(save_model, mastery_model_to_json(report.model), lang)
    text = _as_json(report) if output_format == "json" else _as_csv(report)
    if out is None:
        sys.stdout.write(text)
    else:
        written = write(out, text, lang) and written
    _summarise(report, lang, by_file=given is not None)
    return 0 if written else FAILED


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        problem, reason = N_("cannot be read: {reason}"), reason_of(error)
        raise InputError(problem, file=str(path), accepted=_MODEL, reason=reason) from None
    except UnicodeDecodeError:
        raise InputError(N_("this is no text"), file=str(path), accepted=_MODEL) from None


def _rows(report: pipeline.MasteryReport) -> list[dict[str, Any]]:
    return [
        {
            "course": found.course_key,
            "learner": found.learner,
            "competency": found.estimate.competency_id,
            "mastery": round(found.estimate.value, 4),
            "error": round(found.estimate.error, 4),
            "answers": found.estimate.evidence,
            "fitted": report.fitted[found.estimate.competency_id],
        }
        for found in report.learners
    ]


def _as_csv(report: pipeline.MasteryReport) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([safe_cell(row[column]) for column in _COLUMNS] for row in _rows(report))
    return out.getvalue()


def _as_json(report: pipeline.MasteryReport) -> str:
    content = {
        "simulated": _simulated(report),
        "answers": report.answers,
        "unmapped": report.unmapped,
        "learners": _rows(report),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def _simulated(report: pipeline.MasteryReport) -> bool:
    return any(is_simulated(found.course_key) for found in report.learners)


def _summarise(report: pipeline.MasteryReport, lang: str, *, by_file: bool) -> None:
    """What the estimates rest on, on the error stream."""
    words = words_in(lang)
    _, ngettext = words.gettext, words.ngettext
    if _simulated(report):
        say(simulated_words(lang))
    say(
        ngettext("{count} first answer to a problem", "{count} first answers to problems", report.answers).format(
            count=report.answers
        )
    )
    if report.unmapped:
        say(
            ngettext(
                "{count} of them is to a problem for which the course map names no competency",
                "{count} of them are to problems for which the course map names no competency",
                report.unmapped,
            ).format(count=report.unmapped)
        )
    assumed = [competency_id for competency_id, fitted in report.fitted.items() if not fitted]
    if assumed and not by_file:
        say(
            _(
                "Too few answers to fit ({answers} answers of {learners} learners are needed), so a typical skill is "
                "assumed: {competencies}"
            ).format(
                answers=pipeline.ENOUGH_ANSWERS,
                learners=pipeline.ENOUGH_LEARNERS,
                competencies=", ".join(assumed),
            )
        )
