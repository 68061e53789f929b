"""What the worker does with imports: the same file twice, newer edits, rows that hang together, death and company."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from readiness.choices import FileImportState
from readiness.imports import work
from readiness.models import FileImport, FileImportLine, FileImportPart
from readiness.packs import run as runs
from readiness.services.file_imports import ask_to_load, check_again, forget_file_imports
from rollout.choices import Role
from rollout.models import AuditEntry, ImportRun, Programme, Ward
from rollout.services.refusals import Refused
from tests import factories as make
from tests.readiness.imports.wizard import checked, client_of, csv_of, fates, loaded, matched, undone, url
from training.models import Course

pytestmark = pytest.mark.django_db
HEADERS = "site,code,name"


class World:
    """A programme with one site, and its manager."""

    def __init__(self) -> None:
        self.programme: Programme = make.make_programme()
        self.site = make.make_deployment(programme=self.programme, site=make.make_site(code="S1")).site
        self.manager = make.make_member(Role.PROGRAMME_MANAGER, programme=self.programme)

    def of(self, kind: str = "wards", **options: object) -> dict:
        """What every import of this world has."""
        return {"kind": kind, "programme": self.programme, "by": self.manager, **options}

    def wards(self) -> set[tuple[str, str]]:
        """The wards that stand."""
        return set(Ward.objects.filter(site=self.site, retired_at=None).values_list("code", "name"))


@pytest.fixture
def world() -> World:
    return World()


def test_same_file_again_changes_nothing_and_is_not_loaded(world):
    content = csv_of(HEADERS, "S1,A,Ash", "S1,B,Beech")
    loaded(content, **world.of())

    again = checked(content, **world.of())

    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (2, 0, 0)
    with pytest.raises(Refused, match="nothing to load"):
        ask_to_load(import_id=again.pk, digest=again.digest, good_rows_only=False, by=world.manager)


def test_undoing_leaves_what_is_newer_and_the_same_file_brings_the_rest_back(world):
    content = csv_of(HEADERS, "S1,A,Ash", "S1,B,Beech")
    first = loaded(content, **world.of())
    second = loaded(csv_of(HEADERS, "S1,A,Aspen", "S1,C,Cedar"), **world.of())
    Ward.objects.filter(code="C").update(specialty="Care of the elderly")  # by hand

    older = undone(first)
    newer = undone(second)

    assert older.undone == {"taken_out": 1, "put_back": 0, "newer": 1}
    assert newer.undone == {"taken_out": 0, "put_back": 1, "newer": 1}
    assert world.wards() == {("A", "Ash"), ("C", "Cedar")}
    back = loaded(content, **world.of())
    assert [fate for _number, fate, _words in fates(back)] == ["same", "new"]
    assert world.wards() == {("A", "Ash"), ("B", "Beech"), ("C", "Cedar")}


def test_lists_of_a_record_are_changed_and_put_back(world):
    headers = "code,name,mode,groups,mandatory,valid days"
    first = loaded(csv_of(headers, "C1,Basics,E-learning,nurse;doctor,yes,365"), **world.of("courses"))
    assert "New staff groups: doctor, nurse." in first.notes

    changed = loaded(csv_of(headers, "C1,Basics,classroom,nurse,yes,180"), **world.of("courses"))

    course = Course.objects.get(programme=world.programme)
    assert (course.mode, [group.code for group in course.groups.all()]) == ("classroom", ["nurse"])
    [(_number, fate, words)] = fates(changed)
    assert (fate, words[0], words[-1]) == ("changed", "Mode: e-learning → classroom", "Groups: doctor;nurse → nurse")
    undone(changed)
    course.refresh_from_db()
    assert (course.mode, course.valid_days) == ("e-learning", 365)
    assert {group.code for group in course.groups.all()} == {"nurse", "doctor"}


def test_record_edited_by_hand_is_rejected_unless_the_files_values_are_taken(world):
    loaded(csv_of(HEADERS, "S1,A,Ash"), **world.of())
    Ward.objects.filter(code="A").update(name="Alder")
    content = csv_of(HEADERS, "S1,A,Aspen")

    kept = checked(content, **world.of())
    taken = loaded(content, **world.of(overwrite=True))

    assert [(fate, "Somebody changed this record" in words[0]) for _number, fate, words in fates(kept)] == [
        ("rejected", True)
    ]
    assert (taken.state, world.wards()) == (FileImportState.LOADED, {("A", "Aspen")})


def test_every_row_is_told_what_becomes_of_it(world):
    other = make.make_deployment(site=make.make_site(code="S2")).site
    make.make_ward(site=other, code="X")
    Ward.objects.filter(pk=make.make_ward(site=world.site, code="GONE", name="Gone").pk).update(
        retired_at=timezone.now()
    )
    content = csv_of(
        HEADERS,
        "S1,A,Ash",
        "S1,A,Ash",
        "S1,B,Beech",
        "S1,B,Birch",
        "S2,X,Elder",
        "S1,no code,Elm",
        "S1,D,",
        "S1,GONE,Gone",
    )

    found = checked(content, **world.of())

    assert [(number, fate, words[0] if words else "") for number, fate, words in fates(found)] == [
        (2, "new", ""),
        (3, "same", "The same as an earlier row: it counts once"),
        (4, "new", ""),
        (5, "rejected", "site: Row 4 has the same key and other values. Keep one of the two"),
        (6, "rejected", "site: This programme has nothing with this code. Use the code of one of its places"),
        (7, "rejected", fates(found)[5][2][0]),
        (8, "rejected", "name: This cell is empty. Fill it in"),
        (9, "rejected", "This record was taken out here. Put it back first, or leave the row out"),
    ]
    assert found.problems.get(number=6).value == "S2"
    with pytest.raises(Refused, match="Some rows are rejected"):
        ask_to_load(import_id=found.pk, digest=found.digest, good_rows_only=False, by=world.manager)
    assert world.wards() == set()


def test_load_after_the_records_changed_is_a_new_check(world):
    found = checked(csv_of(HEADERS, "S1,A,Ash"), **world.of())
    loaded(csv_of(HEADERS, "S1,A,Alder"), **world.of())
    ask_to_load(import_id=found.pk, digest=found.digest, good_rows_only=False, by=world.manager)

    work.work_on_next_import()

    found.refresh_from_db()
    assert (found.state, found.told[:23], world.wards()) == (
        FileImportState.CHECKED,
        "Records changed after t",
        {("A", "Alder")},
    )
    assert fates(found) == [(2, "changed", ("Name: Alder → Ash",))]


def test_dates_that_may_be_either_way_round_are_asked_for(world):
    headers = "staff number,name,site,ward,start date,email,staff group"
    make.make_ward(site=world.site, code="A", name="Ash")
    options = {"list_day": "2026-03-14", "left_on": "2026-03-13"}
    found = checked(csv_of(headers, "1,Ana Bell,S1,A,03/04/2026,,nurse"), **world.of("staff_list", **options))

    assert (found.state, found.day_first) == (FileImportState.CHOSEN, {"from": None})
    FileImport.objects.filter(pk=found.pk).update(state="checking", day_first={"from": True})
    work.work_on_next_import()
    found.refresh_from_db()
    assert (found.state, found.counts["new"]) == (FileImportState.CHECKED, 1)
    assert "3 April 2026" in " ".join(fates(found)[0][2])


def test_three_deaths_end_an_import_in_words(world, monkeypatch, logged_errors):
    asked = matched(csv_of(HEADERS, "S1,A,Ash"), **world.of())

    class Killed(BaseException):
        """As if the process had gone."""

    def die(*_args: object, **_named: object) -> None:
        raise Killed

    monkeypatch.setattr(work, "carry_out", die)
    for _death in range(work.ATTEMPTS):
        with pytest.raises(Killed), transaction.atomic():
            # The count of attempts stands before the work begins: what is rolled back here is put back by hand.
            work.work_on_next_import()
        FileImport.objects.filter(pk=asked.pk).update(attempts=_death + 1)

    assert work.work_on_next_import()

    asked.refresh_from_db()
    assert (asked.state, asked.told) == (
        FileImportState.FAILED,
        "It was broken off three times. Try again later, or split the file.",
    )
    monkeypatch.undo()
    check_again(import_id=asked.pk, by=world.manager)
    work.work_on_next_import()
    asked.refresh_from_db()
    assert asked.state == FileImportState.CHECKED


def test_contents_are_forgotten_and_counts_kept(world):
    ended = loaded(csv_of(HEADERS, "S1,A,Ash"), **world.of())
    left = checked(csv_of(HEADERS, "S1,B,Beech"), **world.of())
    fresh = checked(csv_of(HEADERS, "S1,C,Cedar"), **world.of())
    FileImport.objects.filter(pk=ended.pk).update(ended_at=timezone.now() - timedelta(days=8))
    FileImport.objects.filter(pk=left.pk).update(touched_at=timezone.now() - timedelta(days=31))

    assert (forget_file_imports(), forget_file_imports()) == (2, 0)

    kept = dict(FileImport.objects.values_list("pk", "state"))
    assert kept == {ended.pk: "loaded", left.pk: "given_up", fresh.pk: "checked"}
    assert set(FileImportPart.objects.values_list("file_import", flat=True)) == {fresh.pk}
    assert set(FileImportLine.objects.values_list("file_import", flat=True)) == {fresh.pk}
    ended.refresh_from_db()
    assert ended.counts["new"] == 1
    with pytest.raises(Refused):
        check_again(import_id=left.pk, by=world.manager)
    assert undone(ended).undone["taken_out"] == 1


def test_audit_names_who_and_counts_and_nothing_of_the_file(world):
    done = loaded(csv_of(HEADERS, "S1,A,Marigold"), name="Marigold.csv", **world.of())

    told = list(AuditEntry.objects.filter(table="readiness_fileimport", row_id=done.pk).values_list("user", "reason"))
    assert (world.manager.pk, "import loaded") in told
    assert [e for e in AuditEntry.objects.values_list("table", "before", "after") if "Marigold" in str(e)] == []
    assert AuditEntry.objects.filter(table="rollout_ward").count() == 0
    assert ImportRun.objects.get(file_import=done).fates["wards.csv"]["new"] == 1


@pytest.mark.parametrize("rows", [1, 300])
def test_queries_do_not_grow_with_the_rows(world, rows, django_assert_num_queries):
    lines = [f"S1,W{n},Ward {n}" for n in range(rows)]
    asked = matched(csv_of(HEADERS, *lines), **world.of())

    with django_assert_num_queries(44):
        work.work_on(asked.pk)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_wait_for_each_other_and_a_pack(world):
    imports = [matched(csv_of(HEADERS, f"S1,A,{name}"), **world.of()) for name in ("Ash", "Alder")]

    def worker() -> bool | None:
        try:
            return work.work_on_next_import()
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", runs.LOCK)
        with ThreadPoolExecutor(1) as pool:
            waited = pool.submit(worker).result()
    attempts = set(FileImport.objects.values_list("attempts", "state"))
    with ThreadPoolExecutor(2) as pool:
        both = [each.result() for each in [pool.submit(worker), pool.submit(worker)]]
    while work.work_on_next_import():
        pass
    for each in imports:
        each.refresh_from_db()
        ask_to_load(import_id=each.pk, digest=each.digest, good_rows_only=False, by=world.manager)
    with ThreadPoolExecutor(2) as pool:
        [each.result() for each in [pool.submit(worker), pool.submit(worker)]]
    while work.work_on_next_import():
        pass

    assert (waited, attempts) == (None, {(0, "checking")})
    assert True in both
    states = sorted(FileImport.objects.values_list("state", flat=True))
    assert states == ["checked", "loaded"]
    assert len(world.wards()) == 1


def test_whoever_lost_the_right_loads_nothing(world):
    found = checked(csv_of(HEADERS, "S1,A,Ash"), **world.of())
    ask_to_load(import_id=found.pk, digest=found.digest, good_rows_only=False, by=world.manager)
    world.manager.memberships.all().delete()

    work.work_on_next_import()

    found.refresh_from_db()
    assert (found.state, found.told, world.wards()) == (
        FileImportState.FAILED,
        "Whoever asked for it manages this programme no more.",
        set(),
    )


def test_numbers_like_those_of_patients_are_loaded_only_for_a_reason(world):
    found = checked(csv_of(HEADERS, "S1,A,Ash 943 476 5919"), **world.of())
    page = url("import-load", world.programme, found)
    client = client_of(world.manager)

    refused = client.post(page, {"rows": "all", "digest": found.digest})
    taken = client.post(page, {"rows": "all", "digest": found.digest, "not_a_patient": "A telephone number"})

    assert (refused.status_code, "take them out of the file" in refused.text, taken.status_code) == (422, True, 302)
    reasons = AuditEntry.objects.filter(table="readiness_fileimport", row_id=found.pk).values_list("reason", flat=True)
    assert "import to be loaded; A telephone number" in reasons


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_much_for_one_row_as_for_many(world, rows, django_assert_max_num_queries):
    lines = [f"S1,W{n},Ward {n}" for n in range(rows)] + [f"S9,X{n},Elm" for n in range(rows)]
    found = checked(csv_of(HEADERS, *lines), **world.of())
    client = client_of(world.manager)

    with django_assert_max_num_queries(12):
        client.get(url("import-detail", world.programme, found))
    with django_assert_max_num_queries(20):
        client.get(url("import-list", world.programme))
