"""Sites and checklist items edited in their rows of a programme's lists, with scripts and without."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from readiness.models import ChecklistEvent, ChecklistItem, RescoreMark
from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, DeploymentChange, Wave
from rollout.services.deployments import plan_mark, set_standing
from rollout.services.people import person_of
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
LIST, ITEMS = "/p/EPR/sites/", "/p/EPR/checklist/"
ROW = "/p/EPR/s/ALD/plan/row/?stage=preparing"
ITEM = "/p/EPR/s/ALD/checklist/LOGIN/row/?blocking=on"


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    place = make.make_site(code="ALD", name="Alder", organisation=make.make_organisation(name="North Trust"))
    return make.make_deployment(
        programme=programme,
        site=place,
        stage="preparing",
        wave=make.make_wave(programme=programme, number=1),
        declared_status="green",
        declared_words="On course\nas agreed",
        declared_on=date(2026, 3, 2),
    )


@pytest.fixture
def wave(site: Deployment) -> Wave:
    return make.make_wave(programme=site.programme, number=2, name="Coast")


@pytest.fixture
def item(site: Deployment) -> ChecklistItem:
    return make.make_blocker(site, text="Log-in test", code="LOGIN")


@pytest.fixture
def manager(site: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme, user=make.make_user()))
    return client


def said(site: Deployment, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it, with ends of lines of its own."""
    now = Deployment.objects.get(pk=site.pk)
    standing = {"wave_id": now.wave_id, "status": now.declared_status, "words": "On course\r\nas agreed"}
    return {"mark": plan_mark(now), **standing, **more}


def stands(site: Deployment) -> tuple[Any, ...]:
    now = Deployment.objects.get(pk=site.pk)
    return now.wave and now.wave.number, now.declared_status, now.declared_words, now.declared_on


def changes() -> list[tuple[str, str, str]]:
    return list(DeploymentChange.objects.order_by("pk").values_list("what", "before", "after"))


# Sites ---------------------------------------------------------------------------------------------------------------


def test_form_of_a_site_opens_in_its_row_and_closes_again(site: Deployment, manager: Client):
    listed = manager.get(f"{LIST}?stage=preparing").text
    part, page = manager.get(ROW, headers=HTMX).text, manager.get(ROW).text
    closed = manager.get(f"{ROW}&row=on", headers=HTMX).text

    assert listed.count(f'href="{ROW}" hx-get="{ROW}" hx-target="closest tr"') == 1
    assert part.lstrip().startswith(f'<tr class="nhsuk-table__row" role="row" id="site-{site.pk}">')
    assert ("<html" in page, f'action="{ROW}"' in page, f'href="{LIST}?stage=preparing#site-{site.pk}"' in page) == (
        True,
        True,
        True,
    )
    assert re.findall(r'<select[^>]*name="(\w+)"[^>]* data-focus', part) == ["wave_id"]
    assert re.findall(r'data-cancels href="([^"]*)" hx-get="([^"]*)"', part) == [
        (f"{LIST}?stage=preparing#site-{site.pk}", f"{ROW}&amp;row=on")
    ]
    assert table(f'<table id="t"><tr></tr>{closed}</table>', "t") == table(listed, "site-table")
    assert (closed.count("<tr"), "data-focus>Edit" in closed, "<form" in closed) == (1, True, False)


def test_row_of_a_site_has_the_columns_of_its_list(site: Deployment, manager: Client):
    query = "?columns=wave,stage&sort=-score"
    listed = manager.get(LIST + query).text
    without = manager.get(f"{LIST}?columns=stage").text

    row = manager.get(f"/p/EPR/s/ALD/plan/row/{query}&row=on", headers=HTMX).text
    form = manager.get(f"/p/EPR/s/ALD/plan/row/{query}", headers=HTMX).text

    assert table(f'<table id="t"><tr></tr>{row}</table>', "t") == table(listed, "site-table")
    assert ('colspan="3"' in form, "plan/row/" in without) == (True, False)


@BOTH
def test_site_is_saved_in_one_go_and_undone(headers: dict[str, str], site: Deployment, wave: Wave, manager: Client):
    RescoreMark.objects.all().delete()

    answer = manager.post(ROW, said(site, wave_id=wave.pk, status="amber", words="Two wards wait"), headers=headers)

    assert stands(site) == (2, "amber", "Two wards wait", NOW.date())
    assert changes() == [("wave", "1", "2"), ("declared_status", "green", "amber")]
    assert set(AuditEntry.objects.filter(table="rollout_deployment").values_list("reason", flat=True)) >= {
        "wave and status set"
    }
    if headers:
        shown = answer.text
        assert (answer.status_code, "Saved: Alder" in shown, "data-focus>Edit" in shown) == (200, True, True)
    else:
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}?stage=preparing#site-{site.pk}")
        shown = manager.get(LIST).text
        assert "The wave and the declared status are saved." in words(shown)
    manager.post(re.findall(r'action="([^"]*/undo/[^"]*)"', shown)[0])
    assert stands(site) == (1, "green", "On course\nas agreed", date(2026, 3, 2))


