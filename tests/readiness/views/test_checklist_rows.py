"""Checklist items changed in their rows, with scripts and without, and the recent changes of the pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from readiness.models import ChecklistEvent, ChecklistItem, Gate, GateReview
from readiness.services.items import ItemChange, change_item
from rollout.audit import acting
from rollout.models import Decision, Deployment, User
from rollout.services.deployments import plan_mark
from tests import factories as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def deployment() -> Deployment:
    return make.make_deployment()


@pytest.fixture
def item(deployment: Deployment) -> ChecklistItem:
    return make.make_blocker(deployment, text="Log-in test", code="LOGIN", evidence_needed=True)


@pytest.fixture
def lead(deployment: Deployment) -> User:
    return make.make_member("site_lead", site=deployment.site, user=make.make_user(name="Ana Silva"))


@pytest.fixture
def desk(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def address(deployment: Deployment, name: str = "checklist", **more: str) -> str:
    parts = {"programme": deployment.programme.code, "site": deployment.site.code, **more}
    return reverse(f"readiness:{name}", kwargs=parts)


def row(**said: Any) -> dict[str, Any]:
    return {"state": "in_progress", "reason": "", "owner": "", "due_on": "", "version": 1, **said}


def test_form_opens_in_its_row_at_the_address_of_the_list(desk: Client, deployment: Deployment, item: ChecklistItem):
    page = desk.get(address(deployment) + "?blocking=on&edit=LOGIN").text
    part = desk.get(address(deployment) + "?blocking=on&edit=LOGIN", headers=HTMX).text
    shown = desk.get(address(deployment) + "?blocking=on&row=LOGIN", headers=HTMX).text

    form = f'<form class="app-task__form" action="{address(deployment)}?blocking=on&amp;edit=LOGIN"'
    assert (page.count(form), part.count(form), shown.count(form)) == (1, 1, 0)
    assert ("<html" in page, "<html" in part, "<html" in shown) == (True, False, False)
    assert ("data-focus" in part, f'id="edit-{item.pk}"' in part) == (True, False)
    assert re.search(rf'<a id="edit-{item.pk}"[^>]* data-focus>Edit', shown)


def test_row_is_saved_without_scripts_and_undone_from_the_banner(
    desk: Client, deployment: Deployment, item: ChecklistItem
):
    done = desk.post(address(deployment) + "?q=log&edit=LOGIN", row(owner="Bo Ek", due_on="2026-05-01"), follow=True)

    assert done.redirect_chain == [(f"{address(deployment)}?q=log&at=continuity#item-{item.pk}", 302)]
    assert "Saved: Log-in test" in done.text
    now = ChecklistItem.objects.select_related("owner").get()
    assert (now.state, str(now.owner), str(now.due_on), now.version) == ("in_progress", "Bo Ek", "2026-05-01", 2)
    undo = re.findall(r'action="([^"]*/undo/[^"]*)"', done.text)
    desk.post(undo[0])
    assert ChecklistItem.objects.values_list("state", "owner", "due_on").get() == ("not_started", None, None)


def test_saved_row_takes_its_place_with_counts_status_and_undo(
    desk: Client, deployment: Deployment, item: ChecklistItem
):
    ChecklistItem.objects.update(evidence="Folder 7")
    ChecklistEvent.objects.create(item=item, deployment=deployment, at=timezone.now(), evidence="Folder 7")

    saved = desk.post(address(deployment) + "?edit=LOGIN", row(state="done"), headers=HTMX)
    again = desk.post(address(deployment) + "?edit=LOGIN", row(state="done", version=1), headers=HTMX)

    assert (saved.status_code, again.status_code) == (200, 200)
    for words in ("Saved: Log-in test", 'id="status" hx-swap-oob', "100% (1 of 1)", "1 of 1 done", "data-focus"):
        assert words in saved.text
    assert ("/undo/" in saved.text, "/undo/" in again.text) == (True, False)
    assert ChecklistEvent.objects.filter(state="done").count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"state": "blocked"}, "Say why, so that others can help or agree"),
        ({"state": "done"}, "This item asks for evidence"),
        ({"state": "nonsense"}, "Select a valid choice"),
        ({"due_on": "soon"}, "Enter a date like 2026-03-14"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_bad_row_is_told_and_keeps_what_was_typed(
    said: dict[str, str], words: str, headers: dict[str, str], desk: Client, deployment: Deployment, item: ChecklistItem
):
    answer = desk.post(address(deployment) + "?edit=LOGIN", row(owner="Bo Ek", **said), headers=headers)

    assert (answer.status_code, words in answer.text, 'value="Bo Ek"' in answer.text) == (422, True, True)
    assert "data-focus" not in answer.text
    assert ChecklistItem.objects.get().version == 1


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_later_save_of_two_is_shown_both_versions(
    headers: dict[str, str], desk: Client, deployment: Deployment, item: ChecklistItem
):
    change_item(item_id=item.pk, version=1, change=ItemChange("in_progress", owner="Cy Ito"), by=make.make_user())

    late = desk.post(address(deployment) + "?edit=LOGIN", row(owner="Bo Ek"), headers=headers)

    assert late.status_code == 409
    for words in ("Somebody else changed this", "Cy Ito", 'value="Bo Ek"', 'name="version" value="2"'):
        assert words in late.text
    desk.post(address(deployment) + "?edit=LOGIN", row(owner="Bo Ek", version=2), headers=headers)
    assert str(ChecklistItem.objects.select_related("owner").get().owner) == "Bo Ek"


def test_rows_are_for_those_who_keep_them(client: Client, deployment: Deployment, item: ChecklistItem):
    owner = make.make_member("trainer", programme=deployment.programme)
    statuses = {}
    for role in ("board_member", "signatory"):
        client.force_login(make.make_member(role, programme=deployment.programme))
        page = client.get(address(deployment)).text
        opened = client.get(address(deployment) + "?edit=LOGIN").status_code
        statuses[role] = ("edit=LOGIN" in page, "Change owner" in page, opened)
        assert client.post(address(deployment) + "?edit=LOGIN", row()).status_code == 403
    change_item(item_id=item.pk, version=1, change=ItemChange("not_started", owner=owner.email), by=make.make_user())
    client.force_login(owner)

    own = client.post(address(deployment) + "?edit=LOGIN", row(owner=owner.email, version=2))

    assert statuses == {"board_member": (False, False, 403), "signatory": (False, False, 403)}
    assert (own.status_code, "edit=LOGIN" in client.get(address(deployment)).text) == (302, True)
    assert client.get(address(deployment) + "?edit=NONE").status_code == 404
    assert client.post(address(deployment)).status_code == 404
    past = client.get(address(deployment) + "?edit=LOGIN&as_of=2026-01-01")
    assert (past.status_code, "app-task__form" in past.text) == (200, False)


def test_many_items_of_a_site_are_selected_on_its_checklist(desk: Client, deployment: Deployment, item: ChecklistItem):
    page = desk.get(address(deployment) + "?select=page").text
    change = reverse("readiness:item-change", kwargs={"programme": deployment.programme.code})

    asked = {
        "from": "checklist",
        "site": deployment.site.code,
        "item": item.pk,
        "do": "state",
        "new-state": "in_progress",
    }
    checked = desk.post(change, asked).text
    mark = re.search(r'name="mark" value="(\w+)"', checked)
    done = desk.post(change, {**asked, "mark": mark and mark[1], "sure": "yes"})

    assert f'value="{item.pk}" form="bulk" checked' in page
    assert (done.status_code, done.headers["Location"]) == (302, address(deployment))


# Recent changes ------------------------------------------------------------------------------------------------------


def recent(client: Client, deployment: Deployment, query: str = "", **headers: str) -> list[str]:
    """The lines of the recent changes of a page, without the moment."""
    page = client.get(address(deployment, "deployment-recent") + query, headers=headers).text
    part = page[page.index('<ol class="app-history"') :] if "app-history" in page else ""
    words = re.sub(r"<[^>]+>", "\n", part.partition("</ol>")[0])
    return [re.sub(r"^.* · ", "", " ".join(line.split())) for line in words.splitlines() if line.strip()]


@pytest.mark.parametrize("query", ["", "?of=checklist", "?item=LOGIN"])
def test_recent_changes_say_who_and_what_by_name_or_by_role(
    query: str, client: Client, deployment: Deployment, item: ChecklistItem, lead: User
):
    client.force_login(lead)
    client.post(address(deployment) + "?edit=LOGIN", row(owner="Bo Ek"))
    named = recent(client, deployment, query, **HTMX)
    client.force_login(make.make_member("board_member", programme=deployment.programme))
    unnamed = recent(client, deployment, query)

    said = "State: In progress" if "item" in query else "Log-in test: State: In progress"
    assert named[:4] == ["Ana Silva", f"{said}; Owner: Bo Ek", "Undo", f": {said}; Owner: Bo Ek"]
    assert unnamed[:2] == ["Site lead", f"{said}; Another owner"]
    assert ("Undo" in unnamed, "Ana Silva" in unnamed) == (False, False)


def test_recent_changes_tell_of_plans_gates_and_decisions(client: Client, deployment: Deployment, item: ChecklistItem):
    programme = deployment.programme
    manager = make.make_member("programme_manager", programme=programme)
    wave = make.make_wave(programme=programme, number=2)
    client.force_login(manager)
    plan = address(deployment, "deployment-plan", step="dates")
    form = {"mark": plan_mark(deployment), "go_live_on": "2026-05-01", "wave_id": wave.pk, "reason": "Moved"}
    client.post(plan, form)
    gate = Gate.objects.create(programme=programme, code="GO", name="Go or no go")
    with acting(manager):
        GateReview.objects.create(gate=gate, deployment=deployment, held_on=make.DAY)
    whole = client.get(reverse("readiness:programme-recent", kwargs={"programme": programme.code})).text
    listed = client.get(reverse("readiness:programme-recent", kwargs={"programme": programme.code}) + "?of=items").text

    assert "Plan: Wave: 2; Go-live: 1 May 2026" in recent(client, deployment)
    assert recent(client, deployment, "?gate=GO")[1] == "Gate review: Added"
    assert (f"Plan of {deployment.site.name}: Wave: 2; Go-live: 1 May 2026" in whole, "/undo/" in whole) == (True, True)
    assert f"Log-in test, {deployment.site.name}: Added: LOGIN" in listed
    other = make.make_deployment(programme=programme)
    assert recent(client, other, "?of=checklist") == []
    statuses = [
        client.get(address(other, "deployment-recent") + query).status_code for query in ("?item=LOGIN", "?gate=NONE")
    ]
    assert statuses == [404, 404]


def test_recent_changes_of_a_programme_stay_within_the_sites_one_may_see(
    client: Client, deployment: Deployment, item: ChecklistItem, lead: User
):
    programme = deployment.programme
    manager = make.make_member("programme_manager", programme=programme)
    other = make.make_blocker(make.make_deployment(programme=programme), text="Elsewhere")
    with acting(manager):
        for code, site in (("D1", deployment), ("D2", other.deployment), ("D3", None)):
            Decision.objects.create(
                programme=programme,
                deployment=site,
                code=code,
                kind="standard",
                text=f"Decision {code}",
                from_on=make.DAY,
            )
        Deployment.objects.update(go_live_on=make.DAY)
    client.force_login(lead)
    address = reverse("readiness:programme-recent", kwargs={"programme": programme.code})

    page, items = client.get(address).text, client.get(address + "?of=items").text

    assert [f"Decision {code}" in page for code in ("D1", "D2", "D3")] == [True, False, True]
    assert page.count(f"Plan of {deployment.site.name}: Go-live: 14 March 2026") == page.count("Go-live: ") == 1
    assert ("Log-in test" in items, "Elsewhere" in items) == (True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_recent_changes_take_the_same_queries_for_any_number(
    number: int, client: Client, deployment: Deployment, item: ChecklistItem, lead: User,
    django_assert_num_queries: Callable[..., Any],
):  # fmt: skip
    client.force_login(lead)
    for version in range(1, number + 1):
        client.post(address(deployment) + "?edit=LOGIN", row(owner=f"Bo {version}", version=version))

    with django_assert_num_queries(9):
        client.get(address(deployment, "deployment-recent"), headers=HTMX)


@pytest.mark.parametrize("number", [1, 3])
def test_checklist_takes_the_same_queries_for_any_number(
    number: int, client: Client, django_assert_num_queries: Callable[..., Any]
):
    manager = make.make_user()
    deployment = make.make_deployment()
    make.make_member("programme_manager", programme=deployment.programme, user=manager)
    items = [make.make_blocker(deployment)]
    template = items[0].template_item
    for extra in range(1, number):
        code = f"MORE{extra}"
        items.append(
            ChecklistItem.objects.create(
                checklist=items[0].checklist, deployment=deployment, template_item=template, code=code
            )
        )
    for each in items:
        change_item(item_id=each.pk, version=1, change=ItemChange("in_progress", owner="Bo Ek"), by=manager)
    client.force_login(manager)

    with django_assert_num_queries(18):
        client.get(address(deployment))
