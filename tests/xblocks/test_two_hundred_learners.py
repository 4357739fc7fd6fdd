"""Two hundred learners at once, each with two tabs, on two processes of the demo host: what was sent is what is stored.

Needs a database server with locks on rows (SMARTPD_DATABASE_URL). About a minute on two cores.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from smartpd import api
from smartpd.models import DiagnosisResult
from smartpd_analytics.api import framework_of, load_instrument, read_course_map, score_answers

from demo.course import COURSE_KEY, COURSE_MAP, usage_key
from demo.store import learner_state
from tests.demo.running import free_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not connection.features.has_select_for_update, reason="the database has no locks on rows"),
]

LEARNERS = 200
ROOT = Path(__file__).resolve().parents[2]
NEEDS = usage_key("smartpd_needs_diagnostic", "needs")
ADDRESS = quote(f"/courses/{COURSE_KEY}/xblock/{NEEDS}/handler/save_answer", safe="/:@+")
INSTRUMENT = load_instrument("digcompedu_selfassessment")
ITEMS = [item.id for item in INSTRUMENT.items[:6]]
CSRF = "t" * 32
#: A page tries again after 5 seconds, then later and later; a bounded test has to be quicker.
TRIES, PAUSE = 6, 0.5


@dataclass(frozen=True)
class Learner:
    """``tabs`` is what each open page sends, item and option, in order."""

    user_id: int
    session: str
    tabs: tuple[list[tuple[str, str]], list[tuple[str, str]]]


# --- the site and its people --------------------------------------------------------------------


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[list[int]]:
    """Ports of two processes of the demo host on the database of this test."""
    there = connection.settings_dict
    password = f":{quote(there['PASSWORD'])}" if there["PASSWORD"] else ""
    place = f"{there['USER']}{password}@{there['HOST']}:{there['PORT'] or 3306}"
    own = {
        "SMARTPD_DATABASE_URL": f"mysql://{place}/{there['NAME']}",
        "SMARTPD_VAR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    ports = [free_port(), free_port()]
    (tmp_path / "secret_key").write_text(django_settings.SECRET_KEY, encoding="ascii")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.xblocks.serving", str(port)],
            cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]  # fmt: skip
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "serving\n"
        yield ports
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.fixture
def learners() -> list[Learner]:
    api.store_course_map(COURSE_KEY, read_course_map(COURSE_MAP))
    User, dice = get_user_model(), random.Random(200)  # noqa: S311 - the same answers in every run
    course = Group.objects.create(name=COURSE_KEY)
    people = User.objects.bulk_create([User(username=f"simulated_{number}") for number in range(LEARNERS)])
    people = list(User.objects.filter(username__startswith="simulated_").order_by("pk"))
    course.user_set.set(people)
    return [Learner(person.pk, signed_in(person), tabs(dice)) for person in people]


def signed_in(person: Any) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def tabs(dice: random.Random) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Both pages send the first two answers alike (a double submit), the third differently, then each its own."""
    one, two, third, fourth, fifth, _sixth = ITEMS
    low, high = dice.sample("01234", 2)
    same = [(one, dice.choice("01234")), (two, dice.choice("01234"))]
    return (
        [*same, (third, low), (fourth, dice.choice("01234"))],
        [*same, (third, high), (fifth, dice.choice("01234"))],
    )


# --- what they do ---------------------------------------------------------------------------------


def send(port: int, session: str, item: str, option: str) -> tuple[int, int]:
    """One answer as a page sends it; the status in the end, and how often it had to be sent again."""
    body = json.dumps({"item": item, "option": option, "version": INSTRUMENT.version, "attempt": 1})
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": "application/json",
    }
    status = 0
    for again in range(TRIES):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            line.request("POST", ADDRESS, body, headers)
            answer = line.getresponse()
            answer.read()
            status = answer.status
        except OSError:
            status = 0
        finally:
            line.close()
        if 0 < status < 500:
            return status, again
        time.sleep(PAUSE * 2**again)
    return status, TRIES


def test_no_answer_is_lost_and_none_is_there_twice(hosts: list[int], learners: list[Learner], tmp_path: Path) -> None:
    start = threading.Barrier(2 * LEARNERS)

    def tab(which: tuple[Learner, int]) -> list[tuple[int, int]]:
        learner, number = which
        start.wait(60)
        return [send(hosts[number], learner.session, *answer) for answer in learner.tabs[number]]

    began = time.monotonic()
    with ThreadPoolExecutor(2 * LEARNERS) as pool:
        replies = list(pool.map(tab, [(learner, number) for learner in learners for number in (0, 1)]))
    seconds = time.monotonic() - began
    statuses = Counter(status for tab_replies in replies for status, _again in tab_replies)
    again = sum(again for tab_replies in replies for _status, again in tab_replies)
    print(f"{2 * 4 * LEARNERS} answers of {LEARNERS} learners in {seconds:.0f} s; sent again: {again}")
    assert statuses == {200: 8 * LEARNERS}
    # Nobody was turned away under load.
    assert again == 0

    told = [json.loads(line) for line in (tmp_path / "tracking.log").read_text(encoding="utf-8").splitlines()]
    events = Counter((line["event_type"], line["context"]["user_id"]) for line in told)
    answered = Counter(
        (line["context"]["user_id"], line["event"]["item"], line["event"]["option"])
        for line in told
        if line["event_type"] == "smartpd.diagnosis.answered"
    )
    asked = time.monotonic()
    (found,) = api.class_results(COURSE_KEY)
    print(f"the class of {found.begun} read in {time.monotonic() - asked:.1f} s")
    results = {row.profile.user_id: row for row in DiagnosisResult.objects.select_related("profile")}
    assert len(results) == DiagnosisResult.objects.count() == LEARNERS
    framework = framework_of(INSTRUMENT)
    for learner in learners:
        sent: dict[str, set[str]] = {}
        for item, option in (*learner.tabs[0], *learner.tabs[1]):
            sent.setdefault(item, set()).add(option)
        kept = learner_state(learner.user_id, NEEDS)["answers"]
        # All that was sent, nothing else; of two answers to one question, one of the two.
        assert set(kept) == set(sent)
        assert all(kept[item] in options for item, options in sent.items())
        # Each answer told once, however often it was sent; the attempt begun once.
        mine = {key: count for key, count in answered.items() if key[0] == learner.user_id}
        assert mine == {(learner.user_id, item, option): 1 for item, options in sent.items() for option in options}
        assert events["smartpd.diagnosis.started", learner.user_id] == 1
        # The plugin's row says what the block's state says.
        score = score_answers(INSTRUMENT, framework, kept)
        row = results[learner.user_id]
        assert (
            (row.answered, row.points) == (score.answered, score.points) == (5, sum(int(kept[item]) for item in kept))
        )