def test_what_stands_so_already_is_not_declared_again(site: Deployment, wave: Wave, manager: Client):
    same = manager.post(ROW, said(site), headers=HTMX)
    moved = manager.post(ROW, said(site, wave_id=wave.pk), headers=HTMX)
    twice = manager.post(ROW, said(site, wave_id=wave.pk, mark="0" * 16), headers=HTMX)
    none = manager.post(ROW, said(site, wave_id=""), headers=HTMX)

    assert [answer.status_code for answer in (same, moved, twice, none)] == [200] * 4
    assert ["/undo/" in answer.text for answer in (same, moved, twice, none)] == [False, True, False, True]
    assert changes() == [("wave", "1", "2"), ("wave", "2", "")]
    assert stands(site) == (None, "green", "On course\nas agreed", date(2026, 3, 2))


@BOTH
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"status": ""}, "Select green, amber or red"),
        ({"words": ""}, "Say what the colour rests on"),
        ({"wave_id": "999999"}, "Select a valid choice"),
        ({"status": "blue"}, "Select a valid choice"),
        ({"words": "Seen by 943 476 5919"}, "NHS number"),
    ],
)
def test_bad_row_of_a_site_says_how_to_mend(
    headers: dict[str, str], typed: dict[str, str], told: str, site: Deployment, manager: Client
):
    answer = manager.post(ROW, said(site, **{"words": "Kept as typed", **typed}), headers=headers)

    assert (answer.status_code, told in words(answer.text), changes()) == (422, True, [])
    assert typed.get("words", "Kept as typed") in answer.text
    assert ("<title>Error:" in answer.text, "data-focus" in answer.text) == (not headers, False)


def test_first_colour_asks_for_words_and_words_for_a_colour(site: Deployment, manager: Client):
    Deployment.objects.update(declared_status="", declared_words="", declared_on=None)
    opened = manager.get(ROW, headers=HTMX).text
    answers = [
        manager.post(ROW, said(site, **typed), headers=HTMX)
        for typed in ({"status": "", "words": ""}, {"status": "red", "words": ""}, {"status": "", "words": "Hm"})
    ]

    assert "Nothing declared" in opened
    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert ("Say what the colour rests on" in answers[1].text, "Select green, amber or red" in answers[2].text) == (
        True,
        True,
    )


@BOTH
def test_later_save_of_a_site_is_shown_both_versions(
    headers: dict[str, str], site: Deployment, wave: Wave, manager: Client
):
    typed = said(site, status="red", words="Cutover failed")
    other = make.make_user()
    set_standing(
        deployment_id=site.pk, mark=plan_mark(site), wave_id=wave.pk, status="amber", words="Waiting", by=other
    )

    late = manager.post(ROW, typed, headers=headers)

    assert (late.status_code, stands(site)[:2]) == (409, (2, "amber"))
    for told in ("Somebody else changed this", "Waiting", "Cutover failed", f'value="{plan_mark(reread(site))}"'):
        assert told in late.text
    assert manager.post(ROW, said(site, status="red", words="Cutover failed"), headers=headers).status_code in (
        200,
        302,
    )
    assert stands(site)[1:3] == ("red", "Cutover failed")


def reread(site: Deployment) -> Deployment:
    return Deployment.objects.get(pk=site.pk)


@pytest.mark.parametrize(
    ("role", "links"), [(Role.SITE_LEAD, 1), (Role.SIGNATORY, 0), (Role.BOARD_MEMBER, 0), (Role.TRAINER, 0)]
)
def test_rows_of_sites_are_for_those_who_plan_them(role: Role, links: int, site: Deployment, client: Client):
    make.make_deployment(programme=site.programme)
    scope = {"site": site.site} if role == Role.SITE_LEAD else {"programme": site.programme}
    client.force_login(make.make_member(role, **scope))

    found = [client.get(LIST + query).text.count("/plan/row/") for query in ("", "?view=heatmap", "?as_of=2026-03-10")]

    assert found == [2 * links, 0, 0]
    assert client.get(ROW, headers=HTMX).status_code == (200 if links else 403)


# Items ---------------------------------------------------------------------------------------------------------------


def answer_of(**said: Any) -> dict[str, Any]:
    return {"state": "in_progress", "reason": "", "owner": "", "due_on": "", "version": 1, **said}


