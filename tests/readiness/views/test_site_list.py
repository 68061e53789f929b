"""The list of a programme's sites: what it shows, filtered, in order, page by page, as page and as part."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RunState
from readiness.scoring import State
from rollout.choices import ChangeWhat, DeclaredStatus, Role, Stage
from rollout.models import Deployment, DeploymentChange, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

HTMX = {"HX-Request": "true", "HX-Target": "sites"}
NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NEXT_MORNING)
    return make.make_programme(code="EPR", name="One record", goal="Notes in one record.")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def add_site(programme: Programme, name: str, **fields):
    site = make.make_site(name=name, organisation=fields.pop("organisation", None))
    return make.make_deployment(programme=programme, site=site, **fields)


def names(client: Client, query: str = "") -> list[str]:
    return [name.split(" Trust")[0] for name in column(client.get(f"/p/EPR/sites/{query}").text, "site-table")]


def test_row_says_how_a_site_stands(programme: Programme, manager: Client):
    trust = make.make_organisation(name="North Trust")
    wave = make.make_wave(programme=programme, number=2)
    site = add_site(
        programme,
        "Alder Hospital",
        organisation=trust,
        wave=wave,
        declared_status=DeclaredStatus.GREEN,
        declared_on=make.DAY - timedelta(days=12),
    )
    make.make_score(site, share=62, situation={"overdue_blockers": 1})

    answer = manager.get("/p/EPR/sites/")

    assert table(answer.text, "site-table") == [
        [
            "Alder Hospital North Trust",
            "49 of 100",
            "Off track",
            "70",
            "41",
            "2",
            "Preparing",
            "Green Differs 2 March Edit",
            "Held at 49: a blocking item is overdue",
            "None",
            "Nobody named",
            "Training : 6.5 points Technical : 5.6 points Champions : 4.6 points",
        ]
    ]


def test_site_without_scores_says_so(programme: Programme, manager: Client):
    add_site(programme, "Alder Hospital", wave=None)
    embedded = add_site(programme, "Birch Hospital", stage=Stage.EMBEDDED)

    rows = table(manager.get("/p/EPR/sites/").text, "site-table")

    assert [row[1:3] for row in rows] == [["No data", "Nothing recorded yet"], ["No data", "Not scored once embedded"]]
    assert embedded.stage == Stage.EMBEDDED


def test_top_says_how_the_programme_stands(programme: Programme, manager: Client):
    make.make_measure(programme=programme, name="Notes coded", unit="%", baseline=62, target=90, headline=True)
    make.make_score(add_site(programme, "A", declared_status=DeclaredStatus.GREEN), share=95)
    make.make_score(add_site(programme, "B", declared_status=DeclaredStatus.GREEN), share=20)
    make.make_score(add_site(programme, "C"), share=70)
    make.make_score(add_site(programme, "D", stage=Stage.DEFERRED), share=70)
    make.make_score(add_site(programme, "E", go_live_on=None), share=70)

    text = words(manager.get("/p/EPR/sites/").text)

    assert "2 of 3 sites are ready or on track. 1 is off track . At 1 site, what is declared" in text
    assert "2 of all 5 sites are in no count of bands: 1 paused , 1 without a date ." in text
    assert "One record Notes in one record. Notes coded: from 62% to 90%" in text
    assert "Scores for 14 March 2026, worked out at 2:10am. Next run tonight." in text


def test_score_is_rounded_down(programme: Programme, manager: Client):
    score = make.score_row(add_site(programme, "A"))
    score.score = score.raw = "89.99"
    score.save()

    assert column(manager.get("/p/EPR/sites/").text, "site-table", 1) == ["89 of 100"]


def test_newest_current_score_counts(programme: Programme, manager: Client):
    site = add_site(programme, "A")
    make.make_score(site, day=make.DAY - timedelta(days=1), share=30)
    make.make_score(site, share=40, superseded_at=NEXT_MORNING)
    make.make_score(site, share=50, revision=2)

    assert column(manager.get("/p/EPR/sites/").text, "site-table", 1) == ["50 of 100"]


# Filters, order, pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def three(programme: Programme) -> None:
    """Alder is off track and declared green, Birch deferred, Cedar without a score, in waves 2, 1 and none."""
    trust = make.make_organisation(name="South Trust")
    second, first = make.make_wave(programme=programme, number=2), make.make_wave(programme=programme, number=1)
    alder = add_site(programme, "Alder", organisation=trust, wave=second, declared_status=DeclaredStatus.GREEN)
    birch = add_site(programme, "Birch", wave=first, stage=Stage.DEFERRED, go_live_on=make.DAY)
    add_site(programme, "cedar", stage=Stage.NOT_STARTED, go_live_on=None)
    make.make_score(alder, share=40)
    make.make_score(birch, share=90)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alder South", "Birch", "cedar"]),
        ("?band=off_track", ["Alder South"]),
        ("?band=paused", ["Birch"]),
        ("?band=none", ["cedar"]),
        ("?stage=not_started", ["cedar"]),
        ("?wave=1", ["Birch"]),
        ("?differs=on", ["Alder South"]),
        ("?q=south+ald", ["Alder South"]),
        ("?q=%25", []),
        ("?band=off_track&wave=1", []),
        ("?band=nonsense&wave=99", ["Alder South", "Birch", "cedar"]),
        ("?q=nul%00", ["Alder South", "Birch", "cedar"]),
    ],
)
def test_filters(query: str, expected: list[str], three: None, manager: Client):
    assert names(manager, query) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("site", "Alder Birch cedar"),
        ("-site", "cedar Birch Alder"),
        ("wave", "Birch Alder cedar"),
        ("-wave", "Alder Birch cedar"),
        ("stage", "cedar Alder Birch"),
        ("days", "Birch Alder cedar"),
        ("score", "Alder Birch cedar"),
        ("-score", "Birch Alder cedar"),
        ("band", "Alder Birch cedar"),
        ("-band", "Birch Alder cedar"),
        ("expected", "Alder Birch cedar"),
        ("coverage", "Alder Birch cedar"),
        ("training", "Alder Birch cedar"),
        ("-training", "Birch Alder cedar"),
        ("nonsense", "Alder Birch cedar"),
        ("deployment__programme__memberships", "Alder Birch cedar"),
    ],
)
def test_order(sort: str, expected: str, three: None, manager: Client):
    assert " ".join(name.split()[0] for name in names(manager, f"?sort={sort}")) == expected


def test_order_on_a_phone_names_each_order_once(three: None, manager: Client):
    text = manager.get("/p/EPR/sites/").text
    select = text[text.index('id="id_sort"') :]
    choices = re.findall(r'<option value="([^"]*)"', select[: select.index("</select>")])

    assert choices[:4] == ["site", "-site", "score", "-score"]
    assert len(choices) == len(set(choices))


def test_live_and_embedded_sites_say_so_on_any_day(programme: Programme, manager: Client):
    live = add_site(programme, "Alder", stage="live", actual_go_live_on=make.DAY - timedelta(days=6))
    add_site(programme, "Birch", stage="embedded", actual_go_live_on=make.DAY - timedelta(days=96))
    make.make_score(live, day=make.DAY, days_to_go=-6)

    for page in (
        "/p/EPR/sites/?saved=all",
        f"/p/EPR/sites/?saved=all&as_of={make.DAY}",
        "/p/EPR/training/?sort=site",
        "/p/EPR/rota/?sort=site",
    ):
        rows = [" ".join(row) for row in table(manager.get(page).text, "site-table")]
        assert ["6 days live" in rows[0], rows[1].count("Embedded") >= 1] == [True, True], page
        assert "−" not in rows[0]


def test_column_in_order_says_so_and_its_link_turns_it_round(three: None, manager: Client):
    text = manager.get("/p/EPR/sites/?sort=score&band=off_track").text

    assert text.count("aria-sort=") == 1
    assert 'aria-sort="ascending"><a' in text
    assert "sort=-score" in text


def test_chosen_filters_are_chips_that_can_be_taken_away(three: None, manager: Client):
    text = manager.get("/p/EPR/sites/?band=off_track&wave=2&sort=score").text

    assert 'class="app-chip" href="/p/EPR/sites/?wave=2&amp;sort=score"' in text
    assert "Band: Off track" in words(text)


def test_fifty_rows_a_page(programme: Programme, manager: Client):
    make.make_deployments(120, programme=programme)

    sizes = [len(names(manager, f"?page={page}")) for page in (1, 2, 3, 99, "x")]

    assert sizes == [50, 50, 20, 20, 50]


# Page and part -------------------------------------------------------------------------------------------------------


def test_part_holds_the_table_alone_and_announces_the_count(three: None, manager: Client):
    answer = manager.get("/p/EPR/sites/?band=off_track", headers=HTMX)

    assert answer.text.lstrip().startswith('<div id="sites"')
    assert '<div class="nhsuk-form-group app-cell--card" id="order" hx-swap-oob="true">' in answer.text
    assert '<div id="status" hx-swap-oob="innerHTML">1 site matches</div>' in answer.text
    assert answer.headers["Vary"].count("HX-Request") == 1
    assert len(gzip.compress(answer.content)) < 8_000


def test_page_asked_for_by_history_is_whole(three: None, manager: Client):
    answer = manager.get("/p/EPR/sites/", headers={**HTMX, "HX-History-Restore-Request": "true"})

    assert "<h1" in answer.text


def test_page_of_nothing_says_what_belongs_there(programme: Programme, manager: Client):
    empty = words(manager.get("/p/EPR/sites/").text)
    add_site(programme, "Alder")
    filtered = words(manager.get("/p/EPR/sites/?q=zzz").text)

    make.make_score(Deployment.objects.get(), day=make.DAY)
    fresh = words(manager.get("/p/EPR/sites/?q=zzz").text)

    assert "No sites yet" in empty
    assert "Scores for 14 March 2026" in fresh
    assert "No sites match" in filtered


# Cost ----------------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_rows(programme: Programme, manager: Client):
    make.make_deployments(1, programme=programme)
    manager.get("/p/EPR/sites/")  # the first request of a log-in also writes its session
    one = queries(manager, "/p/EPR/sites/?sort=-score&band=at_risk")
    make.make_deployments(2, programme=programme)
    three = queries(manager, "/p/EPR/sites/?sort=-score&band=at_risk")
    make.make_deployments(4_997, programme=programme)
    many = queries(manager, "/p/EPR/sites/?sort=-score&band=at_risk")

    assert one == three == many
    assert many <= 25


def test_later_page_stays_within_its_weight(programme: Programme, manager: Client):
    make.make_deployments(120, programme=programme)

    page, part = manager.get("/p/EPR/sites/?page=2"), manager.get("/p/EPR/sites/?page=2", headers=HTMX)

    assert (len(gzip.compress(page.content)) <= 25_000, len(gzip.compress(part.content)) <= 8_000) == (True, True)


# Other days, late runs, runs under way -------------------------------------------------------------------------------


def test_past_day_is_shown_as_it_was(programme: Programme, manager: Client):
    site = add_site(programme, "Alder", declared_status=DeclaredStatus.RED, declared_on=make.DAY)
    make.make_score(site, day=make.DAY - timedelta(days=3), share=95)
    make.make_score(site, share=20)
    DeploymentChange.objects.create(
        deployment=site,
        at=datetime(2026, 3, 10, 12, 0, tzinfo=UTC),
        what=ChangeWhat.DECLARED_STATUS,
        after=DeclaredStatus.GREEN,
    )

    answer = manager.get(f"/p/EPR/sites/?as_of={make.DAY - timedelta(days=2)}")

    row = table(answer.text, "site-table")[0]
    assert (row[1], row[2], row[7]) == ("95 of 100", "Ready", "Green 10 March")
    assert "You are looking at 12 March 2026. Return to today" in words(answer.text)
    assert '/?as_of=2026-03-12"' in answer.text


def test_past_day_without_a_change_on_record_counts_what_its_rows_show(programme: Programme, manager: Client):
    site = add_site(programme, "Alder", declared_status=DeclaredStatus.RED, declared_on=make.DAY - timedelta(days=5))
    make.make_score(site, day=make.DAY - timedelta(days=3), share=95)
    day = make.DAY - timedelta(days=2)

    answer = manager.get(f"/p/EPR/sites/?as_of={day}")

    assert table(answer.text, "site-table")[0][7] == "Red Differs 9 March"
    assert "At 1 site, what is declared and what is computed differ" in words(answer.text)
    assert names(manager, f"?differs=on&as_of={day}") == ["Alder"]


def test_declared_on_the_day_at_the_site(programme: Programme, manager: Client):
    make.make_score(site := make.make_deployment(programme=programme, site=make.make_site(time_zone="Asia/Tokyo")))
    DeploymentChange.objects.create(
        deployment=site,
        at=datetime(2026, 3, 9, 20, 0, tzinfo=UTC),
        what=ChangeWhat.DECLARED_STATUS,
        after=DeclaredStatus.GREEN,
    )

    shown = [column(manager.get(f"/p/EPR/sites/?as_of=2026-03-{day}").text, "site-table", 7) for day in ("09", "10")]

    assert ["Green" in cell for [cell] in shown] == [False, True]


def test_managers_alone_are_led_to_the_runs(programme: Programme, manager: Client):
    trainer = Client()
    trainer.force_login(make.make_member(Role.TRAINER, programme=programme))

    assert 'href="/p/EPR/runs/"' in manager.get("/p/EPR/sites/").text
    assert 'href="/p/EPR/runs/"' not in trainer.get("/p/EPR/sites/").text.partition("<main")[2]


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20260314", "2026-3-1", "２０２６-03-14", "%00"])
def test_what_is_no_day_leads_nowhere(day: str, programme: Programme, manager: Client):
    assert manager.get(f"/p/EPR/sites/?as_of={day}").status_code == 404


def test_late_run_is_said_in_one_banner(programme: Programme, manager: Client):
    make.make_score(add_site(programme, "Alder"), day=make.DAY - timedelta(days=1))
    make.make_run(programme=programme, first_day=make.DAY - timedelta(days=1), last_day=make.DAY - timedelta(days=1))
    make.make_run(programme=programme, state=RunState.RUNNING, ended_at=None)

    text = manager.get("/p/EPR/sites/").text

    assert "Scores are from 13 March. Last night's run did not finish." in words(text)
    assert text.count("nhsuk-notification-banner__title") == 1


def test_run_under_way_shows_its_progress_and_then_its_end(programme: Programme, manager: Client):
    add_site(programme, "Alder")
    run = make.make_run(programme=programme, kind="history", state=RunState.RUNNING, total=200, done=50, ended_at=None)
    working = {"HX-Request": "true", "HX-Target": "working"}

    page = manager.get("/p/EPR/sites/").text
    part = manager.get("/p/EPR/sites/", headers=working).text
    type(run).objects.filter(pk=run.pk).update(state=RunState.DONE)
    after = manager.get("/p/EPR/sites/", headers=working).text

    assert 'hx-trigger="every 2s"' in page
    assert 'value="50" max="200"' in part
    assert "hx-trigger" not in after
    assert "Show the new scores" in after


def test_unknown_indicator_state_is_no_reason_to_fail(programme: Programme, manager: Client):
    site = add_site(programme, "Alder")
    make.make_score(site, readings={"governance.hazards": make.reading("governance.hazards", 0, 0, State.UNKNOWN)})

    assert column(manager.get("/p/EPR/sites/").text, "site-table", 8) == ["Held at 49: the hazard log is empty"]
