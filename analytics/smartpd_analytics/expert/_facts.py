"""The facts a rule may speak of: the one place where they are named.

``planning`` computes them; the loader checks every condition against them; a test compares this list
with docs/how-to-write-a-rule.md. Every fact always has a value of its type, so a condition never
meets an unknown: where nothing is known the fact is 0, false or empty, and a companion
(``has_pace``, ``has_estimates`` …) says so.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULTS", "FACTS", "WORDS", "Fact", "FactValue"]

FactValue = bool | float | str

#: What stands for "not known" and "not concluded", by type.
DEFAULTS: dict[str, FactValue] = {"boolean": False, "number": 0.0, "text": ""}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    ``type`` is ``boolean``, ``number`` or ``text``; ``scope`` is ``learner`` (known once for each learner)
    or ``candidate`` (known for each action that could be proposed). ``unit`` says what a number counts;
    ``share`` lies in 0..1 and is shown to people as per cent. ``values`` are the texts that occur.
    """

    name: str
    type: str
    scope: str
    unit: str
    meaning: str
    values: tuple[str, ...] = ()

    @property
    def default(self) -> FactValue:
        """What stands for "not known"."""
        return DEFAULTS[self.type]


def _number(name: str, unit: str, meaning: str) -> Fact:
    return Fact(name, "number", "learner", unit, meaning)


def _flag(name: str, meaning: str) -> Fact:
    return Fact(name, "boolean", "learner", "", meaning)


def _c_number(name: str, unit: str, meaning: str) -> Fact:
    return Fact(name, "number", "candidate", unit, meaning)


def _c_flag(name: str, meaning: str) -> Fact:
    return Fact(name, "boolean", "candidate", "", meaning)


_KINDS = (
    "ask",
    "come_back",
    "practise",
    "prepare",
    "read_first",
    "resume",
    "retry",
    "review",
    "revisit",
    "start",
    "stretch",
    "take_diagnosis",
)

