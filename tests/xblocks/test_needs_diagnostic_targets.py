"""Which level a learner is to reach: the course's, a competency's, a role's."""

from __future__ import annotations

from typing import Any

import pytest
from smartpd_analytics.api import load_framework, load_instrument, score_answers
from smartpd_xblocks import needs_diagnostic as nd

INSTRUMENT = load_instrument("digcompedu_selfassessment")
FRAMEWORK = load_framework("digcompedu")
NAME = {"en": "Dean", "ru": "Декан", "uz": "Dekan"}
DEAN: dict[str, Any] = {"id": "dean", "name": NAME, "level": "A2", "targets": {"1.1": "C2"}}


def result(targets: nd.Targets, option: str = "2") -> nd.Result:
    score = score_answers(INSTRUMENT, FRAMEWORK, {item.id: option for item in INSTRUMENT.items})
    return nd.result(
        score,
        INSTRUMENT,
        FRAMEWORK,
        target=targets.overall,
        targets=targets,
        lang="en",
        radar_title="",
        radar_description="",
    )


def levels(targets: nd.Targets) -> tuple[str, dict[str, str]]:
    return targets.overall, dict(targets.competencies)


def test_a_role_comes_before_the_competency_and_that_before_the_course() -> None:
    assert nd.targets_of("B2", {}, [], "") == nd.Targets("B2", {})
    assert nd.targets_of("B2", {"1.1": "C1"}, [DEAN], "") == nd.Targets("B2", {"1.1": "C1"})
    assert levels(nd.targets_of("B2", {"1.2": "C1"}, [DEAN], "dean")) == ("A2", {"1.1": "C2"})
    # A role without a level of its own adds to what the course says.
    plain = {**DEAN, "level": ""}
    assert levels(nd.targets_of("B2", {"1.2": "C1"}, [plain], "dean")) == ("B2", {"1.2": "C1", "1.1": "C2"})
    assert nd.targets_of("B2", {}, [DEAN], "gone") == nd.Targets("B2", {})


def test_a_target_knows_whether_it_is_the_roles() -> None:
    whole, plain = (nd.targets_of("B2", {"1.2": "C1"}, [role], "dean") for role in (DEAN, {**DEAN, "level": ""}))
    assert (whole.role, plain.role) == (NAME, NAME)
    assert (whole.of_role("1.2"), whole.of_role("1.1")) == (True, True)
    assert (plain.of_role("1.2"), plain.of_role("1.1")) == (False, True)


def test_targets_of_competencies_make_their_gaps_and_move_their_area() -> None:
    plain, own = result(nd.Targets("B2", {})), result(nd.Targets("B2", {"1.1": "C2"}))
    # Half of all points each: 34 percentage points below where C2 begins (81 of 88), 7 below B2 (50 of 88).
    assert {gap.gap for gap in plain.gaps} == {7}
    assert (own.gaps[0].competency_id, own.gaps[0].gap) == ("1.1", 42)
    assert plain.areas[0].gap == 7
    assert own.areas[0].gap == round((42 + 3 * 7) / 4)
    assert own.areas[1].gap == plain.areas[1].gap
    assert own.target_percent == round((81 / 88 + 21 * 50 / 88) / 22 * 100)


def test_a_lower_target_leaves_no_gap() -> None:
    assert result(nd.Targets("A2", {})).gaps == ()
    assert [gap.competency_id for gap in result(nd.Targets("A2", {"2.1": "C1"})).gaps] == ["2.1"]


@pytest.mark.parametrize(
    ("targets", "roles", "about"),
    [
        ({"9.9": "B1"}, [], "targets"),
        ({"1.1": "Z"}, [], "targets.1.1"),
        ([], [], "targets"),
        ({}, {}, "roles"),
        ({}, [7], "roles.0"),
        ({}, [{**DEAN, "id": "Й"}], "roles.0"),
        ({}, [DEAN, DEAN], "roles.1"),
        ({}, [{**DEAN, "name": {"en": "Dean"}}], "roles.0.name.ru"),
        ({}, [{**DEAN, "level": "Z"}], "roles.0.level"),
        ({}, [{**DEAN, "targets": {"1.1": "Z"}}], "roles.0.targets.1.1"),
        ({}, [{**DEAN, "id": f"r{number}"} for number in range(21)], "roles"),
    ],
)
def test_what_cannot_be_a_target_is_told_at_its_place(targets: Any, roles: Any, about: str) -> None:
    (problem,) = nd.target_problems(targets, roles, FRAMEWORK)
    assert problem.about == about
    assert str(problem)


def test_what_can_be_a_target_is_taken() -> None:
    assert list(nd.target_problems({"1.1": "C1"}, [DEAN], FRAMEWORK)) == []
