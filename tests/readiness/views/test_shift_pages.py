"""Planning, moving and cancelling shifts: who is offered, what is refused in words, what two people at once do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from rollout.choices import Role
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, words
from tests.readiness.rota_world import NOON, TODAY, RotaWorld, client_of
from training.choices import ShiftState
from training.models import Absence, Attendance, Champion, ChampionShift, Course, Posting
from training.services.rota import Clash, plan_shift

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOON)


@pytest.fixture
def world() -> RotaWorld:
    return RotaWorld()


def planned() -> list[tuple[str, str]]:
    rows = ChampionShift.objects.order_by("pk").values_list("staff__name", "state")
    return [(name, state) for name, state in rows]


def test_gap_is_offered_to_active_trained_and_free_champions_nearest_and_freshest_first(world: RotaWorld):
    course = Course.objects.create(programme=world.programme, code="C", name="Champions", for_champions=True)

    def trained(name: str, **fields: object):
        person = world.champion(name, **fields)
        Attendance.objects.create(staff=person, course=course, on=date(2026, 3, 2), state="attended", passed=True)
        return person

    world.shift(trained("Busy Elsewhere"), TOMORROW, world.early, programme=make.make_programme())
    world.shift(trained("Worked Much", protected_hours=10), TOMORROW - timedelta(days=3), world.early)
    trained("Ana Fresh")
    trained("Near By", ward=world.near)
    trained("Stood Down", to_on=TODAY)
    Absence.objects.create(staff=trained("Is Away"), from_on=TODAY)
    world.champion("No Course")
    make.make_staff(world.ward, name="No Champion")

    page = world.manager().get(world.slot(TOMORROW, world.early))

    assert [label for _value, label in page.context["form"]["staff"].field.choices] == [
        "Ana Fresh, Elder ward: 0 hours planned that week",
        (
            "Worked Much, Elder ward: 8 hours planned that week, 10 hours protected."
            " Look out: more than 15 hours in a week"
        ),
        "Near By, Fern ward: 0 hours planned that week",
    ]
    said = words(page.text)
    assert "Elder ward, early: 15 March 2026, 7am to 3pm" in said
    assert "1 champion has another shift at that time. 1 champion has not done the champions' course." in said
    assert "1 champion is away." in said


def test_shift_is_planned_once_however_often_it_is_sent(world: RotaWorld):
    person, client = world.champion(), world.manager()
    sent = {"staff": person.pk, "once": str(uuid4())}

    answers = [client.post(world.slot(TOMORROW, world.early), sent) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, world.address())] * 2
    made = ChampionShift.objects.get()
    assert (made.starts_at, made.ends_at) == (
        world.span(TOMORROW, world.early).starts_at,
        world.span(TOMORROW, world.early).ends_at,
    )
    assert (made.staff, made.ward, made.state, made.planned_on) == (person, world.ward, ShiftState.PLANNED, TODAY)


@pytest.mark.parametrize(
    ("night_of", "hours"), [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 3, 31), 10)]
)
def test_night_lasts_as_long_as_it_really_does(world: RotaWorld, night_of: date, hours: int):
    person = world.champion()

    world.manager().post(world.slot(night_of, world.night), {"staff": person.pk})

    made = ChampionShift.objects.get()
    assert made.ends_at - made.starts_at == timedelta(hours=hours)


def test_clash_is_refused_in_words_and_back_to_back_is_not(world: RotaWorld):
    person, client = world.champion(), world.manager()
    world.shift(person, TOMORROW, world.late, world.near)
    other = world.pattern("middle", 12, 18)

    clash = client.post(world.slot(TOMORROW, other), {"staff": person.pk})
    before = client.post(world.slot(TOMORROW, world.early), {"staff": person.pk})
    after = client.post(world.slot(TOMORROW, world.night), {"staff": person.pk})

    assert clash.status_code == 422
    assert "Already on the late shift in Fern ward until 9pm." in words(clash.text)
    assert [before.status_code, after.status_code] == [302, 302]
    assert len(planned()) == 3


def test_clash_with_a_shift_that_one_may_not_know_of_does_not_say_where(world: RotaWorld):
    person = world.champion()
    elsewhere = make.make_ward(name="Secret ward")
    Posting.objects.create(staff=person, ward=elsewhere, from_on=date(2026, 1, 1))
    world.shift(person, TOMORROW, world.early, elsewhere, programme=make.make_programme())

    answer = world.manager().post(world.slot(TOMORROW, world.early), {"staff": person.pk})

    assert answer.status_code == 422
    assert "Already on another shift until 3pm." in words(answer.text)
    assert "Secret" not in answer.text


def test_databases_own_refusal_of_an_overlap_becomes_the_sentence(world: RotaWorld, monkeypatch: pytest.MonkeyPatch):
    person, by = world.champion(), make.make_member(Role.SITE_LEAD, site=world.ward.site)
    world.shift(person, TOMORROW, world.early)
    found = iter([None])
    kind = plan_shift.__globals__["clash_of"]
    monkeypatch.setitem(plan_shift.__globals__, "clash_of", lambda *a, **k: next(found, kind(*a, **k)))
    ask = {"programme_id": world.programme.pk, "ward_id": world.ward.pk, "by": by}

    with pytest.raises(Clash, match="Already on the early shift in Elder ward until 3pm") as refused:
        plan_shift(staff_id=person.pk, span=world.span(TOMORROW, world.early), **ask)

    assert isinstance(refused.value.__cause__, IntegrityError)
    assert len(planned()) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ward=0&on=2026-03-15&pattern=0", "Select where"),
        ("ward={near}&on=2026-03-15&pattern={early}", "Select where"),
        ("ward={ward}&on=soon&pattern={early}", "Enter a date like 2026-03-14"),
        ("ward={ward}&on=2026-03-15&pattern=x", "Select a shift"),
    ],
)
def test_slot_that_is_none_is_asked_for_again(world: RotaWorld, query: str, said: str):
    query = query.format(ward=world.ward.pk, near=world.near.pk, early=world.early.pk)

    answer = world.manager().post(world.address(f"shifts/new/?{query}"), {"staff": world.champion().pk})

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert planned() == []


def test_shift_that_is_over_or_of_no_champion_is_refused(world: RotaWorld):
    person, by = world.champion(to_on=TODAY), make.make_user()
    ask = {"programme_id": world.programme.pk, "ward_id": world.ward.pk, "staff_id": person.pk, "by": by}

    with pytest.raises(Refused, match="That shift is over"):
        plan_shift(span=world.span(TODAY - timedelta(days=1), world.early), **ask)
    with pytest.raises(Refused, match="Not a champion of the programme on 15 March 2026"):
        plan_shift(span=world.span(TOMORROW, world.early), **ask)
    Champion.objects.update(to_on=None)
    Absence.objects.create(staff=person, from_on=TOMORROW)
    with pytest.raises(Refused, match="Away on 15 March 2026"):
        plan_shift(span=world.span(TOMORROW, world.early), **ask)
    assert planned() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_plan_for_one_person_at_once_one_succeeds(world: RotaWorld):
    person, by = world.champion(), make.make_member(Role.SITE_LEAD, site=world.ward.site)
    span = world.span(TOMORROW, world.early)

    def once(number: int) -> str:
        ward = (world.ward, world.near)[number % 2]
        try:
            plan_shift(programme_id=world.programme.pk, ward_id=ward.pk, staff_id=person.pk, span=span, by=by)
        except Refused as refused:
            return str(refused)[:20]
        finally:
            connections.close_all()
        return "planned"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(once, range(6)))

    assert answers == ["Already on the early"] * 5 + ["planned"]
    assert len(planned()) == 1


def test_moved_shift_is_a_new_one_and_the_old_one_stays_cancelled(world: RotaWorld):
    person, client = world.champion(), world.manager()
    row = world.shift(person, TOMORROW, world.early, state=ShiftState.CONFIRMED)
    form = client.get(world.address(f"shifts/{row.pk}/")).context["form"]
    sent = {
        "mark": form.initial["mark"],
        "once": str(uuid4()),
        "ward": world.ward.pk,
        "on": "2026-03-16",
        "pattern": "",
    }

    answers = [client.post(world.address(f"shifts/{row.pk}/"), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert planned() == [("Ana Diaz", "cancelled"), ("Ana Diaz", "planned")]
    row.refresh_from_db()
    assert row.ended_on == TODAY
    assert ChampionShift.objects.latest("pk").starts_at == world.span(date(2026, 3, 16), world.early).starts_at


def test_shift_that_somebody_else_cancelled_is_not_moved(world: RotaWorld):
    client = world.manager()
    row = world.shift(world.champion(), TOMORROW, world.early)
    form = client.get(world.address(f"shifts/{row.pk}/")).context["form"]
    ChampionShift.objects.update(state=ShiftState.CANCELLED, ended_on=TODAY)
    sent = {"mark": form.initial["mark"], "ward": world.ward.pk, "on": "2026-03-16", "pattern": world.late.pk}

    answer = client.post(world.address(f"shifts/{row.pk}/"), sent)

    assert answer.status_code == 409
    assert len(planned()) == 1
    again = {**sent, "mark": answer.context["form"]["mark"].value()}
    assert client.post(world.address(f"shifts/{row.pk}/"), again).status_code == 422


def test_move_onto_another_shift_of_the_same_person_changes_nothing(world: RotaWorld):
    person, client = world.champion(), world.manager()
    row = world.shift(person, TOMORROW, world.early)
    world.shift(person, TOMORROW, world.late)
    form = client.get(world.address(f"shifts/{row.pk}/")).context["form"]
    sent = {"mark": form.initial["mark"], "ward": world.ward.pk, "on": str(TOMORROW), "pattern": world.late.pk}

    answer = client.post(world.address(f"shifts/{row.pk}/"), sent)

    assert answer.status_code == 422
    assert "Already on the late shift in Elder ward until 9pm." in words(answer.text)
    assert planned() == [("Ana Diaz", "planned")] * 2


@pytest.mark.parametrize(
    ("state", "status", "after"),
    [("planned", 302, "cancelled"), ("cancelled", 302, "cancelled"), ("worked", 422, "worked")],
)
def test_shift_is_cancelled_unless_it_is_logged(world: RotaWorld, state: str, status: int, after: str):
    row = world.shift(world.champion(), TOMORROW, world.early, state=state, ended_on=None)

    answer = world.manager().post(world.address(f"shifts/{row.pk}/cancel/"))

    assert answer.status_code == status
    assert planned() == [("Ana Diaz", after)]


def test_list_shows_the_site_and_offers_what_is_ones_own(world: RotaWorld):
    mine = world.shift(world.champion("Mine Own"), TOMORROW, world.early)
    theirs = world.shift(world.champion("Their Own", ward=world.near), TOMORROW, world.late, world.near)
    world.shift(world.champion("Long Ago"), TODAY - timedelta(days=2), world.early)
    client = world.manager()

    page = client.get(world.address("shifts/")).text
    ward = client.get(world.address(f"shifts/?ward={world.near.pk}")).text
    earlier = client.get(world.address("shifts/?since=2026-03-12")).text

    assert column(page, "shift-table", 2) == ["Mine Own", "Their Own"]
    assert world.address(f"shifts/{mine.pk}/") in page
    assert world.address(f"shifts/{theirs.pk}/") not in page
    assert client.post(world.address(f"shifts/{theirs.pk}/cancel/")).status_code == 403
    assert column(ward, "shift-table", 2) == ["Their Own"]
    assert column(earlier, "shift-table", 2) == ["Long Ago", "Mine Own", "Their Own"]


def test_pages_ask_the_same_for_one_and_for_three(world: RotaWorld):
    client = client_of(make.make_member(Role.SITE_LEAD, site=world.ward.site))
    pages = (world.address("shifts/"), world.slot(TOMORROW, world.late))
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for number in (1, 2):
        for _ in range(number):
            world.shift(world.champion(f"Person {number}"), TOMORROW, world.early)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts[page].append(len(queries))

    assert all(one == three <= 25 for one, three in counts.values())
