"""A member of staff and their log-in: linked, given and unlinked by those who run the programme."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from readiness.services.shift_reminders import queue_shift_reminders
from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, Membership, Programme, User
from rollout.services.refusals import Refused
from rollout.services.roles import deactivate
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from training.choices import ChampionLevel
from training.models import Champion, ChampionShift, StaffMember
from training.services.champions import nominate
from training.services.log_ins import give_login, link_login
from training.services.retention import remove_due_names

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def here() -> Deployment:
    """A site with Ben, a champion, who has no log-in, and Ana, who is none."""
    here = make.make_deployment(programme=make.make_programme(code="EPR"), site=make.make_site(code="ALD"))
    ward = make.make_ward(site=here.site)
    ben = make.make_staff(ward, number="100", name="Ben Ash", email="Ben@Example.org")
    make.make_staff(ward, number="101", name="Ana Diaz")
    Champion.objects.create(programme=here.programme, staff=ben, from_on=TODAY())
    return here


@pytest.fixture
def ben(here: Deployment) -> StaffMember:
    return StaffMember.objects.get(number="100")


@pytest.fixture
def boss(here: Deployment) -> User:
    user = make.make_user(name="Mo Manager")
    return make.make_member(Role.PROGRAMME_MANAGER, programme=here.programme, user=user)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def known(here: Deployment, **fields: object) -> User:
    """Somebody whom the programme's managers may know of."""
    return make.make_member(Role.TRAINER, programme=here.programme, user=make.make_user(**fields))


def page_of(person: StaffMember, more: str = "") -> str:
    return f"/p/EPR/s/ALD/staff/{person.pk}/{more}"


def roles(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True))


def mark(client: Client, person: StaffMember) -> str:
    return client.get(page_of(person, "log-in/unlink/")).context["form"].initial["mark"]


def test_champion_with_a_linked_log_in_confirms_their_shift_and_is_reminded(
    here: Deployment, ben: StaffMember, boss: User, frozen_clock: FrozenClock, settings: Settings
) -> None:
    frozen_clock.move_to(timezone.now().replace(hour=12, minute=0))
    settings.MAIL_IS_SENT = True
    user, manager = known(here, email="ben@example.org"), client_of(boss)
    phone = client_of(user)
    starts_at = timezone.now() + timedelta(hours=20)
    given = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=8), "planned_on": TODAY()}
    ward = ben.postings.get().ward
    shift = ChampionShift.objects.create(client_id=uuid4(), programme=here.programme, staff=ben, ward=ward, **given)
    champions = "/p/EPR/s/ALD/champions/"
    change = f"{champions}{Champion.objects.get().pk}/"

    before = [manager.get(address).text for address in (champions, change, page_of(ben))]
    unlinked, reminded = phone.get("/shifts/"), queue_shift_reminders()
    proposed = manager.get(page_of(ben, "log-in/")).context["form"].initial["email"]
    linked = [manager.post(page_of(ben, "log-in/"), {"email": " BEN@example.org "}) for _ in range(2)]
    after = [manager.get(address).text for address in (champions, change, page_of(ben))]

    assert "No log-in" in before[0] and "No log-in</span>" not in after[0]
    assert "Ben Ash has no log-in yet. Link one, so that" in words(before[1])
    assert f'{page_of(ben)}#log-in"' in before[1] and "Ben Ash has a log-in" in words(after[1])
    assert "No log-in is linked to this person." in words(before[2])
    noted = AuditEntry.objects.filter(reason="log-in linked").earliest("pk").at  # the database's clock goes on
    day = f"{timezone.localdate(noted):%-d %B %Y}"
    assert f"Linked to the log-in ben@example.org. Linked by {boss} on {day}." in words(after[2])
    assert "is not linked to an employee number yet" in words(unlinked.text) and reminded == 0
    assert proposed == "Ben@Example.org" and [answer.status_code for answer in linked] == [302, 302]
    assert roles(user) == {Role.TRAINER, Role.CHAMPION} and queue_shift_reminders() == 1

    own, work, account = (phone.get(address).text for address in ("/shifts/", "/", "/account/"))
    assert ward.name in own and "Your next shifts" in work and phone.get("/log/").status_code == 200
    assert phone.post(f"/shifts/{shift.pk}/confirm/").status_code == 302
    shift.refresh_from_db()
    assert shift.state == "confirmed"
    name = ben.organisation.name
    said = f"This log-in belongs to employee number 100 of {name}. It was linked by {boss} on {day}. Tell an admin"
    assert said in words(account)
    assert "Wards and days of work" in phone.get("/account/held/").text


