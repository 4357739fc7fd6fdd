import pytest
from smartpd_analytics import pipeline

from tests.analytics.prediction.risk_cohorts import cohort


@pytest.fixture(scope="session")
def made():
    return cohort()


@pytest.fixture(scope="session")
def model(made):
    return pipeline.train_risk(*made, seed=5, replicates=3)


@pytest.fixture(scope="session")
def noise_model():
    return pipeline.train_risk(*cohort(seed=3, strength=0.0), replicates=0)
