"""The list of sites as CSV and XLSX: the rows of the list, in its order, with its filters, columns and rights."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from readiness.choices import GateOutcome
from readiness.models import Gate, GateReview
from rollout.choices import DeclaredStatus, Role, Stage
from rollout.models import Person, Programme, Seat, SeatRole
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table

LIST = "/p/EPR/sites/"


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=programme)


def client_of(role: str, **scope) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV file, by the labels of its header."""
    answer = client.get(f"{LIST}?download=csv&table=sites&{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def sites(programme: Programme) -> None:
    """Alder is held and declared green with a gate and a lead; Birch has neither score nor wave."""
    trust = make.make_organisation(name="North Trust")
    alder = make.make_deployment(
        programme=programme,
        site=make.make_site(code="ALD", name="Alder", organisation=trust),
        wave=make.make_wave(programme=programme, number=2),
        declared_status=DeclaredStatus.GREEN,
        declared_on=make.DAY - timedelta(days=12),
    )
    make.make_score(alder, share=62, situation={"overdue_blockers": 1})
    make.make_deployment(
        programme=programme,
        site=make.make_site(code="BIR", name="=Birch", organisation=trust),
        stage=Stage.NOT_STARTED,
        go_live_on=None,
    )
    sixty = Gate.objects.create(programme=programme, code="T-60", name="60 days before", due_days=60)
    GateReview.objects.create(gate=sixty, deployment=alder, held_on=make.DAY, outcome=GateOutcome.GO)
    Gate.objects.create(programme=programme, code="T-30", name="30 days before", due_days=30)
    seats = {code: SeatRole.objects.create(code=code) for code in ("operational_lead", "clinical_lead")}
    for code, name in (("clinical_lead", "Cleo Clarke"), ("operational_lead", "Olu Obi")):
        person = Person.objects.create(label=name)
        Seat.objects.create(programme=programme, site=alder.site, role=seats[code], person=person)


def test_file_holds_what_the_list_shows(sites: None, manager: Client):
    alder, birch = sorted(rows(manager, "sort=-score"), key=lambda row: row["Site code"])

    assert alder == {
        "Site code": "ALD",
        "Site": "Alder",
        "Organisation": "North Trust",
        "Score": "49",
        "Band": "Off track",
        "Expected": "70.83",
        "Days to go": "41",
        "Wave": "2",
        "Stage": "Preparing",
        "Declared": "green",
        "Declared on": "2026-03-02",
        "Declared and computed differ": "yes",
        "Held at": "49",
        "Held by": "a blocking item is overdue",
        "Next gate": "30 days before",
        "Next gate due": "2026-03-25",
        "Lead": "Olu Obi (Operational lead)",
        "Score of": "2026-03-14",
    }
    assert {name for name, value in birch.items() if value} == {
        "Site code",
        "Site",
        "Organisation",
        "Stage",
        "Declared and computed differ",
    }
    assert birch["Site"] == "'=Birch"


def test_page_shows_gate_and_lead_too(sites: None, manager: Client):
    row = table(manager.get(f"{LIST}?q=alder").text, "site-table")[0]

    assert row[9:11] == ["30 days before 25 March", "Olu Obi Operational lead"]


@pytest.mark.parametrize(
    ("role", "named"),
    [
        (Role.PROGRAMME_MANAGER, True),
        (Role.SITE_LEAD, True),
        (Role.TRAINER, False),
        (Role.SIGNATORY, False),
        (Role.BOARD_MEMBER, False),
    ],
)
def test_lead_is_named_to_those_who_may_read_names(role: str, named: bool, sites: None, programme: Programme):
    site = programme.deployments.get(site__code="ALD").site
    client = client_of(role, **({"site": site} if role == Role.SITE_LEAD else {"programme": programme}))

    shown = table(client.get(f"{LIST}?q=alder").text, "site-table")[0][10]

    assert shown == ("Olu Obi Operational lead" if named else "Operational lead")
    assert rows(client, "q=alder")[0]["Lead"] == ("Olu Obi (Operational lead)" if named else "Operational lead")


def test_seat_that_is_over_leads_nobody(sites: None, manager: Client):
    Seat.objects.filter(role__code="operational_lead").update(to_on=make.DAY - timedelta(days=1))

    assert rows(manager, "q=alder")[0]["Lead"] == "Cleo Clarke (Clinical lead)"


@pytest.mark.parametrize(
    "query", ["", "sort=-site", "sort=score", "q=7", "band=off_track", "columns=score,lead&sort=-score"]
)
def test_file_has_every_row_of_the_list_in_its_order(query: str, programme: Programme, manager: Client):
    for share, deployment in enumerate(make.make_deployments(117, programme=programme, score=False)):
        make.make_score(deployment, share=share % 60 + 10) if share % 9 else None

    pages = [manager.get(f"{LIST}?{query}&page={number}").text for number in (1, 2, 3)]
    total = int(pages[0].partition('id="results"')[2].partition(">")[2].split()[0])
    shown = [name.split(" Trust")[0] for text in pages for name in column(text, "site-table")][:total]
    file = rows(manager, query)

    assert (len(shown), [row["Site"] for row in file]) == (total, shown)


def test_file_has_the_columns_chosen(sites: None, manager: Client):
    assert list(rows(manager, "columns=coverage,score")[0]) == [
        "Site code",
        "Site",
        "Organisation",
        "Score",
        "Based on evidence (%)",
        "Score of",
    ]


def test_file_tells_what_changed(sites: None, programme: Programme, manager: Client):
    alder = programme.deployments.get(site__code="ALD")
    make.make_score(alder, day=make.DAY - timedelta(days=9), share=80)

    row = rows(manager, f"since={make.DAY - timedelta(days=7)}&q=alder&columns=score")[0]

    assert (row["Change in points"], row["Band before"], row["New since"]) == ("-31.62", "On track", "no")


def test_workbook_tells_its_filters_and_holds_real_dates(sites: None, manager: Client):
    answer = manager.get(f"{LIST}?download=xlsx&table=sites&q=alder&as_of=2026-03-14")

    book = load_workbook(io.BytesIO(answer.getvalue()))
    about = dict(book["About"].iter_rows(values_only=True))
    header, alder = book.worksheets[1].iter_rows(values_only=True)
    assert (about["Programme"], about["Scores as of"]) == ("One record", "2026-03-14")
    assert "q = alder" in about["Filters"]
    assert dict(zip(header, alder, strict=True))["Declared on"].date() == date(2026, 3, 2)


def test_file_of_the_heat_map_has_the_domains(sites: None, manager: Client):
    header = list(rows(manager, "view=heatmap")[0])

    assert header[3:7] == ["Score", "Band", "Leadership (%)", "Goals (%)"]
    assert header[-2:] == ["Pilots: points to win", "Score of"]


def test_site_lead_has_a_file_of_own_sites_alone(sites: None, programme: Programme):
    site = programme.deployments.get(site__code="BIR").site

    assert [row["Site code"] for row in rows(client_of(Role.SITE_LEAD, site=site))] == ["BIR"]


@pytest.mark.parametrize("query", ["download=pdf&table=sites", "download=csv&table=people", "download=csv"])
def test_file_that_there_is_not(query: str, sites: None, manager: Client):
    assert manager.get(f"{LIST}?{query}").status_code == 404


def test_queries_of_a_file_grow_with_its_chunks_alone(programme: Programme, manager: Client):
    counted = []
    for more in (1, 2, 57):
        make.make_deployments(more, programme=programme)
        rows(manager)
        with CaptureQueriesContext(connection) as captured:
            rows(manager)
        counted.append(len(captured))

    assert (len(set(counted)), counted[0] <= 25) == (1, True)
