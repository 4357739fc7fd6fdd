"""A real local Spark gives the same store as local workers."""

import shutil

import pytest
from smartpd_analytics.store import StoreOptions, ingest

from tests.analytics.store.store_logs import events_of, lines, rows_of, written

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    # Spark's own sockets and its use of pandas.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


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
