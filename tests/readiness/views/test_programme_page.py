"""The page of one programme: waves, gates, team, sites that asked, bundles, reviews, decisions; and who reads names."""

import csv
import gzip
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import Gate, GateReview
from rollout.choices import Role, Stage
from rollout.models import (
    Decision,
    Deployment,
    Discipline,
    Measure,
    Observation,
    Person,
    PriorityReview,
    Programme,
    ReleaseBundle,
    ResourceNeed,
    Seat,
    SeatRole,
    Site,
)
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

TODAY = date(2026, 3, 15)
HTMX = {"HX-Request": "true", "HX-Target": "decisions"}


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    return make.make_programme(code="EPR", name="One record", goal="All notes in one place.", problem="Nine systems.")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def rows(client: Client, name: str, query: str = "") -> list[list[str]]:
    return table(client.get(f"/p/EPR/{query}").text, name)


def file_of(client: Client, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/p/EPR/?download=csv&table={name}")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def site_of(programme: Programme, name: str, **fields: Any) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(name=name, code=name[:3].upper()), **fields)


def seat(programme: Programme, role: str, person: str = "", site: Site | None = None, **fields: Any) -> Seat:
    discipline = fields.pop("discipline", "")
    return Seat.objects.create(
        programme=programme,
        site=site,
        role=SeatRole.objects.get_or_create(code=role)[0],
        person=Person.objects.get_or_create(label=person)[0] if person else None,
        discipline=Discipline.objects.get_or_create(code=discipline)[0] if discipline else None,
        **fields,
    )


def decide(programme: Programme, text: str, **fields: Any) -> Decision:
    code = f"D{Decision.objects.count()}"
    return Decision.objects.create(programme=programme, code=code, text=text, **{"kind": "standard", **fields})


# What it says --------------------------------------------------------------------------------------------------------


def test_page_says_what_the_programme_is_for_and_how_it_stands(programme: Programme, manager: Client):
    make.make_score(site_of(programme, "Alder"), share=95)
    make.make_score(site_of(programme, "Birch"), share=20)
    Gate.objects.create(programme=programme, code="T-30", name="30 days before", due_days=30)

    text = words(manager.get("/p/EPR/").text)

    assert (
        "1 of 2 sites are ready or on track. 1 is off track. The next gate is “30 days before” at Alder, on "
        "25 March 2026. Scores for 14 March 2026"
    ) in text
    assert "Goal All notes in one place. Problem Nine systems. Mission Not recorded" in text


def test_headline_measure_tells_its_present_value(programme: Programme, manager: Client):
    measure = make.make_measure(
        programme=programme, name="Notes coded", unit="%", target=90, headline=True, target_date=date(2027, 3, 31)
    )
    none = words(manager.get("/p/EPR/").text)
    for name, coded in (("Alder", 30), ("Birch", 50)):
        Observation.objects.create(
            measure=measure, deployment=site_of(programme, name), period_starts_on=date(2026, 3, 2), period="week",
            numerator=coded, denominator=100,
        )  # fmt: skip
    site_of(programme, "Cedar")

    assert "Headline measure No site has reported Notes coded yet." in none
    assert (
        "Headline measure Notes coded: 40% in the week from 2 March 2026, reported by 2 of 3 sites. The target is 90% "
        "by 31 March 2027."
    ) in words(manager.get("/p/EPR/").text)


def test_empty_programme_says_what_belongs_on_each_part(programme: Programme, manager: Client):
    text = words(manager.get("/p/EPR/").text)

    assert [
        line in text
        for line in (
            "The programme has no site yet. Go on with the set-up",
            "No waves yet. A wave is a group of sites",
            "No gate is due in the next 60 days.",
            "No seat is recorded.",
            "No site has registered interest.",
            "This programme is in no release bundle",
            "No priority review has a date.",
            "No decision is recorded.",
        )
    ] == [True] * 8


def test_waves_tell_their_window_sites_and_go_lives(programme: Programme, manager: Client):
    first = make.make_wave(
        programme=programme, number=1, name="First", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 20)
    )
    make.make_wave(programme=programme, number=2)
    live = make.GO_LIVE - timedelta(days=41)
    make.make_score(site_of(programme, "Alder", wave=first, stage=Stage.LIVE, actual_go_live_on=live), share=95)
    make.make_score(site_of(programme, "Birch", wave=first), share=20)
    site_of(programme, "Cedar", wave=first, stage=Stage.STOPPED, go_live_on=date(2030, 1, 1))
    site_of(programme, "Dogwood", go_live_on=None)

    assert rows(manager, "wave-table") == [
        [
            "1 – First",
            "2 to 20 March 2026",
            "3 sites 1 Off track 1 Ready 1 site without a score",
            "1 of 3 live 14 March to 24 April 2026",
        ],
        ["2", "No window", "No sites", "None"],
        ["No wave", "No window", "1 site 1 site without a score", "0 of 1 live"],
    ]
    assert 'href="/p/EPR/sites/?wave=1&amp;band=off_track"' in manager.get("/p/EPR/").text


