"""What becomes of each type of xAPI statement: the event that the log line becomes from which it was made.

Statements are made of log lines by event-routing-backends, which leaves much out. What becomes of one depends on its
verb and on the type of its object; ``STATEMENT_TYPES`` is the registry: a new type is one entry here and one pair of
fixtures. (Verbs and types: ``processors/xapi/constants.py`` and ``event_transformers/`` of event-routing-backends.)

Some types of events become one kind of statement. Such a statement gets the name of the event that is most common.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from smartpd_analytics.tracking import _keys
from smartpd_analytics.tracking._statement import COURSE, Statement
from smartpd_analytics.tracking._statement_type import Extract, StatementType, Told
from smartpd_analytics.tracking._values import identifier, integer, number
from smartpd_analytics.tracking._verdict import Ignored
from smartpd_analytics.tracking.catalogue import EVENT_TYPES
from smartpd_analytics.tracking.entry import NOTHING_MORE, Fields
from smartpd_analytics.tracking.xapi_smartpd import SMARTPD_STATEMENTS

__all__ = ["STATEMENT_TYPES", "StatementType"]

_ADL, _TINCAN = "http://adlnet.gov/expapi/", "http://id.tincanapi.com/"
_ACROSS, _OPENEDX, _VIDEO_PROFILE = (
    "https://w3id.org/xapi/acrossx/",
    "https://w3id.org/xapi/openedx/",
    "https://w3id.org/xapi/video/",
)
_DOD = "https://w3id.org/xapi/dod-isd/verbs/"

_INTERACTION, _QUESTION = f"{_ADL}activities/cmi.interaction", f"{_ADL}activities/question"
_MODULE, _LINK = f"{_ADL}activities/module", f"{_ADL}activities/link"
_SOLUTION, _RESOURCE = f"{_TINCAN}activitytype/solution", f"{_TINCAN}activitytype/resource"
_DISCUSSION, _HINT = f"{_TINCAN}activitytype/discussion", f"{_ACROSS}extensions/supplemental-info"
_VIDEO = f"{_VIDEO_PROFILE}activity-type/video"

_ATTEMPT, _MODE = f"{_TINCAN}extension/attempt-id", f"{_ACROSS}extensions/type"
_FROM_TAB, _TO_TAB = f"{_TINCAN}extension/starting-position", f"{_TINCAN}extension/ending-point"
_PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
_TIME, _TIME_TO = f"{_VIDEO_PROFILE}extensions/time", f"{_VIDEO_PROFILE}extensions/time-to"
_LENGTH, _CAPTIONS = f"{_VIDEO_PROFILE}extensions/length", f"{_VIDEO_PROFILE}extensions/cc-enabled"

_COMPANION = Ignored("companion")


def _on_block(statement: Statement) -> Fields:
    return Fields(statement.usage_key)


def _nothing(_statement: Statement) -> Fields:
    return NOTHING_MORE


def _companion(_statement: Statement) -> Ignored:
    return _COMPANION


def _graded(statement: Statement) -> Fields:
    return Fields(statement.usage_key, earned=statement.score("raw"), possible=statement.score("max"))


def _checked(statement: Statement) -> Told | Ignored:
    if statement.is_part:
        return _COMPANION
    fields = _graded(statement)
    earned, possible = fields.earned, fields.possible
    # Of a problem with several questions, ``success`` speaks of the first.
    success = None if statement.is_group else statement.result.get("success")
    full = earned is not None and possible is not None and earned == possible > 0
    known = possible is not None or isinstance(success, bool)
    fields.attempt = integer(statement.object_extension(_ATTEMPT))
    fields.correct = (full or success is True) if known else None
    return "problem_check", fields


def _course_grade(statement: Statement) -> Fields:
    share = statement.score("raw")
    return Fields(earned=share, possible=None if share is None else 1.0)


def _completion(statement: Statement) -> Fields:
    fields = _on_block(statement)
    percent = number(statement.result_extension(_PROGRESS))
    if percent is not None:
        fields.earned, fields.possible = percent / 100, 1.0
    return fields


def _enrolment(statement: Statement) -> Fields:
    mode = identifier(statement.object_extension(_MODE))
    return Fields(payload={"mode": mode} if mode else {})


def _video(statement: Statement) -> Fields:
    position = number(statement.result_extension(_TIME_TO))
    return Fields(
        statement.usage_key,
        position=number(statement.result_extension(_TIME)) if position is None else position,
        duration=number(statement.context_extension(_LENGTH)),
    )


def _used_player(statement: Statement) -> Told:
    """Captions, transcripts and their menus, which statements do not tell apart, and speed."""
    captions = statement.result_extension(_CAPTIONS)
    if isinstance(captions, bool):
        return "show_transcript" if captions else "hide_transcript", _video(statement)
    return "speed_change_video", _video(statement)


def _tab(statement: Statement) -> Told:
    target = statement.context_extension(_TO_TAB)
    which = {"next unit": "next", "previous unit": "previous"}.get(target, "tab") if isinstance(target, str) else "tab"
    position = number(target)
    key = statement.usage_key
    fields = Fields(
        # The unit in the present front end, the subsection in the older one.
        key,
        unit_key=key if _keys.block_type_of(key) == "vertical" else "",
        position=number(statement.context_extension(_FROM_TAB)) if position is None else position,
    )
    return f"edx.ui.lms.sequence.{which}_selected", fields


def _about_post(act: str) -> Extract:
    """Forum: whether it is a thread, a response or a comment, by its address; a reply may be either of the last two."""

    def extract(statement: Statement) -> Told:
        parts = statement.activity.partition("?")[0].split("/")
        made = act == "created"
        if "reply" in parts:
            post = "comment" if "comments" in parts else "response"
        elif "comments" in parts or (made and statement.has_grouping):
            post = "response"
        else:
            post = "thread"
        name = f"edx.forum.{post}.{act}"
        return name if name in EVENT_TYPES else f"edx.forum.thread.{act}", NOTHING_MORE

    return extract


def _one(
    id_: str, verb: str, activity_type: str, name: str, fields: Callable[[Statement], Fields] = _on_block
) -> StatementType:
    return StatementType(id_, verb, activity_type, (name,), lambda statement: (name, fields(statement)))


def _forum(act: str, verb: str) -> StatementType:
    posts = ("thread", "response", "comment")
    names = tuple(name for post in posts if (name := f"edx.forum.{post}.{act}") in EVENT_TYPES)
    return StatementType(f"post_{act}", verb, _DISCUSSION, names, _about_post(act))


def _exam(kind: str, named: str) -> tuple[StatementType, ...]:
    activity_type = f"{_OPENEDX}activity/{kind}-assessment"
    return tuple(
        _one(f"{kind}_exam_{act}", f"{_ADL}verbs/{verb}", activity_type, f"edx.special_exam.{named}.attempt.{act}")
        for act, verb in (("created", "initialized"), ("submitted", "terminated"))
    )


_SAID = (
    StatementType("problem_evaluated", f"{_ACROSS}verbs/evaluated", _INTERACTION, ("problem_check",), _checked),
    # The browser's line of a submission, of which the server tells more.
    StatementType("problem_attempted", f"{_ADL}verbs/attempted", _INTERACTION, (), _companion),
    _one("problem_graded", f"{_ADL}verbs/attempted", _QUESTION, "edx.grades.problem.submitted", _graded),
    _one("answer_asked", f"{_ADL}verbs/asked", _SOLUTION, "showanswer"),
    _one("hint_asked", f"{_ADL}verbs/asked", _HINT, "edx.problem.hint.demandhint_displayed"),
    _one("video_loaded", f"{_ADL}verbs/initialized", _VIDEO, "load_video", _video),
    _one("video_played", f"{_VIDEO_PROFILE}verbs/played", _VIDEO, "play_video", _video),
    _one("video_paused", f"{_VIDEO_PROFILE}verbs/paused", _VIDEO, "pause_video", _video),
    _one("video_sought", f"{_VIDEO_PROFILE}verbs/seeked", _VIDEO, "seek_video", _video),
    _one("video_stopped", f"{_ADL}verbs/terminated", _VIDEO, "stop_video", _video),
    _one("video_completed", f"{_ADL}verbs/completed", _VIDEO, "complete_video", _video),
    StatementType(
        "video_used",
        f"{_ADL}verbs/interacted",
        _VIDEO,
        ("show_transcript", "hide_transcript", "speed_change_video"),
        _used_player,
    ),
    StatementType(
        "tab_selected",
        f"{_DOD}navigated",
        _RESOURCE,
        tuple(f"edx.ui.lms.sequence.{which}_selected" for which in ("tab", "next", "previous")),
        _tab,
    ),
    _one("link_clicked", f"{_DOD}navigated", _LINK, "edx.ui.lms.link_clicked"),
    _one("outline_selected", f"{_DOD}navigated", _MODULE, "edx.ui.lms.outline.selected"),
    _one(
        "block_completed", f"{_ADL}verbs/progressed", _RESOURCE, "edx.completion.block_completion.changed", _completion
    ),
    _one("enrolled", f"{_ADL}verbs/registered", COURSE, "edx.course.enrollment.activated", _enrolment),
    _one("unenrolled", f"{_TINCAN}verb/unregistered", COURSE, "edx.course.enrollment.deactivated", _enrolment),
    _one("course_graded", f"{_TINCAN}verb/earned", COURSE, "edx.grades.course.grade_calculated", _course_grade),
    _one("subsection_graded", f"{_TINCAN}verb/earned", _RESOURCE, "edx.grades.subsection.grade_calculated", _graded),
    _one("course_passed", f"{_ADL}verbs/passed", COURSE, "edx.course.grade.now_passed", _nothing),
    _one("course_failed", f"{_ADL}verbs/failed", COURSE, "edx.course.grade.now_failed", _nothing),
    _forum("created", f"{_ACROSS}verbs/posted"),
    _forum("edited", f"{_ACROSS}verbs/edited"),
    _forum("viewed", f"{_TINCAN}verb/viewed"),
    _forum("deleted", f"{_DOD}deleted"),
    _forum("voted", f"{_OPENEDX}verb/voted"),
    _forum("reported", f"{_ACROSS}verbs/reported"),
    _forum("unreported", f"{_OPENEDX}verb/unreported"),
    *_exam("timed", "timed"),
    *_exam("practice", "practice_proctored"),
    *_exam("proctored", "proctored"),
    *SMARTPD_STATEMENTS,
)

#: By verb and type of the object.
STATEMENT_TYPES: Mapping[tuple[str, str], StatementType] = MappingProxyType(
    {(each.verb, each.activity_type): each for each in _SAID}
)
