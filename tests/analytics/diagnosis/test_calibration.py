"""Calibration on simulated answers: known parameters come back, and the optimum is scipy's own."""

import random
from math import exp, isclose, isnan, log, sqrt, tau
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from smartpd_analytics.data import ItemBank, ItemParameters
from smartpd_analytics.diagnosis import category_probabilities
from smartpd_analytics.errors import InputError
from smartpd_analytics.pipeline import calibrate, read_item_areas, read_responses, responses_of

NODES = np.linspace(-6, 6, 61)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


def items_of(model, count, seed):
    draws = random.Random(seed)  # noqa: S311
    made = []
    for number in range(count):
        slope = 1.2 if model == "1pl" else draws.lognormvariate(0.2, 0.3)
        thresholds = (draws.gauss(0, 1),)
        if model == "graded":
            start = draws.uniform(-2, 0)
            thresholds = tuple(start + step * draws.uniform(0.8, 1.2) for step in range(2 + number % 3))
        guessing = draws.uniform(0.1, 0.3) if model == "3pl" else 0.0
        made.append(ItemParameters(f"q{number}", slope, thresholds, guessing))
    return made


def answers_to(items, learners, seed, missing=0.0):
    draws = random.Random(seed)  # noqa: S311
    for _learner in range(learners):
        ability = draws.gauss(0, 1)
        row = []
        for item in items:
            chances = category_probabilities(item, ability)
            given = draws.choices(range(len(chances)), chances)[0]
            row.append(None if draws.random() < missing else given)
        yield row


def table(items, learners=600, seed=5, missing=0.0, **more):
    return responses_of([item.item_id for item in items], answers_to(items, learners, seed, missing), **more)


def marginal(scores, item_list):
    """The marginal log-likelihood, item by item and learner by learner, straight from the definition."""
    curves = [np.array([category_probabilities(item, node) for node in NODES]) for item in item_list]
    total = 0.0
    for row in scores:
        likelihood = WEIGHTS.copy()
        for curve, score in zip(curves, row, strict=True):
            if score >= 0:
                likelihood *= curve[:, score]
        total += log(likelihood.sum())
    return total


@pytest.mark.parametrize("model", ["1pl", "2pl", "3pl", "graded"])
def test_known_parameters_come_back_within_their_errors(model):
    items = items_of(model, 12, seed=3)
    found = calibrate(table(items, learners=1500, missing=0.1), model=model)
    assert found.converged
    off = []
    for true, item in zip(items, found.items, strict=True):
        assert len(item.parameters.thresholds) == len(true.thresholds)
        off.append((item.parameters.discrimination - true.discrimination) / item.discrimination_error)
        pairs = zip(item.parameters.thresholds, true.thresholds, item.threshold_errors, strict=True)
        off += [(estimate - truth) / error for estimate, truth, error in pairs]
    assert max(map(abs, off)) < 4
    assert 0.6 < sqrt(fmean(each**2 for each in off)) < 1.5


def test_the_hardest_and_the_sharpest_items_are_not_drawn_in():
    """1PL, 2PL and graded know no prior but that of ability: far items are estimated as far as they are."""
    items = items_of("2pl", 30, seed=6)
    found = calibrate(table(items, learners=2000), model="2pl").items
    for truth, estimates in (
        ([item.discrimination for item in items], [item.parameters.discrimination for item in found]),
        ([item.thresholds[0] for item in items], [item.parameters.thresholds[0] for item in found]),
    ):
        assert np.polyfit(truth, estimates, 1)[0] == pytest.approx(1, abs=0.13)
        # The highest third by the truth: by their estimates it would be of those that chance has raised.
        highest = np.argsort(truth)[-10:]
        assert np.mean(np.take(estimates, highest)) == pytest.approx(np.mean(np.take(truth, highest)), abs=0.13)


