"""What becomes of the rows of a pack that is imported again, changed, or over what people did meanwhile."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.models import ChecklistItem
from readiness.packs import PackRefused, engine, import_pack
from readiness.packs.importing import WAITING
from readiness.packs.run import LOCK
from rollout.choices import ImportState
from rollout.models import (
    AuditEntry,
    Deployment,
    DeploymentWard,
    ImportChange,
    ImportRun,
    Person,
    Programme,
    Site,
    StaffGroup,
    User,
    Ward,
)
from tests.packs_small import write_tables
from tests.readiness.packs.packs import load, put, small_tables, without_column
from training.models import ChampionShift, Course, Posting, StaffMember

pytestmark = pytest.mark.django_db


def fates(report, file: str) -> tuple[int, int, int, int]:
    """New, changed, same and retired rows of a file."""
    found = report.fates[file]
    return found.new, found.changed, found.same, found.retired


def test_whole_small_pack_is_new_then_the_same(tmp_path):
    tables = small_tables()

    first, second = load(tmp_path, tables), load(tmp_path, tables)

    rows = {name: len(table) - 1 for name, table in tables.items()}
    assert {file: found.new for file, found in first.fates.items()} == rows
    assert {file: found.same for file, found in second.fates.items()} == rows
    assert first.lines()[-1] == "Loaded."
    assert second.lines()[-1] == "Nothing to change."


def test_second_import_writes_nothing_but_its_log(tmp_path):
    load(tmp_path, small_tables())
    before = ImportChange.objects.count(), AuditEntry.objects.count(), ChecklistItem.objects.values_list("version")

    load(tmp_path, small_tables())

    after = ImportChange.objects.count(), AuditEntry.objects.count(), ChecklistItem.objects.values_list("version")
    assert (before[0], before[1], list(before[2])) == (after[0], after[1], list(after[2]))
    assert list(ImportRun.objects.values_list("state", flat=True)) == [ImportState.LOADED] * 2


def test_changed_cell_changes_its_row_alone(tmp_path):
    tables = small_tables("wards.csv")
    load(tmp_path, tables)
    put(tables, "wards.csv", 3, "name", "Ward Two")

    report = load(tmp_path, tables)

    assert fates(report, "wards.csv") == (0, 1, 2, 0)
    assert list(Ward.objects.order_by("pk").values_list("name", flat=True)) == ["Ward 1", "Ward Two", "Ward 1"]


def test_missing_column_and_row_mean_unchanged(tmp_path):
    tables = small_tables("wards.csv")
    load(tmp_path, tables)
    without_column(tables, "wards.csv", "specialty")
    del tables["wards.csv"][3]

    report = load(tmp_path, tables)

    assert fates(report, "wards.csv") == (0, 0, 2, 0)
    assert list(Ward.objects.order_by("pk").values_list("specialty", flat=True)) == ["surgery", "", ""]


def test_missing_column_takes_the_usual_value_for_a_new_row(tmp_path):
    tables = small_tables("deployments.csv")
    for column in ("stage", "modules", "wave"):
        without_column(tables, "deployments.csv", column)

    load(tmp_path, tables)

    assert list(Deployment.objects.values_list("stage", "modules", "wave")) == [("not_started", [], None)] * 2


def test_missing_column_that_a_new_row_needs_is_refused(tmp_path):
    tables = small_tables("wards.csv")
    without_column(tables, "wards.csv", "name")

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert refused.value.lines()[0] == "wards.csv row 2, name: this column is missing, and a new row needs it"
    assert refused.value.count == 3


def test_empty_cell_means_none(tmp_path):
    tables = small_tables("deployments.csv")
    load(tmp_path, tables)
    for column in ("wave", "modules", "go_live", "declared_by", "declared_words"):
        put(tables, "deployments.csv", 2, column, "")
    put(tables, "deployments.csv", 3, "wards", "")

    report = load(tmp_path, tables)

    assert fates(report, "deployments.csv") == (0, 2, 0, 0)
    values = ("wave", "modules", "go_live_on", "declared_by", "declared_words")
    assert Deployment.objects.values_list(*values).get(site__code="S1") == (None, [], None, None, "")
    assert DeploymentWard.objects.count() == 0


def test_lists_of_other_records_follow_the_file(tmp_path):
    tables = small_tables("courses.csv")
    load(tmp_path, tables)
    put(tables, "courses.csv", 3, "groups", "doctor;porter")

    report = load(tmp_path, tables)

    assert fates(report, "courses.csv") == (0, 1, 2, 0)
    assert sorted(Course.objects.get(code="ONLINE").groups.values_list("code", flat=True)) == ["doctor", "porter"]
    assert report.created == {"staff groups": ["porter"]}


def test_record_edited_by_hand_is_named_and_kept(tmp_path):
    tables = small_tables("wards.csv")
    load(tmp_path, tables)
    Ward.objects.filter(name="Ward 2").update(name="Ward Two", specialty="medicine")
    Ward.objects.filter(site__code="S2").update(name="Ward 1")

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    words = "changed in the browser since the last import (--overwrite takes the pack's values): name, specialty"
    assert refused.value.lines() == [f"wards.csv row 3, site 'S1', code 'W2': {words}"]
    assert Ward.objects.filter(name="Ward Two").count() == 1


def test_overwriting_takes_the_packs_values_and_forgets_the_edit(tmp_path):
    tables = small_tables("wards.csv")
    load(tmp_path, tables)
    Ward.objects.filter(name="Ward 2").update(name="Ward Two")

    report = load(tmp_path, tables, overwrite=True)

    assert fates(report, "wards.csv") == (0, 1, 2, 0)
    assert list(Ward.objects.filter(code="W2").values_list("name", "edited_at")) == [("Ward 2", None)]
    assert not load(tmp_path, tables).changed_anything


def test_list_edited_by_hand_is_named_too(tmp_path):
    tables = small_tables("courses.csv")
    load(tmp_path, tables)
    course = Course.objects.get(code="ONLINE")
    course.groups.clear()
    Course.objects.filter(pk=course.pk).update(name=course.name)

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert "changed in the browser" in refused.value.lines()[0]
    assert refused.value.lines()[0].endswith(": groups")


def test_retired_record_is_neither_revived_nor_changed(tmp_path):
    tables = small_tables("wards.csv")
    load(tmp_path, tables)
    Ward.objects.filter(code="W2").update(retired_at=timezone.now(), retired_reason="closed")
    put(tables, "wards.csv", 3, "name", "Ward Two")

    report = load(tmp_path, tables)

    assert fates(report, "wards.csv") == (0, 0, 2, 1)
    assert report.warnings[0] == "wards.csv row 3: retired: left as it is"
    assert Ward.objects.filter(code="W2", name="Ward 2", retired_reason="closed").count() == 1


def test_retired_programme_takes_no_pack(tmp_path):
    load(tmp_path, small_tables("programme.csv"))
    Programme.objects.update(retired_at=timezone.now())

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, small_tables("programme.csv"))

    assert refused.value.lines() == ["programme.csv: this programme is retired"]


def test_run_keeps_what_was_added_and_what_was_before_without_names(tmp_path):
    tables = small_tables("staff.csv")
    load(tmp_path, tables)
    added = ImportChange.objects.get(table="training_staffmember")
    put(tables, "staff.csv", 2, "group", "doctor")
    put(tables, "staff.csv", 2, "name", "Somebody Else")

    load(tmp_path, tables)

    ids = list(StaffMember.objects.order_by("pk").values_list("pk", flat=True))
    assert (added.first_id, added.last_id, added.before) == (ids[0], ids[-1], None)
    changed = ImportChange.objects.get(table="training_staffmember", before__isnull=False)
    assert (changed.first_id, changed.last_id, changed.before["line_manager"]) == (ids[0], ids[0], True)
    assert {"name", "email", "number", "user_id"}.isdisjoint(changed.before)
    assert not AuditEntry.objects.filter(table="training_staffmember").exists()


def test_run_says_who_what_and_how_many(tmp_path):
    by = User.objects.create_user("manager@example.org")

    load(tmp_path / "pack", small_tables("sites.csv"), by=by)

    run = ImportRun.objects.get()
    assert (run.source, run.by, run.programme.code, run.state) == ("pack", by, "SMALL", ImportState.LOADED)
    assert run.fates["sites.csv"] == {"new": 2, "changed": 0, "same": 0, "retired": 0}
    assert run.ended_at >= run.started_at


def test_refused_pack_leaves_a_note_and_nothing_else(tmp_path):
    tables = small_tables("sites.csv")
    put(tables, "sites.csv", 2, "kind", "castle")
    put(tables, "sites.csv", 3, "organisation", "ORG9")

    with pytest.raises(PackRefused) as refused:
        load(tmp_path / "pack", tables)

    assert refused.value.lines() == [
        "sites.csv row 2, kind 'castle': not one of hospital, clinic, practice, care_home, community, other",
        "sites.csv row 3, organisation 'ORG9': no such organisation",
    ]
    assert list(ImportRun.objects.values_list("source", "state", "fates")) == [("pack", "refused", {"problems": 2})]
    assert (Site.objects.count(), Programme.objects.count()) == (0, 0)


def test_what_names_a_bad_row_is_not_blamed(tmp_path):
    tables = small_tables("postings.csv")
    put(tables, "sites.csv", 3, "kind", "castle")

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert [line.split(",")[0] for line in refused.value.lines()] == ["sites.csv row 3"]


def test_many_bad_rows_are_counted_and_the_first_are_shown(tmp_path):
    tables = small_tables("staff.csv")
    tables["staff.csv"] += [["ORG1", str(number), "", "", "", "perhaps"] for number in range(2000, 2300)]

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    lines = refused.value.lines()
    assert refused.value.count == 300
    assert lines[0] == "staff.csv row 6, line_manager 'perhaps': not true or false"
    assert lines[-1] == "… and 200 more problems."


def test_people_are_made_once_and_found_by_their_users_address(tmp_path):
    user = User.objects.create_user("lead@example.org")
    known = Person.objects.create(label="Lead, as once written", user=user)
    tables = small_tables("deployment_changes.csv")
    put(tables, "deployments.csv", 2, "declared_by", "LEAD@example.org")
    put(tables, "deployments.csv", 3, "declared_by", "Somebody New")
    put(tables, "deployment_changes.csv", 2, "by", "Somebody New")

    report = load(tmp_path, tables)

    assert report.people_created == 1
    people = Deployment.objects.order_by("site__code").values_list("declared_by__label", flat=True)
    assert list(people) == [known.label, "Somebody New"]


def test_new_person_with_a_users_address_is_that_user(tmp_path):
    user = User.objects.create_user("sro@example.org")

    load(tmp_path, small_tables("seats.csv"))

    assert list(Person.objects.filter(user=user).values_list("label", flat=True)) == ["sro@example.org"]


def test_words_named_first_are_made_and_reported(tmp_path):
    report = load(tmp_path, small_tables("seats.csv"))

    assert report.created == {"seats": ["site_lead", "sro"], "disciplines": ["management", "nursing"]}
    assert "New seats: site_lead, sro" in report.lines()
    assert StaffGroup.objects.count() == 0


def test_shift_of_the_database_is_in_the_way(tmp_path):
    tables = small_tables("shifts.csv")
    load(tmp_path, tables)
    new = [*tables["shifts.csv"][1]]
    new[0] = "6f1f3f0e-5a49-4d43-8a3f-0000000000ff"
    tables["shifts.csv"] = [tables["shifts.csv"][0], new]

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert "overlaps a shift that this person has already, from 2026-04-13T06:00:00+00:00" in refused.value.lines()[0]


def test_two_shifts_may_change_places(tmp_path):
    tables = small_tables("shifts.csv")
    load(tmp_path, tables)
    rows = tables["shifts.csv"]
    rows[1][5:7], rows[2][5:7] = rows[2][5:7], rows[1][5:7]

    report = load(tmp_path, tables)

    assert fates(report, "shifts.csv") == (0, 2, 2, 0)
    assert ChampionShift.objects.filter(state="worked").count() == 3


def test_headline_may_pass_from_one_measure_to_another(tmp_path):
    tables = small_tables("measures.csv")
    tables["measures.csv"].append(["CALM", "Calm", "", "", "up", "1", "2", "", "false", "", ""])
    load(tmp_path, tables)
    put(tables, "measures.csv", 2, "headline", "false")
    put(tables, "measures.csv", 3, "headline", "true")

    assert fates(load(tmp_path, tables), "measures.csv") == (0, 2, 0, 0)


def test_number_of_queries_does_not_depend_on_the_rows(tmp_path):
    few, many = small_tables("postings.csv"), small_tables("postings.csv")
    for number in range(2000, 2050):
        many["staff.csv"].append(["ORG1", str(number), "Person", "", "nurse", "false"])
        many["postings.csv"].append(["ORG1", str(number), "S1", "W1", "2025-01-01", ""])
    counts = []
    for tables in (few, many):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            load(tmp_path, tables)
            counts.append((len(queries), Posting.objects.count()))
            transaction.set_rollback(True)

    assert counts == [(counts[0][0], 4), (counts[0][0], 54)]


def test_second_import_waits_for_the_first_and_says_so(tmp_path):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
    seen = []

    def progress(file: str, done: int, total: int) -> None:
        seen.append(file)
        if file == WAITING:
            other.close()

    report = load(tmp_path, small_tables("programme.csv"), progress=progress)

    assert (seen[0], seen.count(WAITING), report.changed_anything) == (WAITING, 1, True)


def test_progress_names_each_file_and_reaches_its_end(tmp_path):
    seen = {}

    load(tmp_path, small_tables("wards.csv"), progress=lambda file, done, total: seen.update({file: (done, total)}))

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert seen == {file: (size, size) for file, size in sizes.items()}


def test_files_with_a_header_alone_change_nothing(tmp_path):
    tables = small_tables()
    for name in tables.keys() - {"programme.csv"}:
        del tables[name][1:]

    report = load(tmp_path, tables)

    assert {file for file, found in report.fates.items() if found.new} == {"programme.csv"}
    assert "wards.csv: no rows" in report.lines()


def test_file_that_may_not_be_read_is_named(tmp_path):
    pack = write_tables(tmp_path / "pack", small_tables("wards.csv"))
    (pack / "wards.csv").unlink()
    (pack / "wards.csv").mkdir()

    with pytest.raises(PackRefused) as refused:
        import_pack(pack)

    assert refused.value.lines()[0].startswith("wards.csv: cannot be read")


def test_rule_of_the_database_that_nobody_foresaw_is_named_without_the_row(tmp_path, monkeypatch):
    # As if another session had added the programme between the look and the write.
    load(tmp_path / "pack", small_tables("wards.csv"))
    monkeypatch.setattr(engine, "merge", lambda *_args: Programme.objects.create(code="SMALL", name="Again"))

    with pytest.raises(PackRefused) as refused:
        load(tmp_path / "pack", small_tables("wards.csv"))

    assert refused.value.lines() == ["pack: the database refused it by its rule rollout_programme_code"]
