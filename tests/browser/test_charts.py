"""Charts in a real browser: the picture that fits, read aloud, in forced colours and in print."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from playwright.sync_api import BrowserContext, Page, expect

from rollout.charts import Area, Chart, Line, Mark, time_chart, xmr_chart
from rollout.xmr import Base
from tests.browser.conftest import Watch, findings, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 3, 14)


def charts() -> list[Chart]:
    """A chart of each kind, with all that can stand in it."""
    days = [DAY + timedelta(days=number) for number in range(60)]
    use = [(DAY + timedelta(weeks=week), 40 + week * 7 % 11 + (week > 20) * 20) for week in range(40)]
    return [
        time_chart(
            name="score",
            title="The score is 8 points behind what is expected.",
            lines=[
                Line("Score", [(day, 20 + number) for number, day in enumerate(days)]),
                Line("Expected", [(days[0], 28), (days[-1], 90)], "expected"),
                Line("Ready from 90", [(DAY, 90)], "target"),
            ],
            areas=[Area("Likely", [(day, 60, 95) for day in days[40:]])],
            marks=[Mark(days[number], f"Decision of the board {number}") for number in (5, 6, 30)],
            today=days[40],
        ),
        xmr_chart(
            name="use",
            title="Use has risen.",
            points=use,
            better="up",
            target=70,
            bases=[Base(DAY + timedelta(weeks=21), "Go-live")],
        ),
        time_chart(name="none", title="Nothing is drawn yet.", empty="The first score comes tonight."),
    ]


def put(page: Page) -> None:
    """Put the charts on a page of the site, in its style sheet and under its policies."""
    page.goto("/log-in/")
    source = '{% load components %}{% component "chart" chart=chart %}{% endcomponent %}'
    request = RequestFactory().get("/")
    html = "".join(Template(source).render(Context({"request": request, "chart": chart})) for chart in charts())
    page.evaluate("html => { document.querySelector('main').innerHTML = '<h1>Charts</h1>' + html }", html)


@pytest.mark.parametrize(("width", "shown", "hidden"), [(320, "narrow", "wide"), (1280, "wide", "narrow")])
def test_one_picture_is_shown_and_has_no_findings(page: Page, watch: Watch, width: int, shown: str, hidden: str):
    page.set_viewport_size({"width": width, "height": 900})
    put(page)
    for summary in page.locator("details > summary").all():
        summary.click()

    assert (findings(page), sideways(page)) == ([], 0)
    expect(page.locator(f".app-chart__picture--{shown}:visible")).to_have_count(2)
    expect(page.locator(f".app-chart__picture--{hidden}:visible")).to_have_count(0)
    expect(page.get_by_role("img", name="The score is 8 points behind what is expected.")).to_have_count(1)


def test_words_in_pictures_are_large_enough_to_read(page: Page, watch: Watch):
    smallest = {}
    for width in (320, 390, 641, 769, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        put(page)
        heights = "all => Math.min(...all.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height))"
        smallest[width] = page.locator(".app-chart__picture text:not(:has(tspan))").evaluate_all(heights)

    assert min(smallest.values()) >= 12, smallest


def test_no_words_run_into_others(page: Page, watch: Watch):
    overlaps = """all => {
        const seen = all.filter(e => e.checkVisibility()).map(e => [e.textContent, e.getBoundingClientRect()]);
        const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
        const later = i => seen.slice(i + 1);
        return seen.flatMap(([one, a], i) => later(i).filter(([, b]) => meet(a, b)).map(([two]) => `${one}|${two}`));
    }"""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        put(page)
        assert page.locator(".app-chart__picture text").evaluate_all(overlaps) == []


def test_forced_colours_reach_lines_and_words(open_context: Callable[..., BrowserContext], watch: Watch):
    page = open_context(forced_colors="active", color_scheme="dark").new_page()
    put(page)

    colours = page.locator(
        ".app-chart__picture--wide text, .app-chart__picture--wide path[stroke-dasharray]"
    ).evaluate_all("all => [...new Set(all.map(e => getComputedStyle(e)[e.tagName === 'text' ? 'fill' : 'stroke']))]")
    ground = page.locator(".app-chart__picture--wide > rect").first.evaluate("e => getComputedStyle(e).fill")
    assert len(colours) == 1
    assert ground not in colours


def test_print_shows_the_large_picture_and_nothing_to_open(page: Page, watch: Watch):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    put(page)

    expect(page.locator(".app-chart__picture--wide:visible")).to_have_count(2)
    expect(page.locator(".app-chart summary:visible")).to_have_count(0)
