"""A real local Spark gives the same store as local workers, and the same features as DuckDB, also by command."""

import json

import pyarrow.parquet as pq
import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.store import StoreOptions, ingest

from tests.analytics.spark_there import QUIET, need_spark
from tests.analytics.store.store_logs import events_of, lines, rows_of, written

pytestmark = QUIET


@pytest.fixture(autouse=True)
def spark():
    need_spark()


@pytest.mark.parametrize("identified", [True, False])
def test_spark_gives_the_same_events_and_accounts(tmp_path, monkeypatch, identified):
    from smartpd_analytics.store import _ingest

    monkeypatch.setattr(_ingest, "BLOCK", 100_000)
    monkeypatch.setattr(_ingest, "WAVE_BYTES", 500_000)
    monkeypatch.setenv("SMARTPD_SITE_KEY", "a key of the site, the same for both")
    log = written(tmp_path / "tracking.log", lines(0, 700))
    options = StoreOptions(identified=identified)
    ingest([log], tmp_path / "local", workers=1, options=options)
    report = ingest([log], tmp_path / "spark", spark_master="local[2]", options=options)
    assert report.generation > 1, "several waves"
    assert rows_of(tmp_path / "spark") == rows_of(tmp_path / "local")
    assert events_of(tmp_path / "spark") == events_of(tmp_path / "local")
    again = ingest([log], tmp_path / "spark", workers=1, options=options)
    assert (again.lines.read, again.sources_unchanged) == (0, 1)
    assert not list((tmp_path / "spark").glob("staging/*")), "what was staged is cleared away"


def test_the_commands_give_the_same_on_spark(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("SMARTPD_SITE_KEY", "a key of the site, the same for both")
    log = written(tmp_path / "tracking.log", lines(0, 300))
    said = {}
    for engine, master in (("local", ()), ("spark", ("--master", "local[2]"))):
        store = tmp_path / engine
        assert run(["ingest", str(log), "--store", str(store), "--engine", engine, *master, "--json"]) == 0
        said[engine] = json.loads(capfd.readouterr().out)
    assert said["spark"] == said["local"]
    assert rows_of(tmp_path / "spark") == rows_of(tmp_path / "local")
    tables = "learners,items"
    for engine, master in (("duckdb", ()), ("spark", ("--master", "local[2]"))):
        out = ["--out", str(tmp_path / f"features-{engine}"), "--tables", tables]
        assert run(["features", "--store", str(tmp_path / "spark"), *out, "--engine", engine, *master]) == 0
    for name in tables.split(","):
        found, expected = (
            pq.read_table(tmp_path / f"features-{engine}" / f"{name}.parquet") for engine in ("spark", "duckdb")
        )
        assert expected.num_rows > 0
        assert found.schema.names == expected.schema.names
        assert found.to_pylist() == expected.to_pylist()


def test_where_spark_does_not_start_it_is_said(tmp_path, capfd):
    log = written(tmp_path / "tracking.log", lines(0, 3))
    status = run(
        [
            "ingest",
            str(log),
            "--store",
            str(tmp_path / "store"),
            "--engine",
            "spark",
            "--master",
            "nowhere",
            "--lang",
            "en",
        ]
    )
    err = capfd.readouterr().err
    assert status == 2
    assert err.splitlines()[-1].startswith("smartpd: Spark does not start")
    assert "Traceback" not in err


def test_what_fails_on_spark_is_said_in_a_line(tmp_path, capfd, monkeypatch):
    from smartpd_analytics.store import _spark

    def fails(_job):
        def work(_batches):
            raise OSError(28, "No space left on device")
            yield

        return work

    monkeypatch.setattr(_spark, "_parsing", fails)
    log = written(tmp_path / "tracking.log", lines(0, 3))
    options = ["--engine", "spark", "--master", "local[1]", "--lang", "en"]
    assert run(["ingest", str(log), "--store", str(tmp_path / "store"), *options]) == 2
    last = capfd.readouterr().err.splitlines()[-1]
    assert last.startswith("smartpd: Spark could not do its part")
    assert "No space left on device" in last
