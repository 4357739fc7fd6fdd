"""A Spark session for our commands."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smartpd_analytics.errors import N_, InputError, Message, MissingExtraError, SmartPDError

__all__ = ["spark_errors", "spark_session"]


def spark_session(name: str, master: str) -> tuple[Any, bool]:
    """The session that is there, or a new one; and whether it is new, so that whoever asked for it stops it.

    Args:
        name: of the application, for the cluster's pages.
        master: the cluster's address, or ``""`` for what Spark is configured to.

    Raises:
        MissingExtraError: pyspark is not installed.
        InputError: Spark does not start: no Java, or no such address.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("spark", "pyspark") from error
    # What is used of pandas here works with both; nobody who runs the command could do anything about it.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    # Executors of a local cluster run what the driver runs.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    new = SparkSession.getActiveSession() is None
    builder = SparkSession.builder.appName(name)
    for setting, value in _SETTINGS.items():
        builder = builder.config(setting, value)
    if master:
        builder = builder.master(master)
    try:
        spark: Any = builder.getOrCreate()
    except Exception as error:
        # Spark has printed what it knows; its bridge to Java only knows that there is none.
        raise InputError(
            N_("Spark does not start: {reason}"),
            accepted=N_("Java 17 or newer, and an address such as local[2] or spark://host:7077"),
            reason=Message(_reason(error)),
        ) from error
    if new:
        spark.sparkContext.setLogLevel("ERROR")
        # It reports counters of steps that are done with as errors, each with a trace; what fails is raised here.
        log4j = spark._jvm.org.apache.logging.log4j
        log4j.core.config.Configurator.setLevel("org.apache.spark.scheduler.DAGScheduler", log4j.Level.FATAL)
    return spark, new


@contextmanager
def spark_errors() -> Iterator[None]:
    """What goes wrong on Spark, in one line.

    Raises:
        SmartPDError: a step failed on the cluster.
    """
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark", "py4j")):
            raise
        what = N_("Spark could not do its part: {reason}")
        raise SmartPDError(Message(what, reason=Message(_reason(error)))) from error


def _reason(error: Exception) -> str:
    """The line that says most: what a Python worker raised, else what Java did, else the first."""
    lines = [line.strip(": \t") for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    raised = [line for line in lines if line.partition(": ")[0].endswith(("Error", "Exception")) and ": " in line]
    python = [line for line in raised if "." not in line.partition(":")[0]]
    return (python[-1:] or raised[:1] or lines)[0][:_LONGEST]


_LONGEST = 300
_SETTINGS = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
