"""Whether a real Spark can run here; skipped where it cannot, unless SMARTPD_REQUIRE_SPARK=1."""

import importlib.util
import os
import shutil

import pytest

#: Spark's own sockets, and its use of pandas and others.
QUIET = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def need_spark():
    """Skip, or fail where Spark must be there."""
    lacks = (
        "pyspark is not installed"
        if importlib.util.find_spec("pyspark") is None
        else "there is no Java"
        if shutil.which("java") is None
        else ""
    )
    if lacks and os.environ.get("SMARTPD_REQUIRE_SPARK") == "1":
        pytest.fail(f"SMARTPD_REQUIRE_SPARK=1, but {lacks}")
    if lacks:
        pytest.skip(lacks)
