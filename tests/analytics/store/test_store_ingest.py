"""Ingestion: only what is new is read, each event is kept once, every line has its place."""

import gzip
import io
import json
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from smartpd_analytics.data import LineAccount
from smartpd_analytics.errors import InputError, StoreError
from smartpd_analytics.store import (
    SCHEMA,
    StoreOptions,
    _writing,
    ingest,
    open_store,
    read_event_log,
    retry_quarantined,
)

from tests.analytics.store.store_logs import CHECK, COURSES, all_bytes, events_of, line, lines, rows_of, written

IDENTIFIED = StoreOptions(identified=True)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def take(store, *paths, **options):
    return ingest(paths, store, workers=1, **{"options": IDENTIFIED, **options})


def test_the_store_holds_what_the_table_in_memory_holds(store, tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 300))
    report = take(store, log)
    memory = read_event_log([log])
    found = open_store(store)
    table = found.arrow()
    # The store tells the learner as well.
    assert table.select(SCHEMA.names).drop(["username"]).equals(memory.table.drop(["username"]))
    assert (report.lines.read, report.lines.accepted) == (memory.account.read, memory.account.accepted)
    assert found.account() == LineAccount(
        **{name: getattr(memory.account, name) for name in ("read", "accepted", "duplicate", "ignored", "quarantined")},
        ignored_reasons=memory.account.ignored_reasons,
        quarantined_reasons=memory.account.quarantined_reasons,
    )
    assert found.events == table.num_rows == report.events
    assert {course.course_key for course in found.courses()} == set(COURSES)
    assert sum(course.events for course in found.courses()) == found.events


def test_nothing_is_read_twice(store, tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 60))
    take(store, log)
    before = events_of(store)
    again = take(store, log)
    assert (again.sources_read, again.sources_unchanged, again.lines.read) == (0, 1, 0)
    assert events_of(store) == before


def test_only_what_a_file_grew_by_is_read(store, tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 40))
    take(store, log)
    with log.open("a") as stream:
        stream.write("".join(f"{each}\n" for each in lines(40, 50)))
    report = take(store, log)
    assert report.lines.read == len(lines(40, 50))
    assert events_of(store) == whole(tmp_path, lines(0, 50))


def whole(tmp_path, content):
    """What one undisturbed run over ``content`` gives."""
    folder = tmp_path / "whole"
    folder.mkdir()
    take(folder / "store", written(folder / "tracking.log", content))
    return events_of(folder / "store")


@pytest.mark.parametrize("way", ["renamed", "packed", "zst", "copied and truncated", "moved and packed later"])
def test_a_rotated_file_is_known_again(store, tmp_path, way):
    logs = tmp_path / "logs"
    logs.mkdir()
    log = written(logs / "tracking.log", lines(0, 30))
    take(store, logs)
    with log.open("a") as stream:
        stream.write("".join(f"{each}\n" for each in lines(30, 35)))
    old = logs / "tracking.log-20260901"
    data = log.read_bytes()
    if way == "packed":
        (logs / "tracking.log-20260901.gz").write_bytes(gzip.compress(data))
    elif way == "zst":
        (logs / "tracking.log-20260901.zst").write_bytes(pa.compress(data, codec="zstd", asbytes=True))
    elif way == "copied and truncated":
        shutil.copyfile(log, old)
    else:
        log.rename(old)
        if way == "moved and packed later":
            take(store, logs)
            (logs / "tracking.log-20260901.gz").write_bytes(gzip.compress(data))
            old.unlink()
    written(log, lines(35, 40))
    take(store, logs)
    assert events_of(store) == whole(tmp_path, lines(0, 40))
    assert take(store, logs).lines.read == 0


def test_a_file_that_was_cut_and_written_anew_loses_nothing(store, tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 30))
    take(store, log)
    # The same start, then other lines: neither grown nor new.
    written(log, [*lines(0, 30)[:20], *lines(100, 130)])
    take(store, log)
    events, account = events_of(store)
    expected = set(read_event_log([log]).table["digest"].to_pylist())
    assert expected <= set(events)
    assert set(events.values()) == {1}
    assert account.accepted == len(events)


def test_a_line_that_is_not_whole_yet_waits(store, tmp_path):
    log = tmp_path / "tracking.log"
    content = "".join(f"{each}\n" for each in lines(0, 20)).encode()
    results = []
    for cut in (len(content) - 50, len(content) - 1, len(content)):
        log.write_bytes(content[:cut])
        results.append(take(store, log))
    # Half a line waits; a whole one without its line feed is taken, and its line feed later is no line.
    assert [report.unfinished for report in results] == [1, 0, 0]
    assert events_of(store) == whole(tmp_path, lines(0, 20))


def test_the_last_line_of_a_packed_file_is_a_line(store, tmp_path):
    path = tmp_path / "tracking.log.gz"
    path.write_bytes(gzip.compress("\n".join([*lines(0, 5), line(6)[:80]]).encode()))
    report = take(store, path)
    assert report.lines.quarantined == 1
    assert report.unfinished == 0


