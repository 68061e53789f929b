"""Champions of a site: listed with their hours, nominated, changed, stood down, by those whose ward it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.models import Deployment, User, Ward
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words
from training.choices import ShiftState
from training.models import Champion, ChampionShift, StaffMember
from training.services.champions import nominate

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 14)
NEW = {"volunteered": "yes", "protected_hours": "7.5", "level": "super_user", "from_on": "2026-03-16"}


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(datetime(2026, 3, 14, 12, 0, tzinfo=UTC))


@pytest.fixture
def ward() -> Ward:
    return make.make_ward(name="Elder ward")


@pytest.fixture
def here(ward: Ward) -> Deployment:
    return make.make_deployment(site=ward.site)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def manager_of(ward: Ward) -> Client:
    return client_of(make.make_member(Role.WARD_MANAGER, ward=ward))


def address(here: Deployment, more: str = "") -> str:
    return f"/p/{here.programme.code}/s/{here.site.code}/champions/{more}"


def champion(here: Deployment, person: StaffMember, **fields: object) -> Champion:
    return Champion.objects.create(
        **{"programme": here.programme, "staff": person, "from_on": date(2026, 3, 1), **fields}
    )


def shift(here: Deployment, person: StaffMember, ward: Ward, day: int, **fields: object) -> ChampionShift:
    starts_at = datetime.combine(TODAY + timedelta(days=day), time(7), UTC)
    given = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=8), "planned_on": date(2026, 3, 1)}
    return ChampionShift.objects.create(
        **{"client_id": uuid4(), "programme": here.programme, "staff": person, "ward": ward, **given, **fields}
    )


def test_list_tells_hours_and_what_is_too_much(here: Deployment, ward: Ward):
    ana = make.make_staff(ward, name="Ana Diaz")
    champion(here, ana, protected_hours=Decimal("10"), volunteered=True)
    champion(here, make.make_staff(ward, name="Bo Li"), to_on=date(2026, 3, 10))
    shift(here, ana, ward, -2, state=ShiftState.WORKED)
    for day in (1, 2, 3, 4, 5, 6):
        shift(here, ana, ward, day)
    shift(here, ana, ward, 9, state=ShiftState.CANCELLED)

    page = manager_of(ward).get(address(here)).text

    assert "1 champion helps here. 1 stood down." in words(page)
    assert column(page, "champion-table", 4) == ["8 hours", "0 hours"]
    assert column(page, "champion-table", 5) == ["48 hours", "0 hours"]
    assert column(page, "champion-table", 6) == [
        (
            "36 hours over the protected hours in 2 weeks from 9 March on, to backfill "
            "More hours than the programme allows in 2 weeks from 9 March on Shifts on 6 days in a row"
        ),
        "Nothing",
    ]
    assert "Stood down on 10 March 2026" in words(page)


def test_nominating_offers_the_network_first_and_makes_one_champion(here: Deployment, ward: Ward):
    before = make.make_staff(ward, name="Zoe Past")
    champion(
        here, before, programme=make.make_programme(name="Video"), from_on=date(2025, 1, 1), to_on=date(2025, 5, 3)
    )
    person = make.make_staff(ward, name="Ana Diaz")
    champion(here, make.make_staff(ward, name="Already There"))
    make.make_staff(make.make_ward(site=ward.site), name="Other Ward")
    client = manager_of(ward)
    offered = words(client.get(address(here, "new/")).text)
    sent = {**NEW, "staff": person.pk, "once": str(uuid4())}

    answers = [client.post(address(here, "new/"), sent) for _ in range(2)]

    assert "Zoe Past, Elder ward, was champion in Video until 3 May 2025" in offered
    assert offered.index("Zoe Past") < offered.index("Ana Diaz")
    assert "Already There" not in offered
    assert "Other Ward" not in offered
    assert [answer.status_code for answer in answers] == [302, 302]
    made = Champion.objects.get(staff=person)
    assert (made.level, made.volunteered, made.protected_hours) == ("super_user", True, Decimal("7.5"))
    assert made.from_on == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"staff": ""}, "Select a person"),
        ({"protected_hours": "61"}, "Enter hours from 0 to 60, like 7.5"),
        ({"protected_hours": "1.25"}, "Enter hours from 0 to 60, like 7.5"),
        ({"from_on": "next week"}, "Enter a date like 2026-03-14"),
        ({"volunteered": "maybe"}, "Select volunteered or assigned"),
    ],
)
def test_nomination_that_is_not_whole_is_mended_at_its_field(here: Deployment, ward: Ward, changed: dict, said: str):
    person = make.make_staff(ward)

    answer = manager_of(ward).post(address(here, "new/"), {**NEW, "staff": person.pk, **changed})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert not Champion.objects.exists()


def test_person_of_another_ward_cannot_be_nominated(here: Deployment, ward: Ward):
    person = make.make_staff(make.make_ward(site=ward.site))

    answer = manager_of(ward).post(address(here, "new/"), {**NEW, "staff": person.pk})

    assert answer.status_code == 422
    assert not Champion.objects.exists()


@pytest.mark.parametrize(("to_on", "from_on"), [(None, "2026-03-16"), (date(2026, 3, 20), "2026-03-20")])
def test_champion_is_not_nominated_for_the_same_time_again(
    here: Deployment, ward: Ward, to_on: date | None, from_on: str
):
    person, by = make.make_staff(ward), make.make_user()
    champion(here, person, to_on=to_on)
    said = {"level": "champion", "volunteered": True, "protected_hours": None, "by": by}

    with pytest.raises(Refused, match="is a champion of the programme"):
        nominate(programme_id=here.programme_id, staff_id=person.pk, from_on=date.fromisoformat(from_on), **said)

    nominate(programme_id=make.make_programme().pk, staff_id=person.pk, from_on=TODAY, **said)
    assert Champion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_nominate_one_person_at_once_make_one_champion(here: Deployment, ward: Ward):
    person, by = make.make_staff(ward), make.make_user()

    def once(_number: int) -> str:
        try:
            nominate(
                programme_id=here.programme_id, staff_id=person.pk, level="champion", volunteered=True,
                protected_hours=None, from_on=TODAY, by=by,
            )  # fmt: skip
        except Refused:
            return "refused"
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(once, range(4)))

    assert answers == ["made", "refused", "refused", "refused"]


def test_later_of_two_changes_is_told_both_and_keeps_what_was_typed(here: Deployment, ward: Ward):
    row = champion(here, make.make_staff(ward), protected_hours=Decimal("4"), volunteered=True)
    client = manager_of(ward)
    form = client.get(address(here, f"{row.pk}/")).context["form"]
    sent = {"mark": form.initial["mark"], "level": "ambassador", "volunteered": "yes", "protected_hours": "8"}
    Champion.objects.filter(pk=row.pk).update(protected_hours=Decimal("6"))

    answer = client.post(address(here, f"{row.pk}/"), sent)

    assert answer.status_code == 409
    assert "6.0" in answer.text
    assert 'value="8"' in answer.text
    again = {**sent, "mark": answer.context["form"]["mark"].value()}
    assert client.post(address(here, f"{row.pk}/"), again).status_code == 302
    row.refresh_from_db()
    assert (row.level, row.protected_hours) == ("ambassador", Decimal("8"))


def test_standing_down_cancels_the_ticked_shifts_after_the_last_day(here: Deployment, ward: Ward):
    person = make.make_staff(ward)
    row = champion(here, person)
    soon, kept, gone = (shift(here, person, ward, day) for day in (1, 5, 6))
    client = manager_of(ward)
    page = client.get(address(here, f"{row.pk}/stand-down/"))
    sent = {
        "mark": page.context["form"].initial["mark"],
        "to_on": (TODAY + timedelta(days=1)).isoformat(),
        "cancelling": [soon.pk, gone.pk],
    }

    answer = client.post(address(here, f"{row.pk}/stand-down/"), sent)

    assert "20 March 2026, 7am to 3pm, Elder ward" in words(page.text)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.to_on == TODAY + timedelta(days=1)
    states = dict(ChampionShift.objects.values_list("pk", "state"))
    assert states == {soon.pk: "planned", kept.pk: "planned", gone.pk: "cancelled"}
    assert ChampionShift.objects.get(pk=gone.pk).ended_on == TODAY


def test_standing_down_before_the_first_day_is_refused_at_the_day(here: Deployment, ward: Ward):
    row = champion(here, make.make_staff(ward))
    client = manager_of(ward)
    mark = client.get(address(here, f"{row.pk}/stand-down/")).context["form"].initial["mark"]

    answer = client.post(address(here, f"{row.pk}/stand-down/"), {"mark": mark, "to_on": "2026-02-28"})

    assert answer.status_code == 422
    assert "must not be before the first, 1 March 2026" in words(answer.text)


def test_ward_manager_sees_the_sites_champions_and_changes_those_of_the_ward(here: Deployment, ward: Ward):
    mine = champion(here, make.make_staff(ward, name="Mine Own"))
    theirs = champion(here, make.make_staff(make.make_ward(site=ward.site), name="Their Own"))
    client = manager_of(ward)

    page = client.get(address(here)).text

    assert "Their Own" in page
    assert address(here, f"{mine.pk}/") in page
    assert address(here, f"{theirs.pk}/") not in page
    assert client.get(address(here, f"{theirs.pk}/")).status_code == 403
    assert client.post(address(here, f"{theirs.pk}/stand-down/"), {}).status_code == 403


def test_list_asks_the_same_for_one_and_for_three(here: Deployment, ward: Ward):
    client = client_of(make.make_member(Role.SITE_LEAD, site=ward.site))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            person = make.make_staff(ward)
            champion(here, person)
            shift(here, person, ward, 1)
        client.get(address(here))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(here)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25


def test_empty_list_says_what_belongs_there(here: Deployment, ward: Ward):
    page = words(manager_of(ward).get(address(here)).text)

    assert "Nobody is a champion here yet." in page
    assert "No champions yet" in page
