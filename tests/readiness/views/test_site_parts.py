"""What stands on a site's page below its score: how it stands in words, its course, dates, seats, open blockers."""

import csv
import html
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

import pytest
from django.test import Client

from readiness.models import Gate, GateReview
from rollout.choices import ChangeWhat, ProgrammeState, Role, Stage
from rollout.models import Decision, Deployment, DeploymentChange, Person, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.records import local
from tests.readiness.site_world import busy_world, scored, seated

DAY, GO_LIVE = make.DAY, make.GO_LIVE
PAGE = "/p/EPR/s/ALD/"
BUSY = "/p/PROG/s/S1/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


def client_of(role: Role, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


@pytest.fixture
def manager(site: Deployment) -> Client:
    return client_of(Role.PROGRAMME_MANAGER, programme=site.programme)


@pytest.fixture
def board(site: Deployment) -> Client:
    return client_of(Role.BOARD_MEMBER, programme=site.programme)


def change(site: Deployment, what: str, before: str, after: str, **fields: object) -> None:
    """A change made on 4 March 2026."""
    described = {"at": datetime(2026, 3, 4, 12, 0, tzinfo=UTC), "reason": "The network failed its test."}
    DeploymentChange.objects.create(deployment=site, what=what, before=before, after=after, **{**described, **fields})


def put(site: Deployment, **fields: object) -> None:
    Deployment.objects.filter(pk=site.pk).update(**fields)


def standing(client: Client, query: str = "") -> str:
    """What the page says of how the site stands, "" where it says nothing."""
    told = re.search(
        r'<div class="nhsuk-inset-text app-standing">(.*?)</div>', client.get(PAGE + query).text, re.DOTALL
    )
    return words(told[1]) if told else ""


# How the site stands -------------------------------------------------------------------------------------------------


def test_site_on_its_way_needs_no_words(site: Deployment, manager: Client):
    make.make_score(site)

    assert standing(manager) == ""


def test_deferred_site_says_since_when_why_and_what_became_of_its_date(site: Deployment, manager: Client):
    put(site, stage=Stage.DEFERRED, go_live_on=date(2026, 6, 20))
    change(site, ChangeWhat.STAGE, Stage.PREPARING, Stage.DEFERRED)
    change(site, ChangeWhat.GO_LIVE, "2026-04-24", "2026-06-20")
    site.refresh_from_db()
    make.make_score(site)

    assert standing(manager) == (
        "Deferred Deferred on 4 March 2026. Why: The network failed its test. Go-live was planned for 24 April 2026 "
        "and is now planned for 20 June 2026. It is scored, and compared with nothing until preparation goes on."
    )


def test_deferred_site_without_a_new_date_or_a_record_of_it_says_so(site: Deployment, manager: Client):
    put(site, stage=Stage.DEFERRED, go_live_on=None)

    assert standing(manager) == (
        "Deferred Deferred. No new go-live is planned yet. It is scored, and compared with nothing until preparation "
        "goes on."
    )


def test_stopped_site_says_that_only_a_decision_opens_it(site: Deployment, manager: Client):
    put(site, stage=Stage.STOPPED)
    change(site, ChangeWhat.STAGE, Stage.PREPARING, Stage.STOPPED, reason="")

    assert standing(manager) == (
        "Stopped Stopped on 4 March 2026. It is opened again only by a decision. The score is kept up, and compared "
        "with nothing."
    )


@pytest.mark.parametrize(
    ("state", "word"),
    [(ProgrammeState.PAUSED, "paused"), (ProgrammeState.STOPPED, "stopped"), (ProgrammeState.CLOSED, "closed")],
)
def test_site_of_a_halted_programme_says_so(state: str, word: str, site: Deployment, manager: Client):
    Programme.objects.filter(pk=site.programme_id).update(state=state)

    assert standing(manager) == (
        f"{word.capitalize()} The whole programme is {word}. Its sites are scored, and compared with nothing."
    )


def test_site_without_a_date_says_what_a_date_is_for(site: Deployment, manager: Client):
    put(site, go_live_on=None)

    told = standing(manager)
    assert told.startswith("No date No go-live is planned, so nothing is expected of the score yet.")
    assert told.endswith("Plan the dates")


def test_live_site_without_a_gate_says_so_until_one_is_passed(site: Deployment, manager: Client):
    put(site, stage=Stage.LIVE, actual_go_live_on=DAY)
    told = "Live Live, no gate recorded: there is no go/no-go review with the outcome go."
    gate = Gate.objects.create(programme=site.programme, code="go", name="Go/no-go", kind="go_live")
    other = Gate.objects.create(programme=site.programme, code="t-30", name="30 days before")

    without = standing(manager)
    GateReview.objects.create(gate=other, deployment=site, held_on=DAY, outcome="go")
    GateReview.objects.create(gate=gate, deployment=site, held_on=DAY - timedelta(days=1), outcome="no_go")
    refused = standing(manager)
    GateReview.objects.create(gate=gate, deployment=site, held_on=DAY, outcome="go_with_conditions")

    assert (without, refused, standing(manager)) == (told, told, "")


def test_dip_after_go_live_is_expected_until_it_is_over(site: Deployment, manager: Client, frozen_clock: FrozenClock):
    put(site, stage=Stage.HYPERCARE, actual_go_live_on=DAY)
    gate = Gate.objects.create(programme=site.programme, code="go", name="Go/no-go", kind="go_live")
    GateReview.objects.create(gate=gate, deployment=site, held_on=DAY, outcome="go")
    dip = {"programme": site.programme, "unit": "%", "dip_depth": 20}
    make.make_measure(**dip, name="Notes written", headline=True, dip_weeks=6)
    make.make_measure(**dip, name="Doses missed", dip_weeks=2)
    make.make_measure(programme=site.programme, name="Without a dip")
    until = datetime(2026, 4, 25, 9, 0, tzinfo=UTC)

    both = standing(manager)
    frozen_clock.move_to(until - timedelta(days=1))
    one = standing(client_of(Role.PROGRAMME_MANAGER, programme=site.programme))
    frozen_clock.move_to(until)
    none = standing(client_of(Role.PROGRAMME_MANAGER, programme=site.programme))

    dips = "Hypercare A dip is expected until 25 April 2026: Notes written may be worse by up to 20%."
    assert (both, one, none) == (f"{dips} One other measure may dip too.", dips, "")


def test_embedded_site_says_of_which_day_its_last_score_is(site: Deployment, manager: Client):
    make.make_score(site)
    put(site, stage=Stage.EMBEDDED)
    change(site, ChangeWhat.STAGE, Stage.HYPERCARE, Stage.EMBEDDED, reason="")
    gate = Gate.objects.create(programme=site.programme, code="go", name="Go/no-go", kind="go_live")
    GateReview.objects.create(gate=gate, deployment=site, held_on=DAY, outcome="go")

    assert standing(manager) == (
        "Embedded Embedded since 4 March 2026: the site is not scored any more, its use of the system is measured "
        "instead. The score above is the last one, of 14 March 2026."
    )


def test_embedded_site_without_a_score_reads_well(site: Deployment, manager: Client):
    put(site, stage=Stage.EMBEDDED)

    text = words(manager.get(PAGE).text)

    assert "Embedded: the site is not scored any more" in text
    assert "Nothing recorded yet" not in text
    assert "Score over time" not in text


# Its course ----------------------------------------------------------------------------------------------------------


def course(client: Client, query: str = "") -> list[dict[str, str]]:
    """The course as a CSV file gives it."""
    text = client.get(f"{PAGE}?{query}download=csv&table=score").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_course_shows_ninety_days_or_all_of_them(site: Deployment, manager: Client):
    days = [DAY - timedelta(days=back) for back in (120, 91, 90, 1, 0)]
    for share, day in enumerate(days, start=40):
        make.make_score(site, day=day, share=share)

    recent, whole = course(manager), course(manager, "period=all&")

    assert [row["Day"] for row in recent] == [str(day) for day in days[2:]]
    assert [row["Day"] for row in whole] == [str(day) for day in days]
    assert {row["Ready"] for row in whole} == {"90"}


def test_course_reads_current_scores_up_to_the_day_shown(site: Deployment, manager: Client):
    make.make_score(site, day=DAY - timedelta(days=1), score="30.00", superseded_at=datetime(2026, 3, 15, tzinfo=UTC))
    make.make_score(site, day=DAY - timedelta(days=1), score="41.25", revision=2)
    make.make_score(site, score="50.00")

    rows = course(manager, f"as_of={DAY - timedelta(days=1)}&")

    assert [(row["Day"], row["Score"], row["Expected"]) for row in rows] == [("2026-03-13", "41.25", "70")]


def test_course_marks_what_happened(site: Deployment, manager: Client):
    for back, score in ((12, "30.00"), (11, "30.00"), (10, "36.50"), (1, "40.00"), (0, "49.00")):
        make.make_score(site, day=DAY - timedelta(days=back), score=score)
    change(site, ChangeWhat.STAGE, Stage.PREPARING, Stage.DEFERRED)
    change(site, ChangeWhat.GO_LIVE, "2026-04-24", "2026-06-20")
    change(site, ChangeWhat.TECHNICAL_GO_LIVE, "2026-04-10", "")
    change(site, ChangeWhat.WAVE, "1", "2")
    gate = Gate.objects.create(programme=site.programme, code="t-30", name="30 days before")
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 5), outcome="defer")
    GateReview.objects.create(gate=gate, deployment=site, held_on=date(2026, 3, 6))
    for code, kind, day in (("D1", "defer", 5), ("D2", "pause", 6), ("D3", "stop", None)):
        from_on = date(2026, 3, day) if day else None
        Decision.objects.create(
            programme=site.programme, deployment=site, code=code, kind=kind, text=code, from_on=from_on
        )

    events = {row["Day"]: row["Event"] for row in course(manager) if row["Event"]}

    assert events == {
        "2026-03-04": "Go-live moved to 20 June 2026; Deferred; Technical go-live: no date; Score +6.5",
        "2026-03-05": "30 days before: Defer",
        "2026-03-06": "Decision: Pause",
        "2026-03-14": "Score +9.0",
    }


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((40, 60), "The score rose from 39 on 13 March 2026 to 59; 70 is expected"),
        ((60, 40), "The score fell from 59 on 13 March 2026 to 39; 70 is expected"),
        ((60, 60), "The score is 59, as on 13 March 2026; 70 is expected"),
    ],
)
def test_course_says_its_message(shares: tuple[int, int], said: str, site: Deployment, manager: Client):
    for back, share in zip((1, 0), shares, strict=True):
        make.make_score(site, day=DAY - timedelta(days=back), share=share, score=f"{share - 1}.50")

    assert said in words(manager.get(PAGE).text)


