"""Seats and the readiness group, as each role sees and changes them."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import (
    Deployment,
    GroupAction,
    GroupMeeting,
    Membership,
    Person,
    ReadinessGroup,
    Seat,
    SeatRole,
    User,
)
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 15)
TEAM = "/p/EPR/s/ALD/team/"
SEATS = "/p/EPR/settings/seats/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))


@pytest.fixture
def lead(site: Deployment) -> Client:
    return client_of(make.make_member(Role.SITE_LEAD, site=site.site))


def filling(**said: str) -> dict[str, str]:
    return {"role": "sro", "person": "Ada Alder", "discipline": "Nursing", "from_on": "2026-03-01", **said}


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of a page."""
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_empty_programme_names_the_standard_seats_first(site: Deployment, manager: Client):
    answer = manager.get(SEATS)

    assert "4 seats are empty: Clinical lead, Clinical safety officer, Operational lead, SRO." in words(answer.text)
    assert [row[:2] for row in table(answer.text, "seats")] == [
        ["Clinical lead", "Empty"],
        ["Clinical safety officer", "Empty"],
        ["Operational lead", "Empty"],
        ["SRO", "Empty"],
    ]


def test_seat_is_filled_handed_over_and_ended(site: Deployment, lead: Client):
    filled = lead.post(f"{TEAM}seats/new/", filling(), follow=True)
    seat = Seat.objects.get()
    page = f"{TEAM}seats/{seat.pk}/"
    handed = lead.post(
        page, {"mark": hidden(lead.get(page).text, "mark"), "person": "Bo Birch", "from_on": "2026-03-10"}, follow=True
    )
    second = Seat.objects.get(from_on=date(2026, 3, 10))
    end = f"{TEAM}seats/{second.pk}/?do=end"
    ended = lead.post(end, {"mark": hidden(lead.get(end).text, "mark"), "to_on": "2026-03-12"}, follow=True)

    assert "The seat is filled." in words(filled.text)
    assert ["SRO", "Ada Alder , nursing since 1 March", "Nobody"] in [row[:3] for row in table(filled.text, "seats")]
    assert ["SRO", "Bo Birch since 10 March", "Ada Alder 1 to 9 March 2026"] in [
        row[:3] for row in table(handed.text, "seats")
    ]
    assert [row[1] for row in table(ended.text, "seats") if row[0] == "SRO"] == ["Empty"]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"role": ""}, "Select a seat"),
        ({"role": "+"}, "Name the seat"),
        ({"role": "nonsense"}, "Select a seat"),
        ({"person": " "}, "Enter an email address or a name"),
        ({"from_on": "1 March"}, "Enter a date like 2026-03-14"),
        ({"to_on": "2026-02-01"}, "The last day must not be before the first"),
    ],
)
def test_bad_entry_says_how_to_mend_it(site: Deployment, manager: Client, said: dict, error: str):
    answer = manager.post(f"{SEATS}new/", filling(**said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert "Error: Fill a seat" in words(answer.text)
    assert not Seat.objects.exists()


def test_form_sent_twice_fills_one_seat(site: Deployment, manager: Client):
    key = hidden(manager.get(f"{SEATS}new/?role=sro").text, "once")

    answers = [manager.post(f"{SEATS}new/", filling(once=key)).status_code for _twice in range(2)]
    other = manager.post(f"{SEATS}new/", filling(once=key, person="Somebody else"))

    assert (answers, other.status_code) == ([302, 302], 422)
    assert "sent before with other words" in words(other.text)
    assert Seat.objects.count() == 1


def test_stale_form_is_told_and_keeps_what_was_typed(site: Deployment, manager: Client):
    manager.post(f"{SEATS}new/", filling())
    page = f"{SEATS}{Seat.objects.get().pk}/?do=end"
    mark = hidden(manager.get(page).text, "mark")
    manager.post(page, {"mark": mark, "to_on": "2026-03-20"})

    late = manager.post(page, {"mark": mark, "to_on": "2026-04-01"})
    again = manager.post(page, {"mark": hidden(late.text, "mark"), "to_on": "2026-04-01"})

    assert late.status_code == 409
    assert "Saved meanwhile: 20 March 2026 Yours: 1 April 2026" in words(late.text)
    assert 'value="2026-04-01"' in late.text
    assert (again.status_code, Seat.objects.get().to_on) == (302, date(2026, 4, 1))


def test_discipline_that_others_have_is_missed(site: Deployment, manager: Client):
    manager.post(f"{SEATS}new/", filling(discipline="Pharmacy"))
    manager.post(f"{TEAM}seats/new/", filling(discipline="Nursing"))

    programme, here = words(manager.get(SEATS).text), words(manager.get(TEAM).text)

    assert "Nobody here brings this discipline: Nursing" in programme
    assert "Nobody here brings" not in here


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.SIGNATORY, Role.TRAINER])
def test_who_may_know_no_names_reads_how_things_stand(site: Deployment, lead: Client, role: str):
    person = Person.objects.create(label="Ada Alder")
    Seat.objects.create(
        programme=site.programme, site=site.site, role=SeatRole.objects.create(code="ccio"), person=person
    )
    group = ReadinessGroup.objects.create(deployment=site, clinical_chair=person)
    GroupMeeting.objects.create(group=group, held_on=TODAY, words="Ada spoke").came.add(person)
    GroupAction.objects.create(group=group, text="Ada calls", owner=person, due_on=date(2026, 3, 1))
    reader = client_of(make.make_member(role, programme=site.programme))

    text = words(reader.get(TEAM).text)
    answers = [reader.get(f"{TEAM}chairs/").status_code, reader.post(f"{TEAM}actions/new/", {}).status_code]

    assert "Ada" not in text
    assert "Vacant: operational chair. The group met today. 1 action is open; 1 of them is late." in text
    assert answers == [403, 403]
    assert "Ada" in words(lead.get(TEAM).text)


