"""The audit trail in the browser: who changed what, found by record, person, deed and day."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.audit import acting
from rollout.choices import Role
from rollout.models import AuditEntry, Decision, Person, PriorityReview, Programme, Seat, SeatRole, Site, User
from tests import factories as make
from tests.pages import table, words

PAGE = "/admin/audit/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make.make_user(email="ana@example.org", name="Ana")


@pytest.fixture
def programme(ana: User) -> Programme:
    """A programme whose goal Ana changed, with a reason; nothing else has left a trail."""
    programme = make.make_programme(name="One record", goal="Soon")
    with acting(ana, "a clearer goal"):
        Programme.objects.filter(pk=programme.pk).update(goal="By June")
    return programme


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def rows(client: Client, query: str = "") -> list[list[str]]:
    return table(client.get(PAGE + query).text, "audit")


def test_change_stands_with_who_why_before_and_after(programme: Programme, administrator: Client):
    found = rows(administrator, f"?record=rollout_programme&row={programme.pk}&action=update")

    assert [row[1:] for row in found] == [
        [
            "ana@example.org a clearer goal",
            f"Programme {programme.pk} One record {programme.code} Changed",
            "goal: Soon By June",
        ]
    ]
    assert f"/django-admin/rollout/programme/{programme.pk}/change/" in administrator.get(PAGE).text


def test_page_says_in_words_what_the_file_keeps_exactly(ana: User, administrator: Client):
    site = make.make_site(name="Alder Hospital", code="ALD-1")
    here = make.make_deployment(programme=make.make_programme(code="EPR", name="One record"), site=site)
    decided = Decision.objects.create(
        programme=here.programme, deployment=here, code="D-1", kind="no_go", text="Not yet"
    )
    with acting(ana, "looked again"):
        Decision.objects.filter(pk=decided.pk).update(
            kind="go", from_on=date(2026, 3, 14), retired_at=datetime(2026, 3, 14, 14, 10, 5, 123456, tzinfo=UTC)
        )

    [added] = rows(administrator, f"?record=rollout_decision&row={decided.pk}&action=insert")
    [changed] = rows(administrator, f"?record=rollout_decision&row={decided.pk}&action=update")
    file = administrator.get(f"{PAGE}?who=ana@example.org&download=csv&table=audit")
    exact = {row["Column"]: row["After"] for row in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))}

    assert f"Decision {decided.pk} D-1" in added[2]
    assert "empty" not in added[3]
    assert "programme: One record EPR" in added[3]
    assert "deployment: Alder Hospital ALD-1" in added[3]
    assert "kind: No go Go" in changed[3]
    assert "14 March 2026" in changed[3]
    assert "2:10pm on 14 March 2026" in changed[3]
    assert (exact["kind"], exact["retired at"][:26]) == ("go", "2026-03-14T14:10:05.123456")


def test_record_without_a_name_is_known_by_what_it_is_of(ana: User, administrator: Client):
    programme = make.make_programme(code="EPR", name="One record")
    site = make.make_deployment(programme=programme, site=make.make_site(name="Alder Hospital"))
    review = PriorityReview.objects.create(programme=programme, due_on=date(2026, 3, 14))
    decided = Decision.objects.create(programme=programme, deployment=site, code="D-1", kind="no_go", text="Not yet")

    [of_programme] = rows(administrator, f"?record=rollout_priorityreview&row={review.pk}")
    [of_site] = rows(administrator, f"?record=rollout_decision&row={decided.pk}")

    assert of_programme[2] == f"Priority review {review.pk} One record Added"
    assert of_site[2] == f"Decision {decided.pk} D-1 Alder Hospital Added"


def test_people_stay_numbers(ana: User, administrator: Client):
    person = Person.objects.create(label="Somebody Else")
    seat = Seat.objects.create(
        programme=make.make_programme(), role=SeatRole.objects.get_or_create(code="sro")[0], person=person
    )

    [row] = rows(administrator, f"?record=rollout_seat&row={seat.pk}")

    assert f"person: number {person.pk}" in row[3]
    assert "Somebody" not in " ".join(row)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?who=ANA@example.org", 1),
        ("?who=nobody@example.org", 0),
        ("?record=rollout_programme", 2),
        ("?record=rollout_programme&action=insert", 1),
        ("?record=rollout_programme&action=delete", 0),
        ("?record=rollout_programme&first=2999-01-01", 0),
        ("?record=rollout_programme&last=2000-01-01", 0),
    ],
)
def test_filters_find_what_they_say(programme: Programme, administrator: Client, query: str, count: int):
    assert len(rows(administrator, query)) == count


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("?first=2026-03-02&last=2026-03-01", "The last day must not be before the first day."),
        ("?row=minus", "Enter a whole number"),
        ("?record=users", "Select a valid choice"),
        ("?first=tomorrow", "Enter a date like 2026-03-14"),
    ],
)
def test_filter_that_makes_no_sense_says_so(administrator: Client, query: str, error: str):
    answer = administrator.get(PAGE + query)

    assert answer.status_code == 200
    assert error in words(answer.text)


def test_day_is_the_readers_own(administrator: Client, ana: User):
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight of the next day in London
    AuditEntry.objects.create(at=late, table="rollout_site", row_id=1, action="insert", user=ana, after={"name": "A"})

    assert len(rows(administrator, "?record=rollout_site&first=2026-07-02&last=2026-07-02")) == 1
    assert rows(administrator, "?record=rollout_site&first=2026-07-01&last=2026-07-01") == []


def test_long_trail_goes_on_page_by_page_with_the_same_queries(administrator: Client):
    for _ in range(3):
        make.make_site()
    rows(administrator)
    with CaptureQueriesContext(connection) as few:
        rows(administrator, "?record=rollout_site")
    organisation = make.make_organisation()
    Site.objects.bulk_create(Site(organisation=organisation, code=f"X{n}", name=f"Site {n}") for n in range(60))
    with CaptureQueriesContext(connection) as many:
        first = administrator.get(f"{PAGE}?record=rollout_site").text
    oldest = AuditEntry.objects.filter(table="rollout_site").order_by("-pk")[49].pk

    assert len(many) == len(few)
    assert len(table(first, "audit")) == 50
    assert f"before={oldest}" in first
    assert len(rows(administrator, f"?record=rollout_site&before={oldest}")) == 13
    assert len(rows(administrator, "?record=rollout_site&before=nonsense")) == 50


def test_part_is_the_list_alone(programme: Programme, administrator: Client):
    answer = administrator.get(f"{PAGE}?who=ana@example.org", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert "1 entry is shown" in answer.text


def test_file_holds_a_row_for_each_column_that_changed(programme: Programme, administrator: Client):
    file = administrator.get(f"{PAGE}?who=ana@example.org&download=csv&table=audit")
    found = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))

    assert [(row["Who"], row["Column"], row["Before"], row["After"], row["Reason"]) for row in found] == [
        ("ana@example.org", "goal", "Soon", "By June", "a clearer goal")
    ]


def test_trail_without_entries_says_so(administrator: Client):
    future = (datetime.now(UTC) + timedelta(days=900)).date()

    assert "No entries match" in words(administrator.get(f"{PAGE}?first={future}").text)
