"""One table of events, each once, and an account in which every line has its place."""

import dataclasses
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import Event, LineAccount, QuarantinedLine
from smartpd_analytics.store import SCHEMA, SCHEMA_VERSION, read_event_log

RAW = Path(__file__).resolve().parents[2] / "fixtures" / "raw"
LINES = {path.stem: json.dumps(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(RAW.glob("*.json"))}
CHECK, PLAY, LOGIN = LINES["problem_check"], LINES["play_video"], LINES["edx.user.login"]
PREFIX = "2026-09-07 06:15:30,251 INFO 1024 [tracking] [user 101] [ip 192.0.2.17] logger.py:41 - "


@pytest.fixture
def log(tmp_path):
    def write(name, *lines, packed=False):
        data = "".join(f"{line}\n" for line in lines).encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if packed else data)
        return path

    return write


def at(line, time):
    return json.dumps({**json.loads(line), "time": time})


def test_every_line_has_its_place_in_the_account(log):
    path = log("tracking.log", CHECK, "", "# comment", LOGIN, CHECK, CHECK[:50], PREFIX + PLAY, "text", PREFIX + CHECK)
    found = read_event_log([path])
    assert found.account == LineAccount(
        read=9,
        accepted=2,
        duplicate=2,
        ignored=3,
        quarantined=2,
        ignored_reasons={"account": 1, "blank": 1, "comment": 1},
        quarantined_reasons={"not_json": 1, "truncated": 1},
        quarantine=(QuarantinedLine(str(path), 6, "truncated"), QuarantinedLine(str(path), 8, "not_json")),
        source_problems=(),
    )
    assert found.table.num_rows == 2


def test_the_table_has_one_column_for_each_field_of_an_event(log):
    table = read_event_log([log("tracking.log", *LINES.values())]).table
    assert table.schema.equals(SCHEMA, check_metadata=True)
    assert SCHEMA.names == ["time", *(each.name for each in dataclasses.fields(Event))]
    assert all(SCHEMA.field(name).metadata[b"meaning"] for name in SCHEMA.names)
    assert SCHEMA.metadata == {b"smartpd_schema_version": str(SCHEMA_VERSION).encode()}
    table.validate(full=True)
    for name in SCHEMA.names:
        assert SCHEMA.field(name).nullable or table[name].null_count == 0


def test_rows_say_what_the_events_say(log):
    (row,) = read_event_log([log("tracking.log", LINES["smartpd.matrix.cell_rated"])]).table.to_pylist()
    expected = json.loads((RAW.parent / "expected" / "smartpd.matrix.cell_rated.json").read_text(encoding="utf-8"))
    assert json.loads(row.pop("payload")) == expected.pop("payload")
    assert len(row.pop("digest")) == 16
    assert row.pop("time").timestamp() * 1_000_000 == row["time_us"]
    assert row == expected


def test_rows_stand_in_order_of_time_whatever_the_order_of_lines_and_files(log):
    times = ["2026-09-09T00:00:00+00:00", "2026-09-07T05:00:00+05:00", "2026-09-08T00:00:00Z"]
    one = log("one.log", *(at(CHECK, time) for time in times))
    two = log("two.log", *(at(PLAY, time) for time in times))
    forwards, backwards = read_event_log([one, two]), read_event_log([two, one])
    assert forwards.table.equals(backwards.table)
    order = [(row["time_us"], row["digest"]) for row in forwards.table.to_pylist()]
    assert order == sorted(order)
    assert len(order) == 6


def test_the_same_events_in_tutors_form_and_gz_change_nothing_but_the_account(log):
    raw = log("tracking.log", *LINES.values())
    again = log("all.log.gz", *(PREFIX + line for line in LINES.values()), packed=True)
    once, twice = read_event_log([raw]), read_event_log([raw, again])
    assert twice.table.equals(once.table)
    assert once.account.duplicate == 0
    assert twice.account.duplicate == once.account.accepted == twice.account.accepted
    assert twice.account.ignored == 2 * once.account.ignored


def test_events_sent_again_by_an_app_count_once(log):
    line = json.loads(LINES["edx.video.played"])
    later = {**line, "context": {**line["context"], "received_at": "2026-09-09T00:00:00Z"}}
    account = read_event_log([log("tracking.log", json.dumps(line), json.dumps(later))]).account
    assert (account.accepted, account.duplicate) == (1, 1)


