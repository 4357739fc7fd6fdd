"""Made-up cohorts with a known truth: who is silent and misses tasks does not complete."""

import numpy as np
import pandas as pd

COURSES = ("course-v1:Org+A+2023", "course-v1:Org+A+2024", "course-v1:Org+A+2025")
STARTS = ("2023-02-01", "2024-02-01", "2025-02-01")


def cohort(seed=1, learners=260, strength=1.6, runs=3):
    """(features, outcomes) of runs one after another; ``strength`` 0 is pure noise."""
    random = np.random.default_rng(seed)
    features, outcomes = [], []
    for course, start in list(zip(COURSES, STARTS, strict=True))[:runs]:
        names = [f"L{number:04d}" for number in range(learners)]
        lean = random.normal(size=learners)
        silent = np.round(np.exp(1 + 0.7 * (lean + random.normal(size=learners)))).clip(0, 40)
        missed = ((lean + random.normal(size=learners)) > 0.6) * random.uniform(0.2, 1, learners)
        right = 1 / (1 + np.exp(lean + random.normal(size=learners)))
        right[random.random(learners) < 0.15] = np.nan
        risk = strength * lean + random.logistic(size=learners) * 0.6
        features.append(
            pd.DataFrame(
                {
                    "course_key": course,
                    "learner": names,
                    "as_of": pd.Timestamp(start) + pd.Timedelta(days=20),
                    "days_silent": silent,
                    "missed_share": missed,
                    "right_share": right,
                    "minutes": np.exp(4 - 0.5 * lean + random.normal(size=learners)),
                    "hints": random.poisson(2, learners),
                    "always_one": 1,
                    "gender": random.choice([0, 1], learners),
                    "stopped_at": "block-v1:x",
                }
            )
        )
        outcomes.append(
            pd.DataFrame(
                {
                    "course_key": course,
                    "learner": names,
                    "completed": (risk < 0.3).astype(int),
                    "exit_level": (0.6 - 0.15 * lean + random.normal(size=learners) * 0.05).clip(0, 1),
                    "starts": start,
                    "ends": str((pd.Timestamp(start) + pd.Timedelta(days=100)).date()),
                    "faculty": np.where(np.arange(learners) % 3 == 0, "=science", "arts"),
                    "campus": np.where(
                        np.arange(learners) < 8, "far", np.where(np.arange(learners) < 40, "old", "new")
                    ),
                }
            )
        )
    return pd.concat(features, ignore_index=True), pd.concat(outcomes, ignore_index=True)
