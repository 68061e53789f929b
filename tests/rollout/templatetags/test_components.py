"""Components: what stands in them, and what they let through."""

from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory

from rollout.templatetags.components import BANDS


def show(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load components %}" + source).render(Context({"request": request, **context}))


def test_component_shows_content_and_named_parts():
    html = show(
        '{% component "card" heading="Training" level=3 %}<p>Body {{ name }}</p>'
        '{% slot "actions" %}<a href="/x">Change</a>{% endslot %}{% endcomponent %}',
        name="<b>Ward 7</b>",
    )

    assert '<h3 class="nhsuk-card__heading nhsuk-heading-s">Training</h3>' in html
    assert '<div class="nhsuk-card__actions"><a href="/x">Change</a></div>' in html
    assert "<p>Body &lt;b&gt;Ward 7&lt;/b&gt;</p>" in html


def test_component_escapes_its_arguments():
    assert "&lt;script&gt;" in show('{% component "empty" heading=words %}{% endcomponent %}', words="<script>")


def test_component_sees_nothing_of_the_page():
    html = show('{% component "notification_banner" %}x{% endcomponent %}', heading="Secret", kind="success")

    assert "Secret" not in html
    assert "--success" not in html


def test_component_inside_another_keeps_its_own_parts():
    html = show(
        '{% component "card" heading="A" %}{% component "summary_list" %}'
        '{% component "summary_row" key="Wave" href="/w" action="Change" %}2{% endcomponent %}{% endcomponent %}'
        '{% slot "actions" %}only the card{% endslot %}{% endcomponent %}'
    )

    assert html.count("only the card") == 1
    assert '<a class="nhsuk-link" href="/w">Change<span class="nhsuk-u-visually-hidden"> (Wave)</span></a>' in html


def test_component_takes_only_named_arguments():
    with pytest.raises(TemplateSyntaxError, match="only named arguments"):
        Template('{% load components %}{% component "card" "A" %}{% endcomponent %}')


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("ready", "Ready"),
        ("on_track", "On track"),
        ("at_risk", "At risk"),
        ("off_track", "Off track"),
        ("paused", "Paused"),
        ("unscheduled", "No date"),
        ("unknown", "No evidence yet"),
        ("n/a", "Not applicable"),
    ],
)
def test_band_tag_speaks_in_word_shape_and_colour(code: str, word: str):
    colour, shape = BANDS[code]

    html = show("{% band_tag code %}", code=code)

    assert f">{word}</strong>" in html
    assert f"nhsuk-tag--{colour}" in html
    assert ("<svg" in html) == bool(shape)


def test_band_tag_has_a_shape_of_its_own_for_each_band():
    drawn = {show("{% band_tag code %}", code=code).partition("<svg")[2].partition("</svg>")[0] for code in BANDS}

    assert len(drawn) == len(BANDS)


def test_band_tag_refuses_an_unknown_code():
    with pytest.raises(KeyError):
        show("{% band_tag code %}", code="green")


def test_score_line_says_everything_in_one_line():
    html = show(
        '{% include "components/score_line.html" with score=62.97 band="at_risk" expected=70 days_to_go=41'
        " coverage=0.86 only %}"
    )

    words = " ".join(Template("{{ html|striptags }}").render(Context({"html": html})).split())
    assert words == "62 of 100 At risk 70 expected today 41 days to go based on 86% of what is measured"


def test_score_line_without_score_says_so():
    assert "Nothing recorded yet" in show('{% include "components/score_line.html" with score=None only %}')


def test_declared_beside_computed_is_marked_where_they_differ():
    source = (
        '{% include "components/declared.html" with status="green" when=when today=today band="at_risk"'
        " differs=differs only %}"
    )
    days = {"when": date(2026, 3, 2), "today": date(2026, 3, 14)}

    differing, agreeing = show(source, differs=True, **days), show(source, differs=False, **days)

    assert "Declared green on 2 March (12 days ago)" in differing
    assert "Differs" in differing
    assert "Differs" not in agreeing


def test_pagination_keeps_the_rest_of_the_address():
    html = show("{% pagination page %}", "/sites/?band=at_risk&page=3", page=Paginator(range(1000), 50).page(3))

    assert 'href="?band=at_risk&amp;page=2" rel="prev"' in html
    assert 'href="?band=at_risk&amp;page=20"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_is_silent_where_all_fits_on_one_page():
    assert show("{% pagination page %}", page=Paginator(range(50), 50).page(1)).strip() == ""


def test_table_marks_the_sorted_column_and_turns_its_link_round():
    html = show(
        '{% component "table" id="sites" caption="Sites" columns=columns %}<tr><td>x</td></tr>{% endcomponent %}',
        "/?sort=score&page=4&wave=2",
        columns=[
            {"label": "Site", "sort": "site"},
            {"label": "Score", "sort": "score", "numeric": True},
            {"label": "Held by"},
        ],
    )

    assert html.count("aria-sort") == 1
    sorted_head = html.partition('aria-sort="ascending">')[2].partition("</th>")[0]
    assert 'href="?sort=-score&amp;wave=2"' in sorted_head
    assert "Score" in sorted_head
    assert 'href="?sort=site&amp;wave=2"' in html
    assert 'role="region" aria-labelledby="sites-caption" tabindex="0"' in html


class Filters(forms.Form):
    """Filters of a list, for the chips."""

    is_filter = True
    q = forms.CharField(label="Site", required=False)
    band = forms.MultipleChoiceField(label="Band", choices=[("at_risk", "At risk"), ("ready", "Ready")], required=False)
    late = forms.BooleanField(label="Only late", required=False)


def test_filter_chips_take_one_choice_away_each():
    address = "/sites/?q=ward&band=at_risk&band=ready&late=on&page=3&sort=site"
    form = Filters(RequestFactory().get(address).GET)
    form.is_valid()

    html = show("{% filter_chips form %}", address, form=form)

    assert 'href="/sites/?q=ward&amp;band=ready&amp;late=on&amp;sort=site"' in html
    assert "Band: At risk" in html
    assert "Site: ward" in html
    assert "Only late <span" in html
    assert '<a href="/sites/">Clear filters</a>' in html


def test_filter_chips_leave_out_what_is_not_valid():
    form = Filters(RequestFactory().get("/sites/?band=purple").GET)
    form.is_valid()

    assert show("{% filter_chips form %}", "/sites/?band=purple", form=form).strip() == ""


def test_request_context_reaches_links_inside_components():
    request = RequestFactory().get("/?wave=2")
    template = Template(
        '{% load components %}{% component "table" id="t" caption="T" columns=columns %}{% endcomponent %}'
    )

    html = template.render(RequestContext(request, {"columns": [{"label": "Site", "sort": "site"}]}))

    assert 'href="?wave=2&amp;sort=site"' in html
