"""``smartpd ingest SOURCE… --store DIR``: what is new in tracking logs, or in Aspects, into a store of events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from .. import pipeline
from ..data import is_simulated
from ..errors import N_, InputError
from ..reports.account import lines_record, source_lines, sources_accepted, tally_lines, warning_count
from ..reports.words import said, simulated_words, words_in
from ._common import FAILED, INTERRUPTED, course_option, examples, language_option, progress_bar, say, standard_input
from ._store import store_option, store_options, writing_options

__all__ = ["command"]


def command(lang: str) -> click.Command:
    """The command, with its help in ``lang``."""
    _ = words_in(lang).gettext
    return click.Command(
        name="ingest",
        callback=_run,
        short_help=_("Read what is new in tracking logs into a store of events."),
        help="\n\n".join(
            (
                _(
                    "Read what is new in tracking logs into a store of Parquet files. Files that were read before are "
                    "known again, also renamed, packed or grown; each event is kept once."
                ),
                _(
                    "SOURCE is a file (plain, .gz, .zst), a folder, a pattern, an address that fsspec knows, - for "
                    "standard input, or the database of Aspects: clickhouse://USER@HOST:PORT/DATABASE, with the "
                    "password in SMARTPD_CLICKHOUSE_PASSWORD."
                ),
            )
        ),
        epilog="\n\n".join(
            (
                examples(
                    lang,
                    "smartpd ingest /var/log/tracking/ --store events",
                    "smartpd ingest 'logs/*.gz' --store events --since 2026-09-01 --json",
                    "smartpd ingest clickhouse://smartpd@localhost:8123/xapi --store events",
                    "smartpd ingest --retry --store events",
                ),
                _(
                    "The exit status is 0, also with warnings; it is 2 when nothing could be read, an option is wrong "
                    "or another run is writing to the store."
                ),
            )
        ),
        params=[
            click.Argument(["sources"], nargs=-1, metavar="SOURCE..."),
            store_option(lang),
            click.Option(
                ["--since"], metavar="TIME", help=_("Only events from this day or time, as 2026-09-01 (UTC).")
            ),
            click.Option(["--until"], metavar="TIME", help=_("Only events before this day or time.")),
            course_option(lang),
            click.Option(
                ["--identified"],
                is_flag=True,
                help=_("Keep learners' ids and usernames; without it they are pseudonyms by the site's key."),
            ),
            *writing_options(lang),
            click.Option(
                ["--workers"],
                type=click.IntRange(min=1),
                default=2,
                metavar="N",
                help=_("Processes that read at the same time.") + " [2]",
            ),
            click.Option(
                ["--engine"],
                type=click.Choice(["local", "spark"]),
                default="local",
                help=_("Where it is read: in processes on this machine, or on a Spark cluster.") + " [local]",
            ),
            click.Option(["--master"], metavar="URL", help=_("The Spark cluster, as local[2] or spark://host:7077.")),
            click.Option(
                ["--keep-quarantined/--no-keep-quarantined"],
                default=True,
                help=_("Keep the lines that cannot be read, for --retry; or only where they stand and why."),
            ),
            click.Option(
                ["--retry"], is_flag=True, help=_("Try the quarantined lines of the store again; no SOURCE then.")
            ),
            click.Option(["--json", "as_json"], is_flag=True, help=_("The summary as JSON.")),
            language_option(lang),
        ],
    )


def _run(
    *,
    sources: tuple[str, ...],
    store: Path,
    since: str | None,
    until: str | None,
    courses: tuple[str, ...],
    identified: bool,
    key_file: Path | None,
    wait: float,
    workers: int,
    engine: str,
    master: str | None,
    keep_quarantined: bool,
    retry: bool,
    as_json: bool,
    lang: str,
) -> int:
    if retry == bool(sources):
        accepted = N_("--retry without SOURCE, or at least one SOURCE without --retry")
        problem = N_("--retry reads no SOURCE") if retry else N_("there is nothing to read")
        raise InputError(problem, accepted=accepted)
    if master is not None and engine != "spark":
        raise InputError(N_("--master is for --engine spark"), accepted="--engine spark --master URL")
    options = store_options(identified=identified or None, key_file=key_file, wait=wait, lang=lang)
    try:
        report = _report(
            sources=sources,
            store=store,
            retry=retry,
            options=options,
            lang=lang,
            since=_time(since, "--since"),
            until=_time(until, "--until"),
            courses=courses,
            workers=workers,
            keep_quarantined=keep_quarantined,
            spark_master=(master or "") if engine == "spark" else None,
        )
    except KeyboardInterrupt:
        say(words_in(lang).gettext("Stopped. What was committed stays; the next run goes on from there."))
        return INTERRUPTED
    there = pipeline.open_store(store).courses() if report.events else ()
    simulated = any(is_simulated(course.course_key) for course in there)
    if as_json:
        click.echo(json.dumps({"simulated": simulated, **_summary(report, lang)}, indent=2, ensure_ascii=False))
    else:
        _show(report, lang, retry=retry)
        if simulated:
            say(simulated_words(lang))
    if retry or report.sources_unchanged or report.unfinished or not report.lines.nothing_read:
        return 0
    say(words_in(lang).gettext("Nothing could be read."))
    return FAILED


def _report(
    *, sources: tuple[str, ...], store: Path, retry: bool, options: pipeline.StoreOptions, lang: str, **how: Any
) -> pipeline.IngestReport:
    if retry:
        return pipeline.retry_quarantined(store, options=options)
    stdin = standard_input() if "-" in sources else None
    with progress_bar(lang) as progress:
        return pipeline.ingest(sources, store, stdin=stdin, options=options, progress=progress, **how)


def _time(given: str | None, option: str) -> datetime | None:
    if given is None:
        return None
    try:
        time = datetime.fromisoformat(given)
    except ValueError:
        problem, accepted = N_("{option}: '{given}' is no time"), "2026-09-01, 2026-09-01T06:00+05:00"
        raise InputError(problem, accepted=accepted, option=option, given=given) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _summary(report: pipeline.IngestReport, lang: str) -> dict[str, Any]:
    messages = [said(problem, lang) for problem in report.lines.source_problems]
    return {
        "lines": lines_record(report.lines),
        "sources": {
            "read": report.sources_read,
            "unchanged": report.sources_unchanged,
            "unfinished": report.unfinished,
        },
        "store": {"events": report.events, "generation": report.generation},
        "warnings": len(messages),
        "messages": messages,
        "sources_accepted": sources_accepted(report.lines, lang),
    }


def _show(report: pipeline.IngestReport, lang: str, *, retry: bool) -> None:
    words = words_in(lang)
    ngettext = words.ngettext
    if not retry:
        read, unchanged = report.sources_read, report.sources_unchanged
        click.echo(ngettext("{n} source had something new", "{n} sources had something new", read).format(n=read))
        if unchanged:
            text = ngettext("{n} source had nothing new", "{n} sources had nothing new", unchanged)
            click.echo(text.format(n=unchanged))
    for line in tally_lines(report.lines, lang, in_store=True):
        click.echo(line)
    if report.unfinished:
        text = ngettext(
            "{n} source ends in a line that is not whole yet; it waits for the next run",
            "{n} sources end in a line that is not whole yet; it waits for the next run",
            report.unfinished,
        )
        click.echo(text.format(n=report.unfinished))
    text = ngettext("The store has {n} event.", "The store has {n} events.", report.events)
    click.echo(text.format(n=report.events))
    for line in source_lines(report.lines, lang):
        say(line)
    if warnings := len(report.lines.source_problems) + report.lines.quarantined:
        say(warning_count(warnings, lang))
