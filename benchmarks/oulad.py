"""The Open University Learning Analytics Dataset as tables of features, without its click stream.

Kuzilek, Hlosta, Zdrahal (2017), Scientific Data 4:170171, CC BY 4.0. One row for each student still registered at a cut
of a module's presentation: nothing that happened after the cut day has any influence. A submitted assessment
counts from the day of its submission, its score as well. Demographics are no features; they are groups of the
outcomes. Results of earlier presentations are known from 30 days after these ended, withdrawals from their day on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

RUN = ["code_module", "code_presentation"]
KEY = [*RUN, "id_student"]
#: About the person; never features unless asked for.
GROUPS = ["gender", "age_band", "disability", "highest_education", "imd_band", "region"]
_RESULTS_KNOWN_AFTER = 30
_RECENT = 60
_FEWEST_POINTS = 5.0  # a standard deviation below this says nothing


@dataclass(frozen=True)
class Oulad:
    course: pd.DataFrame
    student: pd.DataFrame
    assessment: pd.DataFrame
    submission: pd.DataFrame


def folder() -> Path | None:
    """Where the data lies: ``$SMARTPD_OULAD``, ``$SMARTPD_SHARED/data/oulad``, or ``shared`` beside a parent folder."""
    here = Path(__file__).resolve()
    found = [Path(os.environ["SMARTPD_OULAD"])] if os.environ.get("SMARTPD_OULAD") else []
    if os.environ.get("SMARTPD_SHARED"):
        found.append(Path(os.environ["SMARTPD_SHARED"]) / "data" / "oulad")
    found += [parent / "shared" / "data" / "oulad" for parent in here.parents]
    return next((each for each in found if each.is_dir()), None)


def read(data: Path) -> Oulad:
    """Read the tables; names as in ``student_registration.csv.gz``, or as published (``studentRegistration.csv``)."""

    def table(*names: str) -> pd.DataFrame:
        for name in names:
            for ending in (".csv.gz", ".csv"):
                if (data / f"{name}{ending}").is_file():
                    return pd.read_csv(data / f"{name}{ending}", na_values=["?"])
        raise FileNotFoundError(f"{data}: none of {', '.join(names)}")

    course = table("course", "courses").rename(columns={"module_presentation_length": "length"})
    month = course.code_presentation.str[4].map({"B": "02", "J": "10"})
    course["start"] = pd.to_datetime(course.code_presentation.str[:4] + "-" + month + "-01")
    registration = table("student_registration", "studentRegistration")
    student = table("student", "studentInfo").merge(registration, on=KEY).merge(course, on=RUN)
    submission = table("student_assessment", "studentAssessment")
    submission["is_banked"] = submission.is_banked.astype(str).str.lower().isin(["true", "1"]).astype(float)
    assessment = table("assessment", "assessments").merge(course, on=RUN)
    return Oulad(course, student, assessment[assessment.assessment_type != "Exam"], submission)


def tables(
    data: Oulad, cut: float, presentations: Sequence[str], *, demographics: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(features, outcomes) of students still registered at ``cut`` (share of the course, 0..1).

    Still registered: registered by the cut day and not unregistered by it. Not completed: Withdrawn or Fail.
    """
    student = data.student.assign(cut_day=data.student.length * cut)
    gone = student.date_unregistration <= student.cut_day
    late = student.date_registration > student.cut_day
    student = student[~gone & ~late & student.code_presentation.isin(presentations)].reset_index(drop=True)
    work = _work(data, student)
    parts = [_registration(student), _due(student, work), _scores(student, work), _earlier(data, student)]
    features = pd.concat(parts, axis=1)
    course_key = "course-v1:OU+" + student.code_module + "+" + student.code_presentation
    day = student.start + pd.to_timedelta(np.floor(student.cut_day), unit="D")
    identity = pd.DataFrame({"course_key": course_key, "learner": student.id_student.astype(str), "as_of": day})
    if demographics:
        features = pd.concat([features, _person(student)], axis=1)
    outcomes = pd.DataFrame(
        {
            "course_key": course_key,
            "learner": identity.learner,
            "completed": student.final_result.isin(["Pass", "Distinction"]).astype(int),
            "starts": student.start,
            "ends": student.start + pd.to_timedelta(student.length, unit="D"),
            **{name: student[name].astype(str) for name in ("gender", "age_band", "disability")},
        }
    )
    return pd.concat([identity, features], axis=1), outcomes


