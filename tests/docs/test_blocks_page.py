"""docs/blocks.md: its example of a matrix is one, and shows every field."""

import json
import re
from pathlib import Path

from smartpd_xblocks.learning_matrix import FIELDS, MODES, read_matrix

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "blocks.md").read_text(encoding="utf-8")
(EXAMPLE,) = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def test_the_example_is_read_without_a_problem():
    reading = read_matrix(EXAMPLE)
    assert [str(problem) for problem in reading.problems] == []
    assert len(reading.matrix.cells) == len(EXAMPLE["cells"]) > 1
    assert [row.id for row in reading.matrix.rows()] == ["resources/search", "resources/licences", "feedback"]


def test_the_example_has_every_field():
    shown = {
        "topics": EXAMPLE["topics"],
        "sections": [section for topic in EXAMPLE["topics"] for section in topic.get("sections", [])],
        "activities": EXAMPLE["activities"],
        "cells": EXAMPLE["cells"],
    }
    for kind, fields in FIELDS.items():
        assert {name for entry in shown[kind] for name in entry} == set(fields), kind


def test_every_field_of_a_cell_is_explained():
    table = PAGE.partition("## The cells of a learning matrix")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert rows == list(FIELDS["cells"])
    assert all(f"`{mode}`" in table for mode in MODES)
