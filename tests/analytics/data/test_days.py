"""Days as people write them."""

from datetime import date

import pytest
from smartpd_analytics.api import say_day


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Nov. 6, 2026"),
        ("en-gb", "Nov. 6, 2026"),
        ("ru", "6 ноября 2026 г."),
        ("uz-Latn", "2026-yil 6-noyabr"),
        ("fr", "Nov. 6, 2026"),
    ],
)
def test_a_day_in_each_language(lang, said):
    assert say_day(date(2026, 11, 6), lang) == said
