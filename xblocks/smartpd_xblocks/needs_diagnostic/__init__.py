"""What the needs diagnostic decides and says. No XBlock, no Django.

_attempt    one learner's way through an instrument: answering, finishing, starting again
_questions  the instrument as screens: one area a step
_result     levels, gaps to the target and the picture of them
_settings   what the course team may set
_screens    what the templates get
_words      what stands on the screens
"""

from __future__ import annotations

from ._attempt import Attempt, Change, Refusal, answer, archived, attempt_on, finish, usable_answers
from ._questions import ItemView, OptionView, Questions, Step, questions
from ._result import AreaRow, GapRow, Result, result, target_share
from ._screens import Speaker, author_screen, next_steps_screen, question_screen, result_screen
from ._settings import level_ids, settings_problems
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "PHASES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
    "AreaRow",
    "Attempt",
    "Change",
    "GapRow",
    "ItemView",
    "OptionView",
    "Questions",
    "Refusal",
    "Result",
    "Speaker",
    "Step",
    "answer",
    "archived",
    "attempt_on",
    "author_screen",
    "finish",
    "level_ids",
    "next_steps_screen",
    "question_screen",
    "questions",
    "result",
    "result_screen",
    "settings_problems",
    "target_share",
    "usable_answers",
]
