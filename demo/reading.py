"""Reads the tracking logs into the plugin, as the nightly run on a platform does."""

from __future__ import annotations

import io
import threading
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command

from .course import COURSE_KEY, COURSE_MAP

__all__ = ["LogBusy", "LogUnreadable", "read_logs"]

_reading = threading.Lock()


class LogBusy(Exception):
    """Somebody else is reading just now."""


class LogUnreadable(Exception):
    """The plugin could not read the logs; the message is for people."""


def read_logs() -> str:
    """Run ``smartpd_refresh`` on the simulated learners' log and on what was done here since; its account of it.

    Raises:
        LogBusy: it is running already.
        LogUnreadable: it stopped.
    """
    logs = [path for path in (settings.DEMO_SIMULATED_LOG, settings.DEMO_TRACKING_LOG) if Path(path).exists()]
    said, warned = io.StringIO(), io.StringIO()
    if not _reading.acquire(blocking=False):
        raise LogBusy
    try:
        call_command(
            "smartpd_refresh",
            *map(str, logs),
            f"--course={COURSE_KEY}",
            f"--course-map={COURSE_MAP}",
            stdout=said,
            stderr=warned,
            no_color=True,
        )
    except CommandError as problem:
        raise LogUnreadable(str(problem)) from problem
    finally:
        _reading.release()
    # Before the account come lines of progress.
    account = said.getvalue().strip().splitlines()[-2:]
    return " ".join([*account, *warned.getvalue().split("\n")]).strip()
