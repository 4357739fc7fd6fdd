"""Aspects' ClickHouse into a store: exact, whenever rows come and wherever a run ends."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from smartpd_analytics.sources import Mark
from smartpd_analytics.store import (
    StoreOptions,
    _ingest,
    _parsing,
    _tables,
    _writing,
    ingest,
    open_store,
    retry_quarantined,
)
from smartpd_analytics.store._manifest import read_manifest
from smartpd_analytics.store._position import Position
from smartpd_analytics.tracking import statement_reader

from tests.analytics.clickhouse.statements import learner, statement, statements
from tests.analytics.spark_there import QUIET, need_spark
from tests.analytics.store.store_logs import events_of, line, rows_of, written

ROOT = Path(__file__).resolve().parents[3]
IDENTIFIED = StoreOptions(identified=True)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def take(clickhouse, store, path="/xapi", **how):
    return ingest([clickhouse.url(path)], store, options=IDENTIFIED, **how)


def digests(store):
    return Counter(open_store(store).arrow()["digest"].to_pylist())


def adds_up(account):
    return account.read == account.accepted + account.duplicate + account.ignored + account.quarantined


def test_statements_become_events_and_the_second_run_reads_nothing(clickhouse, store):
    some = statements(0, 300)
    clickhouse.insert(some)
    first = take(clickhouse, store)
    assert (first.sources_read, first.lines.read, first.lines.source_problems) == (1, 300, ())
    assert adds_up(first.lines)
    assert first.lines.ignored_reasons == {"companion": 30, "unlisted": 30}
    assert first.events == first.lines.accepted == 240
    found = open_store(store).arrow().to_pylist()
    assert {row["username"] for row in found} == {learner(number) for number in range(7)}
    assert {row["name"] for row in found} == {"problem_check", "play_video"}
    again = take(clickhouse, store)
    assert (again.lines.read, again.sources_read, again.sources_unchanged) == (0, 0, 1)
    assert again.generation == first.generation


def test_late_rows_are_found_whatever_their_time(clickhouse, store):
    clickhouse.insert(statements(0, 200, step=2))
    take(clickhouse, store)
    # Into hours that were read, weeks back, and before the first of them.
    clickhouse.insert([*statements(1, 201, step=2), *statements(-50, 0)])
    late = take(clickhouse, store)
    assert late.lines.duplicate < 200, "hours without new rows are not read again"
    clickhouse.insert([statement(2_000)])
    assert take(clickhouse, store).lines.read == 1
    one = store.with_name("one")
    take(clickhouse, one)
    assert rows_of(store) == rows_of(one)
    assert take(clickhouse, store).lines.read == 0


def test_rows_that_are_there_twice_are_one_event(clickhouse, store):
    # ReplacingMergeTree merges them when it finds time to.
    clickhouse.insert(statements(0, 50))
    clickhouse.insert(statements(0, 50))
    report = take(clickhouse, store)
    assert (report.lines.read, report.lines.duplicate) == (100, 40)
    clickhouse.execute("OPTIMIZE TABLE xapi.xapi_events_all FINAL")
    merged = take(clickhouse, store)
    assert (merged.lines.accepted, merged.lines.duplicate) == (0, 40)
    assert take(clickhouse, store).lines.read == 0


def test_rows_that_aspects_removes_stay_in_the_store(clickhouse, store):
    clickhouse.insert(statements(0, 300))
    before = take(clickhouse, store).events
    clickhouse.execute(
        "ALTER TABLE xapi.xapi_events_all DELETE WHERE emission_time < '2026-09-05' SETTINGS mutations_sync = 2"
    )
    after = take(clickhouse, store)
    assert (after.events, after.lines.accepted) == (before, 0)
    hours = json.loads(read_manifest(store).sources[0].position)["hours"]
    assert min(map(int, hours)) >= 496_728, "what the table does not have any more is not remembered either"


@pytest.mark.parametrize(
    ("column", "kind"),
    [("event", "String"), ("event", "LowCardinality(String)"), ("event", "JSON"), ("event_str", "String")],
)
def test_every_shape_that_the_table_had(clickhouse, store, column, kind):
    clickhouse.insert(statements(0, 60))
    extra = ", event String DEFAULT ''" if column == "event_str" else ""
    clickhouse.execute(
        f"CREATE TABLE xapi.other (event_id UUID, emission_time DateTime64(6), {column} {kind}{extra})"
        " ENGINE MergeTree ORDER BY (emission_time, event_id)"
    )
    clickhouse.execute(
        f"INSERT INTO xapi.other (event_id, emission_time, {column})"  # noqa: S608
        " SELECT event_id, emission_time, event FROM xapi.xapi_events_all"
    )
    take(clickhouse, store)
    other = store.with_name("other")
    take(clickhouse, other, "/xapi/other")
    assert rows_of(other) == rows_of(store)


def test_times_and_courses_asked_for(clickhouse, store, tmp_path):
    from datetime import UTC, datetime

    clickhouse.insert(statements(0, 400))
    # In the midst of an hour, and of a day.
    since, until = datetime(2026, 9, 1, 10, 30, tzinfo=UTC), datetime(2026, 9, 5, 7, 10, tzinfo=UTC)
    part = take(clickhouse, store, since=since, until=until)
    times = open_store(store).arrow()["time"].to_pylist()
    assert part.events == len(times) > 0
    assert since <= min(times)
    assert max(times) < until
    assert take(clickhouse, store, since=since, until=until).lines.accepted == 0
    # Wider: what was read whole is not read again, and nothing is lost at the edges.
    everything = take(clickhouse, store)
    assert everything.lines.read < 400 - part.lines.read + 60
    whole = tmp_path / "whole"
    take(clickhouse, whole)
    assert rows_of(store) == rows_of(whole)
    course = open_store(whole).courses()[0].course_key
    one = tmp_path / "one"
    report = take(clickhouse, one, courses=[course])
    assert report.lines.ignored_reasons["not_asked"] > 0
    assert [found.course_key for found in open_store(one).courses()] == [course]
    assert take(clickhouse, one).lines.read == 400, "another course may be in every hour"
    assert rows_of(one) == rows_of(whole)
    assert take(clickhouse, one, courses=[course]).lines.read == 0


def test_a_broken_connection_loses_nothing(clickhouse, store, monkeypatch):
    monkeypatch.setattr(_tables, "BLOCK", 20_000)
    monkeypatch.setattr(_tables, "_ROWS_AT_ONCE", 100)
    some = statements(0, 250)
    clickhouse.insert(some)
    whole = store.with_name("whole")
    take(clickhouse, whole)
    real = _tables.StatementTable.rows
    calls = []

    def rows(self, *span):
        calls.append(span)
        if len(calls) == 2:
            clickhouse.break_off(40_000)
        return real(self, *span)

    monkeypatch.setattr(_tables.StatementTable, "rows", rows)
    broken = take(clickhouse, store)
    assert ["broke off" in problem for problem in broken.lines.source_problems] == [True]
    assert 0 < broken.lines.read < 250
    assert adds_up(broken.lines)
    monkeypatch.undo()
    rest = take(clickhouse, store)
    assert rest.lines.source_problems == ()
    assert rest.lines.read < 250, "hours that came whole are not read again"
    assert rows_of(store) == rows_of(whole)


@pytest.mark.parametrize("after", [1_500, 31_000])
@pytest.mark.parametrize("end", ["", "\n"])
def test_an_error_in_the_midst_of_rows_loses_nothing(clickhouse, store, monkeypatch, after, end):
    clickhouse.insert(statements(0, 40))
    whole = store.with_name("whole")
    take(clickhouse, whole)
    real = _tables.StatementTable.rows

    def rows(self, *span):
        clickhouse.break_off(after, f"Code: 241. DB::Exception: Memory limit exceeded (MEMORY_LIMIT_EXCEEDED){end}")
        return real(self, *span)

    monkeypatch.setattr(_tables.StatementTable, "rows", rows)
    broken = take(clickhouse, store)
    (problem,) = broken.lines.source_problems
    assert "broke off" in problem
    assert "\n" not in problem
    assert broken.lines.quarantined == 0
    monkeypatch.undo()
    take(clickhouse, store)
    assert rows_of(store) == rows_of(whole)


def test_waves_and_workers_and_kills_give_the_same_store(clickhouse, store, tmp_path, monkeypatch):
    clickhouse.insert(statements(0, 400))
    whole = tmp_path / "whole"
    take(clickhouse, whole)
    monkeypatch.setattr(_tables, "BLOCK", 20_000)
    monkeypatch.setattr(_ingest, "WAVE_BYTES", 60_000)
    real, commits = _ingest.write_manifest, []

    class Killed(BaseException):
        pass

    def killed(*arguments):
        commits.append(arguments)
        if len(commits) % 2 == 0:
            raise Killed
        real(*arguments)

    monkeypatch.setattr(_ingest, "write_manifest", killed)
    for _ in range(40):
        try:
            take(clickhouse, store)
            break
        except Killed:
            if (account := open_store(store).account()).read:
                assert adds_up(account)
    else:
        pytest.fail("it never came to its end")
    assert len(commits) > 4
    assert rows_of(store) == rows_of(whole)
    monkeypatch.setattr(_ingest, "write_manifest", real)
    monkeypatch.setattr(_writing, "INSIDE_BYTES", 0)
    by_workers = tmp_path / "workers"
    assert take(clickhouse, by_workers, workers=2).generation > 1
    assert rows_of(by_workers) == rows_of(whole)
    assert events_of(by_workers) == events_of(whole)


def test_killed_at_random_points_the_next_run_makes_it_whole(clickhouse, tmp_path):
    clickhouse.insert(statements(0, 300))
    script = [sys.executable, "-m", "tests.analytics.store.killed_runs", clickhouse.url(), tmp_path, "20", "1"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["after_commit"] > 2, "some were killed between two commits"
    whole = tmp_path / "whole"
    take(clickhouse, whole)
    for store in found["stores"]:
        assert digests(store) == digests(whole)
        assert adds_up(open_store(store).account())


def test_what_cannot_be_read_is_kept_and_tried_again_as_a_statement(clickhouse, store, monkeypatch):
    broken = {"id": statement(1)["id"], "timestamp": statement(1)["timestamp"]}
    clickhouse.insert([statement(0), broken])
    report = take(clickhouse, store)
    assert report.lines.quarantined_reasons == {"no_statement": 1}
    again = retry_quarantined(store)
    assert (again.lines.read, again.lines.quarantined) == (1, 1)
    mended = json.dumps(statement(1)).encode()
    monkeypatch.setattr(
        _parsing, "_reader", lambda identity, _statements: lambda _data: statement_reader(identity)(mended)
    )
    assert retry_quarantined(store).lines.accepted == 1
    assert open_store(store).events == 2


def test_progress_comes_to_its_end(clickhouse, store, monkeypatch):
    monkeypatch.setattr(_tables, "BLOCK", 20_000)
    clickhouse.insert(statements(0, 300))
    heard = []
    take(clickhouse, store, progress=lambda done, total: heard.append((done, total)))
    assert len(heard) > 3
    assert all(0 < done <= total for done, total in heard)
    assert heard[-1][0] == heard[-1][1]


def test_a_store_of_both_is_told_once(clickhouse, store, tmp_path):
    clickhouse.insert(statements(0, 5))
    log = written(tmp_path / "tracking.log", [line(1)])
    both = ingest([log, clickhouse.url()], store, options=IDENTIFIED)
    assert both.sources_read == 2
    (said,) = both.lines.source_problems
    assert "is in it twice" in said
    assert ingest([log, clickhouse.url()], store, options=IDENTIFIED).lines.source_problems == ()


def test_position_finds_what_changed():
    position = Position()
    marks = {hour: Mark(hour % 5 + 1, 2**63 + hour) for hour in range(24 * 100)}
    assert position.unread(marks) == list(marks)
    for hour, mark in marks.items():
        position.note(hour, mark)
    position = Position(position.text())
    assert position.unread(marks) == []
    assert len(position.text()) < 40_000
    changed = {**marks, 5: Mark(9, 1), 24 * 99 + 3: Mark(9, 1), 24 * 100: Mark(1, 1)}
    # Of a day long ago all hours, of the last weeks only the one that changed.
    assert position.unread(changed) == [*range(24), 24 * 99 + 3, 24 * 100]
    for hour in position.unread(changed)[:3]:
        position.note(hour, changed[hour])
    half = Position(position.text())
    assert half.unread(changed) == [*range(24), 24 * 99 + 3, 24 * 100], "a day that was left half is read as a whole"
    position.keep_from(24 * 90)
    assert position.unread({hour: mark for hour, mark in marks.items() if hour >= 24 * 90}) == []
    assert position.unread(marks)[0] == 0


class TestOnSpark:
    pytestmark = QUIET

    def test_a_cluster_gives_the_same_store(self, clickhouse, store, monkeypatch):
        need_spark()
        monkeypatch.setenv("SMARTPD_SITE_KEY", "a key of the site, the same for both")
        monkeypatch.setattr(_tables, "BLOCK", 60_000)
        clickhouse.insert(statements(0, 200))
        local = store.with_name("local")
        ingest([clickhouse.url()], local)
        ingest([clickhouse.url()], store, spark_master="local[2]")
        assert rows_of(store) == rows_of(local)
        assert ingest([clickhouse.url()], store).lines.read == 0
