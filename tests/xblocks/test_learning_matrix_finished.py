"""What is finished in the course counts as done in the matrix, until the learner says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xblocks.learning_matrix import MATRIX, UNIT_KEY, action, cell_of, matrix, page, words
from tests.xblocks.runtime import Site

CELLS = [{**MATRIX["cells"][0], "required": True}, *MATRIX["cells"][1:]]
ALL = {"matrix": {**MATRIX, "cells": CELLS}}


@pytest.fixture
def finished(site: Site, door: Any, django_rows: None) -> Any:
    """The matrix of a learner who has finished in the course what its first cell leads to."""
    door.done = frozenset({UNIT_KEY, "block-v1:SmartPD+DC101+demo+type@vertical+block@elsewhere"})
    return lambda: matrix(site, settings=ALL)


def mark(site: Site, block: Any, status: str, was: str) -> Any:
    return site.post(block, "mark_cell", {"cell": "a-read", "status": status, "was": was})


def shown(block: Any) -> tuple[str, bool]:
    """Status of the cell on the page, and whether it says that this is from the course."""
    cell = cell_of(page(block), "a-read")
    return cell.get("data-status"), "Finished in the course" in words(cell)


def test_it_counts_without_a_word_of_the_learner(site: Site, finished: Any) -> None:
    tree = page(finished())
    assert shown(finished()) == ("done", True)
    assert "Done: 1 of 3" in words(tree)
    assert "change the status" in words(tree)
    assert cell_of(tree, "a-do").get("data-status") == "none"


def test_who_sees_it_otherwise_is_believed(site: Site, finished: Any) -> None:
    reply = mark(site, finished(), "doing", was="done")
    assert (reply.status, reply.json["status"], reply.json["whole"]["done"]) == (200, "doing", 0)
    assert shown(finished()) == ("doing", False)
    assert mark(site, finished(), "none", was="doing").json["status"] == "none"
    assert shown(finished()) == ("none", False)
    assert mark(site, finished(), "done", was="none").json["whole"]["done"] == 1
    assert shown(finished()) == ("done", False)


def test_a_rating_is_no_word_on_how_far_one_is(site: Site, finished: Any) -> None:
    reply = site.post(finished(), "rate_cell", {"cell": "a-read", "rating": 2, "was": None})
    assert (reply.json["status"], reply.json["rating"], reply.json["whole"]["done"]) == ("done", 2, 1)
    assert shown(finished()) == ("done", True)


def test_a_plan_is_overtaken_when_it_is_finished(site: Site, finished: Any, door: Any) -> None:
    door.done, later = frozenset(), door.done
    assert mark(site, finished(), "planned", was="none").status == 200
    assert shown(finished()) == ("planned", False)
    door.done = later
    assert shown(finished()) == ("done", True)
    # The page may still show what it showed before: that is no conflict.
    assert mark(site, finished(), "doing", was="planned").json["status"] == "doing"
    assert shown(finished()) == ("doing", False)


def test_another_pages_mark_is_still_a_conflict(site: Site, finished: Any) -> None:
    mark(site, finished(), "doing", was="done")
    reply = mark(site, finished(), "planned", was="done")
    assert (reply.status, reply.json["status"]) == (409, "doing")


def test_completion_counts_it(site: Site, finished: Any) -> None:
    for cell in ("a-do", "b-do"):
        site.post(finished(), "mark_cell", {"cell": cell, "status": "done"})
    assert [data["completion"] for name, data in site.events if name == "completion"][-1] == 1.0


def test_what_is_recommended_now_is_not_called_done(site: Site, finished: Any, door: Any) -> None:
    door.actions = [action(1, "Read it", {"en": "Once more."}, target=UNIT_KEY, competencies=())]
    assert shown(finished()) == ("none", False)
    assert mark(site, finished(), "planned", was="none").json["whole"]["done"] == 0


def test_nobody_is_asked_where_nobody_is_known(site: Site, finished: Any, door: Any) -> None:
    assert shown(matrix(site, role="anonymous", settings=ALL)) == ("none", False)
