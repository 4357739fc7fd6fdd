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
    """Run ``smartpd_refresh`` on the simulated learners' log and on what was done here since; what it says.

    Raises:
        LogBusy: it is running already.
        LogUnreadable: it stopped.
    """
    logs = [path for path in (settings.DEMO_SIMULATED_LOG, settings.DEMO_TRACKING_LOG) if Path(path).exists()]
    said = io.StringIO()
    if not _reading.acquire(blocking=False):
        raise LogBusy
    try:
        call_command(
            "smartpd_refresh",
            *map(str, logs),
            f"--course={COURSE_KEY}",
            f"--course-map={COURSE_MAP}",
            stdout=said,
            stderr=said,
        )
    except CommandError as problem:
        raise LogUnreadable(str(problem)) from problem
    finally:
        _reading.release()
    return " ".join(said.getvalue().split())
