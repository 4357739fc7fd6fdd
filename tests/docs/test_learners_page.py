"""The page for learners says the same in three languages, with pictures and words of each."""

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

DOCS = Path(__file__).resolve().parents[2] / "docs"
LANGUAGES = ("en", "ru", "uz")
QUOTED = {"en": re.compile("“([^”]+)”"), "ru": re.compile("«([^»]+)»"), "uz": re.compile("«([^»]+)»")}
#: Words of the platform's own pages.
PLATFORM = {"Учётная запись", "Удалить мою учётную запись", "Hisob", "Hisobimni oʻchirish"}


def page(lang: str) -> str:
    return (DOCS / ("learners.md" if lang == "en" else f"learners.{lang}.md")).read_text(encoding="utf-8")


def shown_words(lang: str) -> set[str]:
    """What pages and blocks show in a language."""
    found = set()
    for path in DOCS.parent.glob(f"*/smartpd*/**/{'ru' if lang == 'en' else lang}/LC_MESSAGES/*.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                words = message.id if lang == "en" else message.string
                found.update([words] if isinstance(words, str) else words)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_has_the_pictures_of_its_language(lang):
    # Tags, not Markdown: they say how wide a picture is beside its words.
    pictures = re.findall(r'<img src="pictures/([^"]+)" alt="[^"]+" width="\d+">', page(lang))
    assert len(pictures) == 4
    assert all(name.endswith(f"-phone.{lang}.png") for name in pictures)
    assert [name for name in pictures if not (DOCS / "pictures" / name).exists()] == []


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_the_translations_have_the_parts_of_the_english_page(lang):
    def parts(text: str) -> list[str]:
        return re.findall(r"^(#+ |- |\| )", text, re.MULTILINE)

    english = page("en").split("For administrators:")[0]
    assert parts(page(lang)) == parts(english)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_quoted_is_what_learners_see(lang):
    quoted = set(QUOTED[lang].findall(" ".join(page(lang).split())))
    assert quoted
    assert quoted - shown_words(lang) - PLATFORM == set()


def test_the_number_of_questions_and_minutes_are_those_of_the_instrument():
    from smartpd_analytics.api import load_instrument

    instrument = load_instrument("digcompedu_selfassessment")
    for lang in LANGUAGES:
        assert re.search(rf"\*\* .*\b{len(instrument.items)}\b.*\b{instrument.minutes}\b", page(lang)), lang


def test_the_parts_of_pres_have_their_names():
    presets = json.loads((DOCS.parent / "xblocks/smartpd_xblocks/pres/presets.json").read_text(encoding="utf-8"))
    for lang in LANGUAGES:
        said = re.search(r"\*\*(?:PRES|ПОПС|FSMU)\*\*: ([^.]+)\.", page(lang))
        assert said
        assert said.group(1) == ", ".join(part["label"].lower() for part in presets[lang]["parts"])
