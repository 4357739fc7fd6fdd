"""From tracking-log lines to next actions: the whole path through the heavy door, on small logs."""

import builtins
import gzip
import json
import sys
from datetime import UTC, datetime

import pytest
from smartpd_analytics.data import say
from smartpd_analytics.errors import MissingExtraError
from smartpd_analytics.pipeline import recommend_from_logs

from tests.analytics.features.raw_lines import COURSE, checks, enrols, key, knocks, line, opens, plays, rates, teaches

DAY = 24 * 60.0
UNITS = ("u1", "u2", "u3")


def careful(username: str, start: float = 0, *, days: float = 10, skip: str = ""):
    """Somebody who goes through the course at leisure and gets everything right."""
    for place, unit in enumerate(UNITS):
        minute = start + place * days / 3 * DAY
        yield opens(username, unit, minute)
        yield plays(username, f"v{unit}", minute + 0.2, unit=unit)
        yield plays(username, f"v{unit}", minute + 2.2, unit=unit, name="complete_video")
        yield checks(username, f"p{unit}", True, minute + 3, unit=unit)
        if skip != f"q{unit}":
            yield checks(username, f"q{unit}", True, minute + 4, unit=unit)


def habits() -> list[str]:
    lines = [enrols(name) for name in ("guesser", "watcher", "dropout", "failing", "looker", "leaver", "silent")]
    for number in range(4):
        lines += [enrols(f"careful{number}"), *careful(f"careful{number}", 10 * number, days=27)]
    for place, unit in enumerate(UNITS):
        minute = 20 * DAY + 60 * place
        lines += [opens("guesser", unit, minute)]
        lines += [
            checks("guesser", problem, False, minute + 0.05 * turn, unit=unit)
            for turn, problem in enumerate((f"p{unit}", f"p{unit}", f"q{unit}", f"q{unit}"), start=1)
        ]
        lines += [opens("watcher", unit, minute), opens("looker", unit, minute)]
        for repeat in range(4):
            lines.append(plays("watcher", f"v{unit}", minute + 0.5 + 3 * repeat, unit=unit))
    lines += [opens("dropout", "u1", 10), checks("dropout", "pu1", True, 12), checks("dropout", "qu1", True, 14)]
    lines += [*careful("failing", 100, days=20, skip="qu2"), opens("failing", "u2", 26 * DAY)]
    lines += [plays("failing", "vu2", 26 * DAY + 1, unit="u2")]
    lines += [checks("failing", "qu2", False, 26 * DAY + minute, unit="u2") for minute in (5, 7, 9)]
    lines += [opens("leaver", "u1", 10), checks("leaver", "pu1", False, 12), enrols("leaver", 5 * DAY, leaves=True)]
    lines += [teaches("boss", 1), opens("boss", "u3", 2), checks("boss", "pu3", False, 3, unit="u3")]
    return lines


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "tracking.log"
    path.write_text("\n".join(habits()) + "\n", encoding="utf-8")
    return path


def advice(report):
    return {one.activity.learner: one for one in report.learners}


def test_people_of_different_habits_get_different_first_actions(log):
    told = advice(recommend_from_logs([log]))
    first = {name: one.recommendation.actions[0] for name, one in told.items() if one.recommendation.actions}
    assert first["guesser"].kind == "read_first"
    assert (first["watcher"].kind, first["watcher"].target) == ("practise", key("problem", "pu1"))
    # The first unit is done: one comes back to what follows it.
    assert (first["dropout"].kind, first["dropout"].target) == ("come_back", key("vertical", "u2"))
    assert (first["failing"].kind, first["failing"].target) == ("retry", key("problem", "qu2"))
    assert first["failing"].first == key("video", "vu2")
    assert first["looker"].kind == "practise"
    assert first["careful0"].kind == "stretch"


def test_whoever_left_gets_no_actions(log):
    told = advice(recommend_from_logs([log]))
    assert told["leaver"].has_left
    assert told["leaver"].recommendation.actions == ()


def test_staff_are_counted_but_not_advised(log):
    report = recommend_from_logs([log])
    assert "boss" not in advice(report)
    (course,) = report.courses
    assert (course.learners, course.enrolled, course.staff, course.staff_wrong) == (11, 10, 1, 1)


