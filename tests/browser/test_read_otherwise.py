"""Every page for reading as people set their browsers: wider spaced, larger text, other colours, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from rollout.choices import Role
from tests.browser.conftest import Watch, sideways
from tests.browser.test_reading_pages import PAGES, programme, visit
from tests.examples import PROFILE

__all__ = ["programme", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A constructed sheet, since the policy of our pages lets no style in from elsewhere.
STYLED = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
  document.querySelectorAll("details:not(.app-menu)").forEach((each) => { each.open = true; });
}"""
# What WCAG 1.4.12 asks a page to bear, and text alone at twice its size (1.4.4).
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
LARGER = "html { font-size: 200% !important }"
# Text that a box cuts off. What only screen readers hear is cut on purpose.
CUT = """() => [...document.querySelectorAll("main *")].filter((each) => {
  const style = getComputedStyle(each);
  const hides = [style.overflowX, style.overflowY].some((one) => one === "hidden" || one === "clip");
  return hides && each.clientWidth > 2 && each.checkVisibility() && each.textContent.trim()
    && (each.scrollWidth > each.clientWidth + 2 || each.scrollHeight > each.clientHeight + 2);
}).map((each) => each.outerHTML.slice(0, 100))"""
WAYS = ((320, SPACED), (1280, SPACED), (1280, LARGER))


@pytest.mark.night
def test_pages_bear_wider_spaced_and_larger_text(visit: Callable[..., Page], watch: Watch):
    page, wrong = visit(Role.PROGRAMME_MANAGER), []
    for address in PAGES:
        page.goto(address)
        for width, rules in WAYS:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(STYLED, rules)
            found = (sideways(page), page.evaluate(CUT))
            if found != (0, []):
                wrong.append((address, width, rules[:12], *found))

    assert wrong == []


# The visible elements that a keyboard should reach, in their order on the page; of radio buttons one of a group.
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(e => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))
    .filter((e, _place, all) => e.type !== 'radio' || e.checked
        || (!all.some(o => o.name === e.name && o.checked) && all.find(o => o.name === e.name) === e))
    .map((e, number) => { e.dataset.walk = number; return number })"""
# The focused element: its number, and whether a person can see that it has the focus.
FOCUSED = """() => { const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return [Number(e.dataset.walk ?? -1), marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight] }"""

# By day on two pages; by night on every one, which is the same walk.
WALKED = [
    pytest.param(role, address, marks=() if address in by_day else pytest.mark.night)
    for role, pages, by_day in (
        (Role.PROGRAMME_MANAGER, PAGES, ("/p/SMALL/s/S1/",)),
        (Role.BOARD_MEMBER, ("/p/SMALL/board/",), ("/p/SMALL/board/",)),
    )
    for address in pages
]


@pytest.mark.parametrize(("role", "address"), WALKED)
def test_keyboard_walks_through_the_whole_page(visit: Callable[..., Page], watch: Watch, role: Role, address: str):
    page = visit(role, viewport={"width": 1280, "height": 900})
    page.goto(address)
    wanted = page.evaluate(REACHABLE)

    walked: list[tuple[int, bool]] = []
    while len(walked) < len(wanted):
        page.keyboard.press("Tab")
        number, seen = page.evaluate(FOCUSED)
        # A field for a date has a stop for each of its parts.
        if not walked or number != walked[-1][0]:
            walked.append((number, seen))

    assert len(wanted) > 10
    assert walked == [(number, True) for number in wanted]


def test_colours_of_ones_own_and_stillness_change_no_page(visit: Callable[..., Page], watch: Watch):
    """With forced colours every page keeps its words and its width; nothing moves where somebody wants stillness."""
    page = visit(Role.PROGRAMME_MANAGER, forced_colors="active", reduced_motion="reduce")
    moving = """() => document.getAnimations().filter((each) => each.playState === "running").length"""
    wrong = []
    for address in PAGES if PROFILE == "night" else list(PAGES)[::3]:
        page.goto(address)
        found = (sideways(page), page.evaluate(moving), page.get_by_role("heading", level=1).count())
        if found != (0, 0, 1):
            wrong.append((address, found))

    assert wrong == []
