"""What an export leaves out, and where it writes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from readiness.models import ChecklistTemplate
from readiness.packs import ProgrammeUnknown, export_pack, import_pack
from rollout.models import Person, Site, User
from tests.readiness.packs.packs import load, put, small_tables

pytestmark = pytest.mark.django_db


def lines(folder, file: str) -> list[str]:
    """The lines of a file after its header."""
    return (folder / file).read_text().splitlines()[1:]


def test_retired_records_and_what_hangs_on_them_are_left_out_and_counted(tmp_path):
    load(tmp_path / "in", small_tables("postings.csv"))
    load(tmp_path / "in", small_tables("deployments.csv"))
    Site.objects.filter(code="S2").update(retired_at=timezone.now())

    report = export_pack("SMALL", tmp_path / "out")

    assert [line.split(",")[0] for line in lines(tmp_path / "out", "sites.csv")] == ["S1"]
    assert [line.split(",")[0] for line in lines(tmp_path / "out", "deployments.csv")] == ["S1"]
    assert [line.split(",")[2] for line in lines(tmp_path / "out", "postings.csv")] == ["S1"] * 3
    # The ward, its posting and the deployment.
    assert (report.retired, report.hanging) == (1, 3)
    assert "1 retired records; 3 records that hang on retired ones" in report.lines()[-1]


def test_export_with_retired_records_comes_back_into_the_same_database_unchanged(tmp_path):
    load(tmp_path / "in", small_tables())
    Site.objects.filter(code="S2").update(retired_at=timezone.now())
    export_pack("SMALL", tmp_path / "out")

    assert not import_pack(tmp_path / "out").changed_anything


def test_draft_of_the_template_stays_at_home(tmp_path):
    tables = small_tables("template.csv")
    load(tmp_path / "in", tables)
    put(tables, "template.csv", 2, "weight", "1")
    load(tmp_path / "in", tables)

    export_pack("SMALL", tmp_path / "out")

    assert ChecklistTemplate.objects.count() == 2
    assert lines(tmp_path / "out", "template.csv")[0].split(",")[4] == "5"


def test_person_is_written_by_the_address_that_works_now(tmp_path):
    load(tmp_path / "in", small_tables("seats.csv"))
    user = User.objects.create_user("new.address@example.org")
    Person.objects.filter(label="sro@example.org").update(user=user)

    export_pack("SMALL", tmp_path / "out")

    assert lines(tmp_path / "out", "seats.csv")[1].split(",")[:3] == ["sro", "", "new.address@example.org"]
    assert not import_pack(tmp_path / "out").changed_anything


def test_text_travels_raw(tmp_path):
    tables = small_tables("decisions.csv")
    put(tables, "decisions.csv", 2, "text", '=SUM(A1) "quoted", and\na line\r\nmore\\')
    put(tables, "decisions.csv", 2, "reason", " blanks around ")
    load(tmp_path / "in", tables)

    export_pack("SMALL", tmp_path / "out")

    assert (tmp_path / "out" / "decisions.csv").read_bytes() == (tmp_path / "in" / "decisions.csv").read_bytes()
    assert not import_pack(tmp_path / "out").changed_anything


def test_earlier_pack_gives_way_as_a_whole(tmp_path):
    load(tmp_path / "in", small_tables("wards.csv"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "scores.csv").write_text("old")

    export_pack("SMALL", tmp_path / "out")

    assert not (tmp_path / "out" / "scores.csv").exists()
    assert (tmp_path / "out" / "wards.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("name", ["out", "pack.zip", "file"])
def test_nothing_but_a_pack_is_overwritten(name, tmp_path):
    load(tmp_path / "in", small_tables("wards.csv"))
    if name == "file":
        (tmp_path / name).write_text("precious")
    else:
        (tmp_path / name).mkdir()
        (tmp_path / name / "precious.txt").write_text("precious")

    with pytest.raises(FileExistsError):
        export_pack("SMALL", tmp_path / name)

    assert [path.read_text() for path in tmp_path.rglob("*") if "precious" in path.name or path.name == "file"] == [
        "precious"
    ]


def test_export_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(ProgrammeUnknown):
        export_pack("NOPE", tmp_path / "out.zip")

    assert list(tmp_path.iterdir()) == []


def test_command_says_what_it_wrote_and_left_out(tmp_path):
    load(tmp_path / "in", small_tables("wards.csv"))
    said = StringIO()

    call_command("export_pack", "SMALL", str(tmp_path / "out.zip"), stdout=said)

    assert "programme.csv: 1 rows" in said.getvalue()
    assert "Left out: users, rights" in said.getvalue()


def test_command_names_a_programme_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="There is no programme NOPE"):
        call_command("export_pack", "NOPE", str(tmp_path / "out"))


def test_command_refuses_a_place_that_holds_something_else(tmp_path):
    load(tmp_path / "in", small_tables("wards.csv"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("")

    with pytest.raises(CommandError, match="out cannot be written"):
        call_command("export_pack", "SMALL", str(tmp_path / "out"))


def test_day_without_scores_is_refused(tmp_path):
    with pytest.raises(CommandError, match="give --scores too"):
        call_command("export_pack", "SMALL", str(tmp_path / "out"), day="2026-04-16")