def test_two_chairs_are_two_people(site: Deployment, lead: Client):
    chairs = f"{TEAM}chairs/"
    mark = lead.get(chairs).context["form"]["mark"].value()

    answer = lead.post(chairs, {"clinical_chair": "Ada Lund", "operational_chair": "ada lund", "mark": mark})

    assert answer.status_code == 422
    assert "The two chairs are two people" in words(answer.text)
    assert not ReadinessGroup.objects.exists()


def test_group_is_kept_chairs_meetings_actions(site: Deployment, lead: Client):
    chairs = f"{TEAM}chairs/"
    lead.post(chairs, {"mark": hidden(lead.get(chairs).text, "mark"), "clinical_chair": "Dr Ash"})
    lead.post(f"{TEAM}meetings/new/", {"held_on": "2026-03-13", "came": "Dr Ash\n\nBo Birch\nDr Ash", "words": "Rota"})
    lead.post(f"{TEAM}actions/new/", {"text": "Print the plan", "owner": "Bo Birch", "due_on": "2026-03-14"})
    before = lead.get(TEAM)
    action = f"{TEAM}actions/{GroupAction.objects.get().pk}/"
    done = {"text": "Print the plan", "owner": "Bo Birch", "due_on": "2026-03-14", "done_on": "2026-03-15"}
    lead.post(action, {**done, "mark": hidden(lead.get(action).text, "mark")})
    after = lead.get(TEAM)

    assert "Vacant: operational chair. The group last met 2 days ago. 1 action is open; 1 of them is late." in words(
        before.text
    )
    assert table(before.text, "group-actions") == [["Print the plan", "Bo Birch", "14 March 2026 1 day late"]]
    assert table(before.text, "group-meetings") == [["13 March 2026", "Bo Birch , Dr Ash", "Rota"]]
    assert table(after.text, "group-actions") == [["Print the plan", "Bo Birch", "Done on 15 March 2026"]]


def test_meeting_of_the_same_day_or_to_come_is_refused(site: Deployment, lead: Client):
    lead.post(f"{TEAM}meetings/new/", {"held_on": "2026-03-13"})

    same = lead.post(f"{TEAM}meetings/new/", {"held_on": "2026-03-13", "words": "Other"})
    to_come = lead.post(f"{TEAM}meetings/new/", {"held_on": "2026-03-16"})

    assert (same.status_code, to_come.status_code) == (422, 422)
    assert "A meeting of that day is recorded already" in words(same.text)
    assert "Enter a day that is not in the future" in words(to_come.text)


def test_meeting_changed_by_two_is_told(site: Deployment, lead: Client, manager: Client):
    lead.post(f"{TEAM}meetings/new/", {"held_on": "2026-03-13", "came": "Ash"})
    page = f"{TEAM}meetings/{GroupMeeting.objects.get().pk}/"
    mark = hidden(manager.get(page).text, "mark")
    lead.post(page, {"mark": mark, "held_on": "2026-03-13", "came": "Ash\nBo"})

    late = manager.post(page, {"mark": mark, "held_on": "2026-03-13", "came": "Ash\nCy"})

    assert late.status_code == 409
    assert "Saved meanwhile: Ash, Bo Yours: Ash, Cy" in words(late.text)


def test_what_looks_like_a_patient_is_not_kept_without_a_reason(site: Deployment, lead: Client):
    said = {"held_on": "2026-03-13", "words": "Bed for 943 476 5919"}

    refused = lead.post(f"{TEAM}meetings/new/", said)
    kept = lead.post(f"{TEAM}meetings/new/", {**said, "not_a_patient": "the number of the bed"})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert "looks like an NHS number" in words(refused.text)


def test_part_of_another_site_is_not_found(site: Deployment, manager: Client):
    other = make.make_deployment(programme=site.programme)
    group = ReadinessGroup.objects.create(deployment=other)
    action = GroupAction.objects.create(group=group, text="Theirs")
    seat = Seat.objects.create(programme=site.programme, site=other.site, role=SeatRole.objects.create(code="ccio"))

    found = [manager.get(f"{TEAM}{part}/").status_code for part in (f"actions/{action.pk}", f"seats/{seat.pk}")]
    found.append(manager.get(f"{SEATS}{seat.pk}/").status_code)

    assert found == [404, 404, 404]


def test_right_that_was_taken_away_changes_nothing_more(site: Deployment, lead: Client):
    lead.get(f"{TEAM}seats/new/")
    Membership.objects.update(ended_at=NOW)

    answer = lead.post(f"{TEAM}seats/new/", filling())

    assert (answer.status_code, Seat.objects.count()) == (404, 0)


@pytest.mark.parametrize("page", [TEAM, SEATS])
def test_queries_do_not_grow_with_seats_and_meetings(site: Deployment, manager: Client, page: str):
    group = ReadinessGroup.objects.create(deployment=site)

    def add(number: int) -> None:
        person = Person.objects.create(label=f"Person {number}")
        role = SeatRole.objects.create(code=f"role_{number}")
        for place in (site.site, None):
            Seat.objects.create(programme=site.programme, site=place, role=role, person=person)
        GroupMeeting.objects.create(group=group, held_on=date(2026, 1, number + 1)).came.add(person)
        GroupAction.objects.create(group=group, text="Do", owner=person)

    counts = []
    for number in (1, 2, 3):
        add(number)
        manager.get(page)
        with CaptureQueriesContext(connection) as queries:
            manager.get(page)
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 25
