"""What the needs diagnostic decides and says. No XBlock, no Django.

_attempt    one learner's way through an instrument: guessing, answering, finishing, starting again
_comparison before and after
_editor     the course team's own questions: documents, problems, files
_editor_versions  their versions, and which are kept
_editor_words  what stands in the editor
_targets    which level to reach, in which competency, in which role
_questions  the instrument as screens: one area a step
_result     levels, gaps to the target and the picture of them
_settings   what the course team may set
_screens    what the templates get
_words      what stands on the screens
"""

from __future__ import annotations

from ._attempt import Attempt, Change, Refusal, answer, archived, attempt_on, finish, guess, usable_answers
from ._comparison import AreaChange, Comparison, Standing, comparison, standing
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
from ._settings import level_ids, questionnaire_facts, questionnaire_ids, settings_problems
from ._targets import Goals, goals_of, role_of, target_problems
from ._words import PHASES, SCREEN_WORDS, SCRIPT_WORDS

__all__ = [
    "EDITOR_WORDS",
    "FIELD",
    "FILE_KINDS",
    "ITEM_TYPES",
    "PHASES",
    "SCREEN_WORDS",
    "SCRIPT_WORDS",
    "AreaChange",
    "AreaRow",
    "Attempt",
    "Change",
    "Comparison",
    "GapRow",
    "Goals",
    "ItemView",
    "Kept",
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
    "content_digest",
    "empty_document",
    "empty_kinds",
    "exported",
    "finish",
    "framework_words",
    "goals_of",
    "guess",
    "imported",
    "kept",
    "level_ids",
    "measures_the_same",
    "next_steps_screen",
    "normal",
    "own_id",
    "own_instrument",
    "packed",
    "place_hash",
    "question_screen",
    "questionnaire_facts",
    "questionnaire_ids",
    "questionnaire_problems",
    "questions",
    "result",
    "result_screen",
    "result_table",
    "role_of",
    "settings_problems",
    "size_problem",
    "standing",
    "target_problems",
    "target_share",
    "unpacked",
    "usable_answers",
    "version_number",
    "without_stale_norms",
]