def test_site_compared_with_nothing_has_no_expected_line(site: Deployment, manager: Client):
    put(site, stage=Stage.DEFERRED)
    site.refresh_from_db()
    make.make_score(site, score="59.50")

    assert "The score is 59 " in words(manager.get(PAGE).text)
    assert "Expected" not in course(manager)[0]


def test_course_is_no_more_exact_for_a_board_than_the_score_above_it(site: Deployment, board: Client):
    make.make_score(site, day=DAY - timedelta(days=1), score="41.25")
    make.make_score(site, score="47.10")

    rows = course(board)

    assert [(row["Score"], row["Event"]) for row in rows] == [("41", ""), ("47", "Score +6.0")]


# Dates ---------------------------------------------------------------------------------------------------------------


def test_old_dates_are_kept_with_who_when_and_why(site: Deployment, manager: Client, board: Client):
    mover = Person.objects.create(label="Ada Marsh")
    seated(site, "operational_lead", "Ada Marsh", to_on=date(2026, 3, 10))
    change(site, ChangeWhat.GO_LIVE, "2026-03-20", "2026-04-24", by=mover)
    at = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    change(site, ChangeWhat.TECHNICAL_GO_LIVE, "", "2026-04-10", at=at, reason="")

    rows = table(manager.get(PAGE).text, "date-changes")
    told = table(board.get(PAGE).text, "date-changes")

    assert rows == [
        ["5 March 2026", "Technical go-live", "No date", "10 April 2026", "Not recorded", "No reason recorded"],
        ["4 March 2026", "Go-live", "20 March 2026", "24 April 2026", "Operational lead – Ada Marsh",
         "The network failed its test."],
    ]  # fmt: skip
    assert told[1][4] == "Operational lead"


