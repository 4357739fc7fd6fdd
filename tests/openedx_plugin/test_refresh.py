"""``smartpd_refresh``: from lines of a log to what learners are told."""

import gzip
import io
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from smartpd import api
from smartpd.locks import refresh_lock
from smartpd.models import ActivitySnapshot, CompetencyEstimate, ContentUnit, DiagnosisResult, Profile, Recommendation
from smartpd_analytics.api import load_instrument

from tests.openedx_plugin.made import COURSE, DIAGNOSTIC, OTHER_COURSE, key

# The lock has a connection of its own on servers, so what it sees must really be committed.
pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _locks_of_its_own(tmp_path, monkeypatch):
    """A database in memory has its lock file among the temporary ones, where another run of the tests has its own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


class Log:
    """Lines as an LMS writes them."""

    def __init__(self):
        self.lines = []

    def add(self, user, name, event, minutes, *, course=COURSE, block="", username=None, user_id=None, **more):
        self.lines.append(
            json.dumps(
                {
                    "name": name,
                    "event_type": name,
                    "event_source": "server",
                    "page": "x_module" if block else None,
                    "time": (START + timedelta(minutes=minutes)).isoformat(),
                    "username": username or user.username,
                    "session": "",
                    "event": event,
                    "context": {
                        "course_id": course,
                        "org_id": "Org",
                        "user_id": user_id or user.pk,
                        "path": f"/courses/{course}/xblock/{block}/handler/x",
                        **({"module": {"usage_key": block, "display_name": "Find it"}} if block else {}),
                    },
                    "referer": f"https://lms.example.org/xblock/{key('vertical', 'u1', course)}?view=student_view",
                    **more,
                }
            )
        )
        return self

    def enrol(self, user, **more):
        event = {"user_id": more.get("user_id") or user.pk, "course_id": more.get("course", COURSE), "mode": "audit"}
        return self.add(user, "edx.course.enrollment.activated", event, 0, **more)

    def answer(self, user, minutes, *, right, attempt=1, name="p1", course=COURSE, **more):
        block = key("problem", name, course)
        event = {
            "problem_id": block, "grade": int(right), "max_grade": 1, "attempts": attempt, "answers": {},
            "success": "correct" if right else "incorrect",
        }  # fmt: skip
        return self.add(user, "problem_check", event, minutes, block=block, course=course, **more)

    def diagnosis(self, user, *, count, option, minutes=100):
        for number, item in enumerate(load_instrument("digcompedu_selfassessment").items[:count], 1):
            event = {
                "usage_key": DIAGNOSTIC, "instrument": "digcompedu_selfassessment", "version": "1", "phase": "entry",
                "item": item.id, "competency": item.competency_id, "option": option, "points": int(option),
                "answered": number, "total": 22,
            }  # fmt: skip
            self.add(user, "smartpd.diagnosis.answered", event, minutes + number, block=DIAGNOSTIC)
        return self

    def save(self, path):
        data = ("\n".join(self.lines) + "\n").encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return str(path)


@pytest.fixture
def log(learner, other):
    """The learner fails one problem three times; the other one solves it."""
    made = Log().enrol(learner).enrol(other)
    for attempt, minutes in enumerate((5, 9, 14), 1):
        made.answer(learner, minutes, right=False, attempt=attempt)
    return made.answer(other, 20, right=True).diagnosis(other, count=22, option="2")


@pytest.fixture
def map_file(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(
        "usage_key,title_en,title_ru,title_uz,competencies,level,minutes,unit\n"
        f"{key('vertical', 'u1')},Searching,Поиск,Qidirish,2.1,A2,20,\n"
        f"{key('problem', 'p1')},Find it,Найдите,Toping,2.1,A2,5,{key('vertical', 'u1')}\n",
        encoding="utf-8",
    )
    return str(path)


def run(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("smartpd_refresh", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_from_the_log_to_the_next_step(log, learner, other, tmp_path, map_file):
    out, err = run(log.save(tmp_path / "tracking.log"), course_map=map_file)
    assert err == ""
    assert f"Lines read: {len(log.lines)} = {len(log.lines)} accepted" in out
    assert "Learners updated: 2, unknown here: 0" in out
    assert api.recommendations(learner.pk, COURSE)[0].target == key("problem", "p1")
    assert api.profile(learner.pk, COURSE).activity.summary.wrong == 3
    done = api.profile(other.pk, COURSE)
    assert (done.level, done.diagnosis_answered) == ("B1", 22)
    assert [s.source for c in done.competencies if c.competency_id == "2.1" for s in c.sources] == [
        "problems", "self_assessment",
    ]  # fmt: skip


def _tables():
    return [
        list(model.objects.order_by("pk").values())
        for model in (ActivitySnapshot, CompetencyEstimate, ContentUnit, DiagnosisResult, Recommendation)
    ]


def test_a_second_run_changes_nothing(log, tmp_path, map_file):
    path = log.save(tmp_path / "tracking.log.gz")
    first = run(path, course_map=map_file)
    tables = _tables()
    assert run(path, course_map=map_file) == first
    assert _tables() == tables


def test_the_map_of_an_earlier_run_is_not_lost(log, learner, tmp_path, map_file):
    path = log.save(tmp_path / "tracking.log")
    run(path, course_map=map_file)
    before = api.course_map(COURSE)
    run(path)
    after = api.course_map(COURSE)
    assert after == before
    assert after.get(key("vertical", "u1")).competencies == ("2.1",)


def test_without_a_map_advice_comes_from_the_log_alone(log, learner, tmp_path):
    run(log.save(tmp_path / "tracking.log"))
    assert api.recommendations(learner.pk, COURSE)[0].target == key("problem", "p1")


def test_people_and_courses_that_are_not_here_are_counted(log, learner, tmp_path):
    log.enrol(learner, username="somebody", user_id=4242).enrol(learner, username="nobody", user_id=4243)
    log.enrol(learner, course="course-v1:No+Such+Course")
    out, _err = run(log.save(tmp_path / "tracking.log"))
    assert "unknown here: 2" in out
    assert "(unknown here: 1)" in out
    assert Profile.objects.count() == 2


def test_only_the_courses_asked_for(log, learner, tmp_path):
    log.enrol(learner, course=OTHER_COURSE).answer(learner, 30, right=False, course=OTHER_COURSE)
    path = log.save(tmp_path / "tracking.log")
    out, err = run(path, course=[OTHER_COURSE, "course-v1:Never+Heard+Of"])
    assert set(map(str, Profile.objects.values_list("course_key", flat=True))) == {OTHER_COURSE}
    assert "no event of course-v1:Never+Heard+Of" in err
    assert "Courses: 1" in out


def test_one_learners_failure_does_not_stop_the_rest(log, learner, other, tmp_path, monkeypatch):
    from smartpd import _estimating

    real = _estimating.learner_state

    def breaks(profile, course):
        if profile.user_id == learner.pk:
            raise RuntimeError("a surprise")
        return real(profile, course)

    monkeypatch.setattr(_estimating, "learner_state", breaks)
    # Whoever runs it every night has to hear of it.
    with pytest.raises(CommandError, match="could not be stored: 1") as stopped:
        run(log.save(tmp_path / "tracking.log"))
    assert stopped.value.returncode == 1
    assert ActivitySnapshot.objects.filter(profile__user=other).exists()
    assert not ActivitySnapshot.objects.filter(profile__user=learner).exists()


def test_broken_lines_are_counted(log, tmp_path):
    log.lines += ["{", "no log", ""]
    out, err = run(log.save(tmp_path / "tracking.log"))
    assert "quarantined" in out
    assert f"tracking.log:{len(log.lines) - 1}: no JSON" in err
    assert f"Lines read: {len(log.lines)} =" in out


@pytest.mark.parametrize("content", [None, b"", b"\x1f\x8b\x08broken"])
def test_what_cannot_be_read_is_said_in_a_line(content, tmp_path, learner):
    path = tmp_path / "tracking.log"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing could be read") as stopped:
        run(str(path))
    assert stopped.value.returncode == 2
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("lang", "missing", "accepted"),
    [
        ("ru", "нет такого файла", "Источниками могут быть: журналы событий"),
        ("uz", "bunday fayl yoki papka yoʻq", "Manba sifatida qabul qilinadi: hodisalar jurnallari"),
    ],
)
def test_problems_of_sources_are_said_in_the_language_of_the_site(lang, missing, accepted, log, tmp_path, learner):
    with translation.override(lang):
        _out, err = run(str(tmp_path / "gone.log"), str(tmp_path / "lost.log"), log.save(tmp_path / "tracking.log"))
    assert f"gone.log: {missing}" in err
    assert f"lost.log: {missing}" in err
    assert err.count(accepted) == 1


def test_a_course_map_that_cannot_be_used_is_named(log, tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text("- [", encoding="utf-8")
    with pytest.raises(CommandError, match=r"map\.yaml"):
        run(log.save(tmp_path / "tracking.log"), course_map=str(path))
    missing = tmp_path / "none.csv"
    with pytest.raises(CommandError, match=r"none\.csv"):
        run(log.save(tmp_path / "tracking.log"), course_map=str(missing))


def test_a_map_of_another_course_changes_nothing(log, learner, tmp_path, map_file):
    logs = log.save(tmp_path / "tracking.log")
    run(logs, course_map=map_file)
    before = api.course_map(COURSE)
    other = tmp_path / "other.csv"
    other.write_text("block_id,title_en,minutes\nv1,Elsewhere,10\nzz,Ghost,7\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"other\.csv: none of its keys is in the courses of these logs") as stopped:
        run(logs, course_map=str(other))
    assert stopped.value.returncode == 2
    assert api.course_map(COURSE) == before
    other.write_text("block_id,title_en,minutes\nu1,Here,10\nnew,Not opened yet,7\n", encoding="utf-8")
    run(logs, course_map=str(other))
    assert {"Here", "Not opened yet"} <= {unit.title.get("en") for unit in api.course_map(COURSE).units}


def _titles(course):
    return {unit.title.get("en") for unit in api.course_map(course).units}


def test_a_map_of_bare_ids_leaves_the_other_courses_of_the_logs_alone(log, learner, tmp_path, map_file):
    elsewhere = key("vertical", "u1", OTHER_COURSE).replace("u1", "x1")
    log.add(learner, "problem_check", {"problem_id": elsewhere}, 30, course=OTHER_COURSE, block=elsewhere)
    logs = log.save(tmp_path / "tracking.log")
    kept = tmp_path / "kept.csv"
    kept.write_text(f"usage_key,title_en,competencies\n{elsewhere},Elsewhere,2.1\nlater,Later,2.3\n", encoding="utf-8")
    run(logs, course_map=str(kept), course=[OTHER_COURSE])
    run(logs, course_map=map_file)
    assert "Searching" in _titles(COURSE)
    assert "Later" not in _titles(COURSE)
    assert {"Elsewhere", "Later"} <= _titles(OTHER_COURSE)
    bare = tmp_path / "bare.csv"
    bare.write_text("block_id,title_en,minutes\np1,Bare,10\n", encoding="utf-8")
    with pytest.raises(CommandError, match="none of its keys"):
        run(logs, course_map=str(bare), course=["course-v1:Never+Heard+Of"])
    run(logs, course_map=str(bare))
    assert "Bare" in _titles(COURSE)
    assert {"Elsewhere", "Later"} <= _titles(OTHER_COURSE)


@pytest.mark.parametrize("bare", [False, True])
def test_the_first_map_may_come_before_the_first_event(log, tmp_path, bare):
    logs = log.save(tmp_path / "tracking.log")
    first = tmp_path / "first.csv"
    unit = "begin" if bare else key("vertical", "begin", OTHER_COURSE)
    first.write_text(f"usage_key,title_en,minutes\n{unit},Beginning,10\n", encoding="utf-8")
    out, _err = run(logs, course_map=str(first), **({"course": [OTHER_COURSE]} if bare else {}))
    assert f"{OTHER_COURSE}: the logs have no event of it yet; its course map is stored." in out
    assert _titles(OTHER_COURSE) == {"Beginning"}
    other = tmp_path / "other.csv"
    other.write_text("usage_key,title_en,minutes\nzz,Ghost,7\n", encoding="utf-8")
    with pytest.raises(CommandError, match="none of its keys"):
        run(logs, course_map=str(other), course=[OTHER_COURSE])
    assert _titles(OTHER_COURSE) == {"Beginning"}


def test_ids_that_no_log_has_are_named_once(log, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("block_id,title_en,minutes\nu1,Here,10\nzz,Ghost,7\n", encoding="utf-8")
    _out, err = run(log.save(tmp_path / "tracking.log"), course_map=str(path))
    assert err.count("zz") == 1
    assert "map.csv: not met in the logs: zz (line 3)" in err


def test_a_course_that_is_not_in_the_logs_is_no_success(log, tmp_path):
    with pytest.raises(CommandError, match="no course of this site") as stopped:
        run(log.save(tmp_path / "tracking.log"), course=["course-v1:Org+No+Such"])
    assert stopped.value.returncode == 2


def test_rows_of_a_course_map_that_cannot_be_used_are_named_with_their_line(log, tmp_path, map_file):
    with open(map_file, "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(f"{key('html', 'x')},X,X,X,9.9,A2,5,\n")
    _out, err = run(log.save(tmp_path / "tracking.log"), course_map=map_file)
    assert "map.csv:4" in err
    assert "9.9" in err


def test_without_the_engine_it_says_what_to_install(monkeypatch, tmp_path, log):
    path = log.save(tmp_path / "tracking.log")
    for name in [name for name in sys.modules if name.startswith("smartpd_analytics.pipeline")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("smartpd_analytics.pipeline", raising=False)
    for name in [name for name in sys.modules if name.startswith("smartpd_analytics.store")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CommandError, match=r"openedx-smartpd\[pipeline\]"):
        run(path)


# --- one at a time ------------------------------------------------------------------------------


def test_a_second_run_beside_it_stops(log, tmp_path):
    path = log.save(tmp_path / "tracking.log")
    with refresh_lock(), pytest.raises(CommandError, match="another refresh is running"):
        run(path)
    assert not Profile.objects.exists()
    run(path)
    assert Profile.objects.exists()


def test_the_lock_is_let_go_when_a_run_fails():
    with pytest.raises(ZeroDivisionError), refresh_lock():
        raise ZeroDivisionError
    with refresh_lock():
        pass


HOLDER = """
import os, sys, django
from django.conf import settings
django.setup()
from django.db import connection
from django.utils import translation
connection.settings_dict["NAME"] = sys.argv[1]
from smartpd.locks import refresh_lock
with refresh_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_killed_run_leaves_no_lock(tmp_path):
    name = str(connection.settings_dict["NAME"])
    with refresh_lock():
        pass
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(api.RefreshRunningError), refresh_lock():
            pass
        holder.kill()
        holder.wait(timeout=20)
    for _attempt in range(50):
        try:
            with refresh_lock():
                return
        except api.RefreshRunningError:
            # A database server notices a dead client after a moment.
            __import__("time").sleep(0.1)
    pytest.fail("the lock of a killed process was never let go")


def test_what_a_wrong_clock_has_stored_gives_way(log, learner, other, tmp_path):
    path = log.save(tmp_path / "tracking.log")
    run(path)
    ahead = datetime.now(UTC) + timedelta(days=20_000)
    ActivitySnapshot.objects.update(as_of=ahead, activity="{}")
    out, _err = run(path)
    assert "updated: 2" in out
    assert not ActivitySnapshot.objects.filter(as_of=ahead).exists()
