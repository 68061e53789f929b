"""The chart on a page: its message, the same as a table, the files, and colours that can be seen."""

import re
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from rollout.charts import Chart, Line, Mark, icons, parts, time_chart, xmr_chart
from tests.pages import table

DAY = date(2026, 3, 14)


def show(chart: Chart, address: str = "/p/EPR/?as_of=2026-03-20") -> str:
    source = '{% load components %}{% component "chart" chart=chart %}{% endcomponent %}'
    return Template(source).render(Context({"request": RequestFactory().get(address), "chart": chart}))


def made(**options: object) -> Chart:
    points = [(DAY, 1280), (DAY + timedelta(days=1), None), (DAY + timedelta(days=2), 1300)]
    plan = [(DAY + timedelta(days=1), 1290)]
    lines = [Line("Notes", points), Line("Plan", plan, "planned")]
    return time_chart(**{"name": "notes", "title": "More notes <each> day.", "lines": lines, **options})


def test_figure_has_message_pictures_table_and_files():
    html = show(made())

    assert '<figcaption class="app-chart__title">More notes &lt;each&gt; day.</figcaption>' in html
    assert html.count("<svg") == 2
    assert table(html, "notes") == [
        ["14 March 2026", "1,280", "No data"],
        ["15 March 2026", "No data", "1,290"],
        ["16 March 2026", "1,300", "No data"],
    ]
    assert 'href="?as_of=2026-03-20&amp;download=csv&amp;table=notes"' in html
    assert 'href="?as_of=2026-03-20&amp;download=xlsx&amp;table=notes"' in html


def test_ids_are_unique():
    html = show(made(marks=[Mark(DAY, "Gate 1")])) + show(xmr_chart(name="use", title="Use.", points=[(DAY, 1)] * 20))

    found = re.findall(r'\sid="([^"]+)"', html)
    assert len(found) == len(set(found)) > 8


def test_numbered_marks_are_listed_in_their_order():
    marks = [Mark(DAY + timedelta(days=number), f"Decision of the board, number {number}") for number in range(3)]

    html = show(made(marks=marks))

    listed = re.findall(r"<li><strong>(.*?)</strong> (.*?)</li>", html)
    assert listed == [
        ("14 March 2026", "Decision of the board, number 0"),
        ("15 March 2026", "Decision of the board, number 1"),
        ("16 March 2026", "Decision of the board, number 2"),
    ]


def test_nothing_to_draw_is_a_sentence_without_table_or_files():
    html = show(made(lines=[], empty="The first count comes tonight."))

    assert '<p class="app-chart__empty">The first count comes tonight.</p>' in html
    assert ("<svg" in html, "<table" in html, "download" in html) == (False, False, False)


def test_icons_key_and_rule_stand_with_the_picture():
    points = [(DAY + timedelta(days=number), 10 if number < 12 else 20) for number in range(13)]

    html = show(xmr_chart(name="use", title="Use has risen.", points=points, better="up", target=30))

    for words in ("Improving: higher than usual", "Always misses the target", "Concern (special cause)"):
        assert words in html
    assert "26 March 2026: above the upper limit (improvement)." in html


def test_long_table_says_where_the_rest_is():
    days = [(DAY + timedelta(days=number), number) for number in range(200)]

    html = show(time_chart(name="notes", title="More.", lines=[Line("Notes", days)]))

    assert "The files have every day." in html
    assert "The files have every day." not in show(made())


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


COLOURS = {
    *(colour for colour, _, _ in parts.LINES.values()),
    *(colour for colour, _ in parts.ACTUALS),
    *(colour for _, colour in icons.MARKS.values()),
}


@pytest.mark.parametrize("colour", sorted(COLOURS))
def test_colours_are_seen_on_panels_pages_and_bands(colour: str):
    """Lines and words share their colours, so each has the 4.5 that words need on white and 3 on the other grounds."""
    assert contrast(colour, parts.PAPER) >= 4.5
    assert contrast(colour, "#f0f4f5") >= 3
    assert contrast(colour, parts.TINT) >= 3


def test_marks_of_control_charts_have_the_colours_of_the_house():
    assert {meaning: icons.MARKS[meaning] for meaning in ("common", "improvement", "concern")} == {
        "common": ("circle", "#4c6272"),
        "improvement": ("triangle", "#0077a3"),
        "concern": ("diamond", "#b35300"),
    }
