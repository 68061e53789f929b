"""The weekly staff list from the file to the records: week 1, week 2, week 2 again; and who counts from when."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.imports.kinds import Line
from readiness.imports.registry import BY_CODE
from readiness.imports.staff_known import present_at
from readiness.imports.work import work_on
from readiness.models import FileImport, FileImportLine, ReadinessScore
from readiness.services.file_imports import ask_to_load, ask_to_undo, begin_import, match_columns
from readiness.services.scores import score_deployments
from rollout.choices import Role
from rollout.models import Deployment, Programme, User, Ward
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.records import World
from training.models import Absence, Posting, StaffMember

pytestmark = pytest.mark.django_db
KIND = BY_CODE["staff_list"]
HEADERS = ["Number", "Name", "Email", "Group", "Ward", "From", "Leaving", "Absent from"]
FIELDS = ["number", "name", "email", "group", "ward", "from", "leaving", "absent_from"]
MONDAY = date(2026, 3, 9)
Rows = list[list[str]]


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    """A programme at one site with three wards, on Monday 9 March 2026."""
    frozen_clock.move_to(datetime(2026, 3, 9, 12, tzinfo=UTC))
    programme = make.make_programme()
    site = make.make_site(name="North Hospital")
    make.make_deployment(programme=programme, site=site)
    for code in ("3A", "3B", "ED"):
        make.make_ward(site=site, code=code, name=f"Ward {code}")
    return programme


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme)


def row(number: int, ward: str = "3A", **cells: str) -> list[str]:
    cells = {"name": f"Person {number}", "email": f"p{number}@example.org", "group": "Nurse", **cells}
    cells |= {"number": f"{number:05}", "ward": ward}
    return [cells.get(field, "") for field in FIELDS]


def taken(programme: Programme, manager: User, rows: Rows, **options: Any) -> FileImport:
    """A list that is read and checked, and loaded where that changes anything."""
    content = "\n".join(",".join(each) for each in [HEADERS, *rows]).encode()
    begun = begin_import(programme_id=programme.pk, kind="staff_list", name="staff.csv", content=content, by=manager)
    FileImport.objects.filter(pk=begun.pk).update(sheet="", header_row=1)
    form = KIND.options(programme=programme)
    said = {name: field.initial() if callable(field.initial) else field.initial for name, field in form.fields.items()}
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    match_columns(
        import_id=begun.pk,
        fields={field: place for place, field in enumerate(FIELDS)},
        headers=HEADERS,
        day_first={},
        options={**said, **options},
        by=manager,
    )
    work_on(begun.pk)
    begun.refresh_from_db()
    assert begun.state == "checked", (begun.state, begun.told)
    if sum(begun.counts[fate] for fate in ("new", "changed", "missing")):
        ask_to_load(import_id=begun.pk, digest=begun.digest, good_rows_only=False, by=manager)
        work_on(begun.pk)
        begun.refresh_from_db()
        assert begun.state == "loaded", (begun.state, begun.told)
    return begun


def words_of(file_import: FileImport) -> set[str]:
    lines = FileImportLine.objects.filter(file_import=file_import)
    return {word for line in lines for word in line.words}


def counts(file_import: FileImport) -> dict[str, int]:
    return {fate: number for fate, number in file_import.counts.items() if number and fate != "problems"}


def week_one() -> Rows:
    return [row(n, ("3A", "3B", "ED")[n % 3], **{"from": "2025-01-06"}) for n in range(1, 301)]


def week_two() -> Rows:
    """Two starters (one next month), one with a leaving date, two moves, a new name, an absence, a man gone."""
    rows = [each for each in week_one() if each[0] != "00300"]
    rows[0] = row(1, "3B", **{"from": "2025-01-06", "leaving": "2026-03-31"})
    rows[1] = row(2, "3A", **{"from": "2026-03-16"})
    rows[2] = row(3, "ED", **{"from": "2025-01-06"})
    rows[4] = row(5, "ED", name="Person Five", **{"from": "2025-01-06", "absent_from": "2026-03-01"})
    return [*rows, row(301, "3A", **{"from": "2026-03-16"}), row(302, "3B", **{"from": "2026-04-01"})]


def test_second_week_moves_people_and_the_same_week_again_changes_nothing(
    programme: Programme, manager: User, frozen_clock: FrozenClock
) -> None:
    first = taken(programme, manager, week_one(), whole=True)
    postings = Posting.objects.count()
    frozen_clock.forward(days=7)

    second = taken(programme, manager, week_two(), whole=True)
    again = taken(programme, manager, week_two(), whole=True)

    assert (counts(first), postings, StaffMember.objects.filter(number="00001").count()) == ({"new": 300}, 300, 1)
    assert counts(second) == {"new": 2, "changed": 4, "same": 295, "missing": 1}
    assert words_of(second) >= {
        "Starts on Ward 3A on 16 March 2026",
        "Starts on Ward 3B on 1 April 2026",
        "Leaves Ward 3B: the last day is 31 March 2026",
        "Moves from Ward ED to Ward 3A on 16 March 2026",
        "Moves from Ward 3A to Ward ED on 16 March 2026",
        "Name: Person 5 → Person Five",
        "Away from 1 March 2026 until further notice (leave)",
        "Leaves Ward 3A: the last day is 15 March 2026",
    }
    assert counts(again) == {"same": 301}
    gone = StaffMember.objects.get(number="00300")
    assert (gone.name, gone.postings.get().to_on) == ("Person 300", date(2026, 3, 15))
    assert Absence.objects.get().staff.number == "00005"
    moved = Posting.objects.filter(staff__number="00002").order_by("from_on")
    assert list(moved.values_list("ward__code", "from_on", "to_on")) == [
        ("ED", date(2025, 1, 6), date(2026, 3, 15)),
        ("3A", date(2026, 3, 16), None),
    ]


def test_import_is_undone_and_a_change_by_hand_is_not_overwritten(
    programme: Programme, manager: User, frozen_clock: FrozenClock
) -> None:
    first = taken(programme, manager, [row(1), row(2)])
    frozen_clock.forward(days=1)
    StaffMember.objects.filter(number="00001").update(name="Put right by hand")

    checked = begin_and_check(programme, manager, [row(1), row(2, "3B")])

    assert counts(checked) == {"rejected": 1, "changed": 1}
    person = StaffMember.objects.get(number="00001")
    assert person.name == "Put right by hand"
    StaffMember.objects.filter(number="00001").update(name="Person 1")
    ask_to_undo(import_id=first.pk, by=manager)
    work_on(first.pk)
    first.refresh_from_db()
    assert first.told == ""
    assert not Posting.objects.filter(retired_at=None).exists()
    assert counts(taken(programme, manager, [row(2), row(3)])) == {"new": 2}
    assert Posting.objects.filter(retired_at=None).count() == 2


def begin_and_check(programme: Programme, manager: User, rows: Rows) -> FileImport:
    """A list that is checked and not loaded."""
    content = "\n".join(",".join(each) for each in [HEADERS, *rows]).encode()
    begun = begin_import(programme_id=programme.pk, kind="staff_list", name="staff.csv", content=content, by=manager)
    FileImport.objects.filter(pk=begun.pk).update(sheet="", header_row=1)
    match_columns(
        import_id=begun.pk,
        fields={field: place for place, field in enumerate(FIELDS)},
        headers=HEADERS,
        day_first={},
        options={},
        by=manager,
    )
    work_on(begun.pk)
    begun.refresh_from_db()
    return begun


def test_starters_count_from_their_first_day_and_leavers_until_their_last(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(datetime(2026, 3, 20, 12, tzinfo=UTC))
    world = World()
    here = world.site()
    world.course()
    world.person(world.wards(here)[0], number="00001")
    world.save()
    manager = make.make_member(Role.PROGRAMME_MANAGER, programme=world.programme)
    Ward.objects.update(code="3A", name="Ward 3A")
    list_of_two = [row(1, leaving="2026-03-16"), row(2, **{"from": "2026-03-15"})]

    taken(world.programme, manager, list_of_two, overwrite=True)

    required = {}
    for day in (date(2026, 3, 14), date(2026, 3, 15), date(2026, 3, 16), date(2026, 3, 17)):
        score_deployments(ids=[world.of(Deployment)[0].pk], day=day)
        figures = ReadinessScore.objects.current().get(day=day).indicators["training.completion"]
        required[day.day] = figures[2]
    assert required == {14: 1, 15: 2, 16: 2, 17: 1}


@pytest.mark.parametrize("people", [1, 3])
def test_records_are_read_in_a_fixed_number_of_queries(programme: Programme, manager: User, people: int) -> None:
    ward = Ward.objects.earliest("pk")
    for number in range(people):
        make.make_staff(ward, number=f"{number:05}")
    lines = [Line(2 + n, {"number": f"{n:05}", "ward": ward.code}) for n in range(people)]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        derived = KIND.derive(lines, programme=programme, options={}, on=MONDAY, by=manager)

    assert len(queries) == 7
    assert {fate.code for fate in derived.fates.values()} == {"same"}


def test_people_of_other_places_are_known_without_their_names(programme: Programme, manager: User) -> None:
    ward = Ward.objects.earliest("pk")
    elsewhere = make.make_ward(site=make.make_site(organisation=ward.site.organisation))
    stranger = make.make_staff(elsewhere, number="77777", name="Marker")
    taken_out = make.make_staff(ward, number="88888")
    StaffMember.objects.filter(pk=taken_out.pk).update(retired_at=timezone.now())

    present = present_at(programme, manager, {"77777", "88888"})
    lines = [Line(2, {"number": "77777", "name": "Bo", "ward": ward.code}), Line(3, {"number": "88888"})]
    derived = KIND.derive(lines, programme=programme, options={}, on=MONDAY, by=manager)

    known = present.people[ward.site.organisation.code, "77777"]
    assert (known.pk, known.readable, known.spells) == (stranger.pk, False, ())
    assert "Marker" not in str(derived) and derived.fates[3].words[0].startswith("This person's record was taken out")
