"""Words for people: every one exists in Russian and Uzbek, compiled, and spelt with the right letters."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = {
    "blocks": ("xblocks/smartpd_xblocks/translations", "text"),
    "plugin": ("openedx_plugin/smartpd/locale", "django"),
    "analytics": ("analytics/smartpd_analytics/locale", "smartpd_analytics"),
}
CASES = [(name, lang) for name in CATALOGUES for lang in ("ru", "uz")]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+(?:![rs])?\}")


def catalogue(name: str, lang: str) -> Path:
    folder, domain = CATALOGUES[name]
    return ROOT / folder / lang / "LC_MESSAGES" / f"{domain}.po"


def messages(path: Path):
    with path.open("rb") as stream:
        return [message for message in read_po(stream) if message.id]


def as_tuple(words) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def by_key(found) -> dict[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """(Context, English singular and plural) -> the translations: one id may stand in several contexts."""
    return {(as_text(message.context), as_tuple(message.id)): as_tuple(message.string) for message in found}


def as_text(context: str | bytes | None) -> str:
    # Babel leaves the contexts of a compiled catalogue undecoded.
    return context.decode() if isinstance(context, bytes) else context or ""


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_every_message_is_translated(name, lang):
    found = messages(catalogue(name, lang))
    assert found
    assert [message.id for message in found if not all(as_tuple(message.string)) or message.fuzzy] == []


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_placeholders_survive_translation(name, lang):
    for message in messages(catalogue(name, lang)):
        wanted = sorted(PLACEHOLDER.findall(as_tuple(message.id)[-1]))
        for words in as_tuple(message.string):
            # Each as often as in English: once more, and a sentence stands there twice.
            assert sorted(PLACEHOLDER.findall(words)) == wanted, message.id


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_the_compiled_catalogue_is_the_current_one(name, lang):
    path = catalogue(name, lang)
    compiled = read_mo(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert by_key(message for message in compiled if message.id) == by_key(messages(path))


@pytest.mark.parametrize("name", CATALOGUES)
def test_uzbek_is_written_with_its_own_letters(name):
    for message in messages(catalogue(name, "uz")):
        for words in as_tuple(message.string):
            assert not re.search(r"[A-Za-z]['`‘’][A-Za-z]|[OoGg]['`‘’]", words), words
            assert not re.search(r"[А-Яа-яЎўҚқҒғҲҳ]", words) or "ПОПС" in words, words
