"""A simulation is what it says: the parser finds exactly its truth, and the same plan gives the same bytes."""

import csv
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smartpd_analytics.data import is_simulated, is_simulated_learner
from smartpd_analytics.errors import InputError
from smartpd_analytics.pipeline import SimulationPlan, plan_for_lines, simulate
from smartpd_analytics.tracking import Ignored, Quarantined, parse_line


def parsed(log: Path) -> tuple[Counter, list]:
    """Verdict -> number of lines, as ``truth.json`` counts them; and the events, each once."""
    found, events, seen = Counter(), [], set()
    opened = gzip.open if log.suffix == ".gz" else open
    with opened(log, "rb") as lines:
        for line in lines:
            verdict = parse_line(line)
            if isinstance(verdict, Ignored | Quarantined):
                found[verdict.reason] += 1
            elif verdict.digest in seen:
                found["duplicate"] += 1
            else:
                seen.add(verdict.digest)
                events.append(verdict)
                found[f"+{verdict.kind}"] += 1
    return found, events


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    plan = SimulationPlan(learners=25, weeks=3, courses=2, runs=2, oddities=0.05, seed=11)
    return simulate(plan, tmp_path_factory.mktemp("simulated") / "sim")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(-(2**70), 2**70),
    learners=st.integers(1, 6),
    oddities=st.sampled_from([0.0, 0.02, 0.5]),
    form=st.sampled_from(["raw", "tutor"]),
    compressed=st.booleans(),
)
def test_the_parser_finds_exactly_the_truth(tmp_path_factory, seed, learners, oddities, form, compressed):
    plan = SimulationPlan(learners=learners, weeks=2, runs=1, seed=seed, oddities=oddities, form=form)
    made = simulate(plan, tmp_path_factory.mktemp("sim") / "one", compressed=compressed)
    found, _ = parsed(made.log)
    assert dict(found) == made.verdicts
    assert sum(found.values()) == made.lines


def test_truth_json_adds_up_and_counts_what_the_log_has(made):
    truth = json.loads((made.folder / "truth.json").read_text())["log"]
    found, events = parsed(made.log)
    assert truth["lines"] == sum(truth[name] for name in ("accepted", "duplicate", "ignored", "quarantined"))
    assert truth["accepted"] == len(events)
    assert {f"+{kind}": n for kind, n in truth["events_by_kind"].items()} == {
        name: n for name, n in found.items() if name.startswith("+")
    }
    assert truth["bytes"] == made.log.stat().st_size
    assert truth["quarantined"] > 0 < truth["duplicate"]


def test_what_each_learner_did_is_in_the_log(made):
    _, events = parsed(made.log)
    units, points = defaultdict(set), defaultdict(dict)
    for event in events:
        who = (event.course_key, event.user_id)
        if event.name == "page_view":
            units[who].add(event.unit_key)
        elif event.name == "edx.grades.problem.submitted":
            best = points[who].get(event.usage_key, 0.0)
            points[who][event.usage_key] = max(best, event.earned)
    for row in rows(made.folder / "learners.csv"):
        who = (row["course_key"], int(row["user_id"]))
        assert len(units[who]) == int(row["units_studied"])
        assert sum(points[who].values()) == float(row["points"])


def test_outcomes_agree_with_the_learners_and_the_exit_diagnoses_in_the_log(made):
    _, events = parsed(made.log)
    levels = {
        (event.course_key, event.user_id): (event.payload["level"], event.payload["points"])
        for event in events
        if event.name == "smartpd.diagnosis.completed" and event.payload["phase"] == "exit"
    }
    learners = rows(made.folder / "learners.csv")
    outcomes = rows(made.folder / "outcomes.csv")
    assert [row["learner"] for row in outcomes] == [row["learner"] for row in learners]
    for learner, outcome in zip(learners, outcomes, strict=True):
        level, points = levels.get((learner["course_key"], int(learner["user_id"])), ("", None))
        assert learner["exit_level"] == level
        assert outcome["exit_level"] == ("" if points is None else str(round(points / 88, 4)))
        assert outcome["starts"] < outcome["ends"]
        done = learner["units_studied"] == learner["units"] and float(learner["points"]) >= 0.35 * int(
            learner["possible"]
        )
        assert outcome["completed"] == str(int(done and learner["left"] == "0"))
    assert 0 < made.completed < made.learners
    assert made.completed == sum(row["completed"] == "1" for row in outcomes)


