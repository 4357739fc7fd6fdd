"""Numbers with the right form of the word beside them."""

import pytest
from smartpd_analytics.expert import fill, number_with, plural_form

RU = ("раз", "раза", "раз")


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, 2), (1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (14, 2), (19, 2), (21, 0), (22, 1), (25, 2), (101, 0),
     (111, 2), (112, 2), (122, 1), (1000, 2)],
)  # fmt: skip
def test_russian_has_three_forms(number, form):
    assert plural_form("ru", number) == form


def test_english_has_two_and_uzbek_one():
    assert [plural_form("en", number) for number in (0, 1, 2, 21)] == [1, 0, 1, 1]
    assert {plural_form("uz", number) for number in range(30)} == {0}


def test_a_number_takes_its_form():
    assert [number_with("ru", number, RU) for number in (1, 2, 5, 21)] == ["1 раз", "2 раза", "5 раз", "21 раз"]


def test_a_sentence_is_filled_in_every_language():
    template = {
        "en": "{target}: {days_silent|day|days}, {right_share}, {answers}.",
        "ru": "{target}: {days_silent|день|дня|дней}, {right_share}, {answers}.",
        "uz": "{target}: {days_silent} kun, {right_share}, {answers}.",
    }
    values = {"days_silent": 22.9, "right_share": 0.876, "answers": 4.0}
    words = {"target": {"en": "this {unit}", "ru": "это", "uz": "bu"}}
    assert fill(template, values, words) == {
        "en": "This {unit}: 22 days, 88%, 4.",
        "ru": "Это: 22 дня, 88%, 4.",
        "uz": "Bu: 22 kun, 88%, 4.",
    }
