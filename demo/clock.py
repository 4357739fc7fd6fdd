"""The demo's clock; recording the simulated learners sets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

__all__ = ["now", "running_by"]


def _real() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _real


def now() -> datetime:
    """The time in UTC, as the demo sees it."""
    return _source()


@contextmanager
def running_by(source: Callable[[], datetime]) -> Iterator[None]:
    """Within the block, ``now()`` is what ``source`` says. For one thread: the recorder's."""
    global _source  # noqa: PLW0603
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
