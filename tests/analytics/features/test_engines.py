"""The features are written once: pandas and DuckDB give the same report, whatever the order of the rows."""

import random

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.features import learner_activity, observed_course_map

from tests.analytics.features.feature_events import (
    COURSE,
    answered,
    at,
    enrolled,
    event,
    key,
    opened,
    staff,
    table_of,
    video,
)

OTHER = "course-v1:Org+C2+R1"


def some_log(seed: int):
    """A few hundred events of a few people in two courses, with every kind of oddity."""
    dice = random.Random(seed)  # noqa: S311
    yield staff(at(dice.randrange(10**6)), "boss", user_id=99)
    for _ in range(250):
        number = dice.choice([1, 2, 3, 4])
        # The fourth has no name in any line; the others' lines carry the name, the id or both.
        name = dice.choice([("ona", "bek", "lola")[number - 1], ""]) if number < 4 else ""
        who = {
            "user_id": dice.choice([number, None]) if name else number,
            "course_key": dice.choice([COURSE, OTHER]),
        }
        moment = at(dice.choice([dice.randrange(200), dice.randrange(10**6)]))
        yield some_event(dice, moment, name, who)


def some_event(dice: random.Random, moment: int, name: str, who: dict):
    unit, block = f"u{dice.randrange(4)}", f"b{dice.randrange(5)}"
    match dice.randrange(6):
        case 0:
            return opened(moment, unit, name, **who)
        case 1:
            return answered(moment, block, dice.random() < 0.5, name, unit=dice.choice([unit, ""]), **who)
        case 2:
            return video(moment, dice.choice(["play_video", "stop_video"]), block, name, duration=95.5, **who)
        case 3:
            return enrolled(moment, name, still=dice.random() < 0.7, **who)
        case 4:
            return event(moment, "showanswer", "problem", name, usage_key=key("problem", block), **who)
    payload = {"target": unit, "status": dice.choice(["done", "none"])}
    return event(moment, "smartpd.matrix.cell_marked", "matrix", name, payload=payload, **who)


@pytest.mark.parametrize("seed", range(3))
def test_pandas_and_duckdb_agree(seed):
    table = table_of(some_log(seed))
    expected = learner_activity(table)
    assert learner_activity(table.to_pandas(types_mapper=pd.ArrowDtype)) == expected
    assert learner_activity(duckdb.connect().from_arrow(table)) == expected
    assert expected.learners


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(random_order):
    table = table_of(some_log(7))
    places = list(range(table.num_rows))
    random_order.shuffle(places)
    assert learner_activity(table.take(places)) == learner_activity(table)


def test_the_observed_course_agrees_as_well():
    table = table_of(some_log(3))
    assert observed_course_map(table.to_pandas(types_mapper=pd.ArrowDtype), COURSE) == observed_course_map(
        table, COURSE
    )
