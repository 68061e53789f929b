"""The audit trail is whole: every record has its triggers, every change leaves who, when, before and after."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from rollout.audit import acting, importing
from rollout.models import AUDITED, AuditEntry, Organisation, Record, User

pytestmark = pytest.mark.django_db


def triggers() -> dict[tuple[str, str], bytes]:
    """Each trigger of our own tables, with its arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal"
        )
        return {(table, name): bytes(arguments) for table, name, arguments in cursor.fetchall()}


def entries() -> list[tuple[str, dict | None, dict | None]]:
    rows = AuditEntry.objects.filter(table="rollout_organisation").order_by("pk")
    return list(rows.values_list("action", "before", "after"))


def make_organisation() -> Organisation:
    return Organisation.objects.create(code="ABC", name="Aldermoor", kind="trust", region="North")


def test_every_record_is_audited():
    records = {model for model in apps.get_models() if issubclass(model, Record)}

    assert records <= set(AUDITED)


def test_audited_tables_have_their_triggers_and_leave_names_out():
    installed = triggers()
    expected = {}
    for model, names in AUDITED.items():
        stamped = issubclass(model, Record)
        columns = ",".join(["edited_at", *names] if stamped else names)
        table = model._meta.db_table
        for action in ("insert", "update", "delete"):
            expected[table, f"audit_{action}"] = f"{{{columns}}}".encode() + b"\0"
        if stamped:
            expected[table, "stamp_edit"] = b""

    assert {key: value for key, value in installed.items() if key[1].startswith(("audit_", "stamp_"))} == expected


def test_names_left_out_are_columns_of_the_table():
    for model, names in AUDITED.items():
        columns = {field.column for field in model._meta.concrete_fields}
        assert set(names) <= columns, model


def test_insert_update_and_delete_leave_who_before_and_after():
    user = User.objects.create_user("a@example.org")

    with acting(user, "a new name", request_id="r-1"):
        organisation = make_organisation()
        organisation.name = "Aldermoor and Brough"
        organisation.save()
        organisation.delete()

    (inserted, updated, deleted) = AuditEntry.objects.filter(table="rollout_organisation").order_by("pk")
    assert (inserted.action, inserted.before, inserted.after["name"]) == ("insert", None, "Aldermoor")
    assert (updated.action, updated.before, updated.after) == (
        "update",
        {"name": "Aldermoor"},
        {"name": "Aldermoor and Brough"},
    )
    assert (deleted.action, deleted.before["name"], deleted.after) == ("delete", "Aldermoor and Brough", None)
    for entry in (inserted, updated, deleted):
        assert (entry.user, entry.reason, entry.request_id) == (user, "a new name", "r-1")


def test_bulk_changes_and_raw_sql_are_audited():
    make_organisation()

    Organisation.objects.update(region="South")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rollout_organisation SET region = 'East'")

    assert entries()[1:] == [
        ("update", {"region": "North"}, {"region": "South"}),
        ("update", {"region": "South"}, {"region": "East"}),
    ]


def test_ten_thousand_rows_at_once_are_audited_after_one():
    """The plan that a session made for one row must do for many: by pairs of rows it would run into the time limit."""
    Organisation.objects.bulk_create(Organisation(code=f"O{number}", name="Aldermoor") for number in range(10_000))
    Organisation.objects.filter(code="O1").update(region="North")

    Organisation.objects.update(region="South", kind="trust")

    entries = AuditEntry.objects.filter(table="rollout_organisation", action="update")
    assert (
        entries.filter(before={"region": "", "kind": ""}, after={"region": "South", "kind": "trust"}).count() == 9_999
    )
    assert entries.filter(before={"region": "North", "kind": ""}).count() == 1
    assert entries.count() == 10_001


def test_a_change_of_nothing_leaves_no_entry():
    make_organisation()

    Organisation.objects.update(region="North")

    assert [action for action, _before, _after in entries()] == ["insert"]


def test_names_of_people_never_reach_the_audit():
    user = User.objects.create_user("marker@example.org", "marker-password", name="Marker Name")
    user.name = "Marker Another"
    user.is_active = False
    user.save()

    rows = AuditEntry.objects.filter(table="rollout_user").order_by("pk")
    assert "arker" not in str(list(rows.values_list("before", "after")))
    assert rows.last().after == {"is_active": False}


def test_the_inner_act_ends_with_its_block():
    outer, inner = User.objects.create_user("o@example.org"), User.objects.create_user("i@example.org")

    with acting(outer, "outer"):
        with acting(inner, "inner"):
            make_organisation()
        Organisation.objects.update(name="Brough")

    by = AuditEntry.objects.filter(table="rollout_organisation").order_by("pk")
    assert [(entry.user, entry.reason) for entry in by] == [(inner, "inner"), (outer, "outer")]


def test_without_anybody_acting_the_program_itself_did_it():
    make_organisation()

    assert AuditEntry.objects.get(table="rollout_organisation").user is None


def test_an_import_leaves_no_entry_a_row_and_no_stamp_of_editing():
    organisation = make_organisation()
    assert organisation.edited_at is not None or Organisation.objects.get().edited_at is not None

    with importing():
        Organisation.objects.update(region="South", edited_at=None)

    assert Organisation.objects.get().edited_at is None
    assert [action for action, _before, _after in entries()] == ["insert"]


def test_editing_by_hand_stamps_the_row():
    make_organisation()
    with importing():
        Organisation.objects.update(edited_at=None)

    Organisation.objects.update(region="South")

    assert Organisation.objects.get().edited_at is not None


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'delete'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_can_neither_change_nor_delete_an_entry(statement):
    make_organisation()

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("rollout_auditentry"))

    assert AuditEntry.objects.filter(table="rollout_organisation").count() == 1


def test_a_change_fails_when_its_audit_cannot_be_written():
    make_organisation()

    with pytest.raises(Exception, match="invalid input syntax"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rollout.user_id', 'nobody', true)")
        Organisation.objects.update(region="South")

    assert Organisation.objects.get().region == "North"
