"""The features are written once: DuckDB, pandas and Spark give the same tables of the same events."""

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from smartpd_analytics.data import ContentUnit, CourseMap
from smartpd_analytics.features import feature_tables

from tests.analytics.features.feature_events import at, key, table_of
from tests.analytics.features.many_events import many_events
from tests.analytics.spark_there import need_spark

COURSE_MAP = CourseMap(
    (
        ContentUnit(key("vertical", "u1"), {}, "vertical", key("vertical", "u1"), competencies=("1.1",)),
        ContentUnit(key("problem", "b1"), {}, "problem", key("vertical", "u1"), due_us=at(days=20)),
        ContentUnit(key("problem", "b2"), {}, "problem", key("vertical", "u2"), competencies=("2.1", "2.2")),
    )
)


@pytest.fixture(scope="module")
def events():
    return table_of(many_events(11, 400))


@pytest.fixture(scope="module")
def expected(events):
    return feature_tables(events, course_map=COURSE_MAP)


def assert_same(found, expected):
    for name, table in expected.items():
        assert found[name].schema.names == table.schema.names, name
        assert found[name].to_pylist() == table.to_pylist(), name
        assert table.num_rows, name


def test_pandas_gives_the_same(events, expected):
    frame = events.to_pandas(types_mapper=pd.ArrowDtype)
    assert_same(feature_tables(frame, course_map=COURSE_MAP), expected)


def test_files_and_relations_give_the_same(events, expected, tmp_path):
    pq.write_table(events.slice(0, 150), tmp_path / "one.parquet")
    pq.write_table(events.slice(150), tmp_path / "two.parquet")
    files = [tmp_path / "two.parquet", tmp_path / "one.parquet"]
    assert_same(feature_tables(files, course_map=COURSE_MAP), expected)
    with duckdb.connect() as connection:
        relation = connection.from_arrow(events)
        one = {"items": expected["items"]}
        assert_same(feature_tables(relation, ("items",), course_map=COURSE_MAP), one)
        assert connection.sql("select table_name from duckdb_tables()").fetchall() == []


@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same(events, expected, tmp_path):
    need_spark()
    from pyspark import sql

    pq.write_table(events, tmp_path / "events.parquet")
    builder = sql.SparkSession.builder.master("local[2]").appName("features")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        # Small data: what Spark does to plan for big data takes longer than the work.
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        spark.sparkContext.setLogLevel("ERROR")
        found = feature_tables(spark.read.parquet(str(tmp_path / "events.parquet")), course_map=COURSE_MAP)
        assert_same(found, expected)
    finally:
        spark.stop()
