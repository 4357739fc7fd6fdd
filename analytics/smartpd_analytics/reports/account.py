"""The account of the lines, in sentences: what became of each, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..data import LineAccount
from .words import N_, printable, said, words_in

if TYPE_CHECKING:
    from .run import RunReport

__all__ = [
    "IGNORED",
    "QUARANTINED",
    "SHOWN",
    "account_lines",
    "explain",
    "lines_record",
    "source_lines",
    "source_warnings",
    "sources_accepted",
    "tally_lines",
    "warning_count",
    "warning_lines",
]

#: Quarantined lines named on screen; JSON has them all.
SHOWN = 20
#: Names that exist, offered where one was asked for that does not.
_OFFERED = 5

#: Why a line is no learning event, by ``tracking.IGNORED_REASONS``.
IGNORED: Mapping[str, str] = {
    "account": N_("signing in or out, or a change of account settings"),
    "blank": N_("empty line"),
    "comment": N_("comment line, starting with #"),
    "forgotten": N_("about somebody who was forgotten"),
    "companion": N_("another line tells the same act, and tells more"),
    "implicit": N_("a request to a page or an API that is no learning event"),
    "no_course": N_("a learning event, but the line names no course"),
    "no_learner": N_("a learning event, but the line names no learner"),
    "not_asked": N_("outside the time or the courses asked for"),
    "statement": N_("an xAPI statement in a tracking log, made of a line that stands there as well"),
    "unlisted": N_("an event type that is not in the catalogue"),
}

#: Why a line cannot be read, by ``tracking.QUARANTINE_REASONS``.
QUARANTINED: Mapping[str, str] = {
    "bad_time": N_("the time is not an ISO 8601 date and time of the years 2000 to 2100"),
    "future": N_("the time is later than now, so a clock was wrong"),
    "no_event_type": N_("an object without event_type"),
    "no_statement": N_("an object without the verb or the object of an xAPI statement"),
    "no_time": N_("an event without time"),
    "not_an_object": N_("JSON, but no object"),
    "not_json": N_("no JSON"),
    "not_text": N_("not UTF-8 text"),
    "too_deep": N_("JSON nested too deep to be a tracking event"),
    "too_long": N_("longer than any tracking event"),
    "truncated": N_("JSON that was cut off"),
}


def explain(code: str, lang: str) -> str:
    """The words for a reason; the code itself where it is new."""
    message = QUARANTINED.get(code) or IGNORED.get(code)
    return words_in(lang).gettext(message) if message else code


def account_lines(report: RunReport, lang: str) -> Iterator[str]:
    """The account as lines of text, the number of warnings last."""
    yield from tally_lines(report.account, lang)
    yield from source_lines(report.account, lang)
    yield from _other_warnings(report, lang)
    yield warning_count(report.warnings, lang)


def warning_count(count: int, lang: str) -> str:
    return words_in(lang).ngettext("{n} warning", "{n} warnings", count).format(n=count)


def tally_lines(account: LineAccount, lang: str, *, in_store: bool = False) -> Iterator[str]:
    """What became of the lines, and of the quarantined ones that are known one by one, which.

    Args:
        in_store: a store keeps those that are not named.
    """
    words = words_in(lang)
    _ = words.gettext
    yield _(
        "Lines read: {read} = {accepted} accepted + {duplicate} duplicate"
        " + {ignored} ignored + {quarantined} quarantined"
    ).format(
        read=account.read,
        accepted=account.accepted,
        duplicate=account.duplicate,
        ignored=account.ignored,
        quarantined=account.quarantined,
    )
    if account.ignored:
        yield _("Ignored, because they tell nothing about learning:")
        yield from _counts(account.ignored_reasons, lang)
    if account.quarantined:
        yield _("Quarantined, because they cannot be read (a line is one JSON object with event_type and time):")
        yield from _counts(account.quarantined_reasons, lang)
        shown = account.quarantine[:SHOWN]
        for line in shown:
            yield f"  {printable(said(line.file, lang))}:{line.line}: {explain(line.reason, lang)}"
        more = account.quarantined - len(shown)
        if shown and more > 0:
            yield "  " + _more(more, lang, in_store=in_store)


def lines_record(account: LineAccount) -> dict[str, Any]:
    """How many lines became what."""
    return {
        "read": account.read,
        "accepted": account.accepted,
        "duplicate": account.duplicate,
        "ignored": account.ignored,
        "quarantined": account.quarantined,
        "ignored_reasons": dict(sorted(account.ignored_reasons.items())),
        "quarantined_reasons": dict(sorted(account.quarantined_reasons.items())),
    }


def _more(n: int, lang: str, *, in_store: bool) -> str:
    ngettext = words_in(lang).ngettext
    text = (
        ngettext("… and {n} more line; the store keeps it", "… and {n} more lines; the store keeps them", n)
        if in_store
        else ngettext(
            "… and {n} more line; --format json names them all",
            "… and {n} more lines; --format json names them all",
            n,
        )
    )
    return text.format(n=n)


def warning_lines(report: RunReport, lang: str) -> Iterator[str]:
    """Every warning but those about single lines, each as a sentence."""
    yield from source_warnings(report.account, lang)
    yield from _other_warnings(report, lang)


def source_lines(account: LineAccount, lang: str) -> Iterator[str]:
    """What is wrong with sources, each as a sentence, and once what is accepted."""
    yield from source_warnings(account, lang)
    for accepted in sources_accepted(account, lang):
        yield words_in(lang).gettext("Accepted as sources: {accepted}").format(accepted=accepted)


def source_warnings(account: LineAccount, lang: str) -> Iterator[str]:
    """What is wrong with sources, each as a sentence."""
    for problem in account.source_problems:
        yield printable(words_in(lang).gettext("Source: {problem}").format(problem=said(problem, lang)))


def sources_accepted(account: LineAccount, lang: str) -> list[str]:
    """What is accepted instead of the sources that something is wrong with."""
    return [printable(said(accepted, lang)) for accepted in account.sources_accepted]


def _other_warnings(report: RunReport, lang: str) -> Iterator[str]:
    _ = words_in(lang).gettext
    for problem in report.map_problems:
        yield printable(_("Course map: {problem}").format(problem=said(problem, lang)))
    if report.map_unused:
        yield _("Course map: none of its keys is in these logs; the advice comes from the logs alone")
    for problem in report.diagnosis_problems:
        yield printable(_("Needs diagnostic: {problem}").format(problem=said(problem, lang)))
    for course in report.unknown_courses:
        text = _("There is no course {name} in these logs. There are: {known}")
        yield printable(text.format(name=course, known=_offer(report.known_courses, lang)))
    for learner in report.unknown_learners:
        text = _("There is no learner {name} here. There are: {known}")
        yield printable(text.format(name=learner, known=_offer(report.known_learners, lang)))


def _counts(reasons: Mapping[str, int], lang: str) -> Iterator[str]:
    for code, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count:>9}  {explain(code, lang)}"


def _offer(names: tuple[str, ...], lang: str) -> str:
    words = words_in(lang)
    if not names:
        return words.gettext("none")
    more = len(names) - _OFFERED
    rest = [words.ngettext("and {n} more", "and {n} more", more).format(n=more)] if more > 0 else []
    return ", ".join([*names[:_OFFERED], *rest])