def test_dates_that_never_changed_say_so(site: Deployment, manager: Client):
    assert "The dates have not been changed since they were first planned." in words(manager.get(PAGE).text)


# Seats ---------------------------------------------------------------------------------------------------------------


def seats(client: Client, query: str = "") -> list[list[str]]:
    """The seats as a CSV file gives them."""
    text = client.get(f"{PAGE}?{query}download=csv&table=seats").getvalue().decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def test_seats_are_held_here_held_for_all_or_empty(site: Deployment, manager: Client, board: Client):
    gate = Gate.objects.create(programme=site.programme, code="go", name="Go/no-go", kind="go_live")
    gate.seats.add(seated(site, "sro", None).role, seated(site, "ig_lead", "Ben Orr", programme=True).role)
    seated(site, "clinical_lead", "Ada Marsh", from_on=date(2026, 1, 5))
    seated(site, "trainer", "Gone Away", to_on=DAY)
    seated(site, "supplier_lead", "Not Asked For", programme=True)

    text = words(manager.get(PAGE).text)

    assert seats(manager) == [
        ["SRO", "Empty", "", "", ""],
        ["Trainer", "Empty", "", "", ""],
        ["Clinical lead", "Held here", "Ada Marsh", "", "2026-01-05"],
        ["IG lead", "Held for the whole programme", "Ben Orr", "", ""],
    ]
    assert "2 seats are empty. 1 is held for the whole programme, by nobody of this site." in text
    assert seats(manager, f"as_of={DAY}&")[-1][:3] == ["Trainer", "Held here", "Gone Away"]
    assert [row[2] for row in seats(board)] == ["", "", "", ""]
    assert "Marsh" not in board.get(PAGE).text