def test_form_of_an_item_opens_in_its_row_and_closes_again(manager: Client, item: ChecklistItem):
    listed = manager.get(f"{ITEMS}?blocking=on").text
    part, page = manager.get(ITEM, headers=HTMX).text, manager.get(ITEM).text
    closed = manager.get(f"{ITEM}&row=on", headers=HTMX).text
    back = f"{ITEMS}?blocking=on#item-{item.pk}"

    assert listed.count(f'href="{ITEM}" hx-get="{ITEM}" hx-target="closest tr"') == 1
    assert part.lstrip().startswith(f'<tr class="nhsuk-table__row" role="row" id="item-{item.pk}">')
    assert re.findall(r'data-cancels href="([^"]*)" hx-get="([^"]*)"', part) == [(back, f"{ITEM}&amp;row=on")]
    assert sum(int(span) for span in re.findall(r'colspan="(\d)"', part)) == len(re.findall(r"<th [^>]*col", listed))
    assert ("<html" in page, f'action="{ITEM}"' in page, f'href="{back}"' in page) == (True, True, True)
    assert table(f'<table id="t"><tr></tr>{closed}</table>', "t") == table(listed, "item-table")
    assert (manager.get(f"{ITEM}&row=on").headers["Location"], "data-focus>Edit" in closed) == (back, True)


@BOTH
def test_item_is_saved_in_its_row_and_undone(headers: dict[str, str], manager: Client, item: ChecklistItem):
    typed = answer_of(owner="Bo Ek", due_on="2026-05-01")
    answer = manager.post(ITEM, typed, headers=headers)
    again = manager.post(ITEM, typed, headers=headers)

    now = ChecklistItem.objects.select_related("owner").get()
    assert (now.state, str(now.owner), now.due_on, now.version) == ("in_progress", "Bo Ek", date(2026, 5, 1), 2)
    if headers:
        shown = answer.text
        assert (answer.status_code, "Saved: Log-in test" in shown, "/undo/" in again.text) == (200, True, False)
        assert column(f'<table id="t"><tr></tr>{shown}</table>', "t", 4) == ["In progress"]
    else:
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{ITEMS}?blocking=on#item-{item.pk}")
        shown = manager.get(ITEMS).text
    manager.post(re.findall(r'action="([^"]*/undo/[^"]*)"', shown)[0])
    assert ChecklistItem.objects.values_list("state", "owner", "due_on").get() == ("not_started", None, None)


@BOTH
def test_bad_row_of_an_item_says_how_to_mend(headers: dict[str, str], manager: Client, item: ChecklistItem):
    answer = manager.post(ITEM, answer_of(state="blocked", owner="Bo Ek"), headers=headers)

    told = ("Say why, so that others can help or agree", 'value="Bo Ek"')
    assert (answer.status_code, [each in answer.text for each in told]) == (422, [True, True])
    assert ("<title>Error:" in answer.text, ChecklistEvent.objects.count()) == (not headers, 0)


@BOTH
def test_later_save_of_an_item_is_shown_both_versions(headers: dict[str, str], manager: Client, item: ChecklistItem):
    manager.post(ITEM, answer_of(owner="Cy Ito"))

    late = manager.post(ITEM, answer_of(owner="Bo Ek"), headers=headers)

    told = ("Somebody else changed this", "Cy Ito", 'value="Bo Ek"', 'name="version" value="2"')
    assert (late.status_code, [each in late.text for each in told]) == (409, [True] * 4)
    assert manager.post(ITEM, answer_of(owner="Bo Ek", version=2), headers=headers).status_code in (200, 302)
    assert str(ChecklistItem.objects.select_related("owner").get().owner) == "Bo Ek"


def test_owner_who_gives_an_item_away_has_saved_it(client: Client, site: Deployment, item: ChecklistItem):
    owner = make.make_member(Role.TRAINER, programme=site.programme)
    ChecklistItem.objects.update(owner=person_of(owner))
    other = make.make_blocker(make.make_deployment(programme=site.programme), text="Downtime plan", code="DOWN")
    client.force_login(owner)
    listed = client.get(ITEMS).text

    answer = client.post(ITEM, answer_of(owner="Bo Ek"), headers=HTMX)

    assert (listed.count(f"/{item.code}/row/"), listed.count(f"/{other.code}/row/")) == (2, 0)
    assert (answer.status_code, "Saved: Log-in test" in answer.text, "/row/" in answer.text) == (200, True, False)
    assert client.get(ITEM).status_code == 403


def test_rows_take_as_many_queries_whatever_the_list(
    site: Deployment, item: ChecklistItem, manager: Client, django_assert_max_num_queries: Any
):
    for number in range(3):
        make.make_blocker(make.make_deployment(programme=site.programme), code=f"B{number}")

    for address in (ROW, ITEM):
        for query in ("", "&row=on"):
            with django_assert_max_num_queries(25):
                manager.get(address + query, headers=HTMX)


def test_address_of_the_row_names_an_item_there_is(manager: Client, item: ChecklistItem):
    address = reverse("readiness:item-row", kwargs={"programme": "EPR", "site": "ALD", "item": "NONE"})

    assert (manager.get(address).status_code, manager.post(address, answer_of()).status_code) == (404, 404)
