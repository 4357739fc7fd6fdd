"""One writer at a time."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from smartpd_analytics.errors import N_, Message, StoreBusyError
from smartpd_analytics.store._layout import LOCK

_PAUSE = 0.2
#: What stands in the lock's file, for people; read again so that it can be said in their language.
_HOLDER = N_("process {process} on {machine}, since {since}")
_AS_READ = re.compile(r"process (?P<process>\d+) on (?P<machine>.+), since (?P<since>\S+)")


@contextmanager
def writer(store: Path, *, wait: float = 0.0, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Be the one who writes to ``store``; the lock is the kernel's, so a killed run holds nothing.

    Args:
        store: the store's folder; it is made where it is not there.
        wait: seconds to wait for another run.
        on_wait: hears who holds the store, once, before waiting.

    Raises:
        StoreBusyError: another run still writes after ``wait`` seconds.
        OSError: the folder cannot be made or written to.
    """
    store.mkdir(parents=True, exist_ok=True)
    handle = os.open(store / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(handle, store, wait, on_wait)
        os.ftruncate(handle, 0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = _HOLDER.format(process=os.getpid(), machine=socket.gethostname(), since=since)
        os.pwrite(handle, f"{holder}\n".encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _take(handle: int, store: Path, wait: float, on_wait: Callable[[str], None] | None) -> None:
    # The monotonic clock: a clock that jumps must not end or stretch the wait.
    end = time.monotonic() + wait
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = _holder(os.pread(handle, 512, 0).decode(errors="replace").strip())
            if time.monotonic() >= end:
                raise StoreBusyError(store=str(store), holder=holder) from None
            if on_wait and not told:
                on_wait(holder)
                told = True
            time.sleep(min(_PAUSE, max(end - time.monotonic(), 0.01)))


def _holder(text: str) -> str:
    found = _AS_READ.fullmatch(text)
    return Message(_HOLDER, **found.groupdict()) if found else text
