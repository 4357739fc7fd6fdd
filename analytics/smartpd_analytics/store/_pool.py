"""Local workers: processes that parse blocks out of memory shared with them.

They are started as programs of their own, so that nothing is copied from a parent with
threads. The pipe to a worker is its life line: when the parent is gone, however it went, the worker ends.
"""

from __future__ import annotations

import mmap
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from smartpd_analytics.errors import N_, Message, StoreError
from smartpd_analytics.store._reader import BLOCK
from smartpd_analytics.store._work import Job, Kept, Parsed, Worker, Written

#: Blocks that a worker may have before it: one that it parses, one that it takes up at once after.
_AHEAD = 2
#: Blocks in a row that are meant for one worker. Lines that follow each other are of the same courses, learners and
#: days: who reads them all works out less, and writes fewer files.
_IN_A_ROW = 8


class Pool:
    """``count`` workers, and slots of shared memory to hand blocks over."""

    def __init__(self, job: Job, count: int) -> None:
        slots = count * _IN_A_ROW
        self._store = job.store
        with tempfile.TemporaryFile(prefix="smartpd-", dir=_shared_memory()) as shared:
            shared.truncate(slots * BLOCK)
            self.memory = mmap.mmap(shared.fileno(), slots * BLOCK)
            self._free = list(range(slots))
            self._slot_of: dict[int, int] = {}
            self._worker_of: dict[int, int] = {}
            #: For each worker the blocks (number, length) that it is to get, and how many it has got.
            self._meant: list[deque[tuple[int, int]]] = [deque() for _ in range(count)]
            self._waiting = [0] * count
            self._row = _Row()
            self._processes: list[subprocess.Popen[bytes]] = []
            self._pipes: list[Connection] = []
            try:
                for number in range(count):
                    self._start(job, number, shared.fileno())
            except BaseException:
                self.close()
                raise

    def _start(self, job: Job, number: int, shared: int) -> None:
        mine, theirs = socket.socketpair()
        with theirs:
            fds = (theirs.fileno(), shared)
            # "-c" and not "-m": the module is there already when its package is loaded.
            command = [sys.executable, "-c", f"from {__name__} import serve; serve{fds}"]
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
            # A group of its own: Ctrl-C is for the parent, which ends its workers.
            process = subprocess.Popen(  # noqa: S603
                command, pass_fds=fds, stdin=subprocess.DEVNULL, env=environment, process_group=0
            )
            self._processes.append(process)
        self._pipes.append(Connection(mine.detach()))
        self._send(number, (job, number))

    def slot(self) -> int | None:
        """Where in ``memory`` the next block may be put, or None while there is no room."""
        return self._free[-1] * BLOCK if self._free else None

    def parse(self, block: int, length: int) -> None:
        """Hand over the block that was put into ``slot()``."""
        self._slot_of[block] = self._free.pop()
        self._meant[self._row.worker([len(meant) for meant in self._meant])].append((block, length))
        self._feed()

    def _feed(self) -> None:
        """Give each worker what is meant for it; who has nothing takes the last of what is meant for another."""
        for worker, meant in enumerate(self._meant):
            while self._waiting[worker] < _AHEAD:
                most = max(self._meant, key=len)
                if not meant and (self._waiting[worker] or not most):
                    break
                block, length = meant.popleft() if meant else most.pop()
                self._worker_of[block] = worker
                self._waiting[worker] += 1
                self._send(worker, ("parse", block, self._slot_of[block] * BLOCK, length))

    def write(self, wave: int, generation: int, blocks: Mapping[int, Kept]) -> int:
        """Have a wave written; how many answers will come."""
        mine: dict[int, dict[int, Kept]] = {}
        for block, kept in blocks.items():
            mine.setdefault(self._worker_of.pop(block), {})[block] = kept
        for worker, part in mine.items():
            self._send(worker, ("write", wave, generation, part))
        return len(mine)

    def answers(self) -> list[Parsed | tuple[int, Written]]:
        """What came back; waits until something does.

        Raises:
            OSError: a worker could not write.
            StoreError: a worker is gone.
        """
        found = []
        for pipe in wait(self._pipes):
            worker = self._pipes.index(pipe)  # type: ignore[arg-type]
            try:
                answer = self._pipes[worker].recv()
            except (EOFError, ConnectionError) as error:
                raise self._end_of(worker) from error
            if isinstance(answer, BaseException):
                raise answer
            if isinstance(answer, Parsed):
                self._free.append(self._slot_of.pop(answer.block))
                self._waiting[worker] -= 1
            found.append(answer)
        self._feed()
        return found

    def _send(self, worker: int, message: Any) -> None:
        try:
            self._pipes[worker].send(message)
        except (BrokenPipeError, ConnectionError) as error:
            raise self._end_of(worker) from error

    def _end_of(self, worker: int) -> StoreError:
        try:
            status = self._processes[worker].wait(timeout=5)
        except subprocess.TimeoutExpired:
            status = 0
        what = (
            N_("a worker process was ended by signal {number}; {comfort}")
            if status < 0
            else N_("a worker process ended with status {number}; {comfort}")
        )
        comfort = Message(N_("no event is lost, the next run goes on from the last commit"))
        return StoreError(what, store=self._store, number=abs(status), comfort=comfort)

    def close(self) -> None:
        """End the workers."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        # Where an error is on its way, it holds the block that was being filled; the memory goes with it.
        with suppress(BufferError):
            self.memory.close()


class _Row:
    """For which worker the next block is meant."""

    def __init__(self) -> None:
        self._worker, self._left = 0, 0

    def worker(self, waiting: Sequence[int]) -> int:
        """Its number, ``waiting`` being how many blocks wait for each."""
        if not self._left:
            self._worker, self._left = min(range(len(waiting)), key=waiting.__getitem__), _IN_A_ROW
        self._left -= 1
        return self._worker


def _shared_memory() -> str | None:
    """A folder in memory where there is one with room, else the usual place for temporary files."""
    folder = "/dev/shm"  # noqa: S108
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return folder if found.f_bavail * found.f_frsize > 256 * 1_048_576 and os.access(folder, os.W_OK) else None


def serve(pipe: int, shared: int) -> None:
    """A worker's life, in a process of its own."""
    try:
        _serve(Connection(pipe), shared)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        # The parent has ended; what this worker wrote is named by no manifest.
        os._exit(0)


def _serve(pipe: Connection, shared: int) -> None:
    job, number = pipe.recv()
    worker = Worker(job, number)
    with mmap.mmap(shared, 0) as memory:
        while True:
            message = pipe.recv()
            try:
                if message[0] == "parse":
                    _, block, start, length = message
                    answer: Any = worker.parse(block, memory[start : start + length])
                else:
                    _, wave, generation, blocks = message
                    answer = (wave, worker.write(wave, generation, blocks))
            except Exception as error:
                answer = _portable(error)
            pipe.send(answer)


def _portable(error: Exception) -> Exception:
    """An error that can be sent: disk errors as they are, others with their traceback as text."""
    if isinstance(error, OSError):
        return OSError(error.errno, error.strerror or str(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own error, made a line above
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    error.add_note("".join(traceback.format_exception(error)))
    return error