def _registration(student: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "registered_day": student.date_registration,
            "registered_rank": student.groupby(RUN).date_registration.rank(pct=True),
            "previous_attempts": student.num_of_prev_attempts,
            "credits": student.studied_credits,
            "credits_rank": student.groupby(RUN).studied_credits.rank(pct=True),
            "course_length": student.length,
        }
    )


def _work(data: Oulad, student: pd.DataFrame) -> pd.DataFrame:
    """One row for each student and assessment of the presentation, as it looks on the cut day."""
    work = student[[*KEY, "cut_day"]].assign(row=student.index)
    work = work.merge(data.assessment[[*RUN, "id_assessment", "assessment_type", "date", "weight"]], on=RUN)
    work = work.merge(data.submission, on=["id_assessment", "id_student"], how="left")
    work["done"] = work.date_submitted <= work.cut_day
    work.loc[~work.done, ["date_submitted", "score", "is_banked"]] = np.nan
    work["due"] = work.date <= work.cut_day
    by = work.groupby("id_assessment")
    work["class_done"] = by.done.transform("mean")
    work["z"] = (work.score - by.score.transform("mean")) / by.score.transform("std").clip(lower=_FEWEST_POINTS)
    work["rank"] = by.score.rank(pct=True)
    # What was banked from an earlier presentation says nothing about punctuality now.
    own = work.is_banked == 0
    work["early"] = (work.date - work.date_submitted).where(own)
    work["early_rank"] = work.groupby("id_assessment").early.rank(pct=True)
    work["submitted_now"] = work.date_submitted.where(own)
    return work.sort_values(["row", "date", "id_assessment"], kind="stable")


def _due(student: pd.DataFrame, work: pd.DataFrame) -> pd.DataFrame:
    """What was due by the cut: handed in, missing, late, early, and how that compares with the class."""
    due, rows = work[work.due], student.index
    missing = ~due.done
    by = due.groupby("row")
    found = pd.DataFrame(index=rows)
    found["due_count"] = by.size().reindex(rows).fillna(0)
    found["missed_assessments"] = missing.groupby(due.row).sum().reindex(rows).fillna(0)
    found["missed_share"] = missing.groupby(due.row).mean()
    found["missed_expected"] = (missing * due.class_done).groupby(due.row).sum()
    found["missed_over_class"] = found.missed_share - (1 - by.class_done.mean())
    for kind in ("TMA", "CMA"):
        mine = due[due.assessment_type == kind].groupby("row").done
        found[f"missed_{kind.lower()}"] = mine.size() - mine.sum()
        found[f"last_missed_{kind.lower()}"] = 1.0 - mine.last().astype(float)
    found["last_missed"] = 1.0 - by.done.last().astype(float)
    found["first_missed"] = 1.0 - by.done.first().astype(float)
    found["weight_done"] = (due.weight * due.done).groupby(due.row).sum().reindex(rows).fillna(0)
    found["missed_weight"] = (due.weight * missing).groupby(due.row).sum()
    weights = work.groupby("row").weight.sum()
    found["course_weight"] = weights
    found["due_weight_share"] = by.weight.sum() / weights.where(weights > 0)
    found["days_since_due"] = student.cut_day - by.date.last()
    ahead = work[~work.due].groupby("row")
    found["next_due_in_days"] = ahead.date.first() - student.cut_day
    found["next_handed_in"] = ahead.done.first().astype(float)
    found["next_due_weight"] = ahead.weight.first()
    found["early_handed_in"] = (work.done & ~work.due).groupby(work.row).sum().reindex(rows).fillna(0)
    own = work[work.early.notna()].groupby("row")
    found["early_mean"], found["early_least"] = own.early.mean(), own.early.min()
    found["early_last"], found["early_rank"] = own.early.last(), own.early_rank.mean()
    found["late_count"] = (work.early < 0).groupby(work.row).sum().reindex(rows).fillna(0)
    found["days_since_last_handed_in"] = student.cut_day - own.submitted_now.max()
    return found


