"""The frame of HTML reports: sound, self-contained, honest about simulated data in every language."""

from html.parser import HTMLParser

import pytest
from smartpd_analytics.errors import InputError
from smartpd_analytics.reports.page import PageContent, figure, html_page, notice, paragraph, section, table

VOID = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """Checks nesting and collects what the tests ask for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append((self.open[-1] if self.open else "", data))


def three(body: str = "<p>x</p>") -> list[PageContent]:
    return [PageContent("en", "Title", body), PageContent("ru", "Заголовок", body), PageContent("uz", "Sarlavha", body)]


def test_one_language_is_shown_first_and_the_others_by_a_switch_without_scripts():
    page = Reader(html_page(three()))
    mains = [attrs["lang"] for tag, attrs in page.tags if tag == "main"]
    radios = [attrs for tag, attrs in page.tags if tag == "input"]
    assert mains == ["en", "ru", "uz"]
    assert [("checked" in radio) for radio in radios] == [True, False, False]
    labels = {attrs["for"] for tag, attrs in page.tags if tag == "label"}
    assert labels == {radio["id"] for radio in radios}
    assert "script" not in {tag for tag, _ in page.tags}


def test_a_page_in_one_language_has_no_switch():
    page = Reader(html_page(three()[2:]))
    assert ("html", {"lang": "uz"}) in page.tags
    assert not [tag for tag, _ in page.tags if tag == "input"]


def test_nothing_is_loaded_from_anywhere():
    page = Reader(html_page(three()))
    assert not [attrs for _, attrs in page.tags if "src" in attrs or "href" in attrs]
    policies = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0].startswith("default-src 'none'")


def test_simulated_data_is_said_in_every_language_and_only_then():
    def notes(page):
        return [attrs for tag, attrs in Reader(page).tags if attrs.get("class") == "simulated"]

    assert len(notes(html_page(three(), simulated=True))) == 3
    assert notes(html_page(three())) == []


def test_words_from_outside_cannot_become_markup():
    evil = "<script>alert('x')</script>\"&"
    body = section(
        evil, paragraph(evil), notice(evil), table(evil, [evil, "n"], [[evil, None]]), figure("<svg></svg>", evil)
    )
    page = Reader(html_page([PageContent("en", evil, body)]))
    assert "script" not in {tag for tag, _ in page.tags}
    assert sum(words == evil for _, words in page.words) == 9
    assert ("td", "–") in page.words


@pytest.mark.parametrize("languages", [[], ["en", "en"], ["en", "de"]])
def test_languages_without_words_are_refused(languages):
    with pytest.raises(InputError, match="en, ru, uz"):
        html_page([PageContent(lang, "t", "") for lang in languages])
