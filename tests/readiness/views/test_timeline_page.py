"""The timeline of a site: in order, by kind, page by page, and who reads whose name."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistEvent, Gate, GateReview, SignOff
from rollout.choices import Role
from rollout.models import Decision, Deployment, DeploymentChange, Pilot, Seat, SeatRole, StaffGroup
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words
from tests.readiness.timeline_world import NOW, PAGE, alder, change, entries, event, person, said, score_on


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    return alder()


@pytest.fixture
def manager(site: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=site.programme))
    return client


RETIRED = {"retired_at": NOW}

HTMX = {"HX-Request": "true", "HX-Target": "timeline"}


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
