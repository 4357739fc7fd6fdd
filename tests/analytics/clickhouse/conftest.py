"""A ClickHouse with Aspects' tables; skipped where its engine is not installed, unless SMARTPD_REQUIRE_CLICKHOUSE=1."""

import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

HERE = Path(__file__).resolve().parent
#: Where the engine lies: beside the other peers, because it weighs half a gigabyte and the product does not need it.
ENGINE = HERE.parents[2] / "build" / "clickhouse"

#: Of the user ``reader``.
PASSWORD = "pass word/1"
# As Aspects' migrations make them (tutor-contrib-aspects, 0032 and 0026), but for the time that rows are kept.
TABLES = (
    "CREATE DATABASE xapi",
    "CREATE DATABASE event_sink",
    "CREATE TABLE xapi.xapi_events_all"
    " (event_id UUID NOT NULL, emission_time DateTime64(6) NOT NULL, event String NOT NULL)"
    " ENGINE ReplacingMergeTree ORDER BY (emission_time, event_id) PARTITION BY toYYYYMM(emission_time)"
    " PRIMARY KEY (emission_time, event_id)",
    "CREATE TABLE event_sink.external_id (external_user_id UUID NOT NULL, external_id_type String, username String,"
    " user_id Int32, dump_id UUID NOT NULL, time_last_dumped String NOT NULL) ENGINE ReplacingMergeTree"
    " PRIMARY KEY (external_user_id, time_last_dumped) PARTITION BY user_id MOD 100"
    " ORDER BY (external_user_id, time_last_dumped)",
)


def missing(reason):
    if os.environ.get("SMARTPD_REQUIRE_CLICKHOUSE") == "1":
        pytest.fail(f"SMARTPD_REQUIRE_CLICKHOUSE=1, but {reason}")
    pytest.skip(reason)


def seconds(statement):
    """The time of a statement since 1970, as text: exact, and without a zone."""
    since = datetime.fromisoformat(statement["timestamp"]) - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{since // timedelta(seconds=1)}.{since.microseconds:06}"


class Server:
    """A running server, as an administrator sees it."""

    def __init__(self, folder, certificate=None):
        path = os.pathsep.join(filter(None, (str(ENGINE), os.environ.get("PYTHONPATH"))))
        command = [
            sys.executable,
            str(HERE / "engine_server.py"),
            str(folder),
            *([str(certificate)] if certificate else []),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A server's zone is no business of whoever reads.
            env={**os.environ, "PYTHONPATH": path, "TZ": "Asia/Tashkent"},
        )
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError("the engine did not start")
        self.port = int(line)

    def stop(self):
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def execute(self, sql):
        """Run a statement; the answer as text."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/", data=sql.encode(), headers={"Authorization": "Basic d3JpdGVyOndyaXRpbmc="}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.read().decode()

    def break_off(self, after, words=""):
        """Let the next answer end after so many bytes, with these words."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/fault?after={after}&text={quote(words)}", data=b""
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310

    def insert(self, statements, table="xapi.xapi_events_all"):
        """Take statements in as Ralph does: id and time out of each."""
        rows = "\n".join(
            json.dumps({"event_id": each["id"], "emission_time": seconds(each), "event": json.dumps(each)})
            for each in statements
        )
        self.execute(f"INSERT INTO {table} FORMAT JSONEachRow\n{rows}")

    def tell_apart(self, people):
        """Take in who is who: (UUID, user id, username) of each."""
        rows = "\n".join(
            json.dumps(
                {
                    "external_user_id": uuid,
                    "external_id_type": "xapi",
                    "username": name,
                    "user_id": user_id,
                    "dump_id": uuid,
                    "time_last_dumped": "2026-09-01",
                }
            )
            for uuid, user_id, name in people
        )
        self.execute(f"INSERT INTO event_sink.external_id FORMAT JSONEachRow\n{rows}")

    def url(self, path="/xapi", user="reader", password=PASSWORD):
        return f"clickhouse://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}{path}"


@pytest.fixture(scope="session")
def engine():
    if importlib.util.find_spec("clickhouse_connect") is None:
        missing("clickhouse-connect is not installed")
    if not (ENGINE / "chdb").is_dir() and importlib.util.find_spec("chdb") is None:
        missing("ClickHouse's engine is not there: make engines puts it into build/clickhouse")


@pytest.fixture(scope="session")
def running(engine, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("clickhouse") / "data")
    yield server
    server.stop()


@pytest.fixture
def clickhouse(running):
    """The server with Aspects' tables, empty."""
    for name in ("xapi", "event_sink"):
        running.execute(f"DROP DATABASE IF EXISTS {name}")
    for sql in TABLES:
        running.execute(sql)
    return running