def test_bands_of_another_day_and_the_rest_as_today(programme: Programme, manager: Client):
    wave = make.make_wave(programme=programme, number=1)
    site = site_of(programme, "Alder", wave=wave)
    make.make_score(site, day=make.DAY - timedelta(days=7), share=95)
    make.make_score(site, share=20)

    page = manager.get(f"/p/EPR/?as_of={make.DAY - timedelta(days=7)}").text

    assert table(page, "wave-table")[0][2] == "1 site 1 Ready"
    assert "Scores for 7 March 2026" in words(page)
    assert "Everything else is shown as today." in words(page)
    assert 'href="/p/EPR/sites/?wave=1&amp;band=ready&amp;as_of=2026-03-07"' in page


def test_next_gates_are_those_ahead_after_late_ones(programme: Programme, manager: Client):
    gates = {
        days: Gate.objects.create(programme=programme, code=f"T{days}", name=f"Gate {days}", due_days=days)
        for days in (60, 50, 41, 30, 0, -21)
    }
    site = site_of(programme, "Alder")  # 24 April: gates on 23 February, 5, 14 and 25 March, 24 April, 15 May
    GateReview.objects.create(gate=gates[41], deployment=site, held_on=TODAY, outcome="go")
    GateReview.objects.create(gate=gates[50], deployment=site, held_on=date(2026, 3, 5), outcome="no_go")
    GateReview.objects.create(gate=gates[30], deployment=site, held_on=date(2026, 3, 12), outcome="go_with_conditions")

    assert rows(manager, "gate-table") == [
        ["Gate 50", "Alder", "5 March 2026", "No go held on 5 March 2026"],
        ["Gate 30", "Alder", "25 March 2026", "Go with conditions held on 12 March 2026"],
        ["Gate 0", "Alder", "24 April 2026", "Due in 40 days"],
    ]


def test_ten_gates_are_shown_and_the_file_has_all(programme: Programme, manager: Client):
    Gate.objects.create(programme=programme, code="T", name="Gate", due_days=10)
    make.make_deployments(12, programme=programme, score=False)

    assert (len(rows(manager, "gate-table")), len(file_of(manager, "gates"))) == (10, 12)
    assert "The first 10 are shown. The download has all of them." in words(manager.get("/p/EPR/").text)


# Team ----------------------------------------------------------------------------------------------------------------