@pytest.mark.parametrize("model", ["1pl", "2pl", "graded"])
def test_the_optimum_is_the_one_that_scipy_finds_on_the_definition(model):
    items = items_of(model, 4, seed=8)[:3]
    responses = table(items, learners=150, missing=0.05)
    found = calibrate(responses, model=model)
    assert isclose(marginal(responses.scores, found.bank("b").items), found.log_likelihood, abs_tol=1e-6)
    shape = [len(item.thresholds) for item in items]

    def item_list(vector):
        made, at = [], 1 if model == "1pl" else 0
        for number, count in enumerate(shape):
            slope = vector[0] if model == "1pl" else vector[at]
            at += model != "1pl"
            made.append(ItemParameters(str(number), slope, tuple(vector[at : at + count])))
            at += count
        return made

    start = [1.0] if model == "1pl" else []
    for item in items:
        start += ([] if model == "1pl" else [1.0]) + [threshold + 0.1 for threshold in item.thresholds]
    best = minimize(
        lambda vector: -marginal(responses.scores, item_list(vector)), start, method="BFGS", options={"gtol": 1e-4}
    )
    assert isclose(-best.fun, found.log_likelihood, abs_tol=1e-5)
    for other, item in zip(item_list(best.x), found.items, strict=True):
        assert isclose(item.parameters.discrimination, other.discrimination, abs_tol=2e-3)
        assert item.parameters.thresholds == pytest.approx(other.thresholds, abs=5e-3)


def test_standard_errors_are_those_of_the_curvature():
    items = items_of("1pl", 3, seed=4)
    responses = table(items, learners=200)
    found = calibrate(responses, model="1pl")
    at = np.array([found.items[0].parameters.discrimination, *(i.parameters.difficulty for i in found.items)])
    steps = np.eye(4) * 1e-3

    def height(vector):
        return marginal(responses.scores, [ItemParameters(str(n), vector[0], (b,)) for n, b in enumerate(vector[1:])])

    hessian = np.array(
        [
            [(height(at + i + j) - height(at + i - j) - height(at - i + j) + height(at - i - j)) / 4e-6 for j in steps]
            for i in steps
        ]
    )
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert found.items[0].discrimination_error == pytest.approx(errors[0], rel=1e-2)
    assert [item.threshold_errors[0] for item in found.items] == pytest.approx(errors[1:], rel=1e-2)


@pytest.mark.parametrize("model", ["2pl", "3pl", "graded"])
def test_errors_follow_the_curvature_in_every_model(model):
    items = items_of(model, 3, seed=4)
    responses = table(items, learners=250, missing=0.05)
    found = calibrate(responses, model=model, guessing_prior=(5.0, 17.0))
    fitted = found.bank("b").items
    shape = [len(item.thresholds) for item in fitted]
    at = np.array([value for item in fitted for value in values_of(item, model)])

    def height(vector):
        made, place, prior = [], 0, 0.0
        for count in shape:
            own = vector[place : place + 1 + count + (model == "3pl")]
            place += len(own)
            guessing = float(own[-1]) if model == "3pl" else 0.0
            made.append(ItemParameters(str(place), own[0], tuple(own[1 : 1 + count]), guessing))
            if model == "3pl":
                prior += 4 * log(guessing) + 16 * log(1 - guessing)
        return marginal(responses.scores, made) + prior

    steps = np.eye(len(at)) * 1e-3
    hessian = np.array(
        [
            [(height(at + i + j) - height(at + i - j) - height(at - i + j) + height(at - i - j)) / 4e-6 for j in steps]
            for i in steps
        ]
    )
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    computed = [error for item in found.items for error in errors_of(item, model)]
    assert computed == pytest.approx(errors, rel=0.01)


def values_of(item, model):
    return [item.discrimination, *item.thresholds, *([item.guessing] if model == "3pl" else [])]


def errors_of(item, model):
    return [item.discrimination_error, *item.threshold_errors, *([item.guessing_error] if model == "3pl" else [])]


def test_patterns_with_counts_are_the_learners_one_by_one():
    items = items_of("2pl", 4, seed=2)
    rows = list(answers_to(items, 400, seed=6))
    counted = {tuple(row): rows.count(row) for row in rows}
    ids = [item.item_id for item in items]
    one = calibrate(responses_of(ids, rows))
    other = calibrate(responses_of(ids, list(counted), counts=list(counted.values())))
    assert other.learners == 400
    assert isclose(one.log_likelihood, other.log_likelihood, abs_tol=1e-6)
    assert isclose(one.aic, 16 - 2 * one.log_likelihood)
    assert isclose(one.bic, 8 * log(400) - 2 * one.log_likelihood)
    for a, b in zip(one.items, other.items, strict=True):
        assert a.parameters.discrimination == pytest.approx(b.parameters.discrimination, abs=1e-4)
        assert (a.answered, a.facility) == (b.answered, pytest.approx(b.facility))
        assert a.item_rest == pytest.approx(b.item_rest)


