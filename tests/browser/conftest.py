"""A real browser on a real demo; skipped where there is none, unless SMARTPD_REQUIRE_BROWSER=1."""

import os
import shutil
import signal
from urllib.parse import urlsplit

import pytest

from tests.demo.running import Demo

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(reason):
    if os.environ.get("SMARTPD_REQUIRE_BROWSER") == "1":
        pytest.fail(f"SMARTPD_REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not os.access(path, os.X_OK):
        missing(f"there is no chromium at {path} (CHROMIUM= names another)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A data folder as the first start leaves it."""
    var = tmp_path_factory.mktemp("browser") / "var"
    demo = Demo(var)
    demo.stop()
    return var


@pytest.fixture
def demo(prepared, tmp_path):
    """A running demo in which nobody has done anything since it was prepared."""
    demo = Demo(shutil.copytree(prepared, tmp_path / "var"))
    yield demo
    demo.stop(signal.SIGTERM)


class Window:
    """A page of one width in one language; ``complaints`` is what went wrong behind the scenes.

    ``forgive`` are pieces of complaints that a test brings about on purpose.
    """

    forgive = ()

    def __init__(self, page, site):
        self.page = page
        self.site = site
        self.complaints = []
        page.on("console", lambda message: self.note(message.type in ("error", "warning"), message.text))
        page.on("pageerror", lambda error: self.note(True, str(error)))
        page.on("response", lambda answer: self.note(answer.status >= 400, f"{answer.status} {answer.url}"))
        page.on("request", lambda request: self.note(self._foreign(request.url), f"another host: {request.url}"))

    def note(self, wrong, words):
        if wrong and not any(piece in words for piece in self.forgive):
            self.complaints.append(words)

    def _foreign(self, url):
        return urlsplit(url).scheme in ("http", "https", "ws", "wss") and not url.startswith(self.site)

    def open(self, path):
        self.page.goto(self.site + path)
        self.check_width()

    def check_width(self):
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        self.note(wider > 0, f"{self.page.url} is {wider} px wider than the window")

    def be(self, username, *, lang="en"):
        self.open("/")
        self.page.click(f"button[name=language][value={lang}]")
        self.page.wait_for_selector(f"html[lang={lang}]")
        self.page.click(f"button[name=username][value={username}]")
        self.page.wait_for_selector(".demo-you")


@pytest.fixture
def window(chromium, demo):
    """Opens a window of a width; at the end nothing may have gone wrong in any of them."""
    opened = []

    def open_window(width):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        context.set_default_timeout(20_000)
        opened.append(Window(context.new_page(), f"http://127.0.0.1:{demo.port}"))
        return opened[-1]

    yield open_window
    for each in opened:
        each.page.context.close()
    assert [complaint for each in opened for complaint in each.complaints] == []