def test_who_merely_opens_the_instructors_address_stays_a_learner(tmp_path):
    lines = [enrols("curious"), opens("curious", "u1", 1), knocks("curious", 2), knocks("curious", 2000)]
    path = tmp_path / "tracking.log"
    path.write_text("\n".join([*lines, enrols("boss"), teaches("boss", 3)]))
    report = recommend_from_logs([path])
    assert [one.activity.learner for one in report.learners] == ["curious"]
    assert report.courses[0].staff == 1


def graded(username: str, problem: str, sentence: str, minutes: float) -> str:
    """The browser's line of a graded answer, with the page that the platform sent."""
    usage_key = key("problem", problem)
    html = f'<div id="{usage_key}-problem-progress"></div><div class="submission-feedback">{sentence}<span></div>'
    return line("problem_graded", json.dumps(["input_1=a", html]), username, minutes=minutes, source="browser")


def test_a_problem_whose_attempts_are_used_up_is_not_to_be_answered(tmp_path):
    lines = [enrols("unlucky"), opens("unlucky", "u1", 1), plays("unlucky", "vu1", 2)]
    for attempt in (1, 2):
        lines.append(checks("unlucky", "pu1", False, 2 + 4 * attempt))
        lines.append(graded("unlucky", "pu1", f"Использовано попыток: {attempt} из 2", 2.1 + 4 * attempt))
    path = tmp_path / "tracking.log"
    path.write_text("\n".join(lines))
    first = advice(recommend_from_logs([path]))["unlucky"].recommendation.actions[0]
    assert (first.kind, first.target) == ("revisit", key("video", "vu1"))
    reset = f"/courses/{COURSE}/instructor/api/reset_student_attempts"
    posted = {"unique_student_identifier": ["unlucky"], "problem_to_reset": [key("problem", "pu1")]}
    given_back = json.loads(teaches("boss", 60))
    given_back |= {"event_type": reset, "name": reset, "event": json.dumps({"GET": {}, "POST": posted})}
    given_back["context"]["path"] = reset
    path.write_text("\n".join([*lines, json.dumps(given_back)]))
    first = advice(recommend_from_logs([path]))["unlucky"].recommendation.actions[0]
    assert (first.kind, first.target) == ("retry", key("problem", "pu1"))


def test_reasons_are_sentences_in_three_languages(log):
    for one in recommend_from_logs([log]).learners:
        for action in one.recommendation.actions:
            words = [say(action.reason, lang) for lang in ("en", "ru", "uz")]
            assert len(set(words)) == 3
            assert all(len(sentence) > 20 for sentence in words)


def test_two_runs_in_any_order_of_files_are_equal(tmp_path, log):
    lines = habits()
    first, second = tmp_path / "b.log", tmp_path / "a.log.gz"
    first.write_text("\n".join(lines[::2]), encoding="utf-8")
    second.write_bytes(gzip.compress("\n".join([*lines[1::2], *lines[:9]]).encode()))
    whole, parts = recommend_from_logs([log]), recommend_from_logs([second, first])
    assert parts.learners == whole.learners
    assert parts.courses == whole.courses
    assert (whole.account.duplicate, parts.account.duplicate) == (0, 9)


def test_only_the_courses_and_learners_asked_for(log):
    report = recommend_from_logs([log], courses=[COURSE, "course-v1:No+Such+One"], learners=["failing", "nobody"])
    assert list(advice(report)) == ["failing"]
    assert (report.unknown_courses, report.unknown_learners) == (("course-v1:No+Such+One",), ("nobody",))
    assert report.known_courses == (COURSE,)
    assert "guesser" in report.known_learners
    assert report.warnings == 2


def test_a_learner_asked_for_alone_is_told_the_same(log):
    alone = recommend_from_logs([log], learners=["guesser"]).learners
    assert alone == (advice(recommend_from_logs([log]))["guesser"],)


def test_nothing_after_as_of_counts(log):
    report = recommend_from_logs([log], as_of=datetime(2026, 9, 9, tzinfo=UTC))
    assert "failing" in advice(report)
    assert advice(report)["leaver"].activity.enrolled is True
    assert advice(report)["guesser"].activity.answers == 0


