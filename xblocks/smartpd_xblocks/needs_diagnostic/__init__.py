"""What the needs diagnostic decides and says. No XBlock, no Django.

_adaptive   an adaptive test: which question is next
_attempt    one learner's way through an instrument: guessing, answering, finishing, starting again
_comparison before and after
_consent    for which purposes answers may be used
_editor     the course team's own questions: documents, problems, files
_editor_versions  their versions, and which are kept
_editor_words  what stands in the editor
_end        the end of an attempt of any kind
_goals      a goal for each of the largest needs
_grading    what the course team may set of grading
_questionnaire  the end of a motivation questionnaire and of a needs survey
_targets    which level to reach, in which competency, in which role
_questions  the instrument as screens: one area a step
_result     levels, gaps to the target and the picture of them
_settings   what the course team may set
_screens    what the templates get
_team       what the course team sees and may do
_words, _choice_words  what stands on the screens
"""

from __future__ import annotations

from ._adaptive import (
    OTHER_QUESTION,
    AdaptivePlan,
    answer_and_go_on,
    can_adapt,
    is_adaptive,
    not_again,
    pending_item,
    take_up,
)
from ._attempt import (
    Attempt,
    Change,
    Refusal,
    answer,
    archived,
    attempt_on,
    check_page,
    finish,
    guess,
    score_of,
    usable_answers,
)
from ._comparison import AreaChange, Comparison, Standing, comparison, standing
from ._consent import PURPOSES, consent_screen, decided, read_consent
from ._editor import (
    FIELD,
    FILE_KINDS,
    ITEM_TYPES,
    empty_document,
    empty_kinds,
    exported,
    framework_words,
    imported,
    normal,
    own_instrument,
    questionnaire_problems,
    size_problem,
    without_stale_norms,
)
from ._editor_versions import (
    Kept,
    content_digest,
    kept,
    measures_the_same,
    own_id,
    packed,
    place_hash,
    unpacked,
    version_number,
)
from ._editor_words import EDITOR_WORDS
from ._end import earlier_line, end_screen
from ._goals import GoalForm, goal_screens, goals_of, read_goal
from ._grading import GRADED_BY, grading_problems
from ._questions import ItemView, OptionView, Questions, Step, questions
from ._result import AreaRow, GapRow, Result, result, target_share
from ._screens import (
    Speaker,
    adaptive_screen,
    author_screen,
    comparison_screen,
    next_steps_screen,
    question_screen,
    result_screen,
    result_table,
)
from ._settings import level_ids, questionnaire_facts, questionnaire_ids, settings_problems
from ._targets import Targets, role_of, target_problems, targets_of
from ._team import (
    STATE_FIELDS,
    TEAM_WORDS,
    attempts_gone,
    learners_screen,
    reopened,
    reset,
    team_notice,
    team_screen,
    team_words,
)
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "EDITOR_WORDS",
    "FIELD",
    "FILE_KINDS",
    "GRADED_BY",
    "ITEM_TYPES",
    "OTHER_QUESTION",
    "PHASES",
    "PURPOSES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
    "STATE_FIELDS",
    "TEAM_WORDS",
    "AdaptivePlan",
    "AreaChange",
    "AreaRow",
    "Attempt",
    "Change",
    "Comparison",
    "GapRow",
    "GoalForm",
    "ItemView",
    "Kept",
    "OptionView",
    "Questions",
    "Refusal",
    "Result",
    "Speaker",
    "Standing",
    "Step",
    "Targets",
    "adaptive_screen",
    "answer",
    "answer_and_go_on",
    "archived",
    "attempt_on",
    "attempts_gone",
    "author_screen",
    "can_adapt",
    "check_page",
    "comparison",
    "comparison_screen",
    "consent_screen",
    "content_digest",
    "decided",
    "earlier_line",
    "empty_document",
    "empty_kinds",
    "end_screen",
    "exported",
    "finish",
    "framework_words",
    "goal_screens",
    "goals_of",
    "grading_problems",
    "guess",
    "imported",
    "is_adaptive",
    "kept",
    "learners_screen",
    "level_ids",
    "measures_the_same",
    "next_steps_screen",
    "normal",
    "not_again",
    "own_id",
    "own_instrument",
    "packed",
    "pending_item",
    "place_hash",
    "question_screen",
    "questionnaire_facts",
    "questionnaire_ids",
    "questionnaire_problems",
    "questions",
    "read_consent",
    "read_goal",
    "reopened",
    "reset",
    "result",
    "result_screen",
    "result_table",
    "role_of",
    "score_of",
    "settings_problems",
    "size_problem",
    "standing",
    "take_up",
    "target_problems",
    "target_share",
    "targets_of",
    "team_notice",
    "team_screen",
    "team_words",
    "unpacked",
    "usable_answers",
    "version_number",
    "without_stale_norms",
]
