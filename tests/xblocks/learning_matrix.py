"""A small matrix for the tests of the learning matrix block, and how they read its page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from lxml import etree
from smartpd_xblocks.learning_matrix_block import LearningMatrixBlock

from tests.xblocks.runtime import Site

LearningMatrixBlock.BLOCK_TYPE = "smartpd_learning_matrix"
OWN_KEY = "block-v1:SmartPD+DC101+demo+type@smartpd_learning_matrix+block@one"
UNIT_KEY = "block-v1:SmartPD+DC101+demo+type@vertical+block@intro"
MATRIX = {
    "topics": [{"id": "a", "title": {"en": "Alpha", "ru": "Альфа", "uz": "Alfa"}}, {"id": "b", "title": "<b>Beta</b>"}],
    "activities": [{"id": "read", "title": "Read"}, {"id": "do", "title": "Do"}],
    "cells": [
        {"id": "a-read", "topic": "a", "activity": "read", "can_do": "I can read", "task": "Read it", "link": "intro"},
        {"id": "a-do", "topic": "a", "activity": "do", "can_do": "I can do", "competency": "2.1", "required": True},
        {
            "id": "b-do",
            "topic": "b",
            "activity": "do",
            "can_do": "I can <script>alert(1)</script>",
            "link": "https://example.org/?a=1&b=2",
            "minutes": 20,
            "modes": ["online"],
            "required": True,
        },
    ],
}


def matrix(site: Site, **opened: Any) -> Any:
    settings = {"matrix": MATRIX} if opened.get("role", "learner") in ("learner", "sdk") else {}
    return site.open(LearningMatrixBlock, **{"settings": settings, **opened})


def page(block: Any, view: str = "student_view") -> etree._Element:
    """The page as a browser's parser sees it."""
    return etree.HTML(getattr(block, view)().content)


def cell_of(tree: etree._Element, cell_id: str) -> etree._Element:
    (found,) = tree.xpath(f"//td[@data-cell='{cell_id}']")
    return found


def action(rank: int, title: str, reason: dict[str, str], **more: Any) -> SimpleNamespace:
    """A next action as the plugin tells it."""
    rest = {"target": "", "unit": "", "competencies": (), "link": "", **more}
    return SimpleNamespace(rank=rank, title={"en": title}, reason=reason, **rest)


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())
