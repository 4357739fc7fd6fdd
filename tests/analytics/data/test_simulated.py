"""The label of simulated data is recognised in every spelling of a key, and in nothing else."""

import pytest
from smartpd_analytics.data import is_simulated, is_simulated_learner


@pytest.mark.parametrize(
    "key",
    [
        "course-v1:Simulated+DC1+2026-1",
        "ccx-v1:Simulated+DC1+2026-1+ccx@3",
        "Simulated/DC1/2026-1",
        "block-v1:Simulated+DC1+2026-1+type@video+block@v1",
    ],
)
def test_simulated_keys(key):
    assert is_simulated(key)


@pytest.mark.parametrize("key", ["", "course-v1:TUIT+Simulated+2026", "course-v1:SimulatedU+DC+1", "TUIT/Simulated/1"])
def test_other_keys(key):
    assert not is_simulated(key)


def test_learners():
    assert is_simulated_learner("simulated-00017")
    assert not is_simulated_learner("teacher-simulated-1")
