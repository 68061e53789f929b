"""What people read of an import: each cause once, what nobody may overlook, what they answered last time."""

import io
import re
from typing import Any

import openpyxl
import pytest
from pytest_django import Settings

from readiness.dashboards.file_imports import causes_of
from readiness.imports.matching import propose
from readiness.imports.registry import BY_CODE
from readiness.models import FileImport, FileImportProgress
from rollout.choices import Role
from rollout.models import Programme, User
from tests import factories as make
from tests.readiness.imports import wizard

pytestmark = pytest.mark.django_db
HEADERS = "Staff no,Name,Ward,Start date,Absent from,Absence type"


@pytest.fixture
def programme() -> Programme:
    programme = make.make_programme()
    make.make_ward(site=make.make_deployment(programme=programme).site, code="3A", name="Ward 3A")
    return programme


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme)


def test_each_cause_is_said_once_and_ends_in_one_full_stop(programme: Programme, manager: User):
    rows = ["1E+15,Ana,3A,,,", "101,Bo,3A,,2026-01-05,Gone fishing", "102,Cy,Nowhere,2026-31-12,,", ",Di,3A,,,"]

    found = wizard.checked(wizard.csv_of(HEADERS, *rows), kind="staff_list", programme=programme, by=manager)

    told = [(cause.column, cause.words[:19], [row for row, _value in cause.examples]) for cause in causes_of(found)[0]]
    assert told == [
        ("Absence type", "Not a word that is ", [3]),
        ("Staff no", "Enter the employee ", [5]),
        ("Staff no", "The spreadsheet too", [2]),
        ("Start date", "Not a date. Enter a", [4]),
    ]
    page = wizard.client_of(manager).get(wizard.url("import-detail", programme, found)).text
    assert "Enter a date like 2026-03-14. 1 row: 4" in page
    assert "2026-03-14.." not in page and "could not be read" not in page


def test_whole_list_says_first_that_nobody_is_taken_to_have_left(programme: Programme, manager: User):
    of: Any = {"kind": "staff_list", "programme": programme, "by": manager}
    wizard.loaded(wizard.csv_of(HEADERS, *(f"{n},Person,3A,,," for n in range(100, 110))), **of)

    found = wizard.checked(wizard.csv_of(HEADERS, "100,Person,3A,,,"), whole=True, **of)

    assert found.told.startswith("9 of the 10 people on record are not in this list. That is more than 20%")
    assert found.counts["missing"] == 0


def test_order_of_dates_that_was_answered_stands_there_the_next_time(programme: Programme, manager: User):
    content = wizard.csv_of(HEADERS, "100,Ana,3A,02/03/2026,,")
    of: Any = {"kind": "staff_list", "programme": programme, "by": manager}
    asked = wizard.checked(content, **of)
    client = wizard.client_of(manager)

    def proposed(file_import: FileImport) -> object:
        form = client.get(wizard.url("import-columns", programme, file_import)).context["form"]
        return form["from_order"].value() if "from_order" in form.fields else "not asked"

    assert (asked.state, asked.day_first, proposed(asked)) == ("chosen", {"from": None}, None)
    FileImport.objects.filter(pk=asked.pk).update(day_first={"from": True})
    assert proposed(wizard.matched(content, **of)) == "not asked"
    make_loaded(asked)
    assert proposed(wizard.matched(content, **of)) == "day"


def make_loaded(file_import: FileImport) -> None:
    """Have the import checked with what it was answered, and loaded."""
    FileImport.objects.filter(pk=file_import.pk).update(state="checking")
    wizard.work()
    FileImport.objects.filter(pk=file_import.pk, state="checked").update(state="loading")
    wizard.work()


def test_headings_of_wards_and_courses_as_people_write_them():
    wards, courses = (
        propose(BY_CODE[kind].fields, headers, {})
        for kind, headers in (("wards", ["Site", "Ward no", "Ward"]), ("courses", ["Course ref", "Title", "Minutes"]))
    )

    assert wards == {"site": 0, "code": 1, "name": 2}
    assert courses == {"code": 0, "name": 1}


def test_progress_is_announced_once_a_quarter_of_a_step(programme: Programme, manager: User):
    waiting = wizard.matched(wizard.csv_of("site,code,name", "S1,A,Ash"), kind="wards", programme=programme, by=manager)
    client, address = wizard.client_of(manager), wizard.url("import-detail", programme, waiting)
    said, quarters = [], "0"

    for done in (0, 24, 25, 49, 60, 100):
        FileImportProgress.objects.update_or_create(
            file_import=waiting, defaults={"step": "reading", "done": done, "total": 100}
        )
        part = client.get(f"{address}?seen=0&quarters={quarters}", headers={"HX-Request": "true"}).text
        said += re.findall('<div id="status"[^>]*>([^<]*)</div>', part) or ["nothing"]
        [quarters] = re.findall("quarters=([0-3])", part)

    quarter, half, most = (f"Reading the file: {percent}%" for percent in (25, 50, 75))
    assert said == ["nothing", "nothing", quarter, "nothing", half, most]


def test_what_is_noticed_of_several_sheets_names_the_sheet(programme: Programme, manager: User):
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Notes"])
    sheet = book.create_sheet("Wards")
    for row in (["Site", "Code"], ["S1", "A"], ["S1", "B"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(file)
    client = wizard.client_of(manager)
    new = client.get(wizard.url("import-new", programme))
    sent = {"kind": "wards", "once": new.context["form"]["once"].value()}

    page = client.post(
        new.wsgi_request.path, {**sent, "file": wizard.upload(file.getvalue(), "wards.xlsx")}, follow=True
    )

    assert "Wards: 1 hidden row is read too." in page.context["notes"]


def test_sixth_import_within_an_hour_is_refused_in_words(
    programme: Programme, manager: User, settings: Settings, valkey_url: str
):
    settings.REDIS_URL, settings.RATES = valkey_url, {"import": (5, 3600.0)}
    client = wizard.client_of(manager)

    def choose(times: int = 1) -> list[int]:
        new = client.get(wizard.url("import-new", programme))
        sent = {"kind": "wards", "once": new.context["form"]["once"].value()}
        return [
            client.post(new.wsgi_request.path, {**sent, "file": wizard.upload(b"site,code\r\nS1,A\r\n")}).status_code
            for _time in range(times)
        ]

    assert choose(times=3) == [302, 302, 302]  # the same form again is the same import
    assert [choose() for _each in range(4)] == [[302]] * 4
    new = client.get(wizard.url("import-new", programme))
    sent = {"kind": "wards", "once": new.context["form"]["once"].value()}
    sixth = client.post(new.wsgi_request.path, {**sent, "file": wizard.upload(b"site,code\r\nS1,A\r\n")})

    assert (sixth.status_code, FileImport.objects.count()) == (429, 5)
    assert "Try again in 12 minutes." in sixth.context["form"].non_field_errors()[0]
    assert 660 < int(sixth["Retry-After"]) <= 720