def _scores(student: pd.DataFrame, work: pd.DataFrame) -> pd.DataFrame:
    """Scores by the cut, in points and against the same assessment's other scores."""
    done, rows = work[work.done], student.index
    by = done.groupby("row")
    found = pd.DataFrame(index=rows)
    weight = done.weight.clip(lower=0.5)
    found["score_weighted"] = (weight * done.score).groupby(done.row).sum() / weight.groupby(done.row).sum()
    found["score_mean"], found["score_least"] = by.score.mean(), by.score.min()
    found["score_first"], found["score_last"] = by.score.first(), by.score.last()
    found["score_z"], found["score_z_least"], found["score_rank"] = by.z.mean(), by.z.min(), by["rank"].mean()
    found["score_z_first"], found["score_z_last"] = by.z.first(), by.z.last()
    found["trend_score"] = found.score_z_last - found.score_z_first
    for kind in ("TMA", "CMA"):
        mine = done[done.assessment_type == kind].groupby("row")
        found[f"score_{kind.lower()}"], found[f"score_z_{kind.lower()}"] = mine.score.mean(), mine.z.mean()
    found["points_of_course"] = (done.weight * done.score / 100).groupby(done.row).sum().reindex(rows).fillna(0)
    found["handed_in_count"] = by.size().reindex(rows).fillna(0)
    found["banked_count"] = by.is_banked.sum().reindex(rows).fillna(0)
    return found


def _earlier(data: Oulad, student: pd.DataFrame) -> pd.DataFrame:
    """The same student in presentations that began earlier or run beside this one, as known on the cut day."""
    now = student[["id_student", *RUN]].assign(row=student.index, day=student.start)
    now["day"] += pd.to_timedelta(np.floor(student.cut_day), unit="D")
    others = data.student[["id_student", *RUN, "start", "length", "date_unregistration", "final_result"]]
    pairs = now.merge(others, on="id_student", suffixes=("", "_other"))
    same = (pairs.code_module == pairs.code_module_other) & (pairs.code_presentation == pairs.code_presentation_other)
    pairs["day_there"] = (pairs.day - pairs.start).dt.days
    pairs = pairs[~same & (pairs.day_there >= 0)].copy()
    pairs["left"] = pairs.date_unregistration <= pairs.day_there
    pairs["over"] = pairs.day_there >= pairs.length + _RESULTS_KNOWN_AFTER
    by, rows = pairs.groupby("row"), student.index
    found = pd.DataFrame(index=rows)
    found["earlier_courses"] = by.size()
    found["earlier_left"] = by.left.sum()
    for name, results in (
        ("failed", ["Fail"]),
        ("passed", ["Pass", "Distinction"]),
        ("distinguished", ["Distinction"]),
    ):
        found[f"earlier_{name}"] = (pairs.over & pairs.final_result.isin(results)).groupby(pairs.row).sum()
    found["earlier_same_module"] = (pairs.code_module == pairs.code_module_other).groupby(pairs.row).sum()
    found["parallel_courses"] = (~pairs.over & ~pairs.left).groupby(pairs.row).sum()
    found = found.reindex(rows).fillna(0)
    work = pairs[
        [
            "row",
            "id_student",
            *RUN,
            "code_module_other",
            "code_presentation_other",
            "day_there",
            "over",
            "date_unregistration",
        ]
    ]
    names = {"code_module": "code_module_other", "code_presentation": "code_presentation_other"}
    work = work.merge(data.assessment.rename(columns=names), on=list(names.values()))
    work = work.merge(data.submission, on=["id_assessment", "id_student"], how="left")
    done = work.date_submitted <= work.day_there
    due = (work.date <= work.day_there) & ~(work.date > work.date_unregistration)
    # Against those of the same run only, whose scores there are known on the same day.
    score = work.score.where(done)
    peers = score.groupby([work.code_module, work.code_presentation, work.id_assessment])
    z = (score - peers.transform("mean")) / peers.transform("std").clip(lower=_FEWEST_POINTS)
    found["earlier_score_z"] = z.groupby(work.row).mean()
    found["earlier_missed_share"] = (~done[due]).groupby(work.row[due]).mean()
    recent = due & ~work.over & (work.day_there - work.date < _RECENT)
    found["parallel_missed_share"] = (~done[recent]).groupby(work.row[recent]).mean()
    return found


def _person(student: pd.DataFrame) -> pd.DataFrame:
    education = ["No Formal quals", "Lower Than A Level", "A Level or Equivalent", "HE Qualification"]
    order = {name: place for place, name in enumerate([*education, "Post Graduate Qualification"])}
    return pd.DataFrame(
        {
            "gender_f": (student.gender == "F").astype(float),
            "education_level": student.highest_education.map(order),
            "imd_low": pd.to_numeric(student.imd_band.astype(str).str.split("-").str[0], errors="coerce"),
            "age_band_order": student.age_band.map({"0-35": 0, "35-55": 1, "55<=": 2}),
            "disability_flag": student.disability.astype(str).str.lower().isin(["true", "y"]).astype(float),
        }
    )
