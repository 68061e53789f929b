"""Help and the accessibility statement: open to all, true to the scoring model, led to from where nothing is yet."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from readiness.dashboards.guide import shipped_model
from readiness.scoring.document import number_text
from rollout.choices import Role
from tests import factories as make
from tests.pages import table, words

pytestmark = pytest.mark.django_db


def test_help_is_read_without_a_log_in_and_led_to_from_the_foot_of_every_page(client: Client):
    text = client.get("/log-in/").text
    hrefs = re.findall(r'footer__list-item-link" href="([^"]+)"', text)
    pages = [client.get(href) for href in hrefs]

    assert hrefs == ["/help/", "/accessibility/"]
    assert [page.status_code for page in pages] == [200, 200]
    assert ["<h1" in page.text for page in pages] == [True, True]
    assert "/log/" not in pages[0].text.split("<main")[1]


def test_numbers_are_those_of_the_model(client: Client):
    text = client.get("/help/").text
    model = shipped_model()
    caps = {row[0]: row[1] for row in table(text, "cap-table")}

    assert sorted(caps.values()) == sorted(str(number_text(limit)) for limit in model.caps.values())
    assert caps["A blocking item is overdue"] == "49"
    assert "90 or more, and nothing holds it down" in words(text)
    assert "More than 5 and at most 15 points below" in words(text)
    assert "it counts 80% until" in words(text)
    assert "120 days before: 20" in words(text)
    assert "On the day: 100" in words(text)
    points = [float(each) for each in re.findall(r"<li>[^<:]+: ([\d.]+)</li>", text.split("Points that each")[1])]
    assert sum(points[:11]) == 100


@pytest.mark.parametrize("role", Role.values)
def test_own_role_comes_first_and_stands_open(role: str, client: Client):
    scope: dict[str, object] = {}
    if role == Role.WARD_MANAGER:
        scope = {"ward": make.make_ward()}
    elif role == Role.SITE_LEAD:
        scope = {"site": make.make_site()}
    elif role not in (Role.ADMINISTRATOR, Role.CHAMPION):
        scope = {"programme": make.make_programme()}
    client.force_login(make.make_member(role, **scope))
    text = client.get("/help/").text

    assert re.findall(r'id="role-(\w+)"( open)?', text)[0] == (role, " open")
    assert text.count(" open>") == 1
    assert len(re.findall(r"<details[^>]*>.*?<li>", text.split('id="score"')[0], re.DOTALL)) == len(Role)


def test_every_link_into_the_help_finds_its_part(client: Client):
    text = client.get("/help/").text
    led_to = set(re.findall(r'href="#([\w-]+)"', text.split("<main")[1]))
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        led_to |= set(re.findall(r'component "empty"[^%]*help="([\w-]+)"', path.read_text()))

    assert {"gate", "item", "score", "bands"} <= led_to
    assert led_to <= set(re.findall(r'id="([\w-]+)"', text))


def test_empty_list_leads_to_help(client: Client):
    deployment = make.make_deployment(programme=make.make_programme(code="EPR"), site=make.make_site(code="ALD"))
    client.force_login(make.make_member(Role.SITE_LEAD, site=deployment.site))

    assert '<a href="/help/#gate">Help with this</a>' in client.get("/p/EPR/s/ALD/gates/").text
