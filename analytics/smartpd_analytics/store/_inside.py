"""The engine for little: no process is started, the work is done where the run is."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.store._reader import BLOCK
from smartpd_analytics.store._work import Job, Kept, Parsed, Worker, Written


class Inside:
    """One worker without a process; see ``_ingest.Engine``."""

    def __init__(self, job: Job) -> None:
        self.memory = bytearray(BLOCK)
        self._worker = Worker(job)
        self._answers: list[Parsed | tuple[int, Written]] = []

    def slot(self) -> int | None:
        """Where in ``memory`` the next block may be put, or None while answers wait."""
        return None if self._answers else 0

    def parse(self, block: int, length: int) -> None:
        """Parse the block that was put into ``slot()``."""
        self._answers.append(self._worker.parse(block, bytes(memoryview(self.memory)[:length])))

    def write(self, wave: int, generation: int, blocks: Mapping[int, Kept]) -> int:
        """Write a wave; one answer comes."""
        self._answers.append((wave, self._worker.write(wave, generation, blocks)))
        return 1

    def answers(self) -> list[Parsed | tuple[int, Written]]:
        """What came back."""
        found, self._answers = self._answers, []
        return found

    def close(self) -> None:
        """Nothing to end."""
