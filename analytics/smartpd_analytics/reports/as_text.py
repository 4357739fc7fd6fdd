"""The report of a run as text for people: a block for each course and learner, with what to do next and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ..data import Action, CompetencyEstimate, CourseMap, say, whole_percent
from ..features import CourseSummary
from .records import failing, link_to
from .run import LearnerAdvice, RunReport
from .words import N_, decimal, printable, simulated_words, words_in

__all__ = ["KINDS", "SOURCES", "TextLine", "as_text"]

#: What each kind of action asks for, as a heading.
KINDS: Mapping[str, str] = {
    "ask": N_("Ask"),
    "come_back": N_("Come back"),
    "practise": N_("Practise"),
    "prepare": N_("Prepare"),
    "read_first": N_("Read first"),
    "resume": N_("Go on"),
    "retry": N_("Try again"),
    "review": N_("Review"),
    "revisit": N_("Go back"),
    "start": N_("Start"),
    "stretch": N_("A step further"),
    "take_diagnosis": N_("Take the diagnostic"),
}


#: Where an estimate of a competency may come from.
SOURCES: Mapping[str, str] = {
    "self_assessment": N_("self-assessment"),
    "knowledge_test": N_("knowledge test"),
    "problems": N_("problems in the course"),
}

#: Failed problems and competencies, the worst first, that text shows of one learner; JSON has them all.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line before wrapping. ``style``: ``course learner fact action reason link note`` or ``""`` (blank)."""

    text: str = ""
    indent: int = 0
    style: str = ""


def as_text(report: RunReport, lang: str) -> Iterator[TextLine]:
    """The lines of the report in ``lang``, without control characters."""
    by_course = groupby(report.learners, key=lambda advice: advice.activity.course_key)
    shown = {course_key: tuple(group) for course_key, group in by_course}
    if report.simulated:
        yield TextLine(simulated_words(lang), 0, "note")
        yield TextLine()
    for course in report.courses:
        yield from _course(course, lang)
        if course.course_key not in shown:
            yield TextLine(words_in(lang).gettext("No learner to show."), 0, "note")
            yield TextLine()
        for advice in shown.get(course.course_key, ()):
            yield from _learner(advice, report, lang)
    if not report.courses:
        text = words_in(lang).gettext("There is no learning event in these logs, so there is nobody to advise.")
        yield TextLine(text, 0, "note")


