"""The staff of a site for those who may read names, one person put right by hand, what is held about one."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, StaffGroup, User, Ward
from tests import factories as make
from tests.pages import column, words
from training.models import Absence, Champion, Course, Posting, StaffMember

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def here() -> Deployment:
    """A site with two wards: Ana and Bo on the first, Cy starts on the second next week, Di has left."""
    here = make.make_deployment(programme=make.make_programme(code="EPR"), site=make.make_site(code="ALD"))
    first, second = (make.make_ward(site=here.site, code=f"W{n}", name=f"Ward {n}") for n in (1, 2))
    nurse = StaffGroup.objects.create(code="nurse")
    make.make_staff(first, number="100", name="Ana", group=nurse, email="ana@example.org")
    make.make_staff(first, number="101", name="Bo", line_manager=True)
    starter = make.make_staff(second, number="102", name="Cy", group=nurse)
    starter.postings.update(from_on=TODAY() + timedelta(days=7))
    gone = make.make_staff(second, number="103", name="Di")
    gone.postings.update(to_on=TODAY() - timedelta(days=1))
    return here


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(here: Deployment) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=here.programme))


LIST = "/p/EPR/s/ALD/staff/"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["100", "101"]),
        ("?sort=-name", ["101", "100"]),
        ("?shown=starting", ["102"]),
        ("?shown=leaving", []),
        ("?shown=away", []),
        ("?q=an", ["100"]),
        ("?q=101", ["101"]),
        ("?group=nurse", ["100"]),
        ("?sort=nonsense&ward=nonsense", ["100", "101"]),
    ],
)
def test_list_shows_who_works_there(here: Deployment, manager: Client, query: str, numbers: list[str]) -> None:
    shown = manager.get(f"{LIST}{query}").text

    assert (column(shown, "staff-table", 1) if numbers else []) == numbers
    assert "2 people work here today." in words(shown)
    assert ("Nobody matches" in shown) == (not numbers)


def test_ward_managers_read_their_wards_and_others_counts(here: Deployment) -> None:
    wards = Ward.objects.order_by("pk")
    managers = [client_of(make.make_member(Role.WARD_MANAGER, ward=ward)) for ward in wards]
    trainer = client_of(make.make_member(Role.TRAINER, programme=here.programme))
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=here.programme))

    first, second = (each.get(LIST).text for each in managers)
    counted, few = trainer.get(LIST).text, board.get(LIST).text

    assert column(first, "staff-table", 1) == ["100", "101"] and "Ana" not in second
    assert column(counted, "ward-table", 0) == ["Ward 1"] and "Ana" not in counted
    assert "Fewer than 5 people work here today." in few and "ward-table" not in few
    assert managers[0].get(f"{LIST}?download=csv&table=staff").status_code == 200
    assert trainer.get(f"{LIST}?download=csv&table=staff").status_code == 404


def test_list_asks_the_same_number_of_queries(here: Deployment, manager: Client) -> None:
    manager.get(LIST)
    asked = []
    for people in (0, 3):
        for number in range(people):
            make.make_staff(Ward.objects.earliest("pk"), number=f"9{number}")
        with CaptureQueriesContext(connection) as queries:
            manager.get(LIST)
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 25


def test_person_is_put_right_and_the_trail_keeps_no_name(here: Deployment, manager: Client) -> None:
    person = StaffMember.objects.get(number="100")
    page = f"{LIST}{person.pk}/"
    mark = manager.get(page).context["form"].initial["mark"]
    sent = {"mark": mark, "name": "Marker Ana", "email": "marker@example.org", "group_id": "", "line_manager": "on"}

    wrong = manager.post(page, {**sent, "email": "nothing"})
    saved = manager.post(page, sent)
    late = manager.post(page, {**sent, "name": "Later"})

    assert (wrong.status_code, saved.status_code, late.status_code) == (422, 302, 409)
    assert "Enter an email address like name@example.org" in wrong.text
    person.refresh_from_db()
    assert (person.name, person.group, person.line_manager) == ("Marker Ana", None, True)
    trail = str(list(AuditEntry.objects.filter(table="training_staffmember", row_id=person.pk).values()))
    assert "Marker" not in trail and "marker@" not in trail and "changed, not kept here" in trail


def test_days_of_a_posting_and_absences_are_put_right(here: Deployment, manager: Client) -> None:
    person = StaffMember.objects.get(number="100")
    posting = person.postings.get()
    page = f"{LIST}{person.pk}/postings/{posting.pk}/"
    mark = manager.get(page).context["form"].initial["mark"]
    other = Posting.objects.create(staff=person, ward=posting.ward, from_on=date(2020, 1, 1), to_on=date(2020, 2, 1))

    wrong = manager.post(page, {"mark": mark, "from_on": "2026-03-02", "to_on": "2026-03-01"})
    taken = manager.post(page, {"mark": mark, "from_on": "2020-01-01", "to_on": ""})
    saved = manager.post(page, {"mark": mark, "from_on": "2025-02-01", "to_on": "2031-01-31"})
    away = {"once": str(uuid4()), "from_on": "2030-01-01", "to_on": "", "kind": "leave"}
    twice = [manager.post(f"{LIST}{person.pk}/absences/new/", away).status_code for _ in range(2)]
    again = manager.post(f"{LIST}{person.pk}/absences/new/", {**away, "once": str(uuid4())})
    absence = Absence.objects.get()
    within = {**away, "once": str(uuid4()), "from_on": "2030-05-15", "to_on": ""}
    over = manager.post(f"{LIST}{person.pk}/absences/new/", within)
    form = manager.get(f"{LIST}{person.pk}/absences/{absence.pk}/").context["form"]
    change = {"mark": form.initial["mark"], "from_on": "2030-01-01", "to_on": "2030-06-30", "kind": "secondment"}
    changed = manager.post(f"{LIST}{person.pk}/absences/{absence.pk}/", change)

    assert "Enter a last day that is not before the first" in wrong.text and wrong.status_code == 422
    assert "There is a record from that day already" in taken.text and taken.status_code == 422
    posting.refresh_from_db()
    absence.refresh_from_db()
    assert (saved.status_code, posting.from_on, posting.to_on) == (302, date(2025, 2, 1), date(2031, 1, 31))
    assert (twice, again.status_code, changed.status_code) == ([302, 302], 422, 302)
    assert (over.status_code, Absence.objects.count()) == (422, 1)
    assert "They are away in these days already, from 1 January 2030 on." in over.text
    assert (absence.to_on, absence.kind) == (date(2030, 6, 30), "secondment") and other.pk


def test_absence_cannot_be_moved_into_another_one(here: Deployment, manager: Client) -> None:
    person = StaffMember.objects.get(number="100")
    Absence.objects.create(staff=person, from_on=date(2030, 1, 1), to_on=date(2030, 6, 30))
    later = Absence.objects.create(staff=person, from_on=date(2031, 1, 1), to_on=date(2031, 2, 1))
    page = f"{LIST}{person.pk}/absences/{later.pk}/"
    form = {"mark": manager.get(page).context["form"].initial["mark"], "to_on": "2031-02-01", "kind": "leave"}

    into = manager.post(page, {**form, "from_on": "2030-05-15"})
    apart = manager.post(page, {**form, "from_on": "2030-07-01"})

    later.refresh_from_db()
    assert (into.status_code, apart.status_code, later.from_on) == (422, 302, date(2030, 7, 1))
    assert "They are away in these days already, from 1 January 2030 on." in into.text


def test_person_reads_what_is_held_about_them_and_nobody_else(here: Deployment, manager: Client) -> None:
    user = make.make_user(name="Ana", email="ana@example.org")
    person = StaffMember.objects.get(number="100")
    StaffMember.objects.filter(pk=person.pk).update(user=user)
    other = make.make_programme(name="Beech programme")
    for programme in (here.programme, other):
        course = Course.objects.create(programme=programme, code="C1", name=f"Course of {programme.name}")
        person.attendances.create(course=course, on=date(2026, 3, 1), state="attended", passed=True)
    Champion.objects.create(staff=person, programme=here.programme, from_on=date(2026, 1, 1))

    own = client_of(user)
    shown, nobody = own.get("/account/held/"), client_of(make.make_user()).get("/account/held/")
    parts = zipfile.ZipFile(io.BytesIO(own.get("/account/held/?download=zip").getvalue()))
    of_manager = manager.get(f"{LIST}{person.pk}/held/")

    assert column(shown.text, "courses", 0) == [here.programme.name, "Beech programme"]
    assert "Bo" not in words(shown.text).split() and "courses" not in nobody.text and "Your account" in nobody.text
    assert {"account.csv", "staff.csv", "postings.csv", "courses.csv", "champion.csv"} <= set(parts.namelist())
    assert "Beech programme" in parts.read("courses.csv").decode()
    assert column(of_manager.text, "courses", 0) == [here.programme.name] and "Beech programme" not in of_manager.text
    assert own.get("/account/held/?download=exe").status_code == 404


def test_held_pages_ask_few_queries(here: Deployment, manager: Client) -> None:
    person = StaffMember.objects.get(number="100")
    manager.get("/account/held/")

    with CaptureQueriesContext(connection) as own:
        manager.get("/account/held/")
    with CaptureQueriesContext(connection) as of_person:
        manager.get(f"{LIST}{person.pk}/held/")

    assert len(own) <= 25 and len(of_person) <= 25
