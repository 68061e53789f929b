"""The timeline of a site: every kind of entry in words, in order, by kind, and who reads whose name."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistEvent, Gate, GateReview, ReadinessScore, ScoringModel, SignOff, Waiver
from rollout.choices import Role
from rollout.models import (
    Decision,
    Deployment,
    DeploymentChange,
    EngagementEvent,
    Person,
    Pilot,
    Seat,
    SeatRole,
    StaffGroup,
)
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

PAGE = "/p/EPR/s/ALD/timeline/"
NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
RETIRED = {"retired_at": NOW}
HTMX = {"HX-Request": "true", "HX-Target": "timeline"}


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


@pytest.fixture
def manager(site: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    return client


def person(name: str) -> Person:
    return Person.objects.get_or_create(label=name)[0]


def change(site: Deployment, what: str, before: str, after: str, at: datetime = NOW, **fields: Any) -> DeploymentChange:
    return DeploymentChange.objects.create(deployment=site, at=at, what=what, before=before, after=after, **fields)


def entries(client: Client, query: str = "") -> list[tuple[str, str, str, str]]:
    """Day, what, why and who of every entry, as the file has them."""
    answer = client.get(f"{PAGE}?download=csv&table=timeline{query}")
    rows = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    return [(row["Day"], row["What"], row["Why"], row["Who"]) for row in rows]


def said(client: Client, query: str = "") -> list[str]:
    return [what for _day, what, _why, _who in entries(client, query)]


# Every kind in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "before", "after", "expected"),
    [
        ("stage", "preparing", "technical_live", "Stage: from Preparing to Technical live"),
        ("stage", "", "preparing", "Stage: Preparing"),
        ("go_live", "2026-04-24", "2026-05-08", "Go-live moved from 24 April 2026 to 8 May 2026"),
        ("go_live", "", "2026-05-08", "Go-live planned for 8 May 2026"),
        ("go_live", "2026-04-24", "", "Go-live on 24 April 2026 taken back"),
        ("technical_go_live", "2026-04-24", "soon", "Technical go-live moved from 24 April 2026 to soon"),
        ("wave", "1", "2", "Moved from wave 1 to wave 2"),
        ("wave", "1", "", "Taken out of wave 1"),
        ("declared_status", "green", "amber", "Declared amber, before that green"),
        ("declared_status", "", "red", "Declared red"),
    ],
)
def test_change_is_told_with_before_and_after(
    what: str, before: str, after: str, expected: str, site: Deployment, manager: Client
):
    change(site, what, before, after, reason="Because.", by=person("Ana Silva"))

    assert entries(manager) == [("2026-03-15", expected, "Because.", "Ana Silva")]


def test_dates_of_the_site_itself_are_told(site: Deployment, manager: Client):
    Deployment.objects.update(
        interest_on=date(2025, 1, 2), actual_technical_go_live_on=date(2026, 3, 1), actual_go_live_on=date(2026, 3, 14)
    )

    assert entries(manager, "&kind=dates") == [
        ("2026-03-14", "Went live", "", ""),
        ("2026-03-01", "Technical go-live happened", "", ""),
        ("2025-01-02", "Interest registered", "", ""),
    ]


def test_declared_status_without_a_change_is_told_once(site: Deployment, manager: Client):
    Deployment.objects.update(declared_status="amber", declared_on=date(2026, 3, 2), declared_words="Late.")
    alone = entries(manager)
    change(site, "declared_status", "green", "amber", datetime(2026, 3, 2, 10, tzinfo=UTC))

    assert alone == [("2026-03-02", "Declared amber", "Late.", "")]
    assert said(manager) == ["Declared amber, before that green"]


def test_decisions_of_the_site_and_of_all_sites_are_told(site: Deployment, manager: Client):
    def decide(code: str, text: str, **fields: Any) -> None:
        Decision.objects.create(**{"programme": site.programme, "code": code, "kind": "defer", "text": text, **fields})

    decide("A", "Wait.", deployment=site, from_on=date(2026, 3, 3), reason="Too early.")
    decide("B", "One place.", kind="standard", from_on=date(2026, 3, 2))
    decide("C", "Stop?", kind="stop", deployment=site, asked_on=date(2026, 3, 1), waits_for="the board")
    decide("D", "Elsewhere", deployment=make.make_deployment(programme=site.programme), from_on=date(2026, 3, 3))
    decide("E", "Another programme", programme=make.make_programme(), from_on=date(2026, 3, 3))
    decide("F", "Void", deployment=site, from_on=date(2026, 3, 3), **RETIRED)

    assert entries(manager) == [
        ("2026-03-03", "Decided (defer): Wait.", "Too early.", ""),
        ("2026-03-02", "Decided for all sites (standard): One place.", "", ""),
        ("2026-03-01", "Decision asked for (stop): Stop?. Waits for: the board", "", ""),
    ]


def test_gates_and_their_answers_are_told(site: Deployment, manager: Client):
    gate = Gate.objects.create(programme=site.programme, code="G", name="Go/no-go")
    review = GateReview.objects.create(
        gate=gate, deployment=site, held_on=date(2026, 3, 2), outcome="go_with_conditions", words="Nearly."
    )
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 1))
    void = GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 2, 1), outcome="go", **RETIRED)
    for number, (where, answer, signed_on) in enumerate(
        ((review, "with_conditions", date(2026, 3, 3)), (review, "no", None), (review, "", None), (void, "yes", None))
    ):
        role = SeatRole.objects.create(code=f"ig_lead_{number}")
        SignOff.objects.create(
            review=where, seat_role=role, answer=answer, signed_on=signed_on, person=person("Ana Silva"), words="Hm."
        )

    assert entries(manager) == [
        ("2026-03-03", "IG lead 0 at gate “Go/no-go”: yes, with conditions", "Hm.", "Ana Silva"),
        ("2026-03-02", "Gate “Go/no-go” held: go with conditions", "Nearly.", ""),
        ("2026-03-02", "IG lead 1 at gate “Go/no-go”: no", "Hm.", "Ana Silva"),
        ("2026-03-01", "Gate “Go/no-go” held: no outcome recorded", "", ""),
    ]


def test_items_done_blocked_and_left_out_are_told(site: Deployment, manager: Client):
    item = make.make_blocker(site, text="Test the plan")
    for hour, (state, assurance, reason) in enumerate(
        (
            ("in_progress", "", ""),
            ("blocked", "", "No room."),
            ("not_applicable", "", "Not here."),
            ("done", "seen", ""),
            ("", "proved", ""),
            ("done", "", ""),
        )
    ):
        at = datetime(2026, 3, 2, hour, tzinfo=UTC)
        ChecklistEvent.objects.create(
            item=item, deployment=site, at=at, state=state, assurance=assurance, reason=reason, by=person("Ana Silva")
        )

    assert [(what, why) for _day, what, why, _who in entries(manager)] == [
        ("Item done: Test the plan", ""),
        ("Item done: Test the plan (seen by someone else)", ""),
        ("Item does not apply: Test the plan", "Not here."),
        ("Item blocked: Test the plan", "No room."),
    ]


def test_waivers_are_told_when_asked_decided_and_revoked(site: Deployment, manager: Client):
    item = make.make_blocker(site, text="Test the plan")
    days = {"until_on": date(2026, 4, 1), "asked_on": date(2026, 3, 1), "decided_on": date(2026, 3, 2)}
    for code, subject, state, more in (
        (
            "A",
            item.code,
            "revoked",
            {"revoked_on": date(2026, 3, 3), "revoked_by": person("Cy Ode"), "reason": "No rooms."},
        ),
        ("B", "agreement_unsigned", "denied", {}),
        ("C", "collision:2026-W14", "asked", {"decided_on": None}),
    ):
        Waiver.objects.create(
            programme=site.programme,
            deployment=site,
            code=code,
            subject=subject,
            state=state,
            **{**days, **more},
            asked_by=person("Ana Silva"),
            decided_by=person("Ben Ito"),
        )

    assert entries(manager) == [
        ("2026-03-03", "Waiver revoked: Test the plan", "No rooms.", "Cy Ode"),
        ("2026-03-02", "Waiver denied: agreements that are not signed", "", "Ben Ito"),
        ("2026-03-02", "Waiver approved: Test the plan, until 1 April 2026", "No rooms.", "Ben Ito"),
        (
            "2026-03-01",
            "Waiver asked for: change-load collision in the week of 30 March 2026, until 1 April 2026",
            "",
            "Ana Silva",
        ),
        ("2026-03-01", "Waiver asked for: agreements that are not signed, until 1 April 2026", "", "Ana Silva"),
        ("2026-03-01", "Waiver asked for: Test the plan, until 1 April 2026", "No rooms.", "Ana Silva"),
    ]


def test_pilots_at_the_site_are_told(site: Deployment, manager: Client):
    def pilot(code: str, **fields: Any) -> None:
        Pilot.objects.create(**{"programme": site.programme, "site": site.site, "code": code, **fields})

    pilot("BED", question="Does it help?", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1),
          outcome="scale", decided_on=date(2026, 3, 1), reason="It does.")  # fmt: skip
    pilot("NEXT", starts_on=date(2026, 4, 1))
    pilot("ELSE", site=make.make_site(), starts_on=date(2026, 1, 1))
    pilot("OTHER", programme=make.make_programme(), starts_on=date(2026, 1, 1))

    assert entries(manager) == [
        ("2026-03-01", "Pilot BED decided: scale – Does it help?", "It does.", ""),
        ("2026-02-01", "Pilot BED ended – Does it help?", "", ""),
        ("2026-01-01", "Pilot BED began – Does it help?", "", ""),
    ]


def event(site: Deployment, code: str, people: int | None = None, **fields: Any) -> EngagementEvent:
    described = {"programme": site.programme, "kind": "workshop", "held_on": date(2026, 3, 2), **fields}
    made = EngagementEvent.objects.create(code=code, people=people, **described)
    made.sites.add(site.site)
    return made


def test_events_are_told_with_the_groups_they_reached(site: Deployment, manager: Client):
    reached = event(site, "A", 1280, words="Come and try.")
    for code in ("nurse", "allied_health"):
        reached.groups.add(StaffGroup.objects.create(code=code))
    event(site, "B", 1, held_on=date(2026, 3, 1), kind="floor_walk")
    event(site, "C", held_on=date(2026, 2, 1))
    event(site, "D", programme=make.make_programme())

    assert said(manager) == [
        "Workshop: Come and try, 1,280 people, reached allied health, nurse",
        "Floor walk, 1 person",
        "Workshop",
    ]


@pytest.mark.parametrize(("people", "shown"), [(0, "0 people"), (1, "few"), (4, "few"), (5, "5 people")])
def test_board_member_reads_no_count_under_five(people: int, shown: str, site: Deployment, client: Client):
    event(site, "A", people)
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=site.programme))
    expected = f"Workshop, {'fewer than 5 people' if shown == 'few' else shown}"

    assert (said(client), expected in words(client.get(PAGE).text)) == ([expected], True)


# Jumps in score ------------------------------------------------------------------------------------------------------


def score_on(site: Deployment, day: int, score: str, **fields: Any) -> ReadinessScore:
    row = make.score_row(site, day=date(2026, 3, day), **fields)
    row.score = row.raw = Decimal(score)
    row.save()
    return row


def test_jumps_of_five_points_from_one_day_to_the_next_are_told(site: Deployment, manager: Client):
    for day, score in ((1, "50.00"), (2, "54.99"), (3, "59.99"), (4, "54.00"), (6, "80.00"), (7, "75.01")):
        score_on(site, day, score)

    page = manager.get(PAGE).text

    assert entries(manager) == [
        ("2026-03-04", "Score fell from 59 to 54 (−6.0)", "", ""),
        ("2026-03-03", "Score rose from 54 to 59 (+5.0)", "", ""),
    ]
    assert 'href="/p/EPR/s/ALD/why/?since=2026-03-03&amp;as_of=2026-03-04"' in page


def test_superseded_scores_and_older_models_make_no_jump(site: Deployment, manager: Client):
    newer = ScoringModel.objects.create(version="2027.1", document=make.scoring_model().document)
    score_on(site, 1, "50.00")
    score_on(site, 2, "90.00", superseded_at=NOW)
    score_on(site, 2, "51.00", revision=2)
    score_on(site, 3, "90.00")
    score_on(site, 3, "52.00", model=newer)

    assert said(manager) == []


# Order, days, kinds, pages -------------------------------------------------------------------------------------------


def test_entries_stand_newest_first_by_month_with_the_time_at_the_site(site: Deployment, manager: Client):
    site.site.time_zone = "America/New_York"
    site.site.save()
    change(site, "stage", "", "preparing", datetime(2026, 3, 1, 3, 30, tzinfo=UTC))
    change(site, "wave", "", "2", datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    Decision.objects.create(
        programme=site.programme, deployment=site, code="A", kind="go", text="Go.", from_on=date(2026, 3, 1)
    )

    text = words(manager.get(PAGE).text)

    start = text.index("3 entries, newest first")
    assert text[start:].startswith(
        "3 entries, newest first Download CSV Download XLSX Times are those of the site (America/New_York). "
        "March 2026 1 March 7am Put into wave 2 1 March Decided (go): Go. "
        "February 2026 28 February 10:30pm Stage: Preparing"
    )


def test_what_is_still_to_come_is_not_told(site: Deployment, manager: Client):
    Decision.objects.create(
        programme=site.programme, code="A", kind="go", text="Soon.", from_on=date(2026, 3, 16), deployment=site
    )

    assert said(manager) == []


def test_as_of_shows_what_had_happened_by_then(site: Deployment, manager: Client):
    change(site, "stage", "", "preparing", datetime(2026, 3, 1, 12, tzinfo=UTC))
    change(site, "wave", "", "2", datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert said(manager, "&as_of=2026-03-01") == ["Stage: Preparing"]
    assert "You are looking at 1 March 2026." in words(manager.get(f"{PAGE}?as_of=2026-03-01").text)


@pytest.fixture
def one_of_each(site: Deployment) -> None:
    """An entry of every kind."""
    fill(site, 1)


def fill(site: Deployment, number: int) -> None:
    """So many more entries of every kind, each with people of their own."""
    start = DeploymentChange.objects.count()
    gate = Gate.objects.create(programme=site.programme, code=f"G{start}", name="Go/no-go")
    item = ChecklistEvent.objects.first()
    thing = item.item if item else make.make_blocker(site)
    for each in range(start, start + number):
        at = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=each)
        on = at.date()
        by = person(f"Person {each}")
        Seat.objects.create(
            programme=site.programme, site=site.site, role=SeatRole.objects.create(code=f"r{each}"), person=by
        )
        for what, after in (("stage", "live"), ("wave", "2"), ("declared_status", "red")):
            change(site, what, "", after, at, by=by)
        Decision.objects.create(
            programme=site.programme, deployment=site, code=f"D{each}", kind="go", text="Go", from_on=on, by=by
        )
        review = GateReview.objects.create(gate=gate, deployment=site, held_on=on + timedelta(days=each))
        SignOff.objects.create(review=review, seat_role=SeatRole.objects.get(code=f"r{each}"), answer="yes", person=by)
        ChecklistEvent.objects.create(item=thing, deployment=site, at=at, state="done", by=person(f"Other {each}"))
        Pilot.objects.create(programme=site.programme, site=site.site, code=f"P{each}", starts_on=on)
        event(site, f"E{each}", held_on=on).groups.add(StaffGroup.objects.create(code=f"g{each}"))
        for days, score in ((2 * each, "20.00"), (2 * each + 1, "90.00")):
            score_on(site, days + 1, score)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("stages", ["Stage: Live"]),
        ("dates", ["Put into wave 2"]),
        ("declared", ["Declared red"]),
        ("decisions", ["Decided (go): Go"]),
        ("gates", ["Gate “Go/no-go” held: no outcome recorded", "R0 at gate “Go/no-go”: yes"]),
        ("items", ["Item done: Test the downtime plan"]),
        ("pilots", ["Pilot P0 began"]),
        ("engagement", ["Workshop, reached g0"]),
        ("scores", ["Score rose from 20 to 90 (+70.0)"]),
    ],
)
def test_kind_keeps_its_own_entries(kind: str, expected: list[str], one_of_each: None, manager: Client):
    assert said(manager, f"&kind={kind}") == expected


def test_kinds_are_links_with_their_counts(one_of_each: None, manager: Client):
    page = manager.get(f"{PAGE}?kind=gates").text

    assert (
        "Everything 10 Stages 1 Dates and waves 1 Declared status 1 Decisions 1 Gates 2 Checklist and waivers 1 "
        "Pilots 1 Engagement 1 Jumps in score 1 2 entries, newest first"
    ) in words(page)
    assert 'id="kind-gates" href="?kind=gates" aria-current="true"' in page
    assert 'id="kind-all" href="?"' in page


def test_kind_that_there_is_not_shows_everything(one_of_each: None, manager: Client):
    assert len(said(manager, "&kind=secrets")) == 10


def test_empty_timeline_says_what_will_stand_there(site: Deployment, manager: Client):
    assert "Nothing recorded yet Stages, dates, decisions" in words(manager.get(PAGE).text)
    assert "Nothing of this kind happened here." in words(manager.get(f"{PAGE}?kind=pilots").text)


def test_fifty_entries_a_page_and_each_once(site: Deployment, manager: Client):
    for minute in range(103):
        change(site, "wave", str(minute), str(minute + 1), NOW - timedelta(minutes=minute))
    pages = [manager.get(f"{PAGE}?page={number}").context["months"] for number in (1, 2, 3)]
    shown = [[entry.what for _first, those in months for entry in those] for months in pages]

    assert [len(page) for page in shown] == [50, 50, 3]
    assert [what for page in shown for what in page] == said(manager)
    assert len(set(said(manager))) == 103


def test_part_is_the_timeline_alone(one_of_each: None, manager: Client):
    answer = manager.get(f"{PAGE}?kind=pilots", headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="timeline">')
    assert "Pilot P0 began" in answer.text
    assert '<div id="status" hx-swap-oob="innerHTML">1 entry</div>' in answer.text


@pytest.mark.parametrize("query", ["?as_of=never", "?download=csv&table=people", "?download=doc&table=timeline"])
def test_what_there_is_not_is_not_found(query: str, manager: Client):
    assert manager.get(f"{PAGE}{query}").status_code == 404


def test_timeline_as_workbook(one_of_each: None, manager: Client):
    answer = manager.get(f"{PAGE}?download=xlsx&table=timeline")

    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")


# Who reads whose name ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.ADMINISTRATOR, "", "Ana Silva, clinical lead"),
        (Role.PROGRAMME_MANAGER, "programme", "Ana Silva, clinical lead"),
        (Role.SITE_LEAD, "site", "Ana Silva, clinical lead"),
        (Role.WARD_MANAGER, "ward", "Clinical lead"),
        (Role.TRAINER, "programme", "Clinical lead"),
        (Role.SIGNATORY, "programme", "Clinical lead"),
        (Role.BOARD_MEMBER, "programme", "Clinical lead"),
        (Role.BOARD_MEMBER, "organisation", "Clinical lead"),
    ],
)
def test_name_is_for_those_who_may_read_it(role: str, scope: str, expected: str, site: Deployment, client: Client):
    lead = SeatRole.objects.create(code="clinical_lead")
    Seat.objects.create(programme=site.programme, site=site.site, role=lead, person=person("Ana Silva"))
    change(site, "stage", "", "live", by=person("Ana Silva"))
    review = GateReview.objects.create(
        gate=Gate.objects.create(programme=site.programme, code="G", name="Gate"), deployment=site, held_on=NOW.date()
    )
    SignOff.objects.create(review=review, seat_role=lead, answer="no", person=person("Ana Silva"))
    places = {
        "programme": site.programme,
        "site": site.site,
        "ward": make.make_ward(site=site.site),
        "organisation": site.site.organisation,
    }
    client.force_login(make.make_member(role, **({scope: places[scope]} if scope else {})))

    told = {who for _day, _what, _why, who in entries(client) if who}
    texts = (client.get(PAGE).text, client.get(PAGE, headers=HTMX).text)

    assert told == {expected}
    assert ["Ana Silva" in text for text in texts] == ["Ana" in expected] * 2


def test_seat_at_the_site_says_who_before_the_seat_in_the_programme(site: Deployment, client: Client):
    someone = person("Ana Silva")
    elsewhere = make.make_site()
    for code, where in (("sro", None), ("ccio", elsewhere), ("cnio", site.site)):
        role = SeatRole.objects.create(code=code)
        Seat.objects.create(programme=site.programme, site=where, role=role, person=someone)
    change(site, "stage", "", "live", by=someone)
    client.force_login(make.make_member(Role.BOARD_MEMBER, programme=site.programme))

    def who() -> str:
        return entries(client)[0][3]

    here = who()
    Seat.objects.filter(site=site.site).delete()
    in_programme = who()
    Seat.objects.filter(site=None).delete()

    assert (here, in_programme, who()) == ("CNIO", "SRO", "CCIO")


def test_other_sites_are_not_told_of(site: Deployment, manager: Client):
    other = make.make_deployment(programme=site.programme)
    change(other, "stage", "", "live")
    event(other, "A")

    assert said(manager) == []


# Costs ---------------------------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_the_entries(site: Deployment, manager: Client):
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(address).status_code == 200
        return len(captured)

    make.make_run(programme=site.programme, first_day=date(2026, 3, 10), last_day=date(2026, 3, 10))
    fill(site, 1)
    manager.get(PAGE)  # the first request of a log-in also writes its session
    one = (count(PAGE), count(f"{PAGE}?download=csv&table=timeline"))
    fill(site, 3)

    assert one == (count(PAGE), count(f"{PAGE}?download=csv&table=timeline"))
    assert one[0] <= 25
