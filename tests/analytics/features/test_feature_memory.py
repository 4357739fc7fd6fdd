"""Runs that remember: the same result as a run without memory, and only what changed is counted again."""

from datetime import UTC, datetime, timedelta

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from smartpd_analytics.errors import InputError, StoreError
from smartpd_analytics.features import feature_tables, learner_features

from tests.analytics.features.feature_events import answered, at, opened, table_of
from tests.analytics.features.many_events import many_events


def day(number: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at(days=number))


def learners_of(events, memory=None):
    return feature_tables(events, ("learners",), state=memory)["learners"]


def test_day_after_day_the_result_is_that_of_a_full_run(tmp_path):
    events = table_of(many_events(21, 250))
    # Forward, and back.
    for number in (15, 40, 25):
        remembered = feature_tables(events, as_of=day(number), state=tmp_path / "memory")
        assert remembered == feature_tables(events, as_of=day(number)), number


def test_late_lines_and_vanished_learners_are_noticed(tmp_path):
    log = list(many_events(22, 200))
    late = log[50]
    without = table_of([each for each in log if each is not late])
    gone = table_of([each for each in log if each.username != "bek"])
    for events in (without, table_of(log), gone):
        found = learners_of(events, tmp_path / "memory")
    assert found == learners_of(events)


def test_only_learners_with_new_events_are_counted_again(tmp_path):
    first = [opened(at(0), "u1"), opened(at(60), "u1", "bek")]
    memory = tmp_path / "memory"
    learner_tables = feature_tables(table_of(first), ("learners",), state=memory)
    assert learner_tables["learners"]["acts"].to_pylist() == [1, 1]
    # What is remembered is used: a mark in it shows in whoever is not counted again.
    days = next(memory.glob("counts-*/days.parquet"))
    marked = pq.read_table(days)
    at_acts = marked.schema.get_field_index("acts")
    pq.write_table(marked.set_column(at_acts, "acts", pc.add(marked["acts"], 100)), days)
    events = table_of([*first, opened(at(120), "u2", "bek")])
    found = feature_tables(events, ("learners",), state=memory)["learners"].to_pylist()
    assert {row["learner"]: row["acts"] for row in found} == {"ona": 101, "bek": 2}


def test_a_block_seen_in_another_unit_is_counted_again_for_everybody(tmp_path):
    first = [answered(at(0), "p1", True, unit="u1"), answered(at(60), "p1", True, "bek", unit="")]
    more = [answered(at(60 * number), "p1", True, "lola", unit="u2") for number in (2, 3)]
    for events in (table_of(first), table_of([*first, *more])):
        found = learners_of(events, tmp_path / "memory")
    assert found == learners_of(events)


def test_a_run_that_fails_leaves_the_memory_as_it_was(tmp_path, monkeypatch):
    memory = tmp_path / "memory"
    events = table_of(many_events(23, 100))
    learners_of(events, memory)
    before = sorted(path.name for path in memory.iterdir())
    written = []

    def full(*given, **more):
        written.append(given)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return keep(*given, **more)

    keep = pq.write_table
    monkeypatch.setattr(pq, "write_table", full)
    more = table_of(many_events(23, 120))
    with pytest.raises(OSError, match="No space"):
        learners_of(more, memory)
    monkeypatch.undo()
    assert sorted(path.name for path in memory.iterdir()) == before
    assert learners_of(more, memory) == learners_of(more)


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(StoreError, match="no memory"):
        learners_of(table_of([opened(at(0), "u1")]), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_memory_is_for_duckdb(tmp_path):
    frame = table_of([opened(at(0), "u1")]).to_pandas()
    with pytest.raises(InputError, match="DuckDB only"):
        learners_of(frame, tmp_path)


def test_without_memory_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    learner_features(table_of([opened(at(0), "u1")]))
    assert list(tmp_path.iterdir()) == []
