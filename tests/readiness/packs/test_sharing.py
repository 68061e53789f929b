"""Two programmes' packs in one database, and records that one of them may not take from the other."""

import pytest

from readiness.packs import PackRefused, export_pack
from rollout.models import Deployment, Site
from tests.readiness.packs.packs import load, other_programme, put, small_tables
from training.models import StaffMember

pytestmark = pytest.mark.django_db


def test_second_programme_finds_sites_wards_staff_and_partners_there(tmp_path):
    load(tmp_path, small_tables())
    tables = other_programme(small_tables("postings.csv") | small_tables("commitments.csv"))

    report = load(tmp_path, tables)

    shared = ("organisations.csv", "sites.csv", "wards.csv", "staff.csv", "postings.csv", "partners.csv")
    assert {file: report.fates[file].new for file in shared} == dict.fromkeys(shared, 0)
    assert {file: report.fates[file].new for file in ("waves.csv", "deployments.csv", "commitments.csv")} == {
        "waves.csv": 2,
        "deployments.csv": 2,
        "commitments.csv": 1,
    }
    assert (Site.objects.count(), StaffMember.objects.count(), Deployment.objects.count()) == (2, 4, 4)


def test_changed_value_of_a_shared_record_is_reported(tmp_path):
    load(tmp_path, small_tables("postings.csv") | small_tables("deployments.csv"))
    tables = other_programme(small_tables("postings.csv"))
    put(tables, "sites.csv", 2, "name", "Northern Hospital")
    put(tables, "staff.csv", 2, "group", "doctor")

    report = load(tmp_path, tables)

    words = "a changed value of a record that another programme shares"
    assert report.warnings[:2] == [f"sites.csv row 2, name: {words}", f"staff.csv row 2, group: {words}"]


def test_changed_value_of_its_own_record_is_not(tmp_path):
    tables = small_tables("deployments.csv")
    load(tmp_path, tables)
    put(tables, "sites.csv", 2, "name", "Northern Hospital")

    report = load(tmp_path, tables)

    assert [line for line in report.warnings if line.startswith("sites.csv")] == []


@pytest.mark.parametrize("file", ["shifts.csv", "support_issues.csv"])
def test_devices_number_of_another_programme_is_refused(file, tmp_path):
    load(tmp_path, small_tables(file) | small_tables("deployments.csv"))

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, other_programme(small_tables(file) | small_tables("deployments.csv")))

    assert refused.value.lines()[0].startswith(f"{file} row 2, client_id '6f1f3f0e-5a49-4d43-8a3f-")
    assert refused.value.lines()[0].endswith("this is a record of another programme")


def test_code_of_another_programme_is_unknown_here(tmp_path):
    load(tmp_path, small_tables("sessions.csv"))
    tables = other_programme(small_tables("attendance.csv"))
    del tables["courses.csv"][1:], tables["sessions.csv"][1:]

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert refused.value.lines()[0] == "attendance.csv row 2, course 'BASIC': no such course"


def test_each_programme_exports_its_own(tmp_path):
    load(tmp_path / "in", small_tables())
    load(tmp_path / "in", other_programme(small_tables("courses.csv") | small_tables("deployments.csv")))

    small = export_pack("SMALL", tmp_path / "small")
    other = export_pack("OTHER", tmp_path / "other")

    assert (small.rows["attendance.csv"], other.rows["attendance.csv"]) == (4, 0)
    assert (small.rows["staff.csv"], other.rows["staff.csv"]) == (4, 4)
    assert other.rows["deployments.csv"] == 2
    assert (tmp_path / "other" / "programme.csv").read_text().splitlines()[1].startswith("OTHER,")
