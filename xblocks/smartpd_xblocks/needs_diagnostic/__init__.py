"""What the needs diagnostic decides and says. No XBlock, no Django.

_adaptive   an adaptive test: which question is next
_attempt    one learner's way through an instrument: guessing, answering, finishing, starting again
_comparison before and after
_consent    for which purposes answers may be used
_end        the end of an attempt of any kind
_goals      a goal for each of the largest needs
_grading    what the course team may set of grading
_questionnaire  the end of a motivation questionnaire and of a needs survey
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
from ._settings import level_ids, questionnaire_ids, settings_problems
from ._team import (
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
    "GRADED_BY",
    "OTHER_QUESTION",
    "PHASES",
    "PURPOSES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
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
    "OptionView",
    "Questions",
    "Refusal",
    "Result",
    "Speaker",
    "Standing",
    "Step",
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
    "decided",
    "earlier_line",
    "end_screen",
    "finish",
    "goal_screens",
    "goals_of",
    "grading_problems",
    "guess",
    "is_adaptive",
    "learners_screen",
    "level_ids",
    "next_steps_screen",
    "not_again",
    "pending_item",
    "question_screen",
    "questionnaire_ids",
    "questions",
    "read_consent",
    "read_goal",
    "reopened",
    "reset",
    "result",
    "result_screen",
    "result_table",
    "score_of",
    "settings_problems",
    "standing",
    "take_up",
    "target_share",
    "team_notice",
    "team_screen",
    "team_words",
    "usable_answers",
]
