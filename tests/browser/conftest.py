"""A headless Chromium that notices what a person's browser would complain of."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from rollout.models import User
from tests.examples import PROFILE
from tests.rollout.conftest import PASSWORD
from tools import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (320, 1280)
AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEMPLATES = [
    {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], settings.BASE_DIR / "tests/rollout/templates"]}
]


class Watch:
    """Keeps what went wrong in the pages of one test: console errors, broken policies, requests to other sites."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.problems: list[str] = []
        self.expected: set[str] = set()

    def expect(self, status: int) -> None:
        """An answer of this status belongs to the test; Chromium writes each to the console."""
        self.expected |= {f"the server responded with a status of {status} ", f"Response Status Error Code {status} "}

    def follow(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in self.expected):
            self.problems.append(f"{message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.problems.append(f"asked another site: {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    path = chromium.find()
    assert path, "no Chromium here: set CHROMIUM to its path"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous calls run inside a loop; Django would refuse the database beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        # How long a page may take on a busy machine; what never comes still fails.
        expect.set_options(timeout=15_000)
        yield opened
        opened.close()


@pytest.fixture
def home(live_server: LiveServer) -> str:
    """The address of the site of this test, under a name that browsers trust."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def watch(home: str) -> Iterator[Watch]:
    """Fails the test at its end for whatever went wrong in its pages unexpectedly."""
    seen = Watch(home)
    yield seen
    assert seen.problems == []


@pytest.fixture
def open_context(browser: Browser, home: str, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser of a person's own: `open_context(java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def start(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=home, **options)
        context.set_default_timeout(10_000)
        context.on("page", watch.follow)
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """An empty page at desktop width."""
    return open_context(viewport={"width": 1280, "height": 900}).new_page()


@pytest.fixture
def plain_page(open_context: Callable[..., BrowserContext]) -> Page:
    """An empty page of a browser without scripts."""
    return open_context(java_script_enabled=False).new_page()


@pytest.fixture
def with_note_page() -> Iterator[None]:
    """The test's own page with a form, at /page/ (needs `@pytest.mark.urls`)."""
    with override_settings(TEMPLATES=TEMPLATES):
        yield


@pytest.fixture
def person(transactional_db: None) -> User:
    """Somebody who may log in."""
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana Whitlock")


def log_in(page: Page, address: str = "/log-in/", password: str = PASSWORD) -> None:
    """Fill in the log-in form and send it; the person must exist."""
    page.goto(address)
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def findings(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, in words; no rule is off."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{found['id']}: {[node['html'][:120] for node in found['nodes']]}" for found in result["violations"]]


WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window; the menu of the header follows a new width a moment later."""
    # Not by wait_for_function, whose eval the policy of our pages refuses.
    for _ in range(20):
        if page.evaluate(WIDER) <= 0:
            return 0
        page.wait_for_timeout(100)
    return page.evaluate(WIDER)


def looked_at(page: Page, turn: int, widths: Sequence[int] = WIDTHS) -> dict[int, tuple[list[str], int]]:
    """What axe finds and how many pixels the page is too wide, at each width.

    By day axe looks at one of the widths, and for the page of the next turn at the other one; by night at both.
    """
    found = {}
    for place, width in enumerate(widths):
        page.set_viewport_size({"width": width, "height": 900})
        asked, wider = PROFILE == "night" or place == turn % len(widths), sideways(page)
        found[width] = (findings(page) if asked else [], wider)
    return found


def focused(page: Page) -> str:
    """The name of the element that has the focus, as a person would say it."""
    return page.evaluate(
        "() => { const e = document.activeElement; return e.getAttribute('aria-label') || "
        "(e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent).trim().replace(/\\s+/g, ' ') }"
    )
