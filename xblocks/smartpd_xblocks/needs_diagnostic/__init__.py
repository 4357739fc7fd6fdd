"""What the needs diagnostic decides and says. No XBlock, no Django.

_attempt    one learner's way through an instrument: guessing, answering, finishing, starting again
_comparison before and after
_questions  the instrument as screens: one area a step
_result     levels, gaps to the target and the picture of them
_settings   what the course team may set
_screens    what the templates get
_team       what the course team sees and may do
_words      what stands on the screens
"""

from __future__ import annotations

from ._attempt import Attempt, Change, Refusal, answer, archived, attempt_on, finish, guess, usable_answers
from ._comparison import AreaChange, Comparison, Standing, comparison, standing
from ._questions import ItemView, OptionView, Questions, Step, questions
from ._result import AreaRow, GapRow, Result, result, target_share
from ._screens import (
    Speaker,
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
    "PHASES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
    "TEAM_WORDS",
    "AreaChange",
    "AreaRow",
    "Attempt",
    "Change",
    "Comparison",
    "GapRow",
    "ItemView",
    "OptionView",
    "Questions",
    "Refusal",
    "Result",
    "Speaker",
    "Standing",
    "Step",
    "answer",
    "archived",
    "attempt_on",
    "attempts_gone",
    "author_screen",
    "comparison",
    "comparison_screen",
    "finish",
    "guess",
    "learners_screen",
    "level_ids",
    "next_steps_screen",
    "question_screen",
    "questionnaire_ids",
    "questions",
    "reopened",
    "reset",
    "result",
    "result_screen",
    "result_table",
    "settings_problems",
    "standing",
    "target_share",
    "team_notice",
    "team_screen",
    "team_words",
    "usable_answers",
]
