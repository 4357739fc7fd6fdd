"""Fixtures for the tests of all blocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from tests.xblocks.runtime import Site


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Requests of other tests leave their language behind in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Learners write in a transaction that holds their row, the plugin's or their account's."""


@pytest.fixture
def site() -> Site:
    """A site with nothing on it."""
    return Site()


@pytest.fixture
def no_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site where the Django app is not installed."""
    monkeypatch.setattr("smartpd_xblocks.plugin.door", lambda: None)


class Door(SimpleNamespace):
    """Stands for ``smartpd.api``: notes what a block writes, and answers as it is told to."""

    TargetsData = SimpleNamespace

    def __init__(self, **answers: Any) -> None:
        super().__init__(
            diagnoses=[],
            targets=[],
            progress=[],
            instruments=[],
            locked=[],
            read_only=False,
            actions=(),
            done=frozenset(),
            units=(),
            matter=None,
            url="/courses/x/smartpd/",
            again_until=None,
            consents={},
            **answers,
        )

    def is_read_only(self, course_key: str) -> bool:
        return self.read_only

    @contextmanager
    def learner_turn(self, user_id: int, course_key: str) -> Iterator[None]:
        with transaction.atomic():
            self.locked.append((user_id, course_key))
            yield

    def record_diagnosis(
        self,
        user_id: int,
        course_key: str,
        *,
        usage_key: str,
        phase: str,
        score: Any,
        answers: Any = None,
        again_until: datetime | None = None,
        terms: str = "",
    ) -> None:
        if self.matter:
            raise self.matter
        self.again_until = again_until
        self.diagnoses.append((user_id, course_key, usage_key, phase, score))

    def record_answers(self, user_id: int, course_key: str, **said: Any) -> bool:
        return False

    def record_targets(self, user_id: int, course_key: str, targets: Any, *, acted: bool = True) -> None:
        self.targets.append((user_id, targets, acted))

    def keep_instrument(self, course_key: str, document: Any) -> None:
        self.instruments.append((course_key, document["id"], document["version"]))

    def record_progress(self, user_id: int, course_key: str, *, usage_key: str, status: str) -> None:
        if self.matter:
            raise self.matter
        self.progress.append((user_id, course_key, usage_key, status))

    def consent(self, user_id: int, course_key: str) -> dict[str, bool]:
        return dict(self.consents)

    def stated_needs(self, user_id: int, course_key: str) -> None:
        return None

    def goals(self, user_id: int, course_key: str) -> tuple[Any, ...]:
        return ()

    def course_map(self, course_key: str) -> Any:
        return SimpleNamespace(units=self.units)

    def recommendations(self, user_id: int, course_key: str) -> tuple[Any, ...]:
        if self.matter:
            raise self.matter
        return self.actions

    def finished(self, user_id: int, course_key: str) -> frozenset[str]:
        if self.matter:
            raise self.matter
        return self.done

    def my_development_url(self, course_key: str) -> str:
        return self.url


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    """A site where the Django app is installed; set ``matter`` to an exception to let it fail."""
    stand_in = Door()
    monkeypatch.setattr("smartpd_xblocks.plugin.door", lambda: stand_in)
    return stand_in


@pytest.fixture
def django_rows(db: None) -> None:
    """The plugin's writes stand in a transaction of the real database."""