def test_the_label_is_on_everything(made):
    _, events = parsed(made.log)
    assert all(is_simulated(event.course_key) for event in events)
    assert all(is_simulated(event.usage_key) for event in events if event.usage_key)
    assert all(is_simulated_learner(event.username) for event in events if event.username)
    for name in ("outcomes.csv", "learners.csv", "pairs.csv"):
        assert all(is_simulated(row["course_key"]) for row in rows(made.folder / name))
    for name in ("outcomes.csv", "learners.csv", "pairs.csv", "responses.csv"):
        assert all(is_simulated_learner(row["learner"]) for row in rows(made.folder / name))
    assert json.loads((made.folder / "truth.json").read_text())["simulated"] is True


def test_lines_are_in_the_order_of_time_but_for_the_late_ones(tmp_path):
    made = simulate(SimulationPlan(learners=20, weeks=2, runs=1, oddities=0, courses=2), tmp_path / "sim")
    times = [json.loads(line)["time"] for line in made.log.read_bytes().splitlines()]
    assert times == sorted(times)


def test_later_runs_come_later_and_share_their_blocks(made):
    _, events = parsed(made.log)
    last, first, blocks = {}, {}, defaultdict(set)
    for event in events:
        last[event.course_key] = max(last.get(event.course_key, 0), event.time_us)
        first[event.course_key] = min(first.get(event.course_key, event.time_us), event.time_us)
        if event.block_type == "problem":
            blocks[event.course_key].add(event.usage_key.rpartition("@")[2])
    one, two = "course-v1:Simulated+DC1+run-01", "course-v1:Simulated+DC1+run-02"
    assert last[one] < first[two]
    assert blocks[one] & blocks[two]
    assert not blocks[one] & blocks["course-v1:Simulated+DC2+run-01"]


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others(tmp_path):
    plan = SimulationPlan(learners=8, weeks=2, seed=5)
    one = digests(simulate(plan, tmp_path / "one").folder)
    assert digests(simulate(plan, tmp_path / "two").folder) == one
    other = digests(simulate(SimulationPlan(learners=8, weeks=2, seed=6), tmp_path / "other").folder)
    assert [name for name in one if one[name] == other[name]] == ["README.txt"]


def test_compression_and_form_change_no_learner(tmp_path):
    tables = ("learners.csv", "outcomes.csv", "pairs.csv", "responses.csv")
    plain = simulate(SimulationPlan(learners=8, weeks=2), tmp_path / "plain")
    tutor = simulate(SimulationPlan(learners=8, weeks=2, form="tutor"), tmp_path / "tutor", compressed=True)
    assert all((plain.folder / name).read_bytes() == (tutor.folder / name).read_bytes() for name in tables)
    assert gzip.decompress(tutor.log.read_bytes()).count(b"[tracking] [user ") >= tutor.lines * 0.99


def test_about_as_many_lines_as_asked_for(tmp_path):
    plan = plan_for_lines(SimulationPlan(weeks=2, runs=2), 20_000)
    assert simulate(plan, tmp_path / "sim").lines == pytest.approx(20_000, rel=0.25)


def test_nothing_is_left_of_a_simulation_that_was_stopped(tmp_path):
    def stop(done: int, _days: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(SimulationPlan(learners=3, weeks=2), tmp_path / "sim", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="new or empty"):
        simulate(SimulationPlan(learners=1, weeks=2), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"learners": 0}, "learners cannot be 0"),
        ({"weeks": 1}, "weeks cannot be 1"),
        ({"runs": 51}, "runs cannot be 51"),
        ({"oddities": 0.9}, "oddities cannot be 0.9"),
        ({"form": "xapi"}, "raw, tutor"),
        ({"habits": {"lazy": 1}}, "lazy"),
        ({"habits": {"steady": 0}}, "steady=0; each"),
    ],
)
def test_impossible_plans_are_refused(wrong, words):
    with pytest.raises(InputError, match=words):
        SimulationPlan(**wrong)


def test_habits_can_be_chosen(tmp_path):
    made = simulate(SimulationPlan(learners=12, weeks=2, habits={"steady": 1, "guesser": 1}), tmp_path / "sim")
    assert {row["habit"] for row in rows(made.folder / "learners.csv")} == {"steady", "guesser"}
