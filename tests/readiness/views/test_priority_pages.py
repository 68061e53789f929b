"""The priority review of a programme, and the page from which its sites' statuses are declared."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from readiness.models import RescoreMark
from rollout.choices import PriorityOutcome, Role, Stage
from rollout.models import AuditEntry, Decision, Deployment, PriorityReview, Programme
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.priority import REVIEW, hold_review, next_review
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import column, table, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PRIORITY = "/p/EPR/priority/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record", state="rolling_out")


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def typed(client: Client, address: str = PRIORITY, **said: str) -> dict[str, Any]:
    """The form of a page, filled in."""
    form = client.get(address).context["form"]
    shown = {field.html_name: str(field.value()) for field in form if field.value()}
    return {**shown, **said}


def reviews() -> list[tuple[date, date | None, str]]:
    return list(PriorityReview.objects.order_by("pk").values_list("due_on", "held_on", "outcome"))


def test_review_is_planned_and_moved(manager: Client):
    address = f"{PRIORITY}plan/"
    none_yet = words(manager.get(PRIORITY).text)
    first, late = typed(manager, address, due_on="2026-04-01"), typed(manager, address, due_on="2026-05-01")
    answers = [manager.post(address, first) for _ in range(2)]
    told = manager.post(address, late)
    moved = manager.post(address, typed(manager, address, due_on="2026-04-20"))
    past = manager.post(address, typed(manager, address, due_on="2026-03-15"))

    assert "No review is planned. You can record one now." in none_yet
    assert [answer.status_code for answer in (*answers, told, moved, past)] == [302, 302, 409, 302, 422]
    assert "Saved meanwhile: 1 April 2026 Yours: 1 May 2026" in words(told.text)
    assert "The next review is on a day to come, within three years." in words(past.text)
    assert reviews() == [(date(2026, 4, 20), None, "")]


@pytest.mark.parametrize(
    ("outcome", "state", "kinds"),
    [("continue", "rolling_out", []), ("pause", "paused", ["pause"]), ("stop", "stopped", ["stop"])],
)
def test_outcome_takes_the_programme_where_it_says(
    manager: Client, programme: Programme, outcome: str, state: str, kinds: list[str]
):
    make.make_deployment(programme=programme)
    RescoreMark.objects.all().delete()
    PriorityReview.objects.create(programme=programme, due_on=TODAY - timedelta(days=12))
    form = typed(manager, outcome=outcome, reason="Money", next_on="2026-06-01")

    answers = [manager.post(PRIORITY, form, follow=True) for _ in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[("/p/EPR/", 302)]] * 2
    assert reviews() == [(date(2026, 3, 3), TODAY, outcome), (date(2026, 6, 1), None, "")]
    assert Programme.objects.get().state == state
    assert list(Decision.objects.values_list("kind", "reason")) == [(kind, "Money") for kind in kinds]
    assert RescoreMark.objects.exists() == bool(kinds)
    assert AuditEntry.objects.filter(table="rollout_priorityreview", reason="priority review held").count() == 2
    earlier = table(manager.get(PRIORITY).text, "review-table")
    assert earlier[0][:4] == ["3 March 2026", "15 March 2026", outcome.capitalize(), "Money"]


def test_programme_at_rest_continues_in_the_state_that_is_chosen(manager: Client):
    Programme.objects.update(state="paused")
    silent = manager.post(PRIORITY, typed(manager, outcome="continue", reason="Funded", next_on="2026-06-01"))
    form = typed(manager, outcome="continue", reason="Funded", next_on="2026-06-01", go_on_in="piloting")

    answer = manager.post(PRIORITY, form)

    assert (silent.status_code, answer.status_code) == (422, 302)
    assert "Select the state in which the programme goes on" in words(silent.text)
    assert Programme.objects.get().state == "piloting"
    assert Decision.objects.get().kind == "standard"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"outcome": ""}, "Select an outcome"),
        ({"reason": ""}, "Say why: it is kept with the review"),
        ({"next_on": ""}, "Enter the day on which this is asked again, like 2026-03-14"),
        ({"next_on": "2026-03-15"}, "The next review is on a day to come, within three years."),
        ({"next_on": "2036-03-15"}, "The next review is on a day to come, within three years."),
        ({"held_on": "2026-03-16"}, "The day of the review must not be in the future."),
        ({"held_on": "yesterday"}, "Enter a date like 2026-03-14"),
    ],
)
def test_wrong_review_is_refused_and_records_nothing(manager: Client, said: dict[str, str], error: str):
    form = {**typed(manager, outcome="pause", reason="Money", next_on="2026-06-01"), **said}

    answer = manager.post(PRIORITY, form)

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert (reviews(), Programme.objects.get().state) == ([], "rolling_out")


def test_second_of_two_who_record_the_same_review_is_told(manager: Client, programme: Programme):
    mine = typed(manager, outcome="stop", reason="Mine")
    other = Client()
    other.force_login(make.make_member(Role.ADMINISTRATOR))
    other.post(PRIORITY, typed(other, outcome="stop", reason="Theirs"))

    late = manager.post(PRIORITY, mine)

    assert late.status_code == 409
    assert "Somebody else changed this while you were here" in words(late.text)
    assert PriorityReview.objects.get().reason == "Theirs"


def test_late_review_is_said_on_the_page_of_the_programme(manager: Client, programme: Programme):
    PriorityReview.objects.create(programme=programme, due_on=TODAY - timedelta(days=12))
    reader = Client()
    reader.force_login(make.make_member(Role.BOARD_MEMBER, programme=programme))

    seen, read = manager.get("/p/EPR/").text, reader.get("/p/EPR/").text

    assert "The priority review of 3 March 2026 is 12 days late." in words(seen)
    assert "The priority review of 3 March 2026 is 12 days late." in words(read)
    assert "Update status" in seen
    assert "Update status" not in read
    assert "Update status" not in manager.get("/p/EPR/?as_of=2026-03-01").text


@pytest.mark.django_db(transaction=True)
def test_two_who_record_a_review_at_once_leave_one():
    programme = make.make_programme(state="rolling_out")
    mark = mark_of(next_review(programme.pk), REVIEW)
    people, gate, outcomes = [make.make_user() for _ in range(2)], threading.Barrier(2), []

    def record(number: int) -> None:
        gate.wait()
        try:
            hold_review(
                programme_id=programme.pk,
                mark=mark,
                outcome=PriorityOutcome.PAUSE,
                reason="Money",
                held_on=timezone.localdate(),
                next_on=None,
                by=people[number],
            )
            outcomes.append("recorded")
        except RecordChanged:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["recorded", "told"]
    assert (PriorityReview.objects.count(), Decision.objects.count()) == (1, 1)


# Status --------------------------------------------------------------------------------------------------------------


def make_site(programme: Programme, name: str, **fields: Any) -> Deployment:
    return make.make_deployment(programme=programme, site=make.make_site(name=name, code=name), **fields)


def test_statuses_are_offered_longest_ago_first_beside_what_is_computed(manager: Client, programme: Programme):
    green = make_site(programme, "Alder", declared_status="green", declared_on=date(2026, 3, 1), declared_words="Well")
    red = make_site(programme, "Birch", declared_status="red", declared_on=date(2026, 2, 1))
    make_site(programme, "Cedar")
    make_site(programme, "Done", stage=Stage.EMBEDDED)
    for site in (green, red):
        make.make_score(site, share=20)

    text = manager.get("/p/EPR/status/").text
    apart = manager.get("/p/EPR/status/?differs=on").text

    assert table(text, "status-table") == [
        ["Cedar", "Nothing declared", "No score yet", "None", "Declare"],
        ["Birch", "Red 1 February 2026, 42 days ago", "Off track 20 of 100", "None", "Declare"],
        ["Alder", "Green 1 March 2026, 14 days ago", "Off track Differs 20 of 100", "Well", "Declare"],
    ]
    assert "At 1 site what is declared and what is computed differ." in words(text)
    assert column(apart, "status-table") == ["Alder"]
    assert 'href="/p/EPR/s/Alder/plan/status/"' in apart


def test_statuses_of_nobody_say_so(manager: Client, programme: Programme):
    assert "No sites to declare" in words(manager.get("/p/EPR/status/").text)
    assert "No site differs" in words(manager.get("/p/EPR/status/?differs=on").text)


def test_statuses_ask_the_same_of_one_site_and_of_many(
    manager: Client, programme: Programme, django_assert_max_num_queries
):
    manager.get("/p/EPR/status/")
    counted = []
    for number in (1, 60):
        make.make_deployments(number, programme=programme)
        with django_assert_max_num_queries(25) as asked:
            manager.get("/p/EPR/status/")
        counted.append(len(asked))

    assert counted[0] == counted[1]
