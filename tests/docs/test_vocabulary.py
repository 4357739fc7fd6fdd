"""One audience and one vocabulary in everything people read: university teachers, in three languages."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted(
    path
    for pattern in ("analytics/**/data/*.yaml", "xblocks/**/*.json", "demo/**/*.yaml")
    for path in ROOT.glob(pattern)
)
CATALOGUES = sorted(ROOT.glob("*/smartpd*/**/LC_MESSAGES/*.po"))
#: What does not stand in a text, and what stands there instead.
WRONG = {
    "en": {
        r"\bpupils?\b": "students",
        r"\bschools?\b": "university, department, institution",
        r"(?<!video )\blessons?\b": "class",
    },
    "ru": {
        r"\bучени[кц]": "студент",
        r"\bучащ": "студент",
        r"\bшкол": "вуз, кафедра, учреждение",
        r"\bурок": "занятие",
        r"\bучител": "преподаватель",
        r"\bкласс(?!и)": "группа",
        r"компетентност": "компетенция",
        r"\bюнит": "раздел",
        r" – ": " — ",
        r"[“”]": "« »",
    },
    "uz": {
        r"oʻquvchi": "talaba (own students), tinglovchi (learners of the course)",
        r"\bsinf": "guruh",
        r"\bmaktab": "universitet, kafedra, muassasa",
        r"kompetentlik|kompetentsi": "kompetensiya",
        r"oʻz-oʻzini|oʻzi(?:ngiz)?ni baholash": "oʻzini oʻzi baholash",
        r"\bramka": "doira",
        r" – ": " — ",
        r"[“”]": "« »",
    },
}
#: Whom a teacher teaches may well be at school.
SCHOOLS = ("Pupils of schools", "Учащимся школ", "Преподавателям, учителям", "Maktab, litsey")


def worded(node: object) -> Iterator[dict[str, str]]:
    """Every text of a file that exists in several languages."""
    if isinstance(node, dict):
        if "ru" in node and all(isinstance(words, str) for words in node.values()):
            yield node
        else:
            for below in node.values():
                yield from worded(below)
    elif isinstance(node, list):
        for below in node:
            yield from worded(below)


def wrong_words(lang: str, text: str, english: str = "") -> list[str]:
    if text.startswith(SCHOOLS):
        return []
    found = [f"{text!r}: {better}" for wrong, better in WRONG[lang].items() if re.search(wrong, text, re.IGNORECASE)]
    # A hyphen of its own is a dash that was not typed, unless it is what one types on a command line.
    if lang != "en" and " - " in text and " - " not in english:
        found.append(f"{text!r}: —")
    return found


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_speak_to_university_teachers_in_one_vocabulary(path):
    read = json.loads if path.suffix == ".json" else yaml.safe_load
    texts = list(worded(read(path.read_text(encoding="utf-8"))))
    assert [wrong for text in texts for lang in WRONG if lang in text for wrong in wrong_words(lang, text[lang])] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_catalogues_keep_to_the_vocabulary(path):
    lang = path.parents[1].name
    with path.open("rb") as stream:
        messages = [message for message in read_po(stream) if message.id]
    assert messages
    wrong = []
    for message in messages:
        english = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else message.string
        wrong += [one for words in forms for one in wrong_words(lang, words, english)]
    assert wrong == []


@pytest.mark.parametrize("lang", ["ru", "uz"])
def test_pages_in_russian_and_uzbek_keep_to_the_vocabulary(lang):
    pages = sorted(ROOT.glob(f"docs/*.{lang}.md"))
    assert pages
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    assert [wrong for line in lines for wrong in wrong_words(lang, line)] == []


def test_there_are_texts_to_check():
    assert len(TEXTS) > 20
    assert len(CATALOGUES) == 6


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Give pupils the link"),
        ("ru", "Спросите учеников"),
        ("ru", "Два числа - и всё"),
        ("uz", "Bitta dars – bitta maqsad"),
        ("uz", "Oʻzini baholash shkalasi"),
        ("uz", "oʻz-oʻzini baholash"),
    ],
)
def test_a_word_of_another_vocabulary_is_noticed(lang, text):
    assert wrong_words(lang, text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Классическая музыка — для студентов"),
        ("uz", "Oʻzini oʻzi baholash — oʻz-oʻzidan oson"),
        ("uz", "15–30 daqiqa"),
    ],
)
def test_a_right_word_is_left_alone(lang, text):
    assert wrong_words(lang, text) == []
