"""Plays the simulated learners through the demo's own pages and handlers, and records the tracking log.

``python -m demo.record`` writes ``demo/tracking/tracking.log.gz`` anew. Nothing in the log is written by
hand: the diaries of ``habits`` are turned into requests, and the log is what the demo makes of them.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

__all__ = ["PlayError", "main", "play", "record"]

#: Who sits where: browser, language and an address of the range for documentation (RFC 5737).
_BROWSERS = {
    "steady": ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0", "uz,ru;q=0.8"),
    "guesser": ("Mozilla/5.0 (Android 14; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0", "ru,uz;q=0.7"),
    "reader": ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "uz"),
    "stopped": ("Mozilla/5.0 (Android 12; Mobile; rv:137.0) Gecko/137.0 Firefox/137.0", "uz"),
    "stuck": ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0", "en,uz;q=0.9"),
}
_HOST = ("127.0.0.1", "8000")
#: Between two lines of one request.
_TICK = timedelta(milliseconds=23)
_HANDLERS = {
    "complete": "publish_completion",
    "answer": "xmodule_handler/problem_check",
    "show": "xmodule_handler/problem_show",
    "diagnose": "save_answer",
    "finish": "finish",
    "mark": "mark_cell",
    "rate": "rate_cell",
    "draft": "save_draft",
    "submit": "submit",
}
#: Modules with a clock of their own.
_CLOCKS = (
    "smartpd_xblocks.needs_diagnostic_block.datetime",
    "smartpd_xblocks.learning_matrix_block.datetime",
    "smartpd_xblocks.pres_block.datetime",
)


class PlayError(Exception):
    """The demo answered a simulated learner with an error: habits and course no longer fit together."""


class _Learner:
    """One simulated browser."""

    def __init__(self, username: str, number: int) -> None:
        from django.test import Client

        agent, languages = _BROWSERS[username]
        self._username = username
        self._revision = 0
        self._client = Client(
            SERVER_NAME=_HOST[0],
            SERVER_PORT=_HOST[1],
            HTTP_HOST=":".join(_HOST),
            HTTP_USER_AGENT=agent,
            HTTP_ACCEPT_LANGUAGE=languages,
            REMOTE_ADDR=f"203.0.113.{10 + number}",
        )
        self._page = f"http://{':'.join(_HOST)}/"

    def do(self, act: str, what: str, sent: Mapping[str, Any]) -> None:
        from django.urls import reverse

        from .course import COURSE_KEY

        if act == "sign_in":
            self._expect(302, self._post(reverse("sign_in"), {"username": self._username}))
        elif act == "enrol":
            self._enrol()
        elif act == "open":
            address = reverse("unit", args=(COURSE_KEY, what))
            self._expect(200, self._client.get(address, HTTP_REFERER=self._page))
            self._page = f"http://{':'.join(_HOST)}{address}"
        else:
            self._call(act, what, sent)

    def _call(self, act: str, block: str, sent: Mapping[str, Any]) -> None:
        from django.urls import reverse

        from .course import COURSE_KEY, load_course

        key = next(plan.key for _unit, plan in load_course().blocks() if plan.name == block)
        address = reverse("xblock_handler", args=(COURSE_KEY, key, "x")).removesuffix("x") + _HANDLERS[act]
        body = {**sent, "revision": self._revision} if act in ("draft", "submit") else sent
        answer = self._expect(200, self._post(address, json.dumps(body), content_type="application/json"))
        if act in ("draft", "submit"):
            self._revision = json.loads(answer.content)["revision"]

    def _enrol(self) -> None:
        """The demo has no page for it: everybody is enrolled from the start. The platform's line stands here."""
        from django.contrib.auth import get_user_model
        from django.test import RequestFactory

        from .tracking_log import log_enrolment

        request: Any = RequestFactory(**self._client.defaults).post("/change_enrollment")
        request.user = get_user_model().objects.get(username=self._username)
        request.session = self._client.session
        log_enrolment(request)

    def _post(self, address: str, body: Any, **how: Any) -> Any:
        return self._client.post(address, body, HTTP_REFERER=self._page, **how)

    def _expect(self, status: int, answer: Any) -> Any:
        if answer.status_code != status:
            raise PlayError(f"{self._username}: {answer.request['PATH_INFO']} answered {answer.status_code}")
        return answer


def play(log: Path, *, later: timedelta = timedelta(0), progress: Callable[[int, int], None] | None = None) -> None:
    """Let the simulated learners do all they do, in the current database, writing events to ``log``.

    All or nothing in the database. The accounts are there and have done nothing yet.

    Args:
        later: how long after ``habits.FIRST_DAY`` the three weeks begin; whole days.
        progress: called with the steps done and the steps in all.

    Raises:
        PlayError: the demo refused a step.
        OSError: a line of the log could not be written.
    """
    from django.db import transaction
    from django.test import override_settings

    from . import tracking_log
    from .habits import all_steps
    from .people import LEARNERS

    tracking_log.lost.clear()
    steps = list(all_steps())
    numbers = {person.username: number for number, person in enumerate(LEARNERS)}
    learners: dict[str, _Learner] = {}
    with transaction.atomic(), override_settings(DEMO_TRACKING_LOG=log):
        for number, step in enumerate(steps, start=1):
            learner = learners.setdefault(step.who, _Learner(step.who, numbers[step.who]))
            with _time_is(step.time + later):
                learner.do(step.act, step.what, step.sent)
            if tracking_log.lost:
                raise tracking_log.lost.pop()
            if progress:
                progress(number, len(steps))


@contextmanager
def _time_is(moment: datetime) -> Iterator[None]:
    """Everything in this process reads ``moment`` off its clock, the log a little later with each line."""
    from . import clock

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    ticks = count(1)
    with ExitStack() as stack:
        stack.enter_context(clock.running_by(lambda: moment + next(ticks) * _TICK))
        stack.enter_context(mock.patch("django.utils.timezone.now", return_value=moment))
        for name in _CLOCKS:
            stack.enter_context(mock.patch(name, Then))
        yield


def record(lines: Iterable[str], target: Path) -> None:
    """Write ``lines`` to a gz file, the same bytes each time."""
    with target.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        packed.writelines(line.encode() for line in lines)


def main() -> int:
    """Record in a database of its own, which is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SMARTPD_VAR": folder, "SMARTPD_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "demo.settings"}
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        from .people import enrol_everyone

        call_command("migrate", run_syncdb=True, verbosity=0)
        enrol_everyone()
        log = Path(folder) / "recorded.log"
        play(log)
        with log.open(encoding="utf-8") as lines:
            written = list(lines)
        record(written, settings.DEMO_SHIPPED_LOG)
        connection.close()
    print(f"{settings.DEMO_SHIPPED_LOG}: {len(written)} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
