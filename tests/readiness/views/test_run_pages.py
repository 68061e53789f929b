"""Runs: listed, live while under way, asked for, and what failed in one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RunKind, RunState
from readiness.models import RecomputeChunk, RecomputeRun
from readiness.views import runs
from rollout.choices import Role
from rollout.models import Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NEXT_MORNING = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
PAGE = "/p/EPR/runs/"
HTMX = {"HX-Request": "true", "HX-Target": "runs"}


@pytest.fixture
def programme(db: None, frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NEXT_MORNING)
    return make.make_programme(code="EPR", name="One record")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


@pytest.fixture
def working(programme: Programme) -> RecomputeRun:
    """A run that has done a fifth of its work in 90 seconds."""
    return make.make_run(
        programme=programme,
        kind=RunKind.HISTORY,
        state=RunState.RUNNING,
        first_day=make.DAY - timedelta(days=40),
        total=200,
        done=40,
        started_at=NEXT_MORNING - timedelta(seconds=90),
        ended_at=None,
    )


def seen(text: str) -> str:
    """The mark that a part asks with next."""
    return text.partition("?seen=")[2].partition('"')[0]


def test_row_says_how_a_run_went(programme: Programme, manager: Client):
    make.make_run(programme=programme, total=40, done=38, failed=2, written=31, state=RunState.INCOMPLETE)
    make.make_run()

    rows = table(manager.get(PAGE).text, "run-table")

    began = "12:15am on 15 March 2026"
    assert rows == [["14 March 2026 Nightly", "Done, some sites failed", "38 of 40", "2", "31", began, "42 seconds"]]


def test_page_without_runs_says_when_the_first_comes(manager: Client):
    assert "No runs yet" in words(manager.get(PAGE).text)


# Live ----------------------------------------------------------------------------------------------------------------


def test_page_is_live_while_a_run_is_under_way(working: RecomputeRun, manager: Client):
    text = manager.get(PAGE).text

    assert ('hx-trigger="every 2s"' in text, "data-live" in text, 'value="40" max="200"' in text) == (True, True, True)
    assert "Pause live progress" in text
    assert table(text, "run-table")[0][6] == "1 minute"


def test_nothing_new_is_not_sent_again(working: RecomputeRun, manager: Client):
    mark = seen(manager.get(PAGE).text)

    answer = manager.get(f"{PAGE}?seen={mark}", headers=HTMX)

    assert (answer.status_code, answer.content) == (304, b"")


def test_progress_is_sent_small_and_said_at_each_quarter(working: RecomputeRun, manager: Client):
    mark = seen(manager.get(PAGE).text)
    RecomputeRun.objects.filter(pk=working.pk).update(done=45)
    little = manager.get(f"{PAGE}?seen={mark}", headers=HTMX)
    RecomputeRun.objects.filter(pk=working.pk).update(done=51)
    quarter = manager.get(f"{PAGE}?seen={seen(little.text)}", headers=HTMX)
    RecomputeRun.objects.filter(pk=working.pk).update(done=200, state=RunState.DONE, ended_at=NEXT_MORNING)
    end = manager.get(f"{PAGE}?seen={seen(quarter.text)}", headers=HTMX)

    assert 'id="status"' not in little.text
    assert "51 of 200 scores worked out." in quarter.text
    assert ("All runs have ended." in end.text, "hx-trigger" in end.text) == (True, False)
    assert all(len(answer.content) <= 3_000 for answer in (little, quarter, end))


def test_paused_page_does_not_ask_again(working: RecomputeRun, manager: Client):
    text = manager.get(f"{PAGE}?live=off").text

    assert ('hx-trigger="every' in text, "Go on with live progress" in text) == (False, True)


def test_live_part_that_asks_by_itself_does_not_keep_the_log_in(working: RecomputeRun, manager: Client):
    assert 'hx-headers=\'{"X-Background": "1"}\'' in manager.get(PAGE).text


# Asking for days -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent to the worker."""
    messages: list[str] = []
    monkeypatch.setattr(runs, "work_after_commit", lambda: messages.append("work"))
    return messages


