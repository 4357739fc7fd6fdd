"""Takes the pictures of ``docs/pictures`` anew: ``make pictures``, or ``python -m demo.pictures [NAME …]``.

A demo of its own is prepared in a folder that is thrown away, so the pictures show what a newcomer sees,
with the dates of today. Needs chromium (``CHROMIUM=`` names another browser of that kind) and Pillow.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

__all__ = ["PICTURES", "Picture", "main"]

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
#: A page with little colour needs no more; a picture is a quarter of its size then.
COLOURS = 64
LANGUAGES = ("en", "ru", "uz")


@dataclass(frozen=True, slots=True)
class Picture:
    """What ``who`` sees at ``address``, in pixels; a phone's picture is taken at twice its dots."""

    name: str
    who: str
    address: str
    width: int
    height: int
    lang: str = "en"
    #: CSS selector of what is to stand at the top; "" for the page's own top.
    top: str = ""
    #: CSS selector of what is pressed first; "" for nothing.
    press: str = ""

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"


@dataclass(frozen=True, slots=True)
class _Page:
    who: str
    address: str
    height: int
    top: str = ""
    press: str = ""


_PAGES = {
    "my-development": _Page("stuck", "/smartpd/{course}/", 1560),
    "needs-diagnostic": _Page("stopped", "/courses/{course}/unit/diagnostic/", 900, "h1", "[data-go=steps]"),
    "learning-matrix": _Page("steady", "/courses/{course}/unit/path/", 1000, "h1"),
    "pres": _Page("newcomer", "/courses/{course}/unit/position/", 1180, ".demo-block:last-of-type"),
}

_EDITOR = "/studio/{course}/block/block-v1:Simulated+DC101+demo+type@smartpd_needs_diagnostic+block@needs/"
_QUESTIONS = "[data-field=own_instrument]"

#: For the desk in English, for the README; for a phone in each language, for the page that learners read.
PICTURES = (
    # For course teams, in docs/blocks.md.
    Picture("class-results", "course_team", "/smartpd/{course}/team/results/", 1024, 1000, top="h1"),
    *(Picture(name, on.who, on.address, 1024, on.height, "en", on.top, on.press) for name, on in _PAGES.items()),
    *(
        Picture(f"{name}-phone.{lang}", on.who, on.address, 360, 760, lang, on.top or "h1", on.press)
        for name, on in _PAGES.items()
        for lang in LANGUAGES
    ),
    # For the course team, whose page is in English.
    Picture("questions-editor", "course_team", _EDITOR, 1024, 1400, "en", _QUESTIONS, "[data-adapt]"),
    Picture("questions-editor-phone.ru", "course_team", _EDITOR, 360, 760, "ru", _QUESTIONS, "[data-adapt]"),
)

#: A text that somebody is writing, in the four parts of PRES.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "I think that a digital tool belongs in a class only where students could not do the work without it.",
        "The main reason is that a tool which becomes the aim itself takes time from the topic.",
        "For example, last week we spent fifteen minutes opening an online board; on paper the task took six.",
        "Therefore, I will write down the aim of the class first, and choose the tool after that.",
    ),
    "ru": (
        "Я считаю, что цифровое средство нужно на занятии только там, где без него студентам не справиться с работой.",
        "Главная причина в том, что средство, которое само стало целью занятия, отнимает у студентов время на тему.",
        "Например, на прошлой неделе мы пятнадцать минут открывали онлайн-доску, а на бумаге справились за шесть.",
        "Таким образом, сначала я буду записывать цель занятия, а уже потом выбирать средство, которое к ней ведёт.",
    ),
    "uz": (
        "Mening fikrimcha, raqamli vosita har bir darsda emas, faqat talabalar usiz bajara olmaydigan ish boʻlgan "
        "darsda kerak.",
        "Asosiy sababi shuki, vosita darsning maqsadiga aylanib qolsa, u mavzuni oʻrganishga ajratilgan vaqtning koʻp "
        "qismini oladi.",
        "Masalan, oʻtgan haftada onlayn doskani ochishga oʻn besh daqiqa sarfladik, qogʻozda esa shu topshiriqni olti "
        "daqiqada bajardik.",
        "Shunday qilib, bundan keyin avval dars maqsadini yozib olaman, unga olib boradigan raqamli vositani esa "
        "shundan soʻng tanlayman.",
    ),
}


@contextmanager
def _demo() -> Iterator[str]:
    """A running demo with nothing done in it but the simulated weeks; its address."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = trial.getsockname()[1]
        own = {"SMARTPD_VAR": folder, "PORT": str(port), "SMARTPD_DATABASE_URL": ""}
        demo = subprocess.Popen(
            [sys.executable, "-m", "demo"], env={**os.environ, **own}, stdout=subprocess.PIPE, text=True
        )
        try:
            for line in demo.stdout or ():
                print(line, end="", flush=True)
                if "Ctrl-C" in line:
                    break
            else:
                sys.exit("The demo did not start; what it said stands above.")
            yield f"http://127.0.0.1:{port}"
        finally:
            demo.terminate()
            demo.wait(timeout=30)


def _take(browser: Any, site: str, picture: Picture) -> bytes:
    """The picture as PNG in full colour."""
    from .course import COURSE_KEY

    phone = picture.width < 600
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=2 if phone else 1,
        locale=picture.lang,
    )
    page = context.new_page()
    try:
        page.goto(site)
        page.click(f"button[name=username][value={picture.who}]")
        page.goto(site + picture.address.format(course=COURSE_KEY), wait_until="networkidle")
        if picture.press:
            page.locator(picture.press).first.click()
        if picture.name.startswith("pres"):
            for field, words in zip(page.locator("textarea").all(), _TEXTS[picture.lang], strict=False):
                field.fill(words)
            page.locator("h1").first.click()
        if picture.top:
            page.locator(picture.top).first.evaluate("it => scrollTo(0, it.getBoundingClientRect().top + scrollY - 12)")
        page.mouse.move(0, 0)
        page.wait_for_timeout(2000)  # what was written is saved a moment later
        taken: bytes = page.screenshot()
        return taken
    finally:
        context.close()


def _small(png: bytes) -> bytes:
    """The same picture with few colours."""
    from PIL import Image

    few = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    packed = BytesIO()
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main(names: list[str]) -> int:
    """Take all pictures, or those of ``names`` (with or without the language)."""
    from playwright.sync_api import sync_playwright

    wanted = [one for one in PICTURES if not names or one.name in names or one.name.split(".")[0] in names]
    if not wanted:
        print(f"No such picture (there are: {', '.join(one.name for one in PICTURES)}).", file=sys.stderr)
        return 2
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _demo() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for picture in wanted:
            data = _small(_take(browser, site, picture))
            picture.file.write_bytes(data)
            print(f"{picture.file}: {len(data) / 1000:.0f} kB", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