_ALL: tuple[Fact, ...] = (
    # --- the learner: time and rhythm
    _flag("has_activity", "the log knows at least one event of the learner in this course"),
    _number("days_since_start", "days", "from the learner's first event to the day of the advice"),
    _number("days_silent", "days", "from the learner's last event to the day of the advice"),
    _number("days_of_activity", "days", "from the learner's first event to the last"),
    _number("usual_gap", "days", "average distance between two study days; 0 with a single one"),
    _number("active_days", "count", "days with at least one event"),
    _number("sessions", "count", "sittings, parted by 30 minutes without an event"),
    _number("minutes", "minutes", "time on task"),
    _flag("has_pace", "the course has a median pace to compare with"),
    _number("pace", "ratio", "units opened a week, divided by the median of the course; 1 where unknown"),
    # --- the learner: answers
    _number("answers", "count", "graded answers given"),
    _number("right", "count", "graded answers fully right"),
    _number("wrong", "count", "graded answers not fully right"),
    _number("right_share", "share", "right answers among all answers"),
    _number("fast_answers", "count", "answers given too fast for the question to have been read"),
    _number("fast_share", "share", "fast answers among all answers"),
    _number("answers_shown", "count", "times an answer was looked up"),
    _number("problems_tried", "count", "problems with at least one answer"),
    _number("problems_solved", "count", "problems solved"),
    _number("first_try_share", "share", "problems right at the first try, among the problems tried"),
    _number("problems_failing", "count", "problems failed twice or more, not solved, and open for another answer"),
    _number("problems_closed", "count", "problems not solved that take no more answers"),
    _number("problems_waiting", "count", "problems without an answer, in units already opened"),
    # --- the learner: content
    _number("videos_played", "count", "videos started at least once"),
    _number("video_plays", "count", "times a video was started"),
    _number("videos_completed", "count", "videos watched to their end"),
    _number("units_opened", "count", "units opened"),
    _number("units_in_course", "count", "units the course has, as far as known"),
    _number("units_left", "count", "units never opened"),
    _number("units_unfinished", "count", "units opened but not finished"),
    _flag("course_known", "a course map says what the course has; else only what somebody has opened is known"),
    _flag("course_finished", "every known unit is finished"),
    # --- the learner: diagnosis and gaps
    _flag("has_diagnosis", "the course has an entry diagnosis"),
    _number("diagnosis_answered", "count", "questions of the entry diagnosis answered"),
    _number("diagnosis_total", "count", "questions of the entry diagnosis"),
    _number("diagnosis_left", "count", "questions of the entry diagnosis still open"),
    _flag("diagnosis_hasty", "the entry diagnosis was answered faster than one can read, and can be answered again"),
    _flag("has_estimates", "at least one competency has been estimated"),
    _number("competencies_estimated", "count", "competencies with an estimate"),
    _number("mean_estimate", "share", "mean of the estimates; 0 where there is none"),
    _number("largest_gap", "share", "largest distance from an estimate up to its target"),
    _flag(
        "targets_reached",
        "all that the course trains is estimated and at its target, and no question of the diagnosis is open",
    ),
    # --- the learner: needs, as stated in a survey
    _number("hours_a_week", "hours", "hours a week that the learner has said to have for the course; 0 where unknown"),
    _number("sitting_minutes", "minutes", "how long the learner has said to study without a break; 0 where unknown"),
    _flag("slow_connection", "the learner has said that the connection is slow, breaks off or costs by volume"),
    # --- the candidate action
    Fact("kind", "text", "candidate", "", "the kind of action", _KINDS),
    Fact(
        "target_type",
        "text",
        "candidate",
        "",
        "what would be opened",
        ("diagnostic", "other", "problem", "text", "unit", "video"),
    ),
    Fact(
        "first_type", "text", "candidate", "", "what would come before it; empty for nothing", ("text", "unit", "video")
    ),
    _c_number("target_failing", "count", "wrong answers since the last right one, for a problem"),
    _c_number("target_tries", "count", "graded answers given, for a problem"),
    _c_number("target_wrong", "count", "wrong answers given, for a problem"),
    _c_number("target_shown", "count", "times its answer was looked up, for a problem"),
    _c_number("target_fast", "count", "fast answers in its unit"),
    _c_number("target_fast_wrong", "count", "fast answers in its unit that were wrong"),
    _c_number("target_waiting", "count", "problems of its unit without an answer"),
    _c_number("target_open", "count", "problems of its unit that are not solved and take another answer"),
    _c_number("target_to_retry", "count", "of these the ones that were answered wrong, and not taken back"),
    _c_number("target_attempts", "count", "attempts that a problem without any left allowed; 0 where not known"),
    _c_flag("target_given_back", "the attempts at the problem were used up once, and it takes answers again"),
    _c_flag("target_solved", "the problem it is about is solved"),
    _c_flag("target_instead", "it trains what a problem trains that takes no more answers"),
    _c_number("target_days", "days", "since the learner last did something with it; 0 if never"),
    _c_number("target_minutes", "minutes", "how long the action takes"),
    _c_number("target_prerequisites_open", "count", "prerequisites not met"),
    _c_flag("target_seen", "the learner has opened its unit"),
    _c_flag("target_stopped", "its unit is the last that was on screen"),
    _c_flag("target_next", "of the units not yet opened it is the next after the place where the learner is"),
    _c_flag("target_passed", "a unit not yet opened that lies before the place where the learner is"),
    _c_flag("has_target_gap", "it trains a competency that has been estimated"),
    _c_number("target_gap", "share", "mean gap of the competencies it trains; 0 where unknown"),
    _c_number("target_value", "share", "where the learner stands in `{competency}`; 0 where unknown"),
    _c_number("target_goal", "share", "the target in `{competency}`; 0 where unknown"),
    _c_flag("target_reached", "all that it trains has been estimated, and is at its target"),
    _c_flag("has_target_after", "a unit that is not finished builds on it: `{after}`"),
    _c_number("target_after_gap", "share", "mean gap of the competencies that `{after}` trains; 0 where unknown"),
    _c_flag("target_wished", "it trains a competency in an area in which the learner has said to want to get better"),
    _c_flag("target_mode_fits", "it can be taken in the way in which the learner has said to like to take part"),
    _c_flag(
        "target_mode_impossible", "the learner has said that none of the ways in which it can be taken is possible"
    ),
    _c_flag("target_language_fits", "it is in the language in which the learner has said to prefer materials"),
    _c_flag("target_language_other", "it is only in other languages than the one the learner has said to prefer"),
    _c_flag("has_target_step", "its level and the learner's are both known"),
    _c_number(
        "target_step", "levels", "levels by which it stands above the learner (below: negative); 0 where unknown"
    ),
)

#: Name -> fact, in the order of the documentation.
FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}

#: Words a sentence may insert beside the facts: name -> meaning.
WORDS: dict[str, str] = {
    "target": "what would be opened, by its title",
    "unit": "the unit it stands in, by its title",
    "competency": "of the competencies it trains the one furthest from its target, by its title",
    "whose_target": "whose target that is: “your target”, “the target of this course”, “the target of your role “…””",
    "after": "the unit that builds on it, by its title",
    "about": "the problem it is about, by its title, where that is not what would be opened",
    "first": "what comes before it, by its title",
    "first_step": "what to do first, as the beginning of a sentence (“Watch the video before it”)",
}
