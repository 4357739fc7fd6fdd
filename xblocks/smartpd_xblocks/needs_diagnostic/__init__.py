"""What the needs diagnostic decides and says. No XBlock, no Django.

_attempt    one learner's way through an instrument: guessing, answering, finishing, starting again
_comparison before and after
_grading    what the course team may set of grading
_questions  the instrument as screens: one area a step
_result     levels, gaps to the target and the picture of them
_settings   what the course team may set
_screens    what the templates get
_words      what stands on the screens
"""

from __future__ import annotations

from ._attempt import Attempt, Change, Refusal, answer, archived, attempt_on, finish, guess, usable_answers
from ._comparison import AreaChange, Comparison, Standing, comparison, standing
from ._grading import GRADED_BY, grading_problems
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
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "GRADED_BY",
    "PHASES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
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
    "author_screen",
    "comparison",
    "comparison_screen",
    "finish",
    "grading_problems",
    "guess",
    "level_ids",
    "next_steps_screen",
    "question_screen",
    "questionnaire_ids",
    "questions",
    "result",
    "result_screen",
    "result_table",
    "settings_problems",
    "standing",
    "target_share",
    "usable_answers",
]
