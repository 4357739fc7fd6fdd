"""``smartpd simulate --out DIR``: cohorts and a tracking log with a known truth."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from .. import pipeline
from ..errors import N_, InputError, reason_of
from ..reports.words import said, words_in
from ._common import FAILED, examples, file_option, language_option, progress_bar, say

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="simulate",
        callback=_run,
        short_help=_("Make a simulated cohort and its tracking log, whose truth is known."),
        help="\n\n".join(
            (
                _("Make simulated learners and the tracking log they would leave, in the platform's own form."),
                _(
                    "The folder also gets the truth (truth.json, learners.csv) and files that other commands read: "
                    "outcomes.csv, pairs.csv, responses.csv and course_map.csv. Everything says that it is simulated. "
                    "The same options give the same bytes."
                ),
            )
        ),
        epilog=examples(
            lang,
            "smartpd simulate --out sim",
            "smartpd simulate --out sim --learners 500 --weeks 10 --runs 3 --seed 7",
            "smartpd simulate --out sim --lines 1000000 --form tutor --gz",
        ),
        params=[
            file_option(
                "--out",
                _("A folder that is new or empty; it is written as a whole or not at all."),
                metavar="DIR",
                required=True,
            ),
            click.Option(["--learners"], type=int, metavar="N", help=_("Learners in each course run; 200 without it.")),
            click.Option(
                ["--lines"], type=int, metavar="N", help=_("About so many lines in all, instead of --learners.")
            ),
            click.Option(["--weeks"], type=int, default=8, metavar="N", help=_("Length of a run, 2 to 52 weeks.")),
            click.Option(["--courses"], type=int, default=1, metavar="N", help=_("Courses at the same time.")),
            click.Option(
                ["--runs"], type=int, default=2, metavar="N", help=_("Runs of each course, one after another.")
            ),
            click.Option(["--seed"], type=int, default=1, metavar="N", help=_("Another seed gives other learners.")),
            click.Option(
                ["--start"],
                type=click.DateTime(["%Y-%m-%d"]),
                default="2024-09-02",
                metavar="DATE",
                help=_("First day of the first run, as 2024-09-02."),
            ),
            click.Option(
                ["--habit", "habits"],
                multiple=True,
                metavar="NAME=SHARE",
                help=_(
                    "Share of a habit of study, instead of the usual mix; may be given more than once: {names}."
                ).format(names=", ".join(pipeline.HABITS)),
            ),
            click.Option(
                ["--oddities"],
                type=float,
                default=0.01,
                metavar="SHARE",
                help=_("Share of lines with something wrong: repeated, late, cut off, blank …"),
            ),
            click.Option(
                ["--form"],
                type=click.Choice(pipeline.FORMS),
                default="raw",
                help=_("Plain JSON lines, or with the prefix that Tutor's containers write."),
            ),
            click.Option(["--gz"], is_flag=True, help=_("Compress the log.")),
            click.Option(["--json", "as_json"], is_flag=True, help=_("The summary as JSON.")),
            language_option(lang),
        ],
    )


def _run(
    *,
    out: Path,
    learners: int | None,
    lines: int | None,
    weeks: int,
    courses: int,
    runs: int,
    seed: int,
    start: datetime,
    habits: tuple[str, ...],
    oddities: float,
    form: str,
    gz: bool,
    as_json: bool,
    lang: str,
) -> int:
    _ = words_in(lang).gettext
    if learners is not None and lines is not None:
        raise InputError(N_("--learners and --lines exclude each other"), accepted=N_("one of them"))
    plan = pipeline.SimulationPlan(
        learners=200 if learners is None else learners,
        weeks=weeks,
        courses=courses,
        runs=runs,
        seed=seed,
        start=start.replace(tzinfo=UTC),
        oddities=oddities,
        form=form,
        habits=_shares(habits) or dict(pipeline.HABITS),
    )
    if lines is not None:
        plan = pipeline.plan_for_lines(plan, lines)
    try:
        with progress_bar(lang, N_("Simulating"), in_bytes=False) as progress:
            made = pipeline.simulate(plan, out, compressed=gz, progress=progress)
    except OSError as error:
        say(_("{file} cannot be written: {problem}").format(file=out, problem=said(reason_of(error), lang)))
        return FAILED
    say(_("Written: {file}").format(file=made.folder))
    if as_json:
        summary = {
            "simulated": True,
            "folder": str(made.folder),
            "log": str(made.log),
            "lines": made.lines,
            "bytes": made.bytes,
            "learners": made.learners,
            "completed": made.completed,
            "pairs": made.pairs,
            "verdicts": made.verdicts,
        }
        sys.stdout.write(json.dumps(summary, indent=1) + "\n")
        return 0
    say(
        _("Simulated data: {lines} lines of {learners} learners, {completed} of them completed the course.").format(
            lines=made.lines, learners=made.learners, completed=made.completed
        )
    )
    return 0


def _shares(habits: tuple[str, ...]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for given in habits:
        name, _, share = given.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            problem = N_("--habit {given}: '{share}' is no number")
            raise InputError(problem, accepted="NAME=SHARE, steady=0.5", given=given, share=share) from None
    return shares
