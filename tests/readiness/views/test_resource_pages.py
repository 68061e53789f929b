"""The resource plan: people by role and week against who is named, gaps in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.dashboards.resources import Cell, RoleWeeks, plan_of
from readiness.forms.resources import people_words
from rollout.choices import Role
from rollout.models import Deployment, Membership, Person, ResourceNeed, Seat, SeatRole, User
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from rollout.services.resources import needs_mark, plan_people
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)  # a Sunday
PLAN, NEED = "/p/EPR/settings/resources/", "/p/EPR/settings/resources/need/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    place = make.make_site(code="ALD", name="Alder Hospital")
    return make.make_deployment(programme=programme, site=place, go_live_on=date(2026, 4, 24))


@pytest.fixture
def manager(site: Deployment) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    return client


def hidden(text: str, name: str) -> str:
    """The value of a hidden field of a page."""
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def plan(site: Deployment, by: User, first: date, last: date, people: str, **said: object) -> list[ResourceNeed]:
    place = {"programme_id": site.programme_id, "site_id": site.site_id, "role": "sro", **said}
    place.setdefault("mark", needs_mark(site.programme_id, site.site_id, "sro"))
    return plan_people(**place, first_on=first, last_on=last, people=Decimal(people), by=by)


def test_people_are_planned_by_week_and_gaps_said(site: Deployment, manager: Client):
    role = SeatRole.objects.create(code="trainer")
    person = Person.objects.create(label="Ada")
    seat = {"programme": site.programme, "site": site.site, "role": role, "person": person}
    Seat.objects.create(**seat, from_on=date(2026, 4, 8))
    empty = words(manager.get(f"{PLAN}?site=ALD").text)
    asked = manager.get(f"{NEED}?site=ALD")
    form = f"{NEED}?site=ALD&role=trainer"
    said = {"first_on": "2026-04-01", "last_on": "2026-04-26", "people": "2"}

    saved = manager.post(form, {**said, "mark": hidden(manager.get(form).text, "mark")}, follow=True)

    rows = table(saved.text, "resources")
    assert "Nothing is planned for these weeks" in empty
    assert "Continue" in words(asked.text)
    assert saved.redirect_chain == [(f"{PLAN}?site=ALD", 302)]
    assert rows[0] == ["Trainer", *["–"] * 5, "0 of 2 short", *["1 of 2 short"] * 3, *["–"] * 4]
    assert "There are 2 gaps in the next 13 weeks." in words(saved.text)
    assert "Trainer, Alder Hospital: 2 short from 30 March 2026 to 5 April 2026." in words(saved.text)
    assert "Trainer, Alder Hospital: 1 short from 6 April 2026 to 26 April 2026." in words(saved.text)
    assert "Trainer" not in words(manager.get(PLAN).text).split("The programme itself", 2)[2]


def test_new_word_is_planned_for_the_programme_and_taken_away(site: Deployment, manager: Client):
    form = f"{NEED}?role=%2B&other=Floor+walker"
    said = {"first_on": "2026-03-16", "last_on": "2026-03-16", "people": "0.5"}
    manager.post(form, {**said, "mark": hidden(manager.get(form).text, "mark")})
    planned = table(manager.get(PLAN).text, "resources")
    known = f"{NEED}?role=floor_walker"
    page = manager.get(known)
    manager.post(known, {**said, "people": "0", "mark": hidden(page.text, "mark")})
    gone = words(manager.get(PLAN).text)
    manager.post(known, {**said, "people": "1", "mark": hidden(manager.get(known).text, "mark")})

    assert planned[0][:3] == ["Floor walker", "–", "0 of 0.5 short"]
    assert "Week from 16 March 2026: 0.5" in words(page.text)
    assert "Nothing is planned" in gone
    assert ResourceNeed.objects.filter(retired_at=None).get().people == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"people": "many"}, "Enter a number of people, such as 2 or 0.5"),
        ({"people": "-1"}, "Enter a number of people, such as 2 or 0.5"),
        ({"people": "0.55"}, "Enter a number of people, such as 2 or 0.5"),
        ({"last_on": "2026-01-01"}, "The last week must not be before the first"),
        ({"last_on": "2029-01-01"}, "Plan 104 weeks at most"),
        ({"first_on": ""}, "Enter a date like 2026-03-14"),
    ],
)
def test_wrong_entry_says_how_to_mend_it(site: Deployment, manager: Client, said: dict, error: str):
    form = f"{NEED}?role=sro"
    mark = hidden(manager.get(form).text, "mark")

    answer = manager.post(
        form, {"mark": mark, "first_on": "2026-03-16", "last_on": "2026-03-20", "people": "1", **said}
    )

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not ResourceNeed.objects.exists()


def test_later_of_two_plans_is_told(site: Deployment, manager: Client):
    form = f"{NEED}?site=ALD&role=sro"
    by, mark = make.make_user(), hidden(manager.get(form).text, "mark")
    said = {"mark": mark, "first_on": "2026-03-16", "last_on": "2026-03-20", "people": "3"}
    plan(site, by, date(2026, 3, 16), date(2026, 3, 16), "2")

    late = manager.post(form, said)
    with pytest.raises(RecordChanged):
        plan(site, by, date(2026, 3, 16), date(2026, 3, 16), "5", mark=mark)
    same = plan(site, by, date(2026, 3, 16), date(2026, 3, 16), "2", mark=mark)
    with pytest.raises(Refused):
        plan(site, by, date(2026, 3, 16), date(2029, 3, 16), "2")
    again = manager.post(form, {**said, "mark": hidden(late.text, "mark")})

    assert (late.status_code, again.status_code, len(same)) == (409, 302, 1)
    assert "Somebody else changed this while you were here" in words(late.text)
    assert "People needed Saved meanwhile: 2 in the days 16 to 22 March 2026 Yours: 3" in words(late.text)
    assert ResourceNeed.objects.get().people == 3


def test_weeks_of_the_same_number_are_one_stretch():
    weeks = [(date(2026, 3, day), Decimal(people)) for day, people in ((2, "1.5"), (9, "1.5"), (16, "0"))]

    said = "1.5 in the days 2 to 15 March 2026; 0 in the days 16 to 22 March 2026"
    assert people_words(weeks) == said


def test_gaps_of_the_same_size_are_one_stretch():
    weeks = [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 30)]
    needed = [2, 2, 3, 3]
    cells = tuple(Cell(week, Decimal(number), 1) for week, number in zip(weeks, needed, strict=True))

    assert RoleWeeks("trainer", "Trainer", None, cells).gaps == [
        (date(2026, 3, 2), date(2026, 3, 15), Decimal(1)),
        (date(2026, 3, 16), date(2026, 3, 22), Decimal(2)),
        (date(2026, 3, 30), date(2026, 4, 5), Decimal(2)),
    ]


def test_site_without_a_date_shows_the_weeks_ahead(site: Deployment):
    Deployment.objects.filter(pk=site.pk).update(go_live_on=None)
    site.refresh_from_db()

    assert plan_of(site.programme, site, date(2026, 3, 15)).weeks[0] == date(2026, 3, 9)


def test_plan_is_the_managers_alone(site: Deployment, manager: Client):
    lead = Client()
    lead.force_login(make.make_member(Role.SITE_LEAD, site=site.site))
    answers = [lead.get(PLAN).status_code, lead.get(NEED).status_code, manager.get(f"{PLAN}?site=NONE").status_code]
    Membership.objects.filter(role=Role.PROGRAMME_MANAGER).update(ended_at=NOW)

    assert [*answers, manager.get(PLAN).status_code] == [403, 403, 404, 404]


def test_queries_do_not_grow_with_roles_and_weeks(site: Deployment, manager: Client):
    counts = []
    for number in (1, 2, 3):
        role = SeatRole.objects.create(code=f"role_{number}")
        need = {"programme": site.programme, "site": site.site, "role": role, "week_on": date(2026, 3, 16)}
        ResourceNeed.objects.create(**need, people=number)
        manager.get(f"{PLAN}?site=ALD")
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"{PLAN}?site=ALD")
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 25