def test_a_broken_archive_gives_what_is_whole_and_the_rest_once_it_is_mended(store, tmp_path):
    path = tmp_path / "tracking.log.gz"
    data = gzip.compress("".join(f"{each}\n" for each in lines(0, 200)).encode())
    path.write_bytes(data[: len(data) * 2 // 3])
    first = take(store, path)
    assert first.lines.read > 0
    assert "before the break" in first.lines.source_problems[0]
    path.write_bytes(data)
    take(store, path)
    assert events_of(store) == whole(tmp_path, lines(0, 200))


def test_copies_in_other_files_are_duplicates_across_files_and_runs(store, tmp_path):
    one = written(tmp_path / "one.log", lines(0, 50))
    two = written(tmp_path / "two.log", [f"prefix [tracking] - {each}" for each in lines(25, 75)])
    take(store, one)
    report = take(store, two)
    events, account = events_of(store)
    assert set(events.values()) == {1}
    assert report.lines.duplicate > 25
    assert account.read == len(lines(0, 50)) + len(lines(25, 75))
    assert account.accepted == len(events)


def test_two_processes_give_the_same_as_one(store, tmp_path, monkeypatch):
    monkeypatch.setattr(_writing, "INSIDE_BYTES", 0)
    log = written(tmp_path / "tracking.log", lines(0, 6_000))
    assert log.stat().st_size > 8_000_000, "more than one block"
    ingest([log], store, workers=2, options=IDENTIFIED)
    assert events_of(store) == whole(tmp_path, lines(0, 6_000))


def test_standard_input(store):
    data = io.BytesIO(gzip.compress("".join(f"{each}\n" for each in lines(0, 20)).encode()))
    report = take(store, "-", stdin=data)
    assert report.lines.read == len(lines(0, 20))
    assert report.lines.accepted == report.events > 0


def test_globs_and_addresses(store, tmp_path):
    written(tmp_path / "a.log", lines(0, 20))
    written(tmp_path / "b.log", lines(20, 40))
    take(store, tmp_path / "[ab].log")
    assert take(store, f"file://{tmp_path}/*.log").lines.read == 0
    assert events_of(store) == whole(tmp_path, lines(0, 40))


def test_what_is_no_log_is_named_and_the_rest_is_read(store, tmp_path):
    binary = tmp_path / "picture.log"
    binary.write_bytes(b"\x89PNG" + bytes(100))
    empty = tmp_path / "empty.log"
    empty.touch()
    log = written(tmp_path / "tracking.log", lines(0, 10))
    heard = []
    report = take(store, binary, empty, tmp_path / "missing", log, on_problem=heard.append)
    assert report.lines.accepted > 0
    assert {error.file for error in heard} == {str(binary), str(empty), str(tmp_path / "missing")}


def test_a_line_without_end_takes_no_memory(store, tmp_path):
    path = tmp_path / "tracking.log"
    with path.open("wb") as stream:
        stream.write(line(1).encode() + b"\n{")
        for _ in range(12):
            stream.write(b"x" * 1_000_000)
        stream.write(b"\n" + bytes(9_000_000) + line(2).encode() + b"\n")
    report = take(store, path)
    assert report.lines.quarantined_reasons == {"too_long": 1}
    assert report.lines.accepted == 2
    assert take(store, path).lines.read == 0


def test_only_the_time_and_the_courses_asked_for_and_later_the_rest(store, tmp_path):
    log = written(tmp_path / "tracking.log", lines(0, 400))
    day = datetime(2026, 8, 31, tzinfo=UTC)
    part = take(store, log, since=day, courses=[COURSES[0]])
    rows = rows_of(store)
    assert rows
    assert all(row["time"] >= day and row["course_key"] == COURSES[0] for row in rows)
    assert part.lines.ignored_reasons["not_asked"] > 0
    assert take(store, log, since=day, courses=[COURSES[0]]).lines.read == 0
    take(store, log)
    assert events_of(store)[0] == whole(tmp_path, lines(0, 400))[0]
    assert take(store, log, until=day).lines.read == 0, "all of it was read already"


def test_quarantined_lines_are_kept_for_their_owner_and_tried_again(store, tmp_path, monkeypatch):
    log = written(tmp_path / "tracking.log", [line(1), line(2)[:200], '{"event_type": 5}'])
    take(store, log)
    (kept,) = store.glob("quarantine/*.parquet")
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o077 == 0
    rows = pa.parquet.read_table(kept).to_pylist()
    assert [(row["source"], row["line"], row["reason"]) for row in rows] == [
        (str(log), 2, "truncated"),
        (str(log), 3, "no_event_type"),
    ]
    before = events_of(store)
    again = retry_quarantined(store)
    assert (again.lines.read, again.lines.quarantined) == (2, 2)
    assert events_of(store) == before
    # A parser that knows more: the cut line is whole for it.
    from smartpd_analytics.store import _work

    parse = _work.parse_block

    def better(data, **options):
        return parse(line(2).encode() if data.startswith(line(2)[:200].encode()) else data, **options)

    monkeypatch.setattr(_work, "parse_block", better)
    third = retry_quarantined(store)
    assert (third.lines.read, third.lines.accepted, third.lines.quarantined) == (2, 1, 1)
    account = open_store(store).account()
    assert (account.read, account.accepted, account.quarantined) == (3, 2, 1)


def test_quarantined_lines_are_dropped_where_that_is_asked(store, tmp_path):
    log = written(tmp_path / "tracking.log", [line(1), '{"username": "secret-name'])
    take(store, log, keep_quarantined=False)
    (kept,) = store.glob("quarantine/*.parquet")
    assert pa.parquet.read_table(kept)["data"].to_pylist() == [None]
    assert retry_quarantined(store).lines.read == 0
    assert open_store(store).account().quarantined == 1


def test_many_small_files_become_few(store, tmp_path):
    for number in range(12):
        take(store, written(tmp_path / f"{number}.log", lines(10 * number, 10 * number + 10)))
    take(store, tmp_path)
    names = [path for path in open_store(store).parquet_files() if path.exists()]
    assert len(names) < 12 * len(COURSES)
    left = set((store / "data").rglob("*.parquet"))
    assert len(left) <= len(names) + 16, "what was put together goes with the next run"
    events, account = events_of(store)
    assert set(events.values()) == {1}
    assert account.accepted == len(events) == len(set(read_event_log([tmp_path]).table["digest"].to_pylist()))


def test_learners_are_pseudonyms_unless_they_are_to_be_known(store, tmp_path):
    log = written(tmp_path / "tracking.log", [line(1, learner=3)])
    keys = []
    ingest([log], store, workers=1, options=StoreOptions(on_key=keys.append))
    (row,) = rows_of(store)
    assert row["username"] not in ("", "teacher3")
    assert row["user_id"] != 103
    assert keys == [store / "site.key"]
    assert keys[0].stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match="under pseudonyms"):
        take(store, log)
    other = tmp_path / "other.key"
    other.write_text("another key of some length")
    with pytest.raises(StoreError, match="not the key"):
        ingest([log], store, options=StoreOptions(key_file=other))


def test_a_key_from_outside_is_not_written_down(store, tmp_path, monkeypatch):
    monkeypatch.setenv("SMARTPD_SITE_KEY", "a key of some length, and secret")
    log = written(tmp_path / "tracking.log", [line(1)])
    ingest([log], store, workers=1)
    assert not (store / "site.key").exists()
    assert b"and secret" not in (store / "manifest.json").read_bytes()
    monkeypatch.setenv("SMARTPD_SITE_KEY", "short")
    with pytest.raises(StoreError, match="too short"):
        ingest([log], store, workers=1)


def test_what_is_no_store_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="other files"):
        take(tmp_path, tmp_path / "x.log")
    with pytest.raises(StoreError, match="no store"):
        open_store(tmp_path)
    with pytest.raises(InputError, match="0 workers"):
        ingest([tmp_path], tmp_path / "new", workers=0)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        open_store(damaged)
    (damaged / "manifest.json").write_text(json.dumps({"format": 99, "schema_version": 1}))
    with pytest.raises(StoreError, match="newer version"):
        open_store(damaged)


