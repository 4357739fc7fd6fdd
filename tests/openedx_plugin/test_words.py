"""The plugin's catalogues hold every word of its code and templates."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "openedx_plugin" / "smartpd"


def messages(path):
    with path.open("rb") as file:
        return {(each.context, each.id): each.string for each in read_po(file) if each.id}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What Django's own collector finds."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed")
    copy = tmp_path_factory.mktemp("words") / "smartpd"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
    (copy / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=ru"],
        cwd=copy, check=True, capture_output=True, env=environment,
    )  # fmt: skip
    return set(messages(copy / "locale/ru/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("lang", ["ru", "uz"])
def test_every_word_is_collected_and_translated(collected, lang):
    catalogue = messages(PACKAGE / "locale" / lang / "LC_MESSAGES" / "django.po")
    assert set(catalogue) == collected
    assert [key for key, words in catalogue.items() if not words] == []


def test_short_words_have_a_context_of_their_own(collected):
    """On a platform all catalogues are one: a bare "Open" or "Level" would get another app's translation."""
    single = (text for context, text in collected if context is None and isinstance(text, str))
    assert [text for text in single if len(text.split()) == 1] == []