def test_team_names_seats_empty_ones_first_and_missing_disciplines(programme: Programme, manager: Client):
    seat(programme, "sro", "Ana Silva", from_on=date(2025, 10, 1), discipline="operations")
    seat(programme, "clinical_lead", "Ben Ito", to_on=date(2026, 3, 14), discipline="medicine")
    seat(programme, "cnio", "Cy Moor", from_on=date(2026, 3, 16), discipline="nursing")
    seat(programme, "trainer", discipline="training")
    seat(programme, "ig_lead", "Di Wood", site=make.make_site(), discipline="pharmacy")
    gate = Gate.objects.create(programme=programme, code="G", name="Gate", due_days=10)
    gate.seats.add(SeatRole.objects.create(code="clinical_safety_officer"))
    ResourceNeed.objects.create(
        programme=programme, role=SeatRole.objects.create(code="tester"), week_on=date(2026, 3, 9), people=1
    )
    ResourceNeed.objects.create(
        programme=programme, role=SeatRole.objects.create(code="builder"), week_on=date(2026, 3, 2), people=1
    )

    page = manager.get("/p/EPR/").text

    assert table(page, "team-table") == [
        ["Clinical lead", "Medicine", "Empty", "Not recorded"],
        ["Clinical safety officer", "Not recorded", "Empty", "Not recorded"],
        ["CNIO", "Nursing", "Empty", "Not recorded"],
        ["Tester", "Not recorded", "Empty", "Not recorded"],
        ["Trainer", "Training", "Empty", "Not recorded"],
        ["SRO", "Operations", "Ana Silva", "1 October 2025"],
    ]
    assert "5 seats are empty: Clinical lead, Clinical safety officer, CNIO, Tester, Trainer." in words(page)
    assert "Nobody in the team brings these disciplines: Medicine, Nursing, Pharmacy, Training." in words(page)


def test_retired_seat_is_none(programme: Programme, manager: Client):
    seat(programme, "sro", "Ana Silva", retired_at=datetime(2026, 3, 1, tzinfo=UTC))

    assert rows(manager, "team-table") == []


NAMES = ("Ana Silva", "Ben Ito", "Cy Moor")


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.ADMINISTRATOR, "", {"Ana Silva", "Ben Ito", "Cy Moor"}),
        (Role.PROGRAMME_MANAGER, "programme", {"Ana Silva", "Ben Ito", "Cy Moor"}),
        (Role.SITE_LEAD, "site", {"Ana Silva", "Ben Ito"}),
        (Role.WARD_MANAGER, "ward", set()),
        (Role.TRAINER, "programme", set()),
        (Role.SIGNATORY, "programme", set()),
        (Role.BOARD_MEMBER, "programme", set()),
        (Role.BOARD_MEMBER, "organisation", set()),
    ],
)
def test_names_are_for_those_who_may_read_them(
    role: str, scope: str, expected: set[str], programme: Programme, client: Client
):
    here, there = site_of(programme, "Alder"), site_of(programme, "Birch")
    seat(programme, "sro", "Ana Silva")
    seat(programme, "site_lead", "Ben Ito", site=here.site)
    seat(programme, "site_lead", "Cy Moor", site=there.site)
    PriorityReview.objects.create(programme=programme, due_on=TODAY, by=Person.objects.get(label="Ana Silva"))
    for deployment, name in ((None, "Ana Silva"), (here, "Ben Ito"), (there, "Cy Moor")):
        person = Person.objects.get(label=name)
        decide(programme, f"By {len(name)}", deployment=deployment, by=person, from_on=TODAY)
    places = {
        "programme": programme,
        "site": here.site,
        "ward": make.make_ward(site=here.site),
        "organisation": here.site.organisation,
    }
    client.force_login(make.make_member(role, **({scope: places[scope]} if scope else {})))
    pages = [client.get("/p/EPR/").text, client.get("/p/EPR/", headers=HTMX).text]
    pages += [
        str(file_of(client, name)) for name in ("team", "decisions", "reviews", "interest", "gates", "waves", "bundles")
    ]

    assert {name for name in NAMES if any(name in page for page in pages)} == expected
    assert "site lead" in pages[0].lower()
    assert ("Filled" in pages[0]) == (not expected)


def test_site_lead_who_sees_others_from_the_board_reads_no_names_there(programme: Programme, client: Client):
    here, there = site_of(programme, "Alder"), site_of(programme, "Birch")
    for deployment, name in ((here, "Ben Ito"), (there, "Cy Moor")):
        seat(programme, "site_lead", name, site=deployment.site)
        decide(programme, "Go", deployment=deployment, by=Person.objects.get(label=name), from_on=TODAY)
    user = make.make_member(Role.SITE_LEAD, site=here.site)
    make.make_member(Role.BOARD_MEMBER, programme=programme, user=user)
    client.force_login(user)

    assert sorted(row[4] for row in rows(client, "decision-table")) == ["Ben Ito, site lead", "Site lead"]


# Sites that asked, bundles, reviews ----------------------------------------------------------------------------------


