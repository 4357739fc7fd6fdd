"""``python -m demo`` as somebody starts it: from nothing, again, and where something is in the way."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.checks import NotReady, check, port_of
from demo.course import COURSE_KEY
from demo.people import LEARNERS
from demo.place import database
from demo.start import _or_not_ready
from tests.demo.running import ROOT, WAIT, Demo, environment, free_port


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "var"


@pytest.fixture(scope="module")
def first_start(var):
    """What the first start said, and how it ended."""
    demo = Demo(var)
    status = demo.get("/")[0]
    code, rest = demo.stop()
    return demo.said, status, code, rest


def run(*, var, port):
    return subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env=environment(var, port),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )


def test_the_first_start_says_what_it_does_and_where_to_look(first_start):
    said, status, _code, _rest = first_start
    assert status == 200
    for words in ("Setting up the database", "three weeks", "Reading the tracking log", "done in"):
        assert words in said
    pages = re.findall(r"http://127\.0\.0\.1:\d+(/\S*)", said)
    assert f"/smartpd/{COURSE_KEY}/" in pages
    assert f"/smartpd/{COURSE_KEY}/team/" in pages
    for name in ("course_team", *(person.username for person in LEARNERS)):
        assert name in said
    assert "simulated" in said


def test_ctrl_c_ends_it_with_one_line(first_start):
    _said, _status, code, rest = first_start
    assert code == 0
    assert rest.split() == ["Stopped."]


def test_nothing_is_written_but_in_the_data_folder(first_start, var):
    assert sorted(path.name for path in var.parent.iterdir()) == ["var"]
    assert oct((var / "secret_key").stat().st_mode & 0o777) == "0o600"


def test_two_first_starts_at_once_prepare_the_data_once(tmp_path):
    with ThreadPoolExecutor() as pool:
        demos = list(pool.map(Demo, [tmp_path / "var"] * 2))
    pages = [demo.get("/")[0] for demo in demos]
    ends = [demo.stop() for demo in demos]
    assert pages == [200, 200]
    assert ends == [(0, "\nStopped.\n")] * 2
    said = [demo.said for demo in demos]
    assert sum("three weeks" in words for words in said) == 1
    assert sum("waiting for it" in words and "Everything is prepared" in words for words in said) == 1


@pytest.fixture
def running(first_start, var):
    demo = Demo(var)
    yield demo
    if demo.process.poll() is None:
        demo.stop(signal.SIGTERM)


def test_the_second_start_does_nothing_twice(running):
    assert "Everything is prepared" in running.said
    assert "three weeks" not in running.said
    assert running.stop(signal.SIGTERM) == (0, "\nStopped.\n")


def test_learners_have_what_the_log_tells_of_them(running):
    team = signed_in(running, "course_team")
    page = running.get(f"/smartpd/{COURSE_KEY}/team/", Cookie=team)[1]
    for username in ("steady", "guesser", "reader", "stopped", "stuck"):
        assert username in page
    stuck = signed_in(running, "stuck")
    assert "The gain" in running.get(f"/smartpd/{COURSE_KEY}/", Cookie=stuck)[1]
    assert 'value="43"' in running.get(f"/courses/{COURSE_KEY}/unit/checks/", Cookie=stuck)[1]
    assert "Menimcha" in running.get(f"/courses/{COURSE_KEY}/unit/position/", Cookie=stuck)[1]
    newcomer = signed_in(running, "newcomer")
    assert "smartpd-badge-success" not in running.get(f"/courses/{COURSE_KEY}/", Cookie=newcomer)[1]


def signed_in(demo, username):
    """The cookies of a browser in which ``username`` has signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=WAIT)
    connection.request("GET", "/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[1]
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    connection.request(
        "POST",
        "/sign-in/",
        urllib.parse.urlencode({"username": username, "csrfmiddlewaretoken": token}),
        {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302
    connection.close()
    return "; ".join(part.split(";")[0] for part in answer.headers.get_all("Set-Cookie"))


def test_several_browsers_are_served_at_once(running):
    """Each opens the whole course while the others do."""
    names = ["welcome", "diagnostic", "path", "choosing", "checks", "position"]

    def walk(username):
        cookie = signed_in(running, username)
        return [running.get(f"/courses/{COURSE_KEY}/unit/{name}/", Cookie=cookie)[0] for name in names]

    with ThreadPoolExecutor(6) as browsers:
        assert list(browsers.map(walk, [person.username for person in LEARNERS])) == [[200] * len(names)] * 6


_AT_ONCE = """
import threading, django
django.setup()
from django.db import connection
from workbench.models import XBlockState
from xblock.fields import Scope
from xblock.runtime import KeyValueStore
from demo.course import usage_key
from demo.store import CourseStore

def key(name):
    return KeyValueStore.Key(Scope.user_state, 106, usage_key("smartpd_pres", "pres"), name)

names = [f"field_{number}" for number in range(12)]
together = threading.Barrier(len(names))

def write(name):
    together.wait()
    for _time in range(5):
        CourseStore(106).set(key(name), name)
    connection.close()

threads = [threading.Thread(target=write, args=(name,)) for name in names]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
kept = [name for name in names if CourseStore(106).has(key(name))]
rows = XBlockState.objects.filter(user_id="106", scope="usage")
print(len(kept), rows.count())
rows.delete()
"""


def test_writes_at_the_same_time_lose_nothing_and_make_one_row(first_start, var):
    done = subprocess.run(
        [sys.executable, "-c", _AT_ONCE],
        cwd=ROOT,
        env={**environment(var, 0), "DJANGO_SETTINGS_MODULE": "demo.settings"},
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert done.stdout.split() == ["12", "1"], done.stderr


# --- what is in the way -----------------------------------------------------------------------


def one_line(done, *, said_before=False):
    assert done.returncode == 1
    assert said_before or done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("The demo cannot start: ")
    return line


def test_a_taken_port_is_said_in_one_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = one_line(run(var=tmp_path / "var", port=port))
    assert f"port {port} of 127.0.0.1 is not free" in line
    assert "PORT=" in line


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    line = one_line(run(var=tmp_path / "file" / "var", port=free_port()))
    assert "cannot be written to" in line
    assert "SMARTPD_VAR=" in line


@pytest.mark.parametrize("port", ["", "8000"])
def test_the_port_is_8000_unless_said_otherwise(port):
    assert port_of({"PORT": port} if port else {}) == 8000


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80", "٨٠"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(NotReady, match="1 to 65535"):
        port_of({"PORT": port})


def test_no_space_is_said_before_anything_is_begun(tmp_path, monkeypatch):
    class Usage:
        free = 5 * 2**20

    monkeypatch.setattr("demo.checks.shutil.disk_usage", lambda _path: Usage)
    with pytest.raises(NotReady, match="5 MB free"):
        check(tmp_path, free_port())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("database or disk is full")])
def test_a_disk_that_fills_up_on_the_way_is_said_in_one_line(error):
    def work():
        raise error

    with pytest.raises(NotReady, match=r"^there is no space left on the disk"):
        _or_not_ready(work)


def test_a_database_that_cannot_be_read_is_said_with_what_to_do(tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    (var / "demo.sqlite3").write_bytes(b"no database" * 1000)
    line = one_line(run(var=var, port=free_port()), said_before=True)
    assert "file is not a database" in line
    assert f"Delete the folder {var}" in line


def test_ctrl_c_is_quiet_where_nobody_reads_any_more(first_start, var):
    with subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env={**environment(var, free_port()), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        while "Ctrl-C" not in demo.stdout.readline():
            pass
        demo.stdout.close()
        demo.send_signal(signal.SIGINT)
        assert demo.stderr.read() == ""
    assert demo.returncode == 0


def test_the_head_of_a_page_can_be_asked_for(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=WAIT)
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_a_missing_part_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("demo.checks.importlib.util.find_spec", lambda name: None if name == "duckdb" else True)
    with pytest.raises(NotReady, match="duckdb not installed here: make install"):
        check(tmp_path, free_port())


# --- the database -----------------------------------------------------------------------------


def test_the_database_is_sqlite_in_the_data_folder_or_what_the_url_says():
    assert database("")["NAME"].endswith("demo.sqlite3")
    assert database("sqlite:////srv/x.sqlite3")["NAME"] == "/srv/x.sqlite3"
    mysql = database("mysql://root:a%40b@127.0.0.1:3306/smartpd")
    assert (mysql["USER"], mysql["PASSWORD"], mysql["HOST"], mysql["PORT"]) == ("root", "a@b", "127.0.0.1", "3306")
    assert mysql["OPTIONS"]["charset"] == "utf8mb4"


@pytest.mark.parametrize("url", ["postgres://x/y", "mysql://root@127.0.0.1/", "nonsense"])
def test_another_database_is_refused_with_what_is_accepted(url):
    with pytest.raises(ValueError, match="accepted: sqlite"):
        database(url)
