"""What each ward has: counted there, by those who keep the checklist, and proving its items."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistItem
from readiness.services.proofs import prove_items
from rollout.choices import Infrastructure, Role
from rollout.models import AuditEntry, Deployment, Ward, WardCount
from rollout.services.edits import RecordChanged
from rollout.services.infrastructure import count_ward, counts_at
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.proving import with_items

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = make.DAY
PAGE = "/p/EPR/s/ALD/infrastructure/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> FrozenClock:
    frozen_clock.move_to(NOW)
    return frozen_clock


@pytest.fixture
def site() -> Deployment:
    return make.make_deployment(
        programme=make.make_programme(code="EPR"), site=make.make_site(code="ALD", name="Alder Hospital")
    )


@pytest.fixture
def ward(site: Deployment) -> Ward:
    return make.make_ward(site=site.site, name="Ward 5")


@pytest.fixture
def lead(site: Deployment) -> Client:
    return client_of(Role.SITE_LEAD, site=site.site)


def client_of(role: Role, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def said(page: str, **numbers: str) -> dict[str, str]:
    found = re.search(r'name="mark" value="([0-9a-f]{16})"', page)
    assert found
    return {"mark": found.group(1), "counted_on": "2026-03-14", **numbers}


def test_ward_is_counted_and_what_is_missing_is_said(site: Deployment, ward: Ward, lead: Client) -> None:
    make.make_ward(site=site.site, name="Ward 6")
    before = words(lead.get(PAGE).text)
    page = lead.get(f"{PAGE}{ward.pk}/").text
    numbers = {"devices_needed": "12", "devices_ready": "9", "wifi_needed": "4", "wifi_ready": "4"}

    lead.post(f"{PAGE}{ward.pk}/", said(page, **numbers))
    after = lead.post(f"{PAGE}{ward.pk}/", said(page, **numbers), follow=True)  # sent twice

    assert "Nothing is counted on any ward yet." in before and "0 of 2" not in before
    assert table(after.text, "counts") == [
        ["Ward 5", "9 of 12 3 missing", "4 of 4", "Not counted", "Not counted", "14 March 2026"],
        ["Ward 6", "Not counted", "Not counted", "Not counted", "Not counted", "Never"],
    ]
    assert "0 of 2 wards have everything that they need." in words(after.text)
    assert "Places with Wi-Fi: 1 of 2" in words(after.text)
    assert WardCount.objects.count() == 2
    assert AuditEntry.objects.filter(table="rollout_wardcount", reason="ward counted").count() == 2


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ({}, "Enter the numbers of at least one kind"),
        ({"devices_needed": "3"}, "Enter both numbers, or leave both empty"),
        ({"devices_needed": "3", "devices_ready": "4"}, "Enter at most as many as are needed"),
        ({"devices_needed": "-1", "devices_ready": "0"}, "Enter a whole number, 0 or more"),
        ({"devices_needed": "many", "devices_ready": "0"}, "Enter a whole number, 0 or more"),
        ({"devices_needed": "3", "devices_ready": "3", "counted_on": "2026-03-15"}, "must not be in the future"),
        ({"devices_needed": "3", "devices_ready": "3", "counted_on": "today"}, "Enter a date like 2026-03-14"),
    ],
)
def test_what_is_no_count_is_refused_with_what_was_typed(
    ward: Ward, lead: Client, numbers: dict[str, str], error: str
) -> None:
    page = lead.get(f"{PAGE}{ward.pk}/").text

    answer = lead.post(f"{PAGE}{ward.pk}/", {**said(page), **numbers})

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not WardCount.objects.exists()


def test_later_of_two_counts_is_told_and_readers_do_not_count(site: Deployment, ward: Ward, lead: Client) -> None:
    page = lead.get(f"{PAGE}{ward.pk}/").text
    by = make.make_user()
    mark = counts_at(site, ward).mark
    first = {Infrastructure.DEVICES: (5, 5)}
    count_ward(deployment=site, ward=ward, mark=mark, counts=first, counted_on=TODAY, by=by)

    late = lead.post(f"{PAGE}{ward.pk}/", said(page, devices_needed="7", devices_ready="7"))
    reader = client_of(Role.BOARD_MEMBER, programme=site.programme)

    assert late.status_code == 409
    assert "Saved meanwhile: 5" in words(late.text)
    assert WardCount.objects.get().needed == 5
    with pytest.raises(RecordChanged):
        counts = {Infrastructure.WIFI: (1, 1)}
        count_ward(deployment=site, ward=ward, mark=mark, counts=counts, counted_on=TODAY, by=by)
    assert (reader.get(PAGE).status_code, reader.get(f"{PAGE}{ward.pk}/").status_code) == (200, 403)
    elsewhere = make.make_ward()
    assert lead.get(f"{PAGE}{elsewhere.pk}/").status_code == 404


def test_service_and_database_refuse_what_cannot_be(site: Deployment, ward: Ward) -> None:
    by, mark = make.make_user(), counts_at(site, ward).mark
    for counts, day in (({Infrastructure.WIFI: (1, 2)}, TODAY), ({Infrastructure.WIFI: (1, 1)}, TODAY + timedelta(1))):
        with pytest.raises(Refused):
            count_ward(deployment=site, ward=ward, mark=mark, counts=counts, counted_on=day, by=by)

    for fields in ({"needed": 1, "ready": 2, "kind": "wifi"}, {"needed": 1, "ready": 1, "kind": "tea"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WardCount.objects.create(deployment=site, ward=ward, counted_on=TODAY, **fields)


def test_item_is_proved_once_every_ward_in_scope_is_counted_and_whole() -> None:
    (site,) = with_items("devices_counted")
    first, second, beyond = (make.make_ward(site=site.site) for _ in range(3))
    for ward in (first, second):
        site.scope.create(ward=ward)
    by = make.make_user()

    def state_after(ward: Ward, ready: int) -> str:
        counts = {Infrastructure.DEVICES: (4, ready)}
        mark = counts_at(site, ward).mark
        count_ward(deployment=site, ward=ward, mark=mark, counts=counts, counted_on=TODAY, by=by)
        prove_items(ids=[site.pk])
        return ChecklistItem.objects.get().state

    states = [state_after(first, 4), state_after(second, 3), state_after(second, 4), state_after(first, 2)]

    assert states == ["not_started", "not_started", "done", "not_started"]
    assert not WardCount.objects.filter(ward=beyond).exists()


def test_page_takes_the_same_queries_for_one_and_three_wards(site: Deployment, ward: Ward, lead: Client) -> None:
    lead.get(PAGE)  # the first page of a log-in asks more
    counts = []
    for more in (0, 2):
        for _ in range(more):
            WardCount.objects.create(
                deployment=site, ward=make.make_ward(site=site.site), kind="wifi", needed=1, ready=1, counted_on=TODAY
            )
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(PAGE).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