def test_sites_that_wait_stand_in_order_of_interest(programme: Programme, manager: Client):
    for name, day, stage in (
        ("Alder", date(2026, 2, 2), Stage.NOT_STARTED),
        ("Birch", date(2026, 1, 1), Stage.NOT_STARTED),
        ("Cedar", date(2025, 1, 1), Stage.PREPARING),
        ("Dogwood", None, Stage.NOT_STARTED),
    ):
        site_of(programme, name, interest_on=day, stage=stage, go_live_on=None)

    page = manager.get("/p/EPR/").text

    assert table(page, "interest-table") == [
        ["1", "Birch", "1 January 2026", "None", "No date"],
        ["2", "Alder", "2 February 2026", "None", "No date"],
    ]
    assert "3 sites asked; 1 of them has begun." in words(page)
    assert [(row["Site"], row["Place"]) for row in file_of(manager, "interest")] == [
        ("Cedar", "1"),
        ("Birch", "2"),
        ("Alder", "3"),
    ]


def test_ten_waiting_sites_are_shown_or_all(programme: Programme, manager: Client):
    make.make_deployments(12, programme=programme, score=False)
    Deployment.objects.update(stage=Stage.NOT_STARTED, interest_on=TODAY)

    assert (len(rows(manager, "interest-table")), len(rows(manager, "interest-table", "?asked=all"))) == (10, 12)
    assert 'href="?asked=all#asked"' in manager.get("/p/EPR/").text


def test_bundle_names_only_programmes_one_may_see(programme: Programme, manager: Client, client: Client):
    bundle = ReleaseBundle.objects.create(
        code="B", name="Spring", modules=["Notes", "Orders"], planned_on=date(2026, 5, 1)
    )
    bundle.programmes.add(programme, make.make_programme(name="Secret"))
    seen = rows(manager, "bundle-table")
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    assert seen == [["Spring", "1 May 2026", "Notes, Orders", "None"]]
    assert rows(client, "bundle-table") == [["Spring", "1 May 2026", "Notes, Orders", "Secret"]]


def test_priority_reviews_tell_date_outcome_and_reason(programme: Programme, manager: Client):
    PriorityReview.objects.create(programme=programme, due_on=TODAY + timedelta(days=3))
    PriorityReview.objects.create(
        programme=programme, due_on=date(2026, 1, 5), held_on=date(2026, 1, 7), outcome="continue", reason="It works."
    )

    assert rows(manager, "review-table") == [
        ["18 March 2026", "Due in 3 days", "Not decided yet", "Not recorded", "Not recorded"],
        ["5 January 2026", "7 January 2026", "Continue", "It works.", "Not recorded"],
    ]


# Decisions -----------------------------------------------------------------------------------------------------------


def test_decisions_that_wait_come_first_then_the_newest(programme: Programme, manager: Client):
    site = site_of(programme, "Alder")
    decide(programme, "Old", from_on=date(2026, 1, 1), reason="Because.")
    decide(programme, "New", from_on=date(2026, 2, 1), deployment=site, kind="go")
    decide(programme, "Open", asked_on=date(2026, 3, 3), waits_for="The board", kind="stop")
    decide(programme, "Void", from_on=date(2026, 2, 2), retired_at=datetime(2026, 3, 1, tzinfo=UTC))

    assert rows(manager, "decision-table") == [
        [
            "Open Stop",
            "Not decided yet asked on 3 March 2026, 12 days ago",
            "All sites",
            "Waits for: The board",
            "Not recorded",
        ],
        ["New Go", "1 February 2026", "Alder", "Not recorded", "Not recorded"],
        ["Old Standard", "1 January 2026", "All sites", "Because.", "Not recorded"],
    ]


def test_decision_of_a_site_one_may_not_see_is_not_told(programme: Programme, client: Client):
    here, there = site_of(programme, "Alder"), site_of(programme, "Birch")
    decide(programme, "Here", deployment=here, from_on=TODAY)
    decide(programme, "There", deployment=there, from_on=TODAY)
    decide(programme, "Everywhere", from_on=TODAY)
    client.force_login(make.make_member(Role.SITE_LEAD, site=here.site))

    assert sorted(row[0] for row in rows(client, "decision-table")) == ["Everywhere Standard", "Here Standard"]