def test_trail_says_who_and_when_and_not_which_log_in(here: Deployment, ben: StaffMember, boss: User) -> None:
    user, manager = known(here, email="marker@example.org", name="Marker"), client_of(boss)
    manager.post(page_of(ben, "log-in/"), {"email": "marker@example.org"})
    manager.post(page_of(ben, "log-in/unlink/"), {"mark": mark(manager, ben)})

    entries = AuditEntry.objects.filter(table="training_staffmember", row_id=ben.pk, user=boss)
    assert {"log-in linked", "log-in unlinked"} <= set(entries.values_list("reason", flat=True))
    kept = [value for entry in entries for value in ((entry.before or {}), (entry.after or {}))]
    assert {row["user_id"] for row in kept if "user_id" in row} == {None, "changed, not kept here"}
    assert "arker" not in str(kept) and user.pk


def test_unlinking_ends_what_the_link_opened_and_tells_who_was_later(
    here: Deployment, ben: StaffMember, boss: User
) -> None:
    first, second = known(here, email="one@example.org"), known(here, email="two@example.org")
    manager = client_of(boss)
    link_login(staff_id=ben.pk, email=first.email, by=boss)
    stale = mark(manager, ben)
    answers = [manager.post(page_of(ben, "log-in/unlink/"), {"mark": stale}).status_code for _ in range(2)]
    gone = roles(first)
    link_login(staff_id=ben.pk, email=second.email, by=boss)
    late = manager.post(page_of(ben, "log-in/unlink/"), {"mark": stale})

    assert answers == [302, 302] and gone == {Role.TRAINER}
    assert late.status_code == 409 and StaffMember.objects.get(pk=ben.pk).user == second
    assert manager.post(page_of(ben, "log-in/unlink/"), {}).status_code == 422


def test_each_log_in_is_one_persons_and_each_person_has_one(here: Deployment, ben: StaffMember, boss: User) -> None:
    ana, manager = StaffMember.objects.get(number="101"), client_of(boss)
    one, other = known(here, email="one@example.org"), known(here, email="two@example.org")
    link_login(staff_id=ben.pk, email=one.email, by=boss)

    taken = manager.post(page_of(ana, "log-in/"), {"email": one.email})
    second = manager.post(page_of(ben, "log-in/"), {"email": other.email})
    given = manager.post(page_of(ben, "log-in/new/"), {"once": str(uuid4()), "email": "new@example.org"})

    assert taken.status_code == 422 and "This log-in is linked to another employee number." in taken.text
    assert second.status_code == 422 and "This person is linked to a log-in already." in words(second.text)
    assert given.status_code == 422 and not User.objects.filter(email="new@example.org").exists()
    assert dict(StaffMember.objects.values_list("number", "user")) == {"100": one.pk, "101": None}


def test_addresses_out_of_reach_and_unknown_are_refused_alike(here: Deployment, ben: StaffMember, boss: User) -> None:
    stranger = make.make_member(Role.TRAINER, programme=make.make_programme(code="VIDEO")).email
    gone = known(here, email="gone@example.org", is_active=False).email
    StaffMember.objects.filter(pk=ben.pk).update(email=stranger)
    manager = client_of(boss)

    asked = manager.get(page_of(ben, "log-in/"))
    answers = [manager.post(page_of(ben, "log-in/"), {"email": at}) for at in (stranger, gone, "nobody@example.org")]
    wrong = [
        manager.post(page_of(ben, "log-in/"), {"email": at}) for at in ("", "nothing", f"{'a' * 255}@x.org", "\x00")
    ]

    said = {re.sub(r"\S+@\S+|csrf\S+ \S+ value=\S+", "", words(answer.text)) for answer in answers}
    assert asked.context["form"].initial["email"] == "" and stranger not in asked.text
    assert {answer.status_code for answer in (*answers, *wrong)} == {422} and len(said) == 1
    assert "There is no log-in with this address that you may link." in said.pop()
    assert (
        client_of(make.make_member(Role.ADMINISTRATOR)).post(page_of(ben, "log-in/"), {"email": stranger}).status_code
        == 302
    )


def test_nobody_but_an_administrator_links_themselves(here: Deployment, ben: StaffMember, boss: User) -> None:
    admin = make.make_member(Role.ADMINISTRATOR)
    ana = StaffMember.objects.get(number="101")

    refused = client_of(boss).post(page_of(ben, "log-in/"), {"email": boss.email})
    link_login(staff_id=ana.pk, email=admin.email, by=admin)

    assert refused.status_code == 422 and "You cannot link your own log-in." in refused.text
    assert StaffMember.objects.get(pk=ana.pk).user == admin and roles(admin) == {Role.ADMINISTRATOR}


