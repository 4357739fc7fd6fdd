"""Who counts, who is hidden, and what is found: through the public door."""

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from smartpd_analytics.diagnosis import hidden_groups
from smartpd_analytics.errors import InputError
from smartpd_analytics.evaluation import evaluate_file
from smartpd_analytics.simulation import SimulationPlan, simulate

from .pair_files import learners, write_pairs

HEADER = "learner,c_pre,c_post"


def cohort(count, *, shift=5, start=20):
    random = np.random.default_rng(count)
    before = random.integers(start, start + 40, count)
    return [(int(b), int(b + shift + random.integers(-4, 5))) for b in before]


def test_only_matched_pairs_count_and_those_lost_are_compared_at_the_start(tmp_path):
    both = cohort(12)
    lost = [10, 12, 9, 14, 11, 13]
    rows = [*learners(*both), *(f"lost{n},{score}," for n, score in enumerate(lost)), "late,,44"]
    scale = evaluate_file(write_pairs(tmp_path / "p.csv", HEADER, *rows)).scales[0]
    assert scale.change.n == 12
    assert scale.change.mean_before == pytest.approx(np.mean([before for before, _ in both]))
    found = scale.attrition
    assert (found.before, found.after, found.matched, found.lost, found.only_after) == (18, 13, 12, 6, 1)
    assert found.share == pytest.approx(6 / 18)
    known = stats.ttest_ind([before for before, _ in both], lost, equal_var=False)
    assert found.baseline.p == pytest.approx(known.pvalue, rel=1e-9)


def test_few_who_were_lost_are_counted_but_not_described(tmp_path):
    path = write_pairs(tmp_path / "p.csv", HEADER, *learners(*cohort(8)), "lost,11,")
    found = evaluate_file(path).scales[0].attrition
    assert (found.lost, found.baseline) == (1, None)


def test_one_missing_item_leaves_a_learner_out_of_that_scale_alone(tmp_path):
    header = "learner,a.1_pre [0-4],a.2_pre [0-4],a.1_post,a.2_post,b_pre,b_post"
    rows = [f"t{n},{n % 5},{n % 3},{(n + 1) % 5},{n % 4},{n},{n + 2}" for n in range(10)]
    rows[3] = "t3,,2,1,1,3,5"
    found = {scale.id: scale for scale in evaluate_file(write_pairs(tmp_path / "p.csv", header, *rows)).scales}
    assert found["a"].change.n == 9
    assert found["b"].change.n == 10


def test_too_few_pairs_are_refused_with_the_way_out(tmp_path):
    path = write_pairs(tmp_path / "p.csv", HEADER, *learners((1, 2), (3, 5), (4, 4)))
    with pytest.raises(InputError, match=r"both before and after: 3; .*--min-group"):
        evaluate_file(path)
    assert evaluate_file(path, smallest_group=2).scales[0].change.n == 3


def test_one_pair_alone_is_refused_at_any_setting(tmp_path):
    path = write_pairs(tmp_path / "p.csv", HEADER, "a,1,2", "b,3,")
    with pytest.raises(InputError, match="both before and after: 1;"):
        evaluate_file(path, smallest_group=2)
    with pytest.raises(InputError, match="2 and more"):
        evaluate_file(path, smallest_group=1)


def test_equal_answers_of_all_give_means_and_no_tests(tmp_path):
    change = evaluate_file(write_pairs(tmp_path / "p.csv", HEADER, *learners(*[(40, 40)] * 6))).scales[0].change
    assert change.mean_before == change.mean_after == 40
    assert (change.t, change.p, change.d_z, change.wilcoxon) == (None,) * 4


def grouped(sizes):
    rows = []
    for name, size in sizes.items():
        for number, (before, after) in enumerate(cohort(max(size, 1))[:size]):
            rows.append(f"{name}{number},{name},{before},{after}")
    return rows


def test_a_small_group_and_the_one_that_would_give_it_away_are_hidden(tmp_path):
    rows = grouped({"north": 30, "south": 12, "west": 3})
    found = evaluate_file(write_pairs(tmp_path / "p.csv", "learner,group,c_pre,c_post", *rows))
    shown = {group.name: (group.n, group.hidden, group.change is None) for group in found.scales[0].groups}
    assert shown == {"north": (30, False, False), "south": (None, True, True), "west": (None, True, True)}


def test_what_one_scale_hides_no_other_tells(tmp_path):
    header = "learner,group,c_pre,c_post,d_pre,d_post"
    rows = [f"{row},{row.rsplit(',', 2)[1]},50" for row in grouped({"north": 20, "south": 20, "west": 8, "east": 9})]
    rows = [row.rsplit(",", 2)[0] + ",," if row.startswith("west") and row[4] > "3" else row for row in rows]
    found = evaluate_file(write_pairs(tmp_path / "p.csv", header, *rows))
    hidden = [{group.name for group in scale.groups if group.hidden} for scale in found.scales]
    assert hidden[0] == hidden[1] >= {"west"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=2, max_size=8), st.integers(2, 10))
def test_hidden_groups_cannot_be_worked_out_from_the_rest(sizes, smallest):
    hidden = hidden_groups(sizes, smallest)
    assert all(name in hidden for name, size in sizes.items() if size < smallest)
    some = [sizes[name] for name in hidden if sizes[name]]
    if some and len(hidden) < len(sizes):
        assert len(some) > 1
        assert sum(some) >= smallest
    if all(size >= smallest for size in sizes.values()):
        assert not hidden


