"""Ingestion loads what it needs and no more: a process that starts with pandas starts half a second later."""

import subprocess
import sys

import pytest

from tests.analytics.store.store_logs import line, written

RUN = """
import sys
from smartpd_analytics.store import ingest
for _ in range(2):
    print(ingest([sys.argv[1]], sys.argv[2], workers=1).lines.accepted)
    with open(sys.argv[1], "a") as log:
        log.write(sys.argv[3] + "\\n")
print([name for name in ("pandas", "sklearn", "scipy", "duckdb", "pyarrow.compute") if name in sys.modules])
"""


def test_neither_a_first_nor_a_second_run_loads_what_it_does_not_need(tmp_path):
    pytest.importorskip("pandas")
    log = written(tmp_path / "tracking.log", [*(line(number) for number in range(40)), line(0)[:90]])
    done = subprocess.run(
        [sys.executable, "-c", RUN, log, tmp_path / "store", line(40)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["40", "1", "[]"]


def test_the_command_line_speaks_before_it_loads_an_engine():
    pytest.importorskip("click")
    code = (
        "import sys\n"
        "from smartpd_analytics.cli._run import run\n"
        "run(['ingest', '--help'])\n"
        "print([name for name in ('numpy', 'pyarrow', 'rule_engine', 'yaml', 'narwhals') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_worker_loads_no_reader_of_stores():
    code = (
        "import sys\n"
        "import smartpd_analytics.store._pool\n"
        "print([name for name in sorted(sys.modules) if name.startswith('smartpd_analytics.store._ev')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"]


def test_every_name_of_the_store_is_there():
    from smartpd_analytics import store

    assert all(getattr(store, name) is not None for name in store.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = store.nothing