def test_a_store_whose_copies_are_known_in_another_way_is_not_gone_on_with(store, tmp_path):
    """Beside its digests new ones would take every copy for another event."""
    log = written(tmp_path / "tracking.log", [json.dumps(CHECK)])
    ingest([log], store, workers=1)
    manifest = store / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 1}))
    before = manifest.read_bytes()
    for act in (lambda: ingest([log], store, workers=1), lambda: open_store(store)):
        with pytest.raises(StoreError, match=r"older version \(format 1\).*accepted: a new folder"):
            act()
    assert manifest.read_bytes() == before


def test_nothing_that_the_line_kept_secret_is_in_the_store(store, tmp_path):
    secret = {**CHECK, "ip": "198.51.100.77", "session": "f" * 31 + "e", "agent": "Secretive/1.0"}
    ingest([written(tmp_path / "tracking.log", [json.dumps(secret)])], store, workers=1)
    found = all_bytes(store)
    for value in (secret["ip"], secret["session"], secret["agent"], secret["username"]):
        assert value.encode() not in found


def test_a_simulated_log_gives_what_its_truth_says(store, tmp_path):
    from smartpd_analytics import pipeline

    pipeline.simulate(pipeline.SimulationPlan(learners=6, weeks=2, runs=1, oddities=0.05), tmp_path / "sim")
    truth = json.loads((tmp_path / "sim" / "truth.json").read_text(encoding="utf-8"))["log"]
    account = take(store, tmp_path / "sim" / "logs").lines
    assert {
        "read": account.read,
        "accepted": account.accepted,
        "duplicate": account.duplicate,
        "ignored": dict(account.ignored_reasons),
        "quarantined": dict(account.quarantined_reasons),
    } == {
        "read": truth["lines"],
        "accepted": truth["accepted"],
        "duplicate": truth["duplicate"],
        "ignored": truth["ignored_by_reason"],
        "quarantined": truth["quarantined_by_reason"],
    }
    kinds = open_store(store).relation().aggregate("kind, count(*)").fetchall()
    assert dict(kinds) == truth["events_by_kind"]