def test_asked_days_are_queued_and_the_worker_told(programme: Programme, manager: Client, sent: list[str]):
    make.make_deployments(3, programme=programme, score=False)

    answer = manager.post(PAGE, {"first_day": "2026-03-12", "last_day": "2026-03-14"})

    run = RecomputeRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert (run.kind, run.programme, run.total, str(run.first_day)) == (RunKind.ASKED, programme, 9, "2026-03-12")
    assert run.by is not None
    assert sent == ["work"]
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["9 scores are being worked out again."]


@pytest.mark.parametrize(
    ("days", "words_shown"),
    [
        ({}, "Enter a date like 2026-03-14"),
        ({"first_day": "31/02/2026"}, "Enter a date like 2026-03-14"),
        ({"first_day": "2026-03-16"}, "The day must not be in the future."),
        ({"first_day": "2026-03-14", "last_day": "2026-03-12"}, "The last day must not be before the first day."),
        ({"first_day": "2025-01-01", "last_day": "2026-03-14"}, "At most 200 days can be worked out at once."),
        ({"first_day": "2026-03-14"}, "No site of this programme is scored on these days."),
    ],
)
def test_days_that_cannot_be_worked_out_are_refused_at_the_field(
    days: dict[str, str], words_shown: str, programme: Programme, manager: Client, sent: list[str]
):
    answer = manager.post(PAGE, days)

    assert (answer.status_code, sent, RecomputeRun.objects.count()) == (422, [], 0)
    assert words_shown in words(answer.text)
    assert words(answer.text).startswith("Error: Runs")


# One run -------------------------------------------------------------------------------------------------------------


def test_run_names_its_failures_by_site(programme: Programme, manager: Client):
    run = make.make_run(programme=programme, failed=1, by=make.make_user(name="Morwenna"), kind=RunKind.ASKED)
    site = make.make_site(name="Alder Hospital", code="ALD")
    make.make_failure(run, make.make_deployment(programme=programme, site=site))

    text = manager.get(f"{PAGE}{run.pk}/").text

    assert "Run for 14 March 2026" in words(text)
    assert "asked for by Morwenna" in words(text)
    assert [row[:3] for row in table(text, "failures")] == [["Alder Hospital", "14 March 2026", "DataError"]]
    assert 'href="/p/EPR/s/ALD/"' in text


def test_run_says_how_often_the_database_broke_it_off(programme: Programme, manager: Client):
    run = make.make_run(programme=programme)
    for interruptions in (3, 0, 1):
        RecomputeChunk.objects.create(
            run=run, day=make.DAY, first_id=1, last_id=1, ids=[1], reason="plan", interruptions=interruptions
        )

    said = words(manager.get(f"{PAGE}{run.pk}/").text)

    assert "Broken off 4 times by a busy or absent database, and taken up again" in said


@pytest.mark.parametrize("run", ["0", "-1", "01", "99999999999999999999", "x"])
def test_what_is_no_run_leads_nowhere(run: str, manager: Client):
    assert manager.get(f"{PAGE}{run}/").status_code == 404


def test_queries_do_not_grow_with_the_runs(programme: Programme, manager: Client):
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(address).status_code == 200
        return len(captured)

    site = make.make_deployment(programme=programme)
    first = make.make_run(programme=programme, by=make.make_user(), kind=RunKind.ASKED)
    make.make_failure(first, site)
    manager.get(PAGE)  # the first request of a log-in also writes its session
    one = (count(PAGE), count(f"{PAGE}{first.pk}/"))
    for days in range(1, 4):
        run = make.make_run(programme=programme, by=make.make_user(), kind=RunKind.ASKED)
        make.make_failure(run, site)
        make.make_failure(first, site, day=make.DAY - timedelta(days=days))

    assert (one == (count(PAGE), count(f"{PAGE}{first.pk}/")), max(one) <= 25) == (True, True)