def test_names_in_seats_are_read_by_those_who_may(site: Deployment):
    seated(site, "clinical_lead", "Ada Marsh")
    ward = make.make_ward(site=site.site)
    scopes: dict[Role, dict[str, object]] = {
        Role.PROGRAMME_MANAGER: {"programme": site.programme},
        Role.SITE_LEAD: {"site": site.site},
        Role.WARD_MANAGER: {"ward": ward},
        Role.TRAINER: {"programme": site.programme},
        Role.SIGNATORY: {"programme": site.programme},
        Role.BOARD_MEMBER: {"programme": site.programme},
        Role.ADMINISTRATOR: {},
    }

    reading = {role for role, scope in scopes.items() if "Ada Marsh" in client_of(role, **scope).get(PAGE).text}

    assert reading == {Role.PROGRAMME_MANAGER, Role.SITE_LEAD, Role.ADMINISTRATOR}


def test_site_without_seats_says_what_they_are_for(site: Deployment, manager: Client):
    assert "No seats are recorded yet." in words(manager.get(PAGE).text)


# Open blockers -------------------------------------------------------------------------------------------------------


def blockers(client: Client, query: str = "") -> list[list[str]]:
    """The blockers as a CSV file gives them."""
    text = client.get(f"{BUSY}?{query}download=csv&table=blockers").getvalue().decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def test_what_stands_in_the_way_is_listed_oldest_first(frozen_clock: FrozenClock):
    world, here = busy_world()
    frozen_clock.move_to(local(here.site, DAY, 12))
    scored(world, here)
    (safety,) = [item for item in here.checklist_items.all() if item.template_item.text == "Safety case 0"]
    at = local(here.site, date(2026, 3, 2), 10)
    here.checklist_events.create(item=safety, at=at, state="blocked", reason="Waits for the estates team.")
    reader = client_of(Role.PROGRAMME_MANAGER, programme=here.programme)

    text = words(reader.get(BUSY).text)

    assert blockers(reader) == [
        ["Hazard rated too high", "Hazard 1", "Clinical safety officer", "2026-02-12", "30", "Rated 20 of 25"],
        ["Blocking item blocked", "Safety case 0", "No owner yet", "2026-03-02", "12", "Waits for the estates team."],
        ["Blocking item overdue", "Safety case 0", "No owner yet", "2026-03-05", "9", ""],
        ["Signature missing", "AG1", "Signatory 2 of AG1", "", "", ""],
        ["Waiver runs out soon", "Waived 0", "", "2026-03-19", "5", ""],
    ]
    assert "9 days late (5 March 2026)" in text
    assert "blocked 12 days ago (2 March 2026)" in text
    assert "runs out in 5 days (19 March 2026)" in text
    assert [row[0] for row in blockers(reader, f"as_of={DAY}&")] == [row[0] for row in blockers(reader)]