def test_holm_counts_measures_areas_and_groups_apart(tmp_path):
    header = "learner,group,a/1_pre,a/1_post,a/2_pre,a/2_post,b_pre,b_post"
    random = np.random.default_rng(8)
    rows = []
    for number, group in product(range(12), ("x", "y")):
        values = random.integers(10, 60, 3)
        moved = values + random.integers(-6, 12, 3)
        scores = ",".join(f"{before},{after}" for before, after in zip(values, moved, strict=True))
        rows.append(f"{group}{number},{group},{scores}")
    scales = evaluate_file(write_pairs(tmp_path / "p.csv", header, *rows)).scales
    for family in (
        [scale.change for scale in scales if not scale.area],
        [scale.change for scale in scales if scale.area],
        [group.change for group in scales[0].groups],
    ):
        assert len(family) == 2
        first, second = sorted(family, key=lambda change: change.p)
        assert first.p_holm == pytest.approx(min(1, 2 * first.p))
        assert second.p_holm == pytest.approx(max(second.p, first.p_holm))


def armed():
    course, others = cohort(15, shift=9), cohort(14, shift=1)
    rows = [f"c{number},course,{before},{after}" for number, (before, after) in enumerate(course)]
    rows += [f"k{number},waiting,{before},{after}" for number, (before, after) in enumerate(others)]
    return course, others, rows


def test_a_comparison_group_is_kept_apart_and_compared(tmp_path):
    course, others, rows = armed()
    path = write_pairs(tmp_path / "p.csv", "learner,arm,c_pre,c_post", *rows)
    with pytest.raises(InputError, match="who took no course"):
        evaluate_file(path)
    with pytest.raises(InputError, match="no learner is in the arm 'none'"):
        evaluate_file(path, control="none")
    scale = evaluate_file(path, control="waiting").scales[0]
    assert scale.change.n == 15
    found = scale.comparison
    known = stats.ttest_ind([a - b for b, a in course], [a - b for b, a in others], equal_var=False)
    assert found.changes.p == pytest.approx(known.pvalue, rel=1e-9)
    assert found.comparison.n == 14
    assert found.adjusted.low < found.adjusted.value < found.adjusted.high


def test_an_arm_called_control_needs_no_telling(tmp_path):
    rows = [row.replace("waiting", "Control") for row in armed()[2]]
    found = evaluate_file(write_pairs(tmp_path / "p.csv", "learner,arm,c_pre,c_post", *rows))
    assert found.control == "Control"
    assert found.arms == {"course": 15, "Control": 14}


def test_guesses_are_held_against_the_measured_level(tmp_path):
    header = "learner,competence_guess_pre,competence_guess_post,competence_pre [0-88],competence_post"
    # 19 is A1, 20 A2, 49 B1, 50 B2, 81 C2 of 88.
    rows = [
        "a,A1,B2,19,50", "b,B1,B2,20,50", "c,A1,c1,49,81", "d,,C2,50,81", "e,B1,A2,34,66", "f,A2,,33,34",
    ]  # fmt: skip
    before, after = evaluate_file(write_pairs(tmp_path / "p.csv", header, *rows)).guesses
    assert (before.time, before.n, before.higher, before.same, before.lower) == ("pre", 5, 1, 3, 1)
    assert before.difference.value == pytest.approx((0 + 1 - 2 + 0 + 0) / 5)
    assert (after.n, after.higher, after.same, after.lower) == (5, 0, 3, 2)


def test_a_guess_that_is_no_level_is_refused(tmp_path):
    header = "learner,competence_guess_pre,competence_guess_post,competence_pre [0-88],competence_post"
    path = write_pairs(tmp_path / "p.csv", header, *(f"t{n},good,B1,{n + 10},{n + 20}" for n in range(6)))
    with pytest.raises(InputError, match=r"guessed 'good' .*A1, A2, B1"):
        evaluate_file(path)


def test_areas_of_the_bundled_framework_get_its_titles(tmp_path):
    columns = [f"competence/{area}_{time} [0-20]" for area in range(1, 7) for time in ("pre", "post")]
    rows = [f"t{n}," + ",".join(str(n + at % 3) for at in range(12)) for n in range(6)]
    found = evaluate_file(write_pairs(tmp_path / "p.csv", f"learner,{','.join(columns)}", *rows))
    assert found.titles["competence/1"]["en"] == "Professional engagement"
    assert set(found.titles["competence/6"]) == {"en", "ru", "uz"}


def test_the_truth_of_simulated_cohorts_lies_in_the_intervals(tmp_path):
    """Over 20 cohorts the 95% intervals must cover the expected change about as often as they say."""
    covered = total = 0
    for seed in range(20):
        made = simulate(SimulationPlan(learners=30, weeks=2, runs=1, seed=seed), tmp_path / f"{seed}")
        truth = json.loads((made.folder / "truth.json").read_text())["evaluation"]["expected_change"]
        found = evaluate_file(made.folder / "pairs.csv")
        assert found.simulated
        for scale in found.scales:
            if not scale.area:
                total += 1
                covered += scale.change.difference.low <= truth[scale.id] <= scale.change.difference.high
    assert covered / total >= 0.9
