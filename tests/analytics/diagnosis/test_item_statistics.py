"""Items and groups: against plain formulas, and against the same figures by numpy and scipy."""

from math import isclose, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from smartpd_analytics.api import (
    ITEM_FLAGS,
    LEAST_FOR_FLAGS,
    AnswerError,
    Instrument,
    Item,
    Option,
    group_mean,
    instrument_ids,
    item_statistics,
    load_instrument,
    paired_change,
)
from smartpd_analytics.pipeline import reliability, responses_of

shares = st.floats(0, 1, allow_nan=False)
tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 3), min_size=k, max_size=k), min_size=1, max_size=30)
)


def instrument(items, kind="self_assessment", points=(0, 1, 2, 3), reverse=()):
    options = tuple(Option(chr(97 + n), value, {"en": str(value)}) for n, value in enumerate(points))
    made = tuple(Item(f"q{n}", "1.1", {"en": f"Question {n}"}, {}, options, reverse=n in reverse) for n in range(items))
    return Instrument("made", "1", kind, "", {"en": "Made"}, {"en": ""}, 5, made, ())


def answers(rows):
    return [{f"q{n}": "abcd"[value] for n, value in enumerate(row)} for row in rows]


def figures(rows, **more):
    return item_statistics(instrument(len(rows[0]), **more), answers(rows))


@given(tables)
def test_the_same_figures_as_by_numpy(rows):
    found = figures(rows)
    assert (found.learners, found.complete) == (len(rows), len(rows))
    table = np.array(rows, float)
    for column, item in enumerate(found.items):
        assert isclose(item.difficulty, table[:, column].mean() / 3, abs_tol=1e-12)
    if len(rows) < 2:
        assert (found.alpha, found.sem, found.items[0].discrimination) == (None, None, None)
        return
    known = reliability(responses_of([f"q{n}" for n in range(len(rows[0]))], rows))[0]
    for own, other in [
        (found.alpha, known.alpha),
        (found.sem, known.sem),
        *(pair for item, numpys in zip(found.items, known.items, strict=True) for pair in (
            (item.discrimination, numpys.item_rest), (item.alpha_without, numpys.alpha_without)))
    ]:  # fmt: skip
        assert isnan(other) if own is None else isclose(own, other, abs_tol=1e-9)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_learners_and_a_reversal_of_all_change_nothing(rows, random):
    found = figures(rows)
    mixed = random.sample(rows, len(rows))
    assert [item.discrimination for item in figures(mixed).items] == pytest.approx(
        [item.discrimination for item in found.items], nan_ok=True
    )
    turned = figures([[3 - value for value in row] for row in rows], reverse=range(len(rows[0])))
    assert turned.alpha == pytest.approx(found.alpha)
    assert [item.difficulty for item in turned.items] == pytest.approx([item.difficulty for item in found.items])


@given(st.lists(shares, max_size=40))
def test_a_mean_with_its_error(values):
    found = group_mean(values)
    if not values:
        assert found is None
        return
    assert isclose(found.mean, np.mean(values), abs_tol=1e-12)
    assert found.learners == len(values)
    if len(values) > 1:
        assert isclose(found.error, stats.sem(values), abs_tol=1e-9)
    else:
        assert found.error is None


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=40))
def test_a_change_is_that_of_the_paired_t_test(pairs):
    found = paired_change(pairs)
    assert found.higher + found.same + found.lower == found.learners == len(pairs)
    assert isclose(found.change, found.after - found.before, abs_tol=1e-12)
    if len(pairs) > 1:
        differences = [after - before for before, after in pairs]
        assert isclose(found.error, np.std(differences, ddof=1) / sqrt(len(pairs)), abs_tol=1e-9)
    if len(pairs) > 1 and found.error > 1e-6:
        before, after = zip(*pairs, strict=True)
        assert isclose(found.change / found.error, stats.ttest_rel(after, before).statistic, rel_tol=1e-6)


def test_no_pairs_no_change():
    assert paired_change([]) is None


# --- what is missing --------------------------------------------------------------------------


def test_what_rests_on_the_total_is_of_those_who_answered_everything():
    rows = answers([[0, 0], [1, 2], [3, 3]])
    found = item_statistics(instrument(2), [*rows, {"q0": "d"}, {}])
    assert (found.learners, found.complete) == (4, 3)
    assert found.items[0].learners == 4
    assert found.items[1].learners == 3
    assert found.alpha == figures([[0, 0], [1, 2], [3, 3]]).alpha
    assert found.items[0].options[3].learners == 2


def test_nobody_has_answered():
    found = item_statistics(load_instrument("digcompedu_selfassessment"), [])
    assert (found.learners, found.complete, found.alpha, len(found.items)) == (0, 0, None, 22)
    assert {item.difficulty for item in found.items} == {None}


def test_an_answer_that_is_none_is_refused():
    with pytest.raises(AnswerError):
        item_statistics(instrument(2), [{"q9": "a"}])


@pytest.mark.parametrize("name", instrument_ids())
def test_bundled_instruments_of_every_kind_have_figures(name):
    asked = load_instrument(name)
    closed = [item for item in asked.items if item.kind in ("choice", "rating")]
    found = item_statistics(
        asked, [{item.id: item.options[n % len(item.options)].id for item in closed} for n in range(6)]
    )
    assert [item.item_id for item in found.items] == [item.id for item in asked.items]
    for item in found.items:
        assert item.difficulty is None or 0 <= item.difficulty <= 1


# --- flags ------------------------------------------------------------------------------------


def test_weak_items_are_flagged_and_good_ones_are_not():
    # Six right-or-wrong items in a clean order of difficulty; the seventh goes against the rest.
    rows = [[int(able > limit) for limit in (3, 6, 9, 12, 15, 18)] + [int(able < 10)] for able in range(24)]
    test = instrument(7, kind="knowledge_test", points=(0, 1))
    found = {item.item_id: item.flags for item in item_statistics(test, answers(rows)).items}
    assert "negative" in found["q6"]
    assert "lifts_alpha" in found["q6"]
    assert found["q2"] == ()
    everybody = [[1, *row[1:]] for row in rows]
    assert {"same", "easy"} <= set(item_statistics(test, answers(everybody)).items[0].flags)


def test_a_wrong_option_of_the_able_is_a_rival_and_one_of_nobody_unused():
    # The able choose "c" (wrong) in the first question and are right everywhere else.
    test = instrument(4, kind="knowledge_test", points=(1, 0, 0, 0))
    rows = [[2, 0, 0, 0]] * 10 + [[0, 1, 1, 2]] * 10 + [[1, 1, 0, 1]] * 5
    item = item_statistics(test, answers(rows)).items[0]
    assert {"rival", "unused", "negative"} <= set(item.flags)
    assert [use.learners for use in item.options] == [10, 5, 10, 0]
    assert [use.best for use in item.options] == [True, False, False, False]
    assert item.options[2].rest == 1.0


def test_few_answers_raise_no_flag():
    rows = [[3, 3]] * (LEAST_FOR_FLAGS - 1)
    assert [item.flags for item in figures(rows).items] == [(), ()]
    assert [item.flags for item in figures([*rows, [3, 3]]).items] == [("same", "easy")] * 2


def test_every_flag_says_when_it_stands():
    assert all(ITEM_FLAGS.values())
