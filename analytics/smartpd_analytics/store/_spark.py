"""Ingestion on a Spark cluster: the same parser and the same files, written by Spark's executors.

The driver cuts sources into blocks as it does for local workers. A set of blocks is one Spark job: each
executor parses its blocks (``mapInArrow``), leaves the events in the store's ``staging`` folder and answers
what is needed to find duplicates. A second job writes the wave, each executor what it is given of it. The
store must therefore be in a folder that driver and executors share.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from smartpd_analytics.store._columns import Values
from smartpd_analytics.store._layout import STAGING, private
from smartpd_analytics.store._reader import BLOCK
from smartpd_analytics.store._session import spark_errors, spark_session
from smartpd_analytics.store._work import Job, Kept, Parsed, Worker, Written

#: Blocks of one Spark job, for each of the cluster's cores.
_BLOCKS_PER_CORE = 4
_PICKLED = "answer binary"


class SparkEngine:
    """Parses and writes on Spark; see ``_ingest.Engine``.

    Args:
        job: what every worker has to know.
        master: the cluster's address, or ``""`` for what Spark is configured to.

    Raises:
        MissingExtraError: pyspark is not installed.
        InputError: Spark does not start.
    """

    def __init__(self, job: Job, master: str) -> None:
        self._spark, self._own = spark_session("smartpd ingest", master)
        self._job = job
        self._at_once = self._spark.sparkContext.defaultParallelism * _BLOCKS_PER_CORE
        #: One block, before it is copied into the job.
        self.memory = bytearray(BLOCK)
        self._blocks: list[tuple[int, bytes]] = []
        self._answers: list[Parsed | tuple[int, Written]] = []

    def slot(self) -> int | None:
        """Where in ``memory`` the next block may be put, or None while a job is to be run first."""
        return 0 if len(self._blocks) < self._at_once else None

    def parse(self, block: int, length: int) -> None:
        """Take over the block that was put into ``slot()``."""
        self._blocks.append((block, bytes(self.memory[:length])))

    def write(self, wave: int, generation: int, blocks: Mapping[int, Kept]) -> int:
        """Have a wave written; how many answers will come."""
        cores = max(self._spark.sparkContext.defaultParallelism, 1)
        numbers = sorted(blocks)
        parts = [{block: blocks[block] for block in numbers[at::cores]} for at in range(min(cores, len(numbers)))]
        rows = [(at, pickle.dumps((wave, generation, part))) for at, part in enumerate(parts)]
        self._answers += [(wave, written) for written in self._run(rows, _writing(self._job))]
        return len(parts)

    def answers(self) -> list[Parsed | tuple[int, Written]]:
        """What came back; runs the blocks that wait."""
        if not self._answers and self._blocks:
            blocks, self._blocks = self._blocks, []
            self._answers += self._run(blocks, _parsing(self._job))
        found, self._answers = self._answers, []
        return found

    def _run(self, rows: list[tuple[int, bytes]], work: Callable[[Iterator[Any]], Iterator[Any]]) -> list[Any]:
        frame = self._spark.createDataFrame(
            pa.table(
                {"number": [number for number, _ in rows], "data": pa.array([data for _, data in rows], pa.binary())}
            )
        ).repartition(len(rows), "number")
        with spark_errors():
            answers = frame.mapInArrow(work, _PICKLED).collect()
        # What our own workers answered, over Spark's own connections.
        return [pickle.loads(bytes(row["answer"])) for row in answers]  # noqa: S301

    def close(self) -> None:
        """End the session where it is our own."""
        if self._own:
            self._spark.stop()


def _parsing(job: Job) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        worker = StagingWorker(job)
        for batch in batches:
            for row in batch.to_pylist():
                parsed = worker.parse(row["number"], row["data"])
                worker.stage(row["number"])
                yield _answer(parsed)

    return work


def _writing(job: Job) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                wave, generation, blocks = pickle.loads(row["data"])  # noqa: S301 - from our own driver
                worker = StagingWorker(job, row["number"])
                for block in blocks:
                    worker.unstage(block)
                yield _answer(worker.write(wave, generation, blocks))

    return work


def _answer(answer: object) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"answer": [pickle.dumps(answer)]})


class StagingWorker(Worker):
    """A worker whose parsed blocks wait in a folder, because another executor may write them."""

    def parse(self, block: int, data: bytes, *, statements: bool | None = None) -> Parsed:
        """Parse a block with values of its own: whoever takes it up has no others."""
        self._values = Values()
        return super().parse(block, data, statements=statements)

    def _staged(self, block: int) -> Path:
        return Path(self._job.store) / STAGING / f"{self._job.run}-{block}"

    def stage(self, block: int) -> None:
        """Leave a parsed block in the staging folder."""
        held = self._blocks.pop(block)
        path = self._staged(block)
        # Lines that cannot be read may hold anything.
        with private():
            path.parent.mkdir(exist_ok=True)
            # A task that Spark runs a second time replaces what the first one left.
            temporary = path.with_name(f"{path.name}.{os.getpid()}")
            temporary.write_bytes(pickle.dumps(held))
            temporary.replace(path)

    def unstage(self, block: int) -> None:
        """Take a parsed block up again."""
        # Written by ``stage``, on another executor of our own.
        self._blocks[block] = pickle.loads(self._staged(block).read_bytes())  # noqa: S301