def test_every_link_of_a_busy_site_leads_somewhere(frozen_clock: FrozenClock):
    world, here = busy_world()
    frozen_clock.move_to(local(here.site, DAY, 12))
    scored(world, here)
    reader = client_of(Role.PROGRAMME_MANAGER, programme=here.programme)
    page = BUSY.partition("?")[0]

    answers = {}
    for link in set(re.findall(r'<a [^>]*href="([^"#]+)', reader.get(page).text)):
        address = urljoin(page, html.unescape(link))
        answers[address] = reader.get(address).status_code

    assert len(answers) > 20
    assert {address: status for address, status in answers.items() if status not in (200, 302)} == {}


def test_clear_way_is_said(site: Deployment, manager: Client):
    make.make_score(site)

    assert "Nothing stands in the way:" in words(manager.get(PAGE).text)


def test_waiver_that_has_lapsed_or_lasts_is_not_told(frozen_clock: FrozenClock):
    world, here = busy_world()
    for subject, until in (("collision:2026-W12", 1), ("agreement_unsigned", 14), ("x", -1), ("y", 15)):
        world.waiver(here, subject, until_on=DAY + timedelta(days=until))
    world.waiver(here, "z", until_on=DAY, state="denied")
    frozen_clock.move_to(local(here.site, DAY, 12))
    scored(world, here)
    reader = client_of(Role.PROGRAMME_MANAGER, programme=here.programme)

    told = [row[1] for row in blockers(reader) if row[0] == "Waiver runs out soon"]

    assert told == ["Collision in the week of 16 March 2026", "Waived 0", "An agreement that is not signed"]


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["actions", "domains", "score", "blockers", "seats", "dates"])
def test_every_table_of_the_page_is_a_file(name: str, frozen_clock: FrozenClock):
    world, here = busy_world()
    frozen_clock.move_to(local(here.site, DAY, 12))
    scored(world, here)
    seated(here, "sro", "Ada Marsh")
    change(here, ChangeWhat.GO_LIVE, "2026-03-20", "2026-04-04")
    reader = client_of(Role.PROGRAMME_MANAGER, programme=here.programme)

    text = reader.get(f"{BUSY}?period=all").text
    rows = reader.get(f"{BUSY}?download=csv&table={name}").getvalue().decode("utf-8-sig").splitlines()
    workbook = reader.get(f"{BUSY}?download=xlsx&table={name}").getvalue()

    for kind in ("csv", "xlsx"):
        assert f'href="?period=all&amp;download={kind}&amp;table={name}"' in text
    assert (len(rows) > 1, workbook[:2]) == (True, b"PK")


def test_table_that_the_page_does_not_show_is_no_file(site: Deployment, manager: Client):
    assert [manager.get(f"{PAGE}?download=csv&table={name}").status_code for name in ("actions", "domains", "x")] == [
        404, 404, 404,
    ]  # fmt: skip
