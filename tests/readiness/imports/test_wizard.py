"""The wizard from file to undo, with wards: a table of the pack whose fields come from its columns."""

import re

import pytest

from readiness.choices import FileImportState
from readiness.models import ColumnMapping, FileImport
from rollout.audit import importing
from rollout.choices import Role
from rollout.models import ImportRun, Programme, User, Ward
from tests import factories as make
from tests.readiness.imports import wizard

pytestmark = pytest.mark.django_db

HEADERS = "Site code;Ward no;Ward name;Remarks"


@pytest.fixture
def programme() -> Programme:
    return make.make_programme()


@pytest.fixture
def manager(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme)


@pytest.fixture
def site(programme):
    return make.make_deployment(programme=programme, site=make.make_site(code="S1")).site


def test_journey_from_a_file_to_its_undoing(programme, manager, site):
    with importing():
        make.make_ward(site=site, code="OLD", name="Old ward", edited_at=None)
    client = wizard.client_of(manager)
    content = wizard.csv_of("Wards of the trust;;;", HEADERS, "S1;OLD;New name;", "S1;3B;Elm;x", "S9;4;Oak;")
    new = client.get(wizard.url("import-new", programme))
    sent = {"kind": "wards", "once": new.context["form"]["once"].value()}

    first = client.post(new.wsgi_request.path, {**sent, "file": wizard.upload(content)})
    again = client.post(new.wsgi_request.path, {**sent, "file": wizard.upload(content)})

    file_import = FileImport.objects.get()
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    sheet = client.get(first["Location"])
    assert sheet.context["form"]["header_row"].value() == 2
    columns = client.post(first["Location"], {"sheet": "wards", "header_row": ""}, follow=True)
    form = columns.context["form"]
    assert {name: form[name].value() for name in ("site", "code", "name", "specialty")} == {
        "site": "0",
        "code": "1",
        "name": "2",
        "specialty": "",
    }
    assert "C: Ward name (New name; Elm; Oak)" in columns.content.decode()
    wrong = client.post(columns.wsgi_request.path, {"column-site": "0", "column-code": "0", "column-name": "2"})
    assert (wrong.status_code, "matched to “Site” already" in wrong.content.decode()) == (422, True)
    detail = client.post(columns.wsgi_request.path, {"column-site": "0", "column-code": "1", "column-name": "2"})
    assert detail["Location"] == wizard.url("import-detail", programme, file_import)
    waiting = client.get(detail["Location"], headers={"HX-Request": "true"})
    assert "Waiting for its turn" in waiting.content.decode()
    [seen] = re.findall(r"seen=([0-9a-f]+)", waiting.content.decode())
    unchanged = client.get(f"{detail['Location']}?seen={seen}", headers={"HX-Request": "true"})
    assert unchanged.status_code == 304

    wizard.work()

    file_import.refresh_from_db()
    assert (file_import.state, file_import.told) == (FileImportState.CHECKED, "")
    assert wizard.fates(file_import) == [
        (3, "changed", ("Name: Old ward → New name",)),
        (4, "new", ()),
        (5, "rejected", ("Site code: This programme has nothing with this code. Use the code of one of its places",)),
    ]
    assert set(Ward.objects.values_list("code", "name")) == {("OLD", "Old ward")}
    page = client.get(detail["Location"]).content.decode()
    assert "2 rows would change something. 1 row is rejected." in page
    rejected = client.get(f"{detail['Location']}?download=csv&table=rejected").getvalue().decode()
    assert "S9,4,Oak" in rejected and "nothing with this code" in rejected
    load = wizard.url("import-load", programme, file_import)
    digest = client.get(load).context["form"]["digest"].value()
    assert client.post(load, {"rows": "all", "digest": digest}).status_code == 422
    assert client.post(load, {"rows": "good", "digest": digest}).status_code == 302

    wizard.work()

    file_import.refresh_from_db()
    assert (file_import.state, ImportRun.objects.get().state) == (FileImportState.LOADED, "loaded")
    assert set(Ward.objects.values_list("code", "name")) == {("OLD", "New name"), ("3B", "Elm")}
    assert ColumnMapping.objects.get().headers == {"site": "Site code", "code": "Ward no", "name": "Ward name"}
    assert client.post(wizard.url("import-undo", programme, file_import)).status_code == 302

    wizard.work()

    file_import.refresh_from_db()
    assert (file_import.state, file_import.undone) == (
        FileImportState.UNDONE,
        {"taken_out": 1, "put_back": 1, "newer": 0},
    )
    assert set(Ward.objects.filter(retired_at=None).values_list("code", "name")) == {("OLD", "Old ward")}
    assert ImportRun.objects.get().state == "undone"
    assert "Records taken out: 1. Put back: 1." in client.get(detail["Location"]).content.decode()
    assert client.get(wizard.url("import-list", programme)).status_code == 200
