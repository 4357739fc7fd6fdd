"""The frame of every HTML report: one file that needs nothing else, in one language or several.

The page loads nothing from anywhere and runs no script; its own policy forbids both. The languages stand
one after the other in the file; a row of radio buttons shows one of them, and where styles are missing
all of them can be read. What a report is made of is built with the small functions below, which escape
every word they are given.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from ..data import LANGUAGES
from ..errors import N_, InputError
from .words import simulated_words

__all__ = ["PageContent", "bullets", "escaped", "figure", "html_page", "notice", "paragraph", "section", "table"]

#: What each language calls itself.
_NAMES = {"en": "English", "ru": "Русский", "uz": "Oʻzbekcha"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one language shows: ``title`` is plain text, ``body`` is HTML made with the functions of this module."""

    lang: str
    title: str
    body: str


def html_page(contents: Sequence[PageContent], *, simulated: bool = False) -> str:
    """A whole HTML document.

    Args:
        contents: one for each language, at least one, no language twice; the first is shown first.
        simulated: the figures come from simulated data; every language then says so on top, also in print.

    Returns:
        The same text for the same arguments.

    Raises:
        InputError: no content, a language twice, or one that there are no words in.
    """
    languages = [content.lang for content in contents]
    if not languages or len(set(languages)) < len(languages) or not set(languages) <= set(LANGUAGES):
        problem = N_("a page cannot be in these languages: {languages}")
        raise InputError(problem, accepted=", ".join(LANGUAGES), languages=", ".join(languages))
    switch = _switch(languages) if len(languages) > 1 else ""
    shown = "".join(_content(content, simulated=simulated) for content in contents)
    return (
        f'<!doctype html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(contents[0].title)}</title>\n<style>{_STYLE}{_switch_style(languages)}</style>\n</head>\n"
        f'<body>\n<div class="page">{switch}{shown}</div>\n</body>\n</html>\n'
    )


def escaped(words: object) -> str:
    """The words as they may stand in HTML, between tags or in a quoted attribute."""
    return html.escape(str(words), quote=True)


def paragraph(words: str) -> str:
    return f"<p>{escaped(words)}</p>"


def bullets(lines: Sequence[str]) -> str:
    """A list of sentences; nothing for no lines."""
    return f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in lines)}</ul>" if lines else ""


def notice(words: str) -> str:
    """A sentence that the reader must not miss."""
    return f'<p class="notice">{escaped(words)}</p>'


def section(title: str, *parts: str) -> str:
    """A section under a heading of the second order; ``parts`` are HTML."""
    return f"<section><h2>{escaped(title)}</h2>{''.join(parts)}</section>"


def figure(svg: str, caption: str) -> str:
    """A picture, as an ``<svg>`` with its own text alternative, above its caption."""
    return f"<figure>{svg}<figcaption>{escaped(caption)}</figcaption></figure>"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[object]], *, words: int = 1) -> str:
    """A table with a caption, which scrolls by itself where the screen is narrow.

    ``words`` is the number of leading columns with words; the others hold figures and stand to the right.
    The first cell of each row is its heading. None is shown as a dash.
    """

    def kind(column: int) -> str:
        return "" if column < words else ' class="n"'

    titles = "".join(f'<th scope="col"{kind(column)}>{escaped(title)}</th>' for column, title in enumerate(head))
    body = ""
    for row in rows:
        first, *others = ("–" if cell is None else escaped(cell) for cell in row)
        cells = "".join(f"<td{kind(column)}>{cell}</td>" for column, cell in enumerate(others, start=1))
        body += f'<tr><th scope="row">{first}</th>{cells}</tr>'
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escaped(caption)}"><table>'
        f"<caption>{escaped(caption)}</caption><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _content(content: PageContent, *, simulated: bool) -> str:
    banner = ""
    if simulated:
        banner = f'<p class="simulated" role="note">{escaped(simulated_words(content.lang))}</p>'
    return (
        f'<main class="in-{content.lang}" lang="{content.lang}">{banner}'
        f"<h1>{escaped(content.title)}</h1>{content.body}</main>"
    )


def _switch(languages: Sequence[str]) -> str:
    """Radio buttons, and their labels in a row: each language calls itself by its own name."""
    inputs = "".join(
        f'<input type="radio" name="lang" id="lang-{lang}"{" checked" if number == 0 else ""}>'
        f'<label for="lang-{lang}" lang="{lang}">{_NAMES[lang]}</label>'
        for number, lang in enumerate(languages)
    )
    return inputs


def _switch_style(languages: Sequence[str]) -> str:
    if len(languages) < 2:
        return ""
    hidden = ",".join(f"#lang-{lang}:not(:checked)~.in-{lang}" for lang in languages)
    return f"{hidden}{{display:none}}"


_STYLE = (
    ":root{--ink:#1f2933;--muted:#52606d;--line:#cbd2d9;--brand:#0b5cad;--paper:#fff;--soft:#f2f5f8;--warn:#b34700}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 Inter,'Helvetica Neue',Arial,sans-serif}"
    ".page{max-width:70rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.75rem;line-height:1.2;margin:1rem 0}h2{font-size:1.3rem;margin:2rem 0 .5rem}"
    "h3{font-size:1.05rem;margin:1.25rem 0 .25rem}p,ul{max-width:45rem}"
    "a{color:var(--brand)}"
    "figure{display:inline-block;vertical-align:top;max-width:24rem;margin:1rem 2rem 1rem 0}"
    "figure svg{max-width:100%;height:auto}figcaption{color:var(--muted);font-size:.875rem}"
    ".wide{overflow-x:auto;margin:1rem 0}.wide:focus-visible{outline:2px solid var(--brand)}"
    "table{border-collapse:collapse;font-size:.9375rem;width:100%}"
    "caption{text-align:left;font-weight:700;padding:.25rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.375rem .625rem;border-bottom:1px solid var(--line)}"
    "thead th{background:var(--soft);border-bottom:2px solid var(--line)}tbody th{font-weight:600}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}"
    ".notice{border-left:4px solid var(--brand);background:var(--soft);padding:.625rem .875rem}"
    ".simulated{border:2px dashed var(--warn);color:var(--warn);font-weight:700;padding:.625rem .875rem;max-width:none}"
    "input[name=lang]{margin:0 .375rem 0 0;accent-color:var(--brand)}"
    "input[name=lang]+label{margin-right:1.25rem;padding:.375rem 0;display:inline-block}"
    "@media(max-width:30rem){figure{margin-right:0}}"
    "@media print{.page{max-width:none;padding:0}input[name=lang],input[name=lang]+label{display:none}"
    "figure,tr,.notice{break-inside:avoid}h2,h3,caption{break-after:avoid}.wide{overflow:visible}"
    "body{font-size:11pt}}"
)