def test_those_who_lead_the_site_are_told_who_links(here: Deployment, ben: StaffMember, boss: User) -> None:
    lead = client_of(make.make_member(Role.SITE_LEAD, site=here.site))
    ward = client_of(make.make_member(Role.WARD_MANAGER, ward=ben.postings.get().ward))
    change = f"/p/EPR/s/ALD/champions/{Champion.objects.get().pk}/"

    shown = [lead.get(page_of(ben)).text, lead.get(change).text, ward.get(change).text]
    link_login(staff_id=ben.pk, email=known(here, email="hidden@example.org").email, by=boss)
    linked = lead.get(page_of(ben)).text

    assert all("A manager of the programme or an administrator" in words(text) for text in shown)
    assert not any(page_of(ben, "log-in/") in text for text in (*shown, linked))
    assert "Linked to a log-in." in words(linked) and "hidden@" not in linked and str(boss) not in words(linked)


def test_log_in_is_given_once_and_its_link_is_shown_once(here: Deployment, ben: StaffMember, boss: User) -> None:
    manager = client_of(boss)
    make.make_user(email="taken@example.org")
    shown = manager.get(page_of(ben, "log-in/new/"))
    sent = {"once": str(uuid4()), "email": "Ben@Example.org"}

    taken = manager.post(page_of(ben, "log-in/new/"), {**sent, "email": "Taken@example.org"})
    answers = [manager.post(page_of(ben, "log-in/new/"), sent).status_code for _ in range(2)]
    first, second = (manager.get(page_of(ben)).text for _ in range(2))
    user = User.objects.get(email__iexact="ben@example.org")

    assert shown.context["form"].initial["email"] == "Ben@Example.org"
    assert taken.status_code == 422 and "Somebody logs in with this address already." in taken.text
    assert answers == [302, 302] and (user.name, user.staff_member) == ("Ben Ash", ben)
    assert roles(user) == {Role.CHAMPION} and user.has_usable_password() is False
    address = re.search(r"http://testserver(/account/first-password/\?[^<]+)", first)
    assert address and "first-password" not in second
    assert Client().get(address[1].replace("&amp;", "&"), follow=True).status_code == 200


def test_linked_log_in_of_somebody_who_becomes_a_champion_gets_the_role(here: Deployment, boss: User) -> None:
    ana = StaffMember.objects.get(number="101")
    user = known(here, email="ana@example.org")
    link_login(staff_id=ana.pk, email=user.email, by=boss)
    before = roles(user)
    nominate(
        programme_id=here.programme_id,
        staff_id=ana.pk,
        level=ChampionLevel.CHAMPION,
        volunteered=True,
        protected_hours=None,
        from_on=TODAY(),
        by=user,
    )

    assert before == {Role.TRAINER} and roles(user) == {Role.TRAINER, Role.CHAMPION}


def test_nothing_dangles_once_a_log_in_is_taken_away_or_names_are_removed(
    here: Deployment, ben: StaffMember, boss: User
) -> None:
    admin = make.make_member(Role.ADMINISTRATOR)
    user = give_login(staff_id=ben.pk, email="ben@example.org", by=boss)
    deactivate(user_id=user.pk, by=admin)
    silent = client_of(boss).get(page_of(ben)).text
    Programme.objects.update(state="closed", names_kept_days=30)
    Programme.objects.update(closed_on=TODAY() - timedelta(days=31))

    assert "It may not log in at present." in words(silent) and "Unlink the log-in" in silent
    assert remove_due_names() == 2 and roles(user) == set()
    assert not StaffMember.objects.exclude(user=None).exists()
    with pytest.raises(StaffMember.DoesNotExist):
        link_login(staff_id=ben.pk, email=admin.email, by=admin)


def test_pages_ask_few_queries(here: Deployment, ben: StaffMember, boss: User) -> None:
    manager = client_of(boss)
    user = give_login(staff_id=ben.pk, email="ben@example.org", by=boss)
    for client, address in ((manager, page_of(ben)), (client_of(user), "/account/")):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 25


@pytest.mark.django_db(transaction=True)
def test_two_who_link_one_log_in_at_once_make_one_link(here: Deployment, boss: User) -> None:
    user = known(here, email="one@example.org")
    people = list(StaffMember.objects.values_list("pk", flat=True))

    def link(staff: int) -> str:
        try:
            link_login(staff_id=staff, email=user.email, by=boss)
        except Refused:
            return "refused"
        finally:
            connections.close_all()
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(link, people)) == ["linked", "refused"]
    assert StaffMember.objects.filter(user=user).count() == 1
