"""What the PRES block decides, as plain Python: no XBlock, no Django.

A piece of reasoning in four parts: position, reason, explanation or example, summary. ``read_settings``
turns what a course team saved into ``Settings``; ``Draft`` is the text being written, guarded by a
revision number; a ``Submission`` is one finished version.
"""

from ._draft import (
    KEPT_SUBMISSIONS,
    Draft,
    StaleDraft,
    Submission,
    latest,
    read_draft,
    read_submissions,
    save_draft,
    submit,
    write_submissions,
)
from ._form import PART_IDS, PRESETS, Part, Settings, default_parts, preset_for, read_settings
from ._page import page, script_words
from ._team import TEAM_WORDS, team_screen, team_words
from ._text import MAX_CHARACTERS, TextError, check_limits, clean_text, count_words, read_texts, word_counts

__all__ = [
    "KEPT_SUBMISSIONS",
    "MAX_CHARACTERS",
    "PART_IDS",
    "PRESETS",
    "TEAM_WORDS",
    "Draft",
    "Part",
    "Settings",
    "StaleDraft",
    "Submission",
    "TextError",
    "check_limits",
    "clean_text",
    "count_words",
    "default_parts",
    "latest",
    "page",
    "preset_for",
    "read_draft",
    "read_settings",
    "read_submissions",
    "read_texts",
    "save_draft",
    "script_words",
    "submit",
    "team_screen",
    "team_words",
    "word_counts",
    "write_submissions",
]
