"""Makes the demo's data, once: what a stamp says is done is not done again.

The shipped log is three weeks of 2026. At the first start it is moved by whole days so that it ends
yesterday, else everybody would have been silent for longer each day; and the simulated learners play
their weeks again in this database at those same times, so that their answers stand in the blocks too.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import smartpd_analytics
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from workbench.models import XBlockState

from . import clock
from .habits import LAST_DAY
from .people import LEARNERS, enrol_everyone
from .place import VAR, one_at_a_time
from .reading import read_logs
from .record import play

__all__ = ["moved", "prepare"]

STAMP = VAR / "stamp.json"
#: Has no past: whoever tries the demo is this one, and keeps what they did.
_NEWCOMER = "newcomer"

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def prepare(say: Say, progress: Progress) -> bool:
    """Do what is not done yet, one process at a time; whether anything was.

    Args:
        say: told the name of each step as it begins.
        progress: told how far a long step is, as done and in all.
    """
    with one_at_a_time(lambda: say("Another start is preparing the same data, waiting for it")):
        return _prepare(say, progress)


def _prepare(say: Say, progress: Progress) -> bool:
    wanted, stamp = _stamp(), _read_stamp()
    if stamp == wanted and _has_accounts():
        return False
    if not _has_accounts() or stamp.get("schema") != wanted["schema"]:
        say("Setting up the database")
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    if stamp.get("log") != wanted["log"] or not settings.DEMO_SIMULATED_LOG.exists() or not _has_accounts():
        _simulated_learners(say, progress)
    say("Reading the tracking log, computing recommendations")
    read_logs()
    STAMP.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    return True


def _simulated_learners(say: Say, progress: Progress) -> None:
    say("Letting the simulated learners play their three weeks")
    STAMP.unlink(missing_ok=True)
    days = (clock.now().date() - LAST_DAY.date()).days - 1
    with closing(gzip.open(settings.DEMO_SHIPPED_LOG, "rt", encoding="utf-8")) as shipped:
        settings.DEMO_SIMULATED_LOG.write_text("".join(moved(shipped, timedelta(days=days))), encoding="utf-8")
    with transaction.atomic():
        past = [person for person in LEARNERS if person.username != _NEWCOMER]
        XBlockState.objects.filter(user_id__in=[str(person.user_id) for person in past]).delete()
        get_user_model().objects.filter(pk__in=[person.user_id for person in past]).delete()
        enrol_everyone()
        # Their events are the shipped ones, so these go nowhere.
        play(VAR / "replayed.log", later=timedelta(days=days), progress=progress)
    (VAR / "replayed.log").unlink()


def moved(lines: Iterator[str], by: timedelta) -> Iterator[str]:
    """Lines of a tracking log with all their times moved."""
    for text in lines:
        line = json.loads(text)
        line["time"] = _later(line["time"], by)
        if isinstance(line["event"], dict):
            times = {name: _later(line["event"][name], by) for name in ("created", "modified") if name in line["event"]}
            line["event"] |= times
        yield json.dumps(line) + "\n"


def _later(moment: str, by: timedelta) -> str:
    return (datetime.fromisoformat(moment) + by).isoformat(timespec="microseconds")


# --- what is done already ---------------------------------------------------------------------


def _has_accounts() -> bool:
    try:
        return get_user_model().objects.filter(username=_NEWCOMER).exists()
    except DatabaseError:
        connection.close()
        return False


def _stamp() -> dict[str, str]:
    """Digests of all that the prepared data depend on."""
    here = Path(__file__).parent
    schema = sorted(
        str(path)
        for app in apps.get_app_configs()
        for path in (app.label / Path(entry.name) for entry in Path(app.path).glob("migrations/0*.py"))
    )
    course = sorted((here / "course").rglob("*.yaml"))
    advice = [
        data
        for package in ("expert", "planning")
        for data in sorted((Path(smartpd_analytics.__file__).parent / package / "data").iterdir())
    ]
    return {
        "database": _digest(os.environ.get("SMARTPD_DATABASE_URL", "").encode()),
        "schema": _digest("\n".join(schema).encode()),
        "course": _digest(*(path.read_bytes() for path in course)),
        "advice": _digest(*(path.read_bytes() for path in advice)),
        "log": _digest(settings.DEMO_SHIPPED_LOG.read_bytes()),
    }


def _digest(*parts: bytes) -> str:
    return sha256(b"\0".join(parts)).hexdigest()[:16]


def _read_stamp() -> Mapping[str, Any]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
