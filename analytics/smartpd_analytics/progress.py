"""How far long work is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Progress", "Steps"]

#: Called with (done, in all).
Progress: TypeAlias = Callable[[int, int], None]


class Steps:
    """Counts steps of ``total`` and tells ``progress``, where there is one."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._now = progress, total, 0

    def done(self) -> None:
        """One step more; never more than there are."""
        self._now = min(self._now + 1, self._total)
        if self._progress:
            self._progress(self._now, self._total)
