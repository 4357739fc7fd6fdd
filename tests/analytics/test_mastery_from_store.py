"""Mastery in the batch: a store of events and a course map in, an estimate for each learner and competency out."""

import csv
import io
import json
from datetime import timedelta

import pytest
from smartpd_analytics import pipeline
from smartpd_analytics.api import (
    CourseMapError,
    InputError,
    MasteryModel,
    SkillModel,
    begin_mastery,
    mastery_model_from_json,
    mastery_model_to_json,
    observe_answer,
)
from smartpd_analytics.errors import StoreError

from tests.analytics.features.raw_lines import COURSE, START, checks, key, opens, teaches
from tests.analytics.running import run_smartpd

SKILL = SkillModel((0.6, 0.4), (0.2,), (-1.0, 2.0))
MAP = f"""usage_key,competencies,unit
{key("problem", "p1")},2.1,
{key("problem", "p2")},2.1;2.2,
{key("vertical", "u3")},3.1,
"""


def again(line: str, attempts: int) -> str:
    found = json.loads(line)
    found["event"]["attempts"] = attempts
    return json.dumps(found)


@pytest.fixture
def course_map(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(MAP, encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path):
    lines = [
        opens("ona", "u1", 0),
        checks("ona", "p1", False, 1),
        again(checks("ona", "p1", True, 2), 2),
        checks("ona", "p2", True, 3),
        checks("bek", "p2", False, 4),
        again(checks("lola", "p1", True, 5), 3),
        checks("lola", "p3", True, 6, unit="u3"),
        checks("lola", "p9", True, 7, unit="u9"),
        checks("boss", "p1", True, 8),
        teaches("boss", 9),
    ]
    log = tmp_path / "tracking.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pipeline.ingest([log], tmp_path / "store", options=pipeline.StoreOptions(identified=True))
    return tmp_path / "store"


def by_place(report):
    return {(found.learner, found.estimate.competency_id): found.estimate for found in report.learners}


def test_each_first_answer_counts_for_what_its_problem_or_unit_trains(store, course_map):
    found = by_place(pipeline.mastery_from_store(store, course_map))
    # A later try tells nothing of what was known; whoever acts as staff is no learner.
    assert {place: estimate.evidence for place, estimate in found.items()} == {
        ("ona", "2.1"): 2,
        ("ona", "2.2"): 1,
        ("bek", "2.1"): 1,
        ("bek", "2.2"): 1,
        ("lola", "3.1"): 1,
    }


def test_it_comes_to_what_the_lms_comes_to(store, course_map):
    model = MasteryModel({"2.1": SKILL})
    found = by_place(pipeline.mastery_from_store(store, course_map, model=model))["ona", "2.1"]
    live = begin_mastery(SKILL)
    for correct in (False, True):
        live = observe_answer(SKILL, live, correct=correct)
    assert found.value == live.belief[1]


def test_few_answers_are_said_to_be_too_few(store, course_map):
    report = pipeline.mastery_from_store(store, course_map)
    assert (report.answers, report.unmapped) == (5, 1)
    assert report.fitted == {"2.1": False, "2.2": False, "3.1": False}
    assert report.model == MasteryModel()


def test_enough_answers_are_fitted(tmp_path, course_map):
    learners = ["x" * number for number in range(1, pipeline.ENOUGH_ANSWERS // 2 + 1)]  # ids come from letters
    lines = [
        checks(name, problem, (place + number) % 3 > 0, number + place)
        for number, name in enumerate(learners)
        for place, problem in enumerate(("p1", "p2"))
    ]
    log = tmp_path / "tracking.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pipeline.ingest([log], tmp_path / "store", options=pipeline.StoreOptions(identified=True))
    report = pipeline.mastery_from_store(tmp_path / "store", course_map)
    assert report.fitted == {"2.1": True, "2.2": False}
    assert report.model.skill("2.1").answers == pipeline.ENOUGH_ANSWERS


def test_later_answers_are_left_out(store, course_map):
    report = pipeline.mastery_from_store(store, course_map, until=START + timedelta(minutes=3))
    assert set(by_place(report)) == {("ona", "2.1")}


def test_what_is_not_there_is_named(store, course_map, tmp_path):
    with pytest.raises(InputError, match="no course 'course-v1:X"):
        pipeline.mastery_from_store(store, course_map, courses=["course-v1:X+Y+Z"])
    with pytest.raises(StoreError, match="nowhere"):
        pipeline.mastery_from_store(tmp_path / "nowhere", course_map)
    with pytest.raises(CourseMapError):
        pipeline.mastery_from_store(store, tmp_path / "no.csv")


# --- the command ------------------------------------------------------------------------------


def test_the_command_writes_a_table_and_the_model(store, course_map, tmp_path):
    kept, table = tmp_path / "mastery.json", tmp_path / "mastery.csv"
    options = ["--store", store, "--course-map", course_map, "--course", COURSE]
    status, _, err = run_smartpd("mastery", *options, "--out", table, "--save-model", kept)
    assert status == 0
    assert "5 first answers to problems" in err
    assert "2.1, 2.2, 3.1" in err
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert (rows[0]["learner"], rows[0]["competency"], rows[0]["fitted"]) == ("bek", "2.1", "no")
    assert mastery_model_from_json(kept.read_text(encoding="utf-8")) == MasteryModel()


def test_the_command_follows_by_a_given_model(store, course_map, tmp_path):
    model = tmp_path / "model.json"
    model.write_text(mastery_model_to_json(MasteryModel({"2.1": SKILL})), encoding="utf-8")
    options = ["--store", store, "--course-map", course_map, "--model", model, "--format", "json"]
    status, out, _ = run_smartpd("mastery", *options)
    assert status == 0
    assert {row["fitted"] for row in json.loads(out)["learners"] if row["competency"] == "2.1"} == {True}


@pytest.mark.parametrize("content", ["{", None])
def test_a_model_that_cannot_be_read_is_named(store, course_map, tmp_path, content):
    model = tmp_path / "broken.json"
    if content is not None:
        model.write_text(content, encoding="utf-8")
    status, out, err = run_smartpd("mastery", "--store", store, "--course-map", course_map, "--model", model)
    assert (status, out) == (2, "")
    assert "broken.json" in err
    assert "Traceback" not in err