def test_who_decided_without_a_seat_goes_by_the_role_of_the_log_in(programme: Programme, manager: Client):
    user = make.make_member(Role.TRAINER, programme=programme, user=make.make_user(name="Eve Hart"))
    decide(programme, "A", from_on=date(2026, 1, 2), by=Person.objects.create(label=user.email, user=user))
    decide(programme, "B", from_on=date(2026, 1, 1), by=Person.objects.create(label="Fay North"))

    assert [row[4] for row in rows(manager, "decision-table")] == ["Eve Hart, trainer", "Fay North"]


def test_role_alone_stands_where_the_name_may_not(programme: Programme, client: Client):
    decide(programme, "A", from_on=date(2026, 1, 2), by=Person.objects.create(label="Fay North"))
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))

    assert [row[4] for row in rows(client, "decision-table")] == ["Somebody whose role is not recorded"]


def test_ten_decisions_a_page_and_the_part_alone(programme: Programme, manager: Client):
    for number in range(11):
        decide(programme, f"Decision {number}", from_on=TODAY - timedelta(days=number))

    answer = manager.get("/p/EPR/?page=2", headers=HTMX)

    assert answer.text.lstrip().startswith('<section id="decisions">')
    assert table(answer.text, "decision-table")[0][0] == "Decision 10 Standard"
    assert "Decisions, page 2 of 2" in words(answer.text)
    assert len(file_of(manager, "decisions")) == 11


# Not found, weight, costs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["?as_of=tomorrow", "?download=csv&table=people", "?download=exe&table=team"])
def test_what_there_is_not_is_not_found(query: str, manager: Client):
    assert manager.get(f"/p/EPR/{query}").status_code == 404


@pytest.mark.parametrize("name", ["waves", "gates", "team", "interest", "bundles", "reviews", "decisions"])
def test_every_table_is_a_workbook(name: str, programme: Programme, manager: Client):
    answer = manager.get(f"/p/EPR/?download=xlsx&table={name}")

    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")


def fill(programme: Programme, number: int) -> None:
    """So many more of everything that the page shows."""
    start = Decision.objects.count()
    measure = Measure.objects.filter(programme=programme).first() or make.make_measure(
        programme=programme, headline=True
    )
    bundle = ReleaseBundle.objects.create(code=f"B{start}", name="Bundle")
    bundle.programmes.add(programme)
    for each in range(start, start + number):
        gate = Gate.objects.create(programme=programme, code=f"G{each}", name="Gate", due_days=10)
        wave = make.make_wave(programme=programme)
        site = make.make_deployment(programme=programme, wave=wave, interest_on=TODAY, stage=Stage.NOT_STARTED)
        make.make_score(site)
        Observation.objects.create(
            measure=measure, deployment=site, period_starts_on=TODAY, period="week", value=Decimal(each)
        )
        GateReview.objects.create(gate=gate, deployment=site, held_on=TODAY, outcome="no_go")
        person = f"Person {each}"
        seat(programme, f"role_{each}", person, discipline=f"discipline_{each}")
        by = Person.objects.get(label=person)
        decide(programme, "Go", deployment=site, by=by, from_on=TODAY)
        decide(programme, "Go", by=Person.objects.create(label=f"Other {each}"), from_on=TODAY)
        PriorityReview.objects.create(programme=programme, due_on=TODAY, by=by)


def test_queries_do_not_grow_with_what_is_shown(programme: Programme, manager: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get("/p/EPR/").status_code == 200
        return len(captured)

    make.make_run(programme=programme, first_day=TODAY - timedelta(days=3), last_day=TODAY - timedelta(days=3))
    fill(programme, 1)
    manager.get("/p/EPR/")  # the first request of a log-in also writes its session
    one = count()
    fill(programme, 3)

    assert one == count()
    assert one <= 25


def test_page_is_light(programme: Programme, manager: Client):
    fill(programme, 12)

    assert len(gzip.compress(manager.get("/p/EPR/").content)) <= 25 * 1024
