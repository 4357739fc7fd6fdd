"""What the learning matrix block decides, as plain Python: no XBlock, no Django.

A matrix is topics (rows, each split into sections where wanted) by activities (columns); a cell is
something to do and something to master. ``read_matrix`` turns what a course team saved into a
``Matrix`` and says what it had to leave out; marks are what a learner said of the cells.
"""

from ._advice import Advice, advised_cells, finished_cells
from ._links import Link, jump_url, read_link, relative_link, usage_key_of
from ._marks import (
    RATINGS,
    STATUSES,
    CellMark,
    MarkError,
    Progress,
    block_status,
    completion,
    mark,
    progress,
    rate,
    read_marks,
    row_progress,
    with_finished,
    write_marks,
)
from ._matrix import MODES, Activity, Cell, Matrix, Row, Topic
from ._page import STATUS_WORDS, Page, progress_words
from ._presets import default_matrix, default_scale
from ._reading import FIELDS, LIMITS, Reading, read_matrix, read_scale
from ._words import PAGE_WORDS, SCRIPT_WORDS

__all__ = [
    "FIELDS",
    "LIMITS",
    "MODES",
    "PAGE_WORDS",
    "RATINGS",
    "SCRIPT_WORDS",
    "STATUSES",
    "STATUS_WORDS",
    "Activity",
    "Advice",
    "Cell",
    "CellMark",
    "Link",
    "MarkError",
    "Matrix",
    "Page",
    "Progress",
    "Reading",
    "Row",
    "Topic",
    "advised_cells",
    "block_status",
    "completion",
    "default_matrix",
    "default_scale",
    "finished_cells",
    "jump_url",
    "mark",
    "progress",
    "progress_words",
    "rate",
    "read_link",
    "read_marks",
    "read_matrix",
    "read_scale",
    "relative_link",
    "row_progress",
    "usage_key_of",
    "with_finished",
    "write_marks",
]