def test_a_graded_item_of_two_categories_is_a_2pl_item():
    responses = table(items_of("2pl", 4, seed=9), learners=300)
    two, graded = (calibrate(responses, model=model) for model in ("2pl", "graded"))
    assert isclose(two.log_likelihood, graded.log_likelihood, abs_tol=1e-6)
    for a, b in zip(two.items, graded.items, strict=True):
        assert a.parameters.thresholds == pytest.approx(b.parameters.thresholds, abs=1e-3)


def test_reliability_is_the_squared_correlation_of_estimate_and_truth():
    items = items_of("2pl", 15, seed=5)
    found = calibrate(table(items, learners=800))
    density = [exp(-(z**2) / 2) / sqrt(tau) for z in NODES]
    information = [
        sum(sum(c * (1 - c) for c in category_probabilities(item, z)) / 2 * item.discrimination**2 for item in items)
        for z in NODES
    ]
    expected = 1 - sum(d / (i + 1) for d, i in zip(density, information, strict=True)) * (NODES[1] - NODES[0])
    assert isclose(found.reliability, expected, abs_tol=0.05)


def test_bad_items_are_named_and_left_out_of_the_bank():
    items = items_of("2pl", 6, seed=7)
    rows = [list(row) for row in answers_to(items, 500, seed=8)]
    draws = random.Random(1)  # noqa: S311
    ids = [item.item_id for item in items]
    for row in rows:
        rest = fmean(row)
        row += [1, int(draws.random() > rest), draws.randrange(2), row[0] if draws.random() < 0.2 else None]
    found = calibrate(responses_of([*ids, "same", "reversed", "noise", "rare"], rows))
    flags = {item.item_id: item.flags for item in found.items}
    assert flags["same"] == ("never_varies",)
    assert flags["reversed"][0] == "negative_discrimination"
    assert "low_discrimination" in flags["noise"] or "negative_discrimination" in flags["noise"]
    assert "few_answers" in flags["rare"]
    assert not any(flags[item_id] for item_id in ids)
    bank = {item.item_id for item in found.bank("b").items}
    assert {"same", "reversed"}.isdisjoint(bank)
    assert set(ids) <= bank
    same = found.items[6]
    assert (same.parameters, same.facility) == (None, 1.0)
    assert isnan(same.item_rest)


def test_what_cannot_be_calibrated_is_refused():
    ids = ("a", "b", "c")
    good = [[0, 1, 1], [1, 0, 0], [1, 1, 0], [0, 0, 1]]
    with pytest.raises(InputError, match="1pl, 2pl, 3pl, graded"):
        calibrate(responses_of(ids, good), model="4pl")
    with pytest.raises(InputError, match="item 'b' has the score 2"):
        calibrate(responses_of(ids, [*good, [1, 2, 0]]))
    with pytest.raises(InputError, match="items that can be calibrated: 2"):
        calibrate(responses_of(ids, [[0, 1, 1], [1, 0, 1]]))
    skipped = [[3 * row[0], *row[1:]] for row in good]
    with pytest.raises(InputError, match="can be calibrated: 2"):
        calibrate(responses_of(ids, skipped), model="graded")
    for rows, said in (([[1, 0]], "row 1: 2 scores"), ([[1, 0, -1]], "item 'c'"), ([[1, 0, 0.5]], "item 'c'")):
        with pytest.raises(InputError, match=said):
            responses_of(ids, rows)
    for counts in ([1, 1, 1], [1, 1, 1, 0], [1, 1, 1, float("nan")]):
        with pytest.raises(InputError, match="a count cannot be used"):
            responses_of(ids, good, counts=counts)


def test_ten_learners_break_nothing():
    items = items_of("3pl", 5, seed=3)
    few = calibrate(table(items, learners=10), model="3pl", max_cycles=100)
    assert all("few_answers" in item.flags or "never_varies" in item.flags for item in few.items)
    free = calibrate(table(items, learners=40), model="3pl", guessing_prior=None, max_cycles=100)
    assert isinstance(free.bank("b"), ItemBank)


def test_one_cycle_and_a_short_search_are_not_called_converged():
    found = calibrate(table(items_of("3pl", 8, seed=3), learners=300), model="3pl", guessing_prior=None, max_cycles=1)
    assert not found.converged


