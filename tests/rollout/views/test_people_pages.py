"""People and roles: administrators for everybody, managers within their own programmes."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, Membership, Person, SeatRole, User
from tests import factories as make
from tests.pages import table, words

PEOPLE, NEW = "/admin/people/", "/admin/people/new/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Deployment:
    programme = make.make_programme(code="EPR", name="One record")
    deployment = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))
    make.make_ward(site=deployment.site, code="A1", name="Acute unit")
    return deployment


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin() -> Client:
    return client_of(make.make_member(Role.ADMINISTRATOR))


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))


def new(role: str, **said: str) -> tuple[str, dict[str, str]]:
    return f"{NEW}?role={role}", {"email": "pat@example.org", "name": "Pat Person", **said}


def test_manager_adds_a_site_lead_who_chooses_a_password(site: Deployment, manager: Client):
    answer = manager.post(*new("site_lead", site="ALD"), follow=True)
    link = re.search(r"<code>(.*?)</code>", answer.text)
    again = manager.get(answer.redirect_chain[-1][0])

    assert link is not None
    address = link.group(1).replace("&amp;", "&").replace("http://testserver", "")
    person = Client()
    weak = person.post(address, {"new_password1": "short", "new_password2": "short"})
    chosen = person.post(address, {"new_password1": make.PASSWORD, "new_password2": make.PASSWORD}, follow=True)
    used = person.get(address)
    person.post("/log-in/", {"email": "pat@example.org", "password": make.PASSWORD})

    assert "<code>" not in again.text
    assert (weak.status_code, used.status_code) == (422, 410)
    assert "Your password is set. Log in with it." in words(chosen.text)
    assert "This link no longer works" in words(used.text)
    assert person.get("/p/EPR/s/ALD/").status_code == 200


def test_form_sent_twice_adds_one_person(site: Deployment, manager: Client):
    page = manager.get(f"{NEW}?role=trainer").text
    key = page.split('name="once" value="')[1].split('"')[0]
    address, said = new("trainer", programme=str(site.programme_id), once=key)

    first, second = manager.post(address, said), manager.post(address, said)

    assert first.headers["Location"] == second.headers["Location"]
    assert Membership.objects.filter(role=Role.TRAINER).count() == 1


@pytest.mark.parametrize(
    ("role", "said", "error"),
    [
        ("site_lead", {"site": "BIR"}, "Enter the code of a site that you know, such as ALD-1"),
        ("site_lead", {"site": ""}, "Enter the code or the name of a site"),
        ("ward_manager", {"site": "Alder Hospital", "ward": "Z9"}, "Enter the code of a ward of this site"),
        ("trainer", {"programme": ""}, "Select a programme"),
        ("signatory", {"seat_role": "wizard", "programme": ""}, "There is no such seat."),
        ("trainer", {"email": "nobody"}, "Enter an email address in the right form"),
        ("trainer", {"name": " "}, "Enter a name"),
    ],
)
def test_wrong_entry_says_how_to_mend_it(site: Deployment, manager: Client, role: str, said: dict, error: str):
    make.make_site(code="BIR", name="Birch Hospital")

    answer = manager.post(*new(role, **said))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not User.objects.filter(email="pat@example.org").exists()


def test_roles_of_every_kind_hold_where_they_say(site: Deployment, admin: Client):
    person = make.make_user(name="Pat Person")
    SeatRole.objects.get_or_create(code="sro")
    programme, page = str(site.programme_id), f"{PEOPLE}{person.pk}/roles/new/?role="
    given = {
        "administrator": {},
        "programme_manager": {"programme": programme},
        "site_lead": {"site": "ald"},
        "ward_manager": {"site": "ALD", "ward": "Acute unit"},
        "champion": {},
        "trainer": {"programme": programme},
        "signatory": {"programme": programme, "site": "ALD", "seat_role": "SRO"},
        "board_member": {"organisation": site.site.organisation.code},
    }

    statuses = {role: admin.post(f"{page}{role}", said).status_code for role, said in given.items()}
    both = admin.post(f"{page}board_member", {"organisation": site.site.organisation.code, "programme": programme})
    text = admin.get(f"{PEOPLE}{person.pk}/").text

    assert statuses == dict.fromkeys(given, 302)
    assert both.status_code == 422
    assert {tuple(row[:2]) for row in table(text, "roles-now")} == {
        ("Administrator", "Everything"),
        ("Programme manager", "One record"),
        ("Site lead", "Alder Hospital"),
        ("Ward manager", "Acute unit, Alder Hospital"),
        ("Champion", "Own shifts"),
        ("Trainer", "One record"),
        ("Signatory", "SRO: One record, Alder Hospital"),
        ("Board member", site.site.organisation.name),
    }


def test_manager_gives_nothing_beyond_the_programme(site: Deployment, manager: Client):
    other = make.make_programme()

    answers = [manager.get(f"{NEW}?role={role}").status_code for role in ("administrator", "champion", "trainer")]
    foreign = manager.post(*new("trainer", programme=str(other.pk)))
    board = manager.get(f"{NEW}?role=board_member").text

    assert answers == [403, 403, 200]
    assert foreign.status_code == 422
    assert 'name="organisation"' not in board


def test_manager_takes_no_role_for_themselves(site: Deployment, manager: Client):
    me = User.objects.get(memberships__role=Role.PROGRAMME_MANAGER)
    SeatRole.objects.get_or_create(code="sro")
    said = {"programme": str(site.programme_id), "seat_role": "sro"}

    direct = manager.post(f"{PEOPLE}{me.pk}/roles/new/?role=signatory", said)
    by_address = manager.post(*new("signatory", **said, email=me.email))

    assert (direct.status_code, by_address.status_code) == (422, 422)
    assert "You cannot give yourself a role." in words(direct.text)
    assert Membership.objects.get().role == Role.PROGRAMME_MANAGER


def test_manager_sees_and_ends_roles_of_the_programme_alone(site: Deployment, manager: Client):
    theirs = make.make_member(Role.TRAINER, programme=site.programme, user=make.make_user(name="Pat Person"))
    stranger = make.make_member(Role.TRAINER, programme=make.make_programme(), user=make.make_user(name="Sam Stranger"))
    elsewhere = Membership.objects.create(user=theirs, role=Role.ADMINISTRATOR)
    page = f"{PEOPLE}{theirs.pk}/"
    role = Membership.objects.get(user=theirs, role=Role.TRAINER)

    people = words(manager.get(PEOPLE).text)
    refused = manager.post(page, {"action": "end", "membership": str(elsewhere.pk)})
    other = [manager.post(page, {"action": action}).status_code for action in ("link", "deactivate")]
    ended = manager.post(page, {"action": "end", "membership": str(role.pk)}, follow=True)

    assert ("Pat Person" in people, "Sam Stranger" in people) == (True, False)
    assert manager.get(f"{PEOPLE}{stranger.pk}/").status_code == 404
    assert (refused.status_code, other) == (422, [403, 403])
    assert "Administrator" not in words(ended.text)
    assert "The role is ended." in words(ended.text)
    assert Membership.objects.current().filter(user=theirs).get() == elsewhere


def test_right_that_was_taken_away_opens_nothing_more(site: Deployment, manager: Client):
    before = manager.get(PEOPLE).status_code
    Membership.objects.update(ended_at="2030-01-01T00:00Z")

    assert (before, manager.get(PEOPLE).status_code) == (200, 403)


def test_administrator_finds_and_deactivates(site: Deployment, admin: Client):
    person = make.make_member(Role.SITE_LEAD, site=site.site, user=make.make_user(name="Pat Person"))
    page = f"{PEOPLE}{person.pk}/"

    found = table(admin.get(f"{PEOPLE}?q=pat&role=site_lead").text, "person-table")
    out = admin.post(page, {"action": "deactivate"}, follow=True)
    gone = words(admin.get(f"{PEOPLE}?gone=on").text)
    back = admin.post(page, {"action": "reactivate"}, follow=True)
    nothing = admin.post(page, {"action": "explode"})

    assert [row[1] for row in found] == ["Site lead Alder Hospital"]
    assert "logged out everywhere" in words(out.text)
    assert "Pat Person" in gone
    assert "may log in again" in words(back.text)
    assert nothing.status_code == 422
    assert "No people match" in words(admin.get(f"{PEOPLE}?q=zebra").text)


def test_queries_do_not_grow_with_people_and_roles(site: Deployment, admin: Client):
    counts = []
    for _number in (1, 2, 3):
        make.make_member(Role.SITE_LEAD, site=site.site)
        make.make_member(Role.WARD_MANAGER, ward=site.site.wards.get())
        admin.get(PEOPLE)
        with CaptureQueriesContext(connection) as queries:
            admin.get(PEOPLE)
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 25


def test_administrator_changes_name_and_address_and_the_trail_keeps_neither(site: Deployment, admin: Client):
    pat = make.make_member(Role.SITE_LEAD, site=site.site)
    other, known = make.make_user(email="sam@example.org"), Person.objects.create(label="pat.new@example.org")
    page = f"{PEOPLE}{pat.pk}/edit/"
    mark = re.findall(r'name="mark" value="([^"]*)"', admin.get(page).text)[0]
    here, said = client_of(pat), {"mark": mark, "email": "pat.new@example.org", "name": "Pat Newname"}

    taken = admin.post(page, {**said, "email": "SAM@example.org"})
    wrong = admin.post(page, {**said, "email": "nowhere", "name": ""})
    saved = admin.post(page, said, follow=True)
    late = admin.post(page, {**said, "name": "Patricia"})

    pat.refresh_from_db()
    known.refresh_from_db()
    assert (taken.status_code, wrong.status_code, late.status_code) == (422, 422, 409)
    assert "Somebody else logs in with this address." in words(taken.text)
    assert ["Enter a name" in wrong.text, "like name@example.org" in wrong.text] == [True, True]
    assert "Saved meanwhile: Pat Newname Yours: Patricia" in words(late.text)
    assert "The person is saved." in words(saved.text)
    assert (pat.email, pat.name, known.user_id) == ("pat.new@example.org", "Pat Newname", pat.pk)
    assert here.get("/account/").status_code == 200
    entry = AuditEntry.objects.get(table="rollout_user", row_id=pat.pk, reason="person described")
    assert entry.before == {"email": None, "name": None}
    assert not {"pat.new@example.org", "Pat Newname"} & set((entry.after or {}).values())
    assert str(entry.user_id) == admin.session["_auth_user_id"]
    assert other.email == "sam@example.org"


def test_manager_does_not_change_how_people_log_in(site: Deployment, manager: Client):
    pat = make.make_member(Role.SITE_LEAD, site=site.site)

    assert manager.get(f"{PEOPLE}{pat.pk}/edit/").status_code == 403
    assert "/edit/" not in manager.get(f"{PEOPLE}{pat.pk}/").text


def test_somebody_whose_log_in_is_taken_away_is_out_with_the_next_page(site: Deployment, admin: Client):
    pat = make.make_member(Role.SITE_LEAD, site=site.site)
    theirs = client_of(pat)
    before = theirs.get("/p/EPR/s/ALD/").status_code

    admin.post(f"{PEOPLE}{pat.pk}/", {"action": "deactivate"})

    assert (before, theirs.get("/p/EPR/s/ALD/").status_code) == (200, 302)
