"""Items that records prove: by which records, when they no longer do, and what people said is left alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from readiness.checks import CHECKS, Finding
from readiness.models import ChecklistEvent, ChecklistItem, RescoreMark
from readiness.services import proofs
from readiness.services.items import ItemChange, change_item
from readiness.services.proofs import prove_items
from readiness.services.rescoring import rescore_next_batch
from readiness.services.scores import score_deployments
from readiness.standard_template import standard_items
from rollout.choices import Stage
from rollout.models import AuditEntry, Deployment, FundingLine, OtherChange, Seat
from tests import factories as make
from tests.clock import FrozenClock
from tests.readiness.proving import NOW, PROVING, TODAY, funded, seated, with_items

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen_clock: FrozenClock) -> FrozenClock:
    frozen_clock.move_to(NOW)
    return frozen_clock


def proved(*sites: Deployment) -> dict[str, tuple[str, str]]:
    """How each item stands after its check was asked twice; the second time says nothing more."""
    ids = [site.pk for site in sites]
    score_deployments(ids=ids, day=timezone.localdate())
    prove_items(ids=ids)
    assert prove_items(ids=ids) == 0
    return {item.code: (item.state, item.assurance) for item in ChecklistItem.objects.filter(deployment__in=ids)}


# A collision is what makes this one fail: without records it holds.
WITHOUT = "no_collision"


def test_every_check_of_the_standard_template_is_tested() -> None:
    named = {item.check for item in standard_items() if item.check}

    assert named <= CHECKS.keys()
    assert {*PROVING, WITHOUT} == CHECKS.keys()


def test_without_records_nothing_is_proved() -> None:
    (site,) = with_items(*PROVING)

    assert set(proved(site).values()) == {("not_started", "")}
    assert not ChecklistEvent.objects.exists()


@pytest.mark.parametrize("code", PROVING)
def test_records_prove_their_own_item(code: str) -> None:
    (site,) = with_items(code)
    RescoreMark.objects.all().delete()

    PROVING[code](site)

    # The change asks the check again by itself.
    assert set(RescoreMark.objects.values_list("deployment", "today_pending")) == {(site.pk, True)}
    assert proved(site) == {code: ("done", "proved")}
    event = ChecklistEvent.objects.get()
    assert (event.check_code, event.by, event.at) == (code, None, NOW)
    assert event.reason.startswith("The records show it. ")
    assert AuditEntry.objects.filter(table="readiness_checklistevent", user=None, reason="system check").exists()


def test_collision_takes_the_proof_away_until_it_is_gone() -> None:
    (site,) = with_items(WITHOUT)
    free = proved(site)
    other = OtherChange.objects.create(
        programme=site.programme,
        site=site.site,
        code="O",
        text="Move",
        from_on=make.GO_LIVE,
        to_on=make.GO_LIVE,
        load=2,
    )
    hit = proved(site)
    OtherChange.objects.filter(pk=other.pk).update(retired_at=NOW)

    assert (free[WITHOUT], hit[WITHOUT], proved(site)[WITHOUT]) == (
        ("done", "proved"),
        ("not_started", ""),
        ("done", "proved"),
    )


def test_seat_that_falls_empty_overnight_takes_the_proof_back_with_a_reason(clock: FrozenClock) -> None:
    (site,) = with_items("seat_filled")
    seated(site, to_on=TODAY)
    assert proved(site) == {"seat_filled": ("done", "proved")}
    clock.move_to(NOW + timedelta(days=1))

    assert proved(site) == {"seat_filled": ("not_started", "")}
    event = ChecklistEvent.objects.latest("at")
    assert event.reason == (
        "The records no longer show it. Nobody holds the seat today, neither at the site nor for the whole programme."
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"to_on": make.GO_LIVE + timedelta(days=363)}, 364),
        ({"secured_on": None}, 0),
        ({"from_on": None, "to_on": None}, 365),
        ({"retired_at": NOW}, 0),
    ],
)
def test_funding_counts_every_day_of_the_year_once(fields: dict, found: int) -> None:
    (site,) = with_items("funding_past_go_live")
    funded(site, **fields)
    FundingLine.objects.create(
        programme=site.programme, code="TWICE", text="Again", from_on=make.GO_LIVE, to_on=make.GO_LIVE, secured_on=TODAY
    )  # fmt: skip

    assert of(site).found == max(found, 1)


def of(site: Deployment) -> Finding:
    """What the check of the only item finds."""
    ((_id, model, _members),) = proofs.models_of([site.pk])
    (finding,) = proofs.findings(model, ids=[site.pk], day=TODAY)
    return finding


@pytest.mark.parametrize("state", ["blocked", "not_applicable"])
def test_what_people_block_or_leave_out_is_not_proved(state: str) -> None:
    (site,) = with_items("seat_filled")
    seated(site)
    item, by = ChecklistItem.objects.get(), make.make_user()
    change_item(item_id=item.pk, version=1, change=ItemChange(state, reason="Wrong person"), by=by)

    assert proved(site) == {"seat_filled": (state, "")}


def test_own_word_becomes_proof_and_without_records_stays_a_word() -> None:
    (site,) = with_items("seat_filled")
    change_item(item_id=ChecklistItem.objects.get().pk, version=1, change=ItemChange("done"), by=make.make_user())
    assert proved(site) == {"seat_filled": ("done", "declared")}

    seat = seated(site)

    assert proved(site) == {"seat_filled": ("done", "proved")}
    Seat.objects.filter(pk=seat.pk).update(retired_at=NOW)
    assert proved(site) == {"seat_filled": ("not_started", "")}


def test_proof_of_another_system_stands_until_a_check_has_confirmed_it() -> None:
    (site,) = with_items("seat_filled")
    item = ChecklistItem.objects.get()
    ChecklistEvent.objects.create(
        item=item, deployment=site, at=NOW - timedelta(days=3), state="done", assurance="proved"
    )
    ChecklistItem.objects.update(state="done", assurance="proved", done_on=TODAY - timedelta(days=3))
    assert proved(site) == {"seat_filled": ("done", "proved")}
    assert not ChecklistEvent.objects.exclude(check_code="").exists()

    seat = seated(site)

    assert proved(site) == {"seat_filled": ("done", "proved")}
    Seat.objects.filter(pk=seat.pk).update(person=None)
    assert proved(site) == {"seat_filled": ("not_started", "")}


def test_shelf_life_that_ran_out_is_renewed_while_the_records_show_it(clock: FrozenClock) -> None:
    (site,) = with_items("seat_filled", valid_days=30)
    seated(site)
    proved(site)
    clock.move_to(NOW + timedelta(days=31))

    assert proved(site) == {"seat_filled": ("done", "proved")}
    assert ChecklistItem.objects.get().done_on == TODAY + timedelta(days=31)


def test_word_said_between_finding_and_writing_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    (site,) = with_items("seat_filled")
    seated(site)
    ask = proofs.findings

    def then_blocked(*args: Any, **named: Any) -> list[Finding]:
        found = ask(*args, **named)
        change = ItemChange("blocked", reason="Wrong person")
        change_item(item_id=ChecklistItem.objects.get().pk, version=1, change=change, by=make.make_user())
        return found

    monkeypatch.setattr(proofs, "findings", then_blocked)

    assert prove_items(ids=[site.pk]) == 0
    assert ChecklistItem.objects.get().state == "blocked"


def test_change_of_a_record_proves_within_the_next_rescoring() -> None:
    (site,) = with_items("seat_filled")
    RescoreMark.objects.all().delete()
    seated(site)

    batches = [rescore_next_batch() for _ in range(3)]

    assert [batch is None for batch in batches] == [False, False, True]
    assert ChecklistItem.objects.get().assurance == "proved"
    assert make.ReadinessScore.objects.get(deployment=site).indicators["checklist.governance"][-1] == "1.0000"


def test_embedded_and_retired_sites_are_left_alone() -> None:
    embedded, retired = with_items("seat_filled", sites=2)
    seated(embedded)
    seated(retired)
    Deployment.objects.filter(pk=embedded.pk).update(stage=Stage.EMBEDDED)
    Deployment.objects.filter(pk=retired.pk).update(retired_at=NOW)

    assert prove_items(ids=[embedded.pk, retired.pk]) == 0


def test_queries_are_the_same_for_one_and_three_sites() -> None:
    counts = []
    for number in (1, 3):
        sites = with_items(*PROVING, WITHOUT, sites=number)
        for site in sites:
            for code in ("seat_filled", "chairs_named", "two_dates"):
                PROVING[code](site)
        ids = [site.pk for site in sites]
        score_deployments(ids=ids, day=timezone.localdate())
        with CaptureQueriesContext(connection) as queries:
            assert prove_items(ids=ids) == 4 * number
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 25
