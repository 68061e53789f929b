"""Your work: what is due, whose it is, and what it costs to ask."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readiness.indicators.items import items_on
from readiness.models import Checklist, ChecklistEvent, ChecklistItem, ChecklistTemplate, Condition, TemplateItem
from readiness.scoring import Model
from rollout.choices import Role
from rollout.models import (
    Deployment,
    DeploymentChange,
    GroupAction,
    Pilot,
    PulseFollowUp,
    ReadinessGroup,
    Seat,
    SeatRole,
    User,
)
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.desk import DAY, NOW, WHERE, alder, lead, manager, page, person, review, shown


@pytest.fixture(autouse=True)
def today(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW)


@pytest.fixture
def deployment(db: None) -> Deployment:
    return alder()


def test_items_belong_to_their_owner_then_to_the_seat_then_to_the_lead(deployment: Deployment):
    sro = SeatRole.objects.create(code="sro", name="SRO")
    item = make.make_blocker(deployment, text="Test the downtime plan", seat_role=sro)
    owner, of_site, of_programme, leading = (
        make.make_member(Role.WARD_MANAGER, ward=make.make_ward(site=deployment.site)),
        lead(deployment),
        manager(deployment),
        lead(deployment),
    )
    everybody = (owner, of_site, of_programme, leading)
    text = "Test the downtime plan Checklist item"

    def whose() -> list[list[tuple[str, ...]]]:
        return [shown(each, "due") for each in everybody]

    nobody = whose()
    Seat.objects.create(programme=deployment.programme, role=sro, person=person(of_programme))
    programme_seat = whose()
    Seat.objects.create(programme=deployment.programme, site=deployment.site, role=sro, person=person(of_site))
    site_seat = whose()
    ChecklistItem.objects.filter(pk=item.pk).update(owner=person(owner))
    owned = whose()

    unowned = (f"{text}. Nobody owns it yet", WHERE)
    assert nobody == [[], [("Name an owner", *unowned)], [], [("Name an owner", *unowned)]]
    assert programme_seat == [[], [], [("Start", *unowned)], []]
    assert site_seat == [[], [("Name an owner", *unowned)], [], []]
    assert owned == [[("Start", text, WHERE)], [], [], []]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"state": "not_started"}, "Start"),
        ({"state": "in_progress"}, "Finish"),
        ({"state": "blocked", "reason": "No key"}, "Unblock"),
        ({"state": "done", "done_on": DAY - timedelta(days=31)}, "Renew"),
        ({"state": "done", "done_on": DAY - timedelta(days=30)}, None),
        ({"state": "not_applicable"}, None),
        ({"state": "not_started", "due_on": DAY + timedelta(days=7)}, "Start"),
        ({"state": "not_started", "due_on": DAY + timedelta(days=8)}, None),
    ],
)
def test_what_is_to_be_done_with_an_item(deployment: Deployment, item: dict[str, Any], expected: str | None):
    kept = make.make_blocker(deployment, valid_days=30)
    user = lead(deployment)
    ChecklistItem.objects.filter(pk=kept.pk).update(owner=person(user), **item)

    assert [row[0] for row in shown(user, "due")] == ([expected] if expected else [])


@pytest.mark.parametrize("fields", [{"stage": "deferred"}, {"stage": "stopped"}, {"stage": "embedded"}])
def test_nothing_is_due_where_nobody_works(deployment: Deployment, fields: dict[str, str]):
    kept = make.make_blocker(deployment)
    user = lead(deployment)
    ChecklistItem.objects.filter(pk=kept.pk).update(owner=person(user))
    before = len(shown(user, "due"))

    Deployment.objects.filter(pk=deployment.pk).update(**fields)

    assert (before, shown(user, "due")) == (1, [])


def make_checklist(deployment: Deployment, templates: list[dict[str, Any]], **fields: Any) -> list[ChecklistItem]:
    """A checklist of a published template with these items; `fields` are of each item of it."""
    template = ChecklistTemplate.objects.create(programme=deployment.programme, version=1)
    described = {"domain": "technical", "text": "Something to do"}
    made = TemplateItem.objects.bulk_create(
        TemplateItem(template=template, code=f"N{number}", **{**described, **each})
        for number, each in enumerate(templates)
    )
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=NOW)
    checklist = Checklist.objects.create(deployment=deployment, template=template)
    return ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=checklist, deployment=deployment, template_item=each, code=each.code, **fields)
        for each in made
    )


@pytest.mark.parametrize(
    "dates",
    [
        {},
        {"technical_go_live_on": date(2026, 4, 10)},
        {"technical_go_live_on": date(2026, 4, 10), "actual_technical_go_live_on": date(2026, 3, 20)},
        {"actual_go_live_on": date(2026, 3, 20)},
        {"go_live_on": None},
    ],
)
def test_lists_count_days_and_what_is_owed_as_the_score_does(deployment: Deployment, dates: dict[str, Any]):
    Deployment.objects.filter(pk=deployment.pk).update(**dates)
    kinds = [{"golive": golive, "due_days": days} for golive in ("user", "technical") for days in (30, -30, None)]
    items = make_checklist(deployment, [*kinds, *({"valid_days": 30, "due_days": n} for n in range(6))])
    said = ("not_started", "in_progress", "blocked", "done", "done", "not_applicable")
    for number, item in enumerate(items):
        done = said[number % 6] == "done"
        at = NOW - timedelta(days=30 + (number % 6 == 4))
        fields = {"state": said[number % 6], "assurance": "declared" if done else ""}
        ChecklistEvent.objects.create(item=item, deployment=deployment, at=at, **fields)
        kept = {**fields, "done_on": at.date() if done else None, "due_on": DAY if number == 0 else None}
        ChecklistItem.objects.filter(pk=item.pk).update(**kept)
    ChecklistEvent.objects.create(item=items[0], deployment=deployment, at=NOW, due_on=DAY)

    standing = items_on(Model.from_json(make.scoring_model().document), deployment.pk, day=DAY)
    listed = ChecklistItem.objects.with_due()

    assert dict(listed.values_list("pk", "due")) == {pk: each.due_on for pk, each in standing.items()}
    assert set(listed.owed(DAY).values_list("pk", flat=True)) == {
        pk for pk, each in standing.items() if not each.done and each.state != "not_applicable"
    }


def test_condition_of_a_gate_waits_for_its_owner_whatever_its_day(deployment: Deployment):
    owner, other, stranger = lead(deployment), lead(deployment), make.make_user()
    held = review(deployment, outcome="go_with_conditions")
    due = DAY + timedelta(days=40)
    for number, (user, done) in enumerate(((owner, None), (owner, DAY), (stranger, None))):
        Condition.objects.create(
            review=held, code=f"C{number}", text="Order badges", owner=person(user), due_on=due, done_on=done
        )

    found = [shown(owner, "due"), shown(other, "due")]

    assert found == [[("Meet the condition", "Order badges Gate condition. Go or no go", WHERE)], []]
    assert "/p/EPR/s/ALD/gates/G0/?review=2026-03-14#conditions" in page(owner)
    assert "Order badges" not in page(stranger)


def test_actions_and_follow_ups_wait_for_their_owner(deployment: Deployment):
    owner, other = lead(deployment), lead(deployment)
    group = ReadinessGroup.objects.create(deployment=deployment)
    for text, due_on in (("Book rooms", DAY), ("Paint rooms", DAY + timedelta(days=9)), ("Some day", None)):
        GroupAction.objects.create(group=group, text=text, owner=person(owner), due_on=due_on)
    PulseFollowUp.objects.create(deployment=deployment, opened_on=DAY, words="Talk to nights", owner=person(owner))

    found = [[row[:2] for row in shown(each, "due")] for each in (owner, other)]

    kind = "Action of the readiness group"
    assert found == [
        [
            ("Finish", f"Book rooms {kind}"),
            ("Follow up", "Talk to nights Follow-up of the pulse survey"),
            ("Finish", f"Some day {kind}"),
        ],
        [],
    ]


def test_first_item_is_the_one_primary_action(deployment: Deployment):
    kept = make.make_blocker(deployment)
    user = lead(deployment)
    Deployment.objects.filter(pk=deployment.pk).update(declared_on=None)

    text = page(user)

    first = reverse("readiness:checklist-item", kwargs={"programme": "EPR", "site": "ALD", "item": kept.code})
    assert f'<a class="nhsuk-button" href="{first}">Open the first item' in text
    assert "1 thing is due or late. 1 waits for you." in words(text)


def many(deployments: list[Deployment], user: User) -> None:
    """An owned and an unowned item, a condition, a question, a change and a pilot of each site."""
    for each in deployments:
        owned = make.make_blocker(each, text=f"Item of {each.site.name}")
        ChecklistItem.objects.filter(pk=owned.pk).update(owner=person(user))
        Condition.objects.create(review=review(each, outcome="go"), code="C", text="Do", owner=person(user), due_on=DAY)
        DeploymentChange.objects.create(deployment=each, at=NOW - timedelta(hours=1), what="stage", after="preparing")
        Deployment.objects.filter(pk=each.pk).update(go_live_on=None)
        Pilot.objects.create(programme=each.programme, code=f"P{each.pk}", ends_on=DAY - timedelta(days=2))


@pytest.mark.parametrize("roles", [(Role.PROGRAMME_MANAGER,), (Role.PROGRAMME_MANAGER, Role.SITE_LEAD, Role.SIGNATORY)])
def test_queries_do_not_grow_with_sites(deployment: Deployment, roles: tuple[str, ...]):
    user = make.make_user()
    scopes = {Role.SITE_LEAD: {"site": deployment.site}}
    for role in roles:
        make.make_member(role, user=user, **scopes.get(Role(role), {"programme": deployment.programme}))
    client, counts = Client(), []
    client.force_login(user)
    client.get("/")  # the first request of a log-in keeps its beginning
    for number in (1, 2):
        many(make.make_deployments(number, programme=deployment.programme), user)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_thousands_of_items_are_cut_and_counted(deployment: Deployment):
    user = lead(deployment)
    make_checklist(deployment, [{"due_days": 60}] * 5_001, owner=person(user))

    text, whole = page(user), page(user, "/?all=due")

    assert len(table(text, "due-table")) == 10
    assert len(text) < 40_000
    assert "Show all 5,001" in words(text)
    assert len(table(whole, "due-table")) == 200
    assert "The first 200 of 5,001." in words(whole)