def test_no_lines_give_an_empty_table_of_the_same_schema(tmp_path):
    found = read_event_log([tmp_path / "nowhere.log"])
    assert found.table.schema.equals(SCHEMA)
    assert found.table.num_rows == found.account.read == 0
    assert "nowhere.log: there is no such file" in found.account.source_problems[0]
    assert read_event_log([]).account == LineAccount()


def test_a_file_that_is_no_tracking_log_is_named_as_such(log):
    table = log("answers.csv", "learner,score", "learner_01,4")
    account = read_event_log([log("tracking.log", CHECK), table, log("more.log", PLAY)]).account
    (problem,) = account.source_problems
    assert problem.startswith(f"{table}: this is no tracking log: not one of its 2 lines")
    assert len(account.sources_accepted) == 1
    assert account.sources_accepted[0].startswith("tracking logs")
    assert (account.accepted, account.quarantined) == (2, 2)


def test_a_file_with_one_line_of_a_tracking_log_is_one(log):
    assert read_event_log([log("tracking.log", "text", LOGIN)]).account.source_problems == ()


def test_a_file_of_comments_has_no_event(log):
    (problem,) = read_event_log([log("tracking.log", "# comment", "")]).account.source_problems
    assert "no event in it" in problem


def test_the_same_file_twice_is_judged_twice(log):
    path = log("answers.csv", "learner,score")
    assert len(read_event_log([path, path]).account.source_problems) == 2


def test_a_line_that_is_too_long_is_quarantined_and_the_next_is_read(log):
    account = read_event_log([log("tracking.log", "{" + "x" * 3_000_000, CHECK)]).account
    assert account.quarantined_reasons == {"too_long": 1}
    assert account.accepted == 1


def test_half_a_gz_counts_its_complete_lines(tmp_path):
    lines = [at(CHECK, f"2026-09-07T06:{minute:02}:{second:02}+00:00") for minute in range(30) for second in range(60)]
    packed = gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=1)
    path = tmp_path / "tracking.log.gz"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    account = read_event_log([path]).account
    assert 0 < account.accepted == account.read < len(lines)
    (problem,) = account.source_problems
    assert f"{account.read} complete lines before the break were used" in problem


def test_standard_input_and_progress():
    heard = []
    data = f"{CHECK}\n{PLAY}".encode()
    found = read_event_log(["-"], stdin=io.BytesIO(data), progress=lambda *each: heard.append(each))
    assert found.account.accepted == 2
    assert heard[-1] == (len(data), 0)


def test_more_events_than_one_batch_holds(log):
    lines = [at(PLAY, f"2026-09-07T06:15:30.{n:06}+00:00") for n in range(20_000)]
    found = read_event_log([log("tracking.log", *reversed(lines))])
    assert found.account.accepted == found.table.num_rows == 20_000
    first = found.table["time_us"][0].as_py()
    assert found.table["time_us"].to_pylist() == list(range(first, first + 20_000))


line_of_a_log = st.one_of(
    st.sampled_from(sorted(LINES.values())),
    st.sampled_from(["", "#", "text", "[]", "{}"]),
    st.tuples(st.sampled_from(sorted(LINES.values())), st.integers(0, 2_000)).map(lambda cut: cut[0][: cut[1]]),
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(line_of_a_log, max_size=25))
def test_the_sums_add_up(tmp_path, lines):
    path = tmp_path / "tracking.log"
    # In front, so that no text can make it a file of another kind.
    path.write_bytes("".join(f"{line}\n" for line in [CHECK, *lines]).encode())
    found = read_event_log([path])
    account = found.account
    assert account.read == len(lines) + 1
    assert account.accepted + account.duplicate + account.ignored + account.quarantined == account.read
    assert account.accepted == found.table.num_rows == len(set(found.table["digest"].to_pylist()))
    assert sum(account.ignored_reasons.values()) == account.ignored
    assert sum(account.quarantined_reasons.values()) == account.quarantined == len(account.quarantine)
    assert [line.line for line in account.quarantine] == sorted(line.line for line in account.quarantine)
    # Reading all of it again finds nothing new.
    again = read_event_log([path, path])
    assert again.table.equals(found.table)
    assert again.account.duplicate == 2 * account.duplicate + account.accepted
    assert isinstance(found.table, pa.Table)
