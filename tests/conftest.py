"""What holds for all tests."""

import os
import sys

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the code; speed is for benchmarks/.
# The examples are the same in every run, so that a change is judged by what it does; SMARTPD_RANDOM_EXAMPLES=1
# looks for new ones.
settings.register_profile("untimed", deadline=None, derandomize="SMARTPD_RANDOM_EXAMPLES" not in os.environ)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def nobodys_language():
    """Pages leave the language of their reader active; the next test starts without one."""
    yield
    if "django.utils.translation" in sys.modules:
        from django.utils import translation

        translation.deactivate_all()
        translation.deactivate()