def _date(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")


def _course(course: CourseSummary, lang: str) -> Iterator[TextLine]:
    words = words_in(lang)
    _ = words.gettext
    yield TextLine(printable(course.course_key), 0, "course")
    parts = [_enrolment(course, lang)]
    if course.staff:
        parts.append(
            words.ngettext("{n} of staff left out", "{n} of staff left out", course.staff).format(n=course.staff)
        )
    parts.append(words.ngettext("{n} unit", "{n} units", course.units).format(n=course.units))
    parts.append(_("{right} right and {wrong} wrong answers").format(right=course.right, wrong=course.wrong))
    if by_staff := course.staff_right + course.staff_wrong:
        parts.append(words.ngettext("{n} of them by staff", "{n} of them by staff", by_staff).format(n=by_staff))
    parts.append(_("{first} to {last} (UTC)").format(first=_date(course.first), last=_date(course.last)))
    yield TextLine(" · ".join(parts), 0, "fact")
    yield TextLine()


def _enrolment(course: CourseSummary, lang: str) -> str:
    """How many learners, and how many of them are enrolled: a log may begin after they enrolled, and then not say."""
    words = words_in(lang)
    n, unknown = course.learners, course.enrolment_unknown
    if course.enrolled is None:
        text = words.ngettext("{n} learner, enrolments unknown", "{n} learners, enrolments unknown", n)
        return text.format(n=n)
    text = words.ngettext("{n} learner, {enrolled} enrolled", "{n} learners, {enrolled} enrolled", n)
    text = text.format(n=n, enrolled=course.enrolled)
    if not unknown:
        return text
    more = words.ngettext("of {n} unknown", "of {n} unknown", unknown).format(n=unknown)
    return f"{text} ({more})"


def _learner(advice: LearnerAdvice, report: RunReport, lang: str) -> Iterator[TextLine]:
    _ = words_in(lang).gettext
    yield TextLine(printable(advice.activity.learner), 0, "learner")
    for fact in _facts(advice, report, lang):
        yield TextLine(printable(fact), 2, "fact")
    if advice.has_left:
        yield TextLine(_("Has left the course, so there is nothing to recommend."), 2, "note")
    elif not advice.recommendation.actions:
        known = bool(report.maps.get(advice.activity.course_key, CourseMap()).units)
        done, unknown = (
            _("Nothing left to recommend: the log shows no open task."),
            _("Nothing to recommend: the log does not show what the course offers. A course map would help."),
        )
        yield TextLine(done if known else unknown, 2, "note")
    for action in advice.recommendation.actions:
        yield from _action(action, advice.activity.course_key, lang)
    yield TextLine()


def _facts(advice: LearnerAdvice, report: RunReport, lang: str) -> Iterator[str]:
    words, activity = words_in(lang), advice.activity
    _, ngettext = words.gettext, words.ngettext
    silent = int(activity.days_silent)
    date, gap = _date(activity.last_seen), ""
    if silent:
        gap = ngettext("{n} day before the end of the log", "{n} days before the end of the log", silent).format(
            n=silent
        )
    if not activity.sessions:
        yield _("Enrolled, but not seen in the course")
        return
    yield _("Last seen: {date}").format(date=date) + (f" ({gap})" if gap else "")
    yield _("Time on task: {time} ({sessions}, {days})").format(
        time=_duration(activity.minutes, lang),
        sessions=ngettext("{n} sitting", "{n} sittings", activity.sessions).format(n=activity.sessions),
        days=ngettext("{n} day", "{n} days", activity.active_days).format(n=activity.active_days),
    )
    if activity.units_in_course:
        units = _("Units: {opened} of {total} opened").format(
            opened=activity.units_opened, total=activity.units_in_course
        )
        if activity.pace is not None:
            units += "; " + _("pace {pace} times the course's median").format(pace=decimal(activity.pace, lang))
        yield units
    yield from _answer_facts(advice, lang)
    if activity.stopped_at:
        title = say(report.title_of(activity.course_key, activity.stopped_at), lang) or activity.stopped_at
        yield _("Stopped at: {title}").format(title=title)
    failed = failing(activity)
    for block in failed[:_SHOWN]:
        title = say(report.title_of(activity.course_key, block.usage_key), lang) or block.title or block.usage_key
        text = ngettext(
            "Fails: {title} ({n} wrong answer in a row)", "Fails: {title} ({n} wrong answers in a row)", block.failing
        )
        text = text.format(title=title, n=block.failing)
        yield text + (_("; no attempts left") if block.closed else "")
    yield from _more(len(failed), lang)
    weakest = sorted(advice.estimates, key=lambda estimate: (estimate.value, estimate.competency_id))
    for estimate in weakest[:_SHOWN]:
        title = say(report.competency_title(activity.course_key, estimate.competency_id), lang)
        text = ngettext(
            "Competency {name}: {percent}% (from {n} answer: {sources})",
            "Competency {name}: {percent}% (from {n} answers: {sources})",
            estimate.evidence,
        )
        yield text.format(
            name=f"{estimate.competency_id} {title}".strip(),
            percent=whole_percent(estimate.value),
            n=estimate.evidence,
            sources=_sources(advice.sources_of(estimate.competency_id), lang),
        )
    yield from _more(len(weakest), lang)


def _sources(parts: tuple[CompetencyEstimate, ...], lang: str) -> str:
    """Where an estimate comes from; of several sources each with the answers behind it."""
    _ = words_in(lang).gettext
    names = [_(SOURCES[part.source]) if part.source in SOURCES else part.source for part in parts]
    if len(parts) == 1:
        return names[0]
    return ", ".join(f"{name} {part.evidence}" for name, part in zip(names, parts, strict=True))


def _more(found: int, lang: str) -> Iterator[str]:
    rest = found - _SHOWN
    if rest > 0:
        yield "  … " + words_in(lang).ngettext("and {n} more", "and {n} more", rest).format(n=rest)


def _answer_facts(advice: LearnerAdvice, lang: str) -> Iterator[str]:
    words, activity = words_in(lang), advice.activity
    _, ngettext = words.gettext, words.ngettext
    if activity.answers:
        text = _("Answers: {right} right, {wrong} wrong; {solved} of {tried} problems tried are solved").format(
            right=activity.right, wrong=activity.wrong, solved=activity.problems_solved, tried=activity.problems_tried
        )
        if activity.fast_answers:
            fast = ngettext(
                "{n} given too fast to read the question",
                "{n} given too fast to read the question",
                activity.fast_answers,
            )
            text += "; " + fast.format(n=activity.fast_answers)
        if activity.answers_shown:
            shown = ngettext("answer looked up {n} time", "answers looked up {n} times", activity.answers_shown)
            text += "; " + shown.format(n=activity.answers_shown)
        yield text
    else:
        yield _("Answers: none")
    if activity.videos_played:
        yield _("Videos: {played} played, {completed} to the end").format(
            played=activity.videos_played, completed=activity.videos_completed
        )


def _duration(minutes: float, lang: str) -> str:
    _ = words_in(lang).gettext
    whole = round(minutes)
    if whole < 60:
        return _("{minutes} min").format(minutes=whole)
    return _("{hours} h {minutes} min").format(hours=whole // 60, minutes=whole % 60)


def _action(action: Action, course_key: str, lang: str) -> Iterator[TextLine]:
    _ = words_in(lang).gettext
    kind = _(KINDS[action.kind]) if action.kind in KINDS else action.kind
    head = _("{rank}. {kind}: {title} ({minutes} min)").format(
        rank=action.rank, kind=kind, title=say(action.title, lang), minutes=action.minutes
    )
    yield TextLine(printable(head), 2, "action")
    yield TextLine(printable(say(action.reason, lang)), 5, "reason")
    if action.first:
        yield TextLine(printable(_("Before that: {title}").format(title=say(action.first_title, lang))), 5, "reason")
    yield TextLine(printable(link_to(course_key, action.target) or action.target), 5, "link")