# --- files ------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    def write(text, name="responses.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_long_and_wide_tables_are_the_same_answers(file):
    wide = read_responses(file("learner,q1,q2\nona,1,0\nbek,,2.0\n\nlola,NA,1\n"))
    long = read_responses(
        file("item,score,learner,area\nq1,1,ona,A\nq2,0,ona,\nq2,2,bek,B\nq1,,bek,A\nq2,1,lola,B\n", "long.csv")
    )
    for found in (wide, long):
        assert found.item_ids == ("q1", "q2")
        assert found.scores.tolist() == [[1, 0], [-1, 2], [-1, 1]]
        assert (found.learners, found.simulated) == (3, False)
    assert long.areas == {"q1": "A", "q2": "B"}
    assert read_item_areas(file("area,item,more\nA,q1,x\n", "areas.csv")) == {"q1": "A"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_write_them(file, encoding, separator):
    one = "1,0" if separator == ";" else "1.0"
    wide = f"learner|вопрос 1|q2|\nОна|{one}|NA\nБек|0\n".replace("|", separator)
    found = read_responses(file(wide.encode(encoding)))
    assert found.item_ids == ("вопрос 1", "q2")
    assert found.scores.tolist() == [[1, -1], [0, -1]]
    long = "learner|item|score|area\nОна|вопрос 1|1|Знания\nБек|вопрос 1|0|\n".replace("|", separator)
    assert read_responses(file(long.encode(encoding))).areas == {"вопрос 1": "Знания"}
    areas = "item|area\nвопрос 1|Знания\n".replace("|", separator)
    assert read_item_areas(file(areas.encode(encoding), "areas.csv")) == {"вопрос 1": "Знания"}


def test_counts_a_mark_of_order_and_simulated_learners(file):
    found = read_responses(file("\ufeffq1,q2,count\n1,0,30\n0,1,12\n"))
    assert (found.counts.tolist(), found.item_ids) == ([30, 12], ("q1", "q2"))
    assert read_responses(file("learner,q1\nsimulated-000001,1\n")).simulated


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "the file is empty"),
        ("\n\n", 0, "the file is empty"),
        ("q1,,q2\n1,1,1\n", 1, "column 2 has no name"),
        ("q1,q1\n1,1\n", 1, "'q1' stands there twice"),
        ("q1,q2\n", 0, "no answers"),
        ("q1,q2\n1,0\n1,0,1\n", 3, "3 cells, the header 2"),
        ("q1,q2\n1,yes\n", 2, "column 'q2': 'yes' is no score"),
        ("q1,q2\n1,-1\n", 2, "is no score"),
        ("q1,q2\n1,0.5\n", 2, "is no score"),
        ("q1,q2\n1,٣\n", 2, "is no score"),
        ("q1,count\n1,0\n", 2, "is no count"),
        ("learner,item,score\nona,q1,1\nona,q1,0\n", 3, "second score on 'q1'"),
        ("learner,item,score\n,q1,1\n", 2, "no learner"),
        ("learner,item,score\nona,,1\n", 2, "no item"),
        (b"q1,q2\n\0,1\n", 0, "this is no text"),
        (b"PK\x03\x04sheet", 0, "a spreadsheet or a zip archive"),
        ('q1,q2\n"1,1\n', 2, "no CSV"),
    ],
)
def test_a_table_error_names_file_and_line(file, text, line, said):
    path = file(text)
    with pytest.raises(InputError, match=said) as caught:
        read_responses(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_a_missing_file_or_column_is_said(file, tmp_path):
    for read in (read_responses, read_item_areas):
        with pytest.raises(InputError, match="cannot be read"):
            read(tmp_path / "none.csv")
    with pytest.raises(InputError, match="there is no column 'area'"):
        read_item_areas(file("item,place\nq1,A\n"))


@given(st.text(alphabet='learnitmscoqun0123,"\n\r .é', max_size=120))
@settings(max_examples=60)
def test_whatever_stands_in_the_table_it_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("fuzz") / "r.csv"
    path.write_text(text, encoding="utf-8")
    try:
        found = read_responses(path)
    except InputError:
        return
    assert found.scores.shape == (len(found.counts), len(found.item_ids))
    assert found.scores.size > 0
    assert found.scores.min() >= -1