def test_a_course_map_says_what_trains_what(tmp_path, log):
    course_map = tmp_path / "map.yaml"
    course_map.write_text(
        "framework: digcompedu\nunits:\n"
        + "".join(
            f"  - usage_key: {key('vertical', unit)}\n    title: Unit {unit}\n    competencies: ['{competency}']\n"
            for unit, competency in zip(UNITS, ("2.1", "2.2", "9.9"), strict=True)
        ),
        encoding="utf-8",
    )
    report = recommend_from_logs([log], course_map_path=course_map)
    estimates = {each.competency_id: each for each in advice(report)["failing"].estimates}
    assert sorted(estimates) == ["2.1", "2.2"]
    assert estimates["2.1"].value > estimates["2.2"].value
    assert say(report.title_of(COURSE, key("vertical", "u2")), "ru") == "Unit u2"
    assert say(report.competency_title(COURSE, "2.1"), "en")
    assert len(report.map_problems) == 1
    assert "9.9" in report.map_problems[0]
    assert not report.map_unused


def test_a_map_of_another_course_is_noticed(tmp_path, log):
    course_map = tmp_path / "map.csv"
    course_map.write_text("usage_key,title\nblock-v1:X+Y+Z+type@vertical+block@u1,One\n", encoding="utf-8")
    report = recommend_from_logs([log], course_map_path=course_map)
    assert report.map_unused
    assert report.learners == recommend_from_logs([log]).learners


def test_a_map_that_is_not_there_is_a_problem_and_no_end(tmp_path, log):
    report = recommend_from_logs([log], course_map_path=tmp_path / "none.yaml")
    assert report.learners
    assert "none.yaml" in report.map_problems[0]


def test_the_needs_diagnostic_in_the_log_gives_estimates(tmp_path):
    path = tmp_path / "t.log"
    path.write_text(
        "\n".join([opens("ona", "u1", 0), rates("ona", "i2_1", "4", 1), rates("ona", "i3_2", "0", 2)]), encoding="utf-8"
    )
    (one,) = recommend_from_logs([path]).learners
    assert {each.competency_id: each.value for each in one.estimates} == {"2.1": 1.0, "3.2": 0.0}
    diagnosis = [action for action in one.recommendation.actions if action.kind == "take_diagnosis"]
    assert [action.target for action in diagnosis] == [key("smartpd_needs_diagnostic", "d")]


def test_an_unknown_instrument_is_a_warning(tmp_path):
    path = tmp_path / "t.log"
    path.write_text("\n".join([opens("ona", "u1", 0), rates("ona", "i2_1", "4", 1, "unheard_of")]), encoding="utf-8")
    report = recommend_from_logs([path])
    assert len(report.diagnosis_problems) == 1
    assert "unheard_of" in report.diagnosis_problems[0]
    assert report.learners[0].estimates == ()


def test_without_the_extra_the_door_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without_duckdb(name, *rest, **more):
        if name.partition(".")[0] == "narwhals":
            raise ModuleNotFoundError("No module named 'narwhals'", name="narwhals")
        return real(name, *rest, **more)

    for module in [
        name for name in sys.modules if name.startswith(("smartpd_analytics.pipeline", "smartpd_analytics.features"))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without_duckdb)
    with pytest.raises(MissingExtraError, match=r"pip install 'openedx-smartpd\[pipeline\]'"):
        from smartpd_analytics.pipeline import learner_activity  # noqa: F401


def test_a_map_in_csv_is_checked_against_the_bundled_framework(tmp_path):
    log = tmp_path / "tracking.log"
    log.write_text("# nothing yet\n", encoding="utf-8")
    course_map = tmp_path / "map.csv"
    course_map.write_text("usage_key,competencies,level\nunit-1,9.9,B1\nunit-2,1.1,Z9\n", encoding="utf-8")
    problems = recommend_from_logs([log], course_map_path=course_map).map_problems
    assert any("map.csv:2" in problem and "9.9" in problem for problem in problems)
    assert any("map.csv:3" in problem and "Z9" in problem for problem in problems)
