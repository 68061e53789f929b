"""Why this number: the ledger adds up on the page, says how old and how sure its evidence is, and hides the few."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import RevisionReason
from readiness.models import ChecklistEvent, ReadinessScore
from readiness.scoring import CODES, State
from rollout.choices import DecisionKind, Role
from rollout.models import Decision, Deployment, Person, Programme
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, undated, words
from tests.readiness.explained import (
    BEFORE,
    DAY,
    NEXT_MORNING,
    WHY,
    YESTERDAY,
    Explained,
    explained_site,
    score,
)
from tests.readiness.views.test_indicator_records import copy_staff
from tests.tenants import undone
from training.models import Absence, Attendance, Course, StaffMember


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Explained:
    return explained_site(frozen_clock)


@pytest.fixture
def manager(site: Explained) -> Client:
    return site.client(Role.PROGRAMME_MANAGER)


def lines(text: str) -> dict[str, list[str]]:
    """The rows of the ledgers of all domains, by the name of the indicator without what stands below it."""
    ids = re.findall(r'id="(table-[a-z]+)"', text)
    return {row[0]: row for each in ids for row in table(text, each)}


def line(text: str, name: str) -> list[str]:
    """The row of one indicator."""
    return next(row for head, row in lines(text).items() if head.startswith(name))


def parts(text: str, column: int) -> list[Decimal]:
    """The figures of a column in the ledgers of all domains."""
    return [Decimal(row[column]) for row in lines(text).values() if len(row) == 6]


# Adding up -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.SIGNATORY, Role.WARD_MANAGER])
@pytest.mark.parametrize("day", [BEFORE, DAY])
def test_shown_parts_add_up_to_the_shown_score(role: str, day, site: Explained):
    text = site.client(role).get(f"{WHY}?as_of={day}").text

    shown = site.first if day == BEFORE else site.last
    assert len(parts(text, 4)) == 13  # items of two checklists apply, and the other indicators
    assert (sum(parts(text, 4)), sum(parts(text, 5))) == (shown.raw, 100 - shown.raw)
    assert f"add up to {shown.raw}" in words(text)
    assert f"the score is {shown.score}" in words(text)


@pytest.mark.parametrize("seed", [1, 37, 96])
def test_parts_of_any_score_add_up(seed: int, site: Explained, manager: Client):
    readings = {code: make.reading(code, Fraction(n * seed % 97, 3), 33) for n, code in enumerate(CODES, start=1)}
    shown = make.make_score(site.here, day=DAY + timedelta(days=1), readings=readings)

    text = manager.get(WHY).text

    assert (len(parts(text, 4)), sum(parts(text, 4)), sum(parts(text, 5))) == (
        len(CODES), shown.raw, 100 - shown.raw,
    )  # fmt: skip


def test_file_of_the_ledger_adds_up_like_the_page(site: Explained, manager: Client):
    answer = manager.get(f"{WHY}?download=csv&table=ledger")

    found = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["Code"] for row in found} == set(CODES)
    assert sum(Decimal(row["Contribution"] or 0) for row in found) == site.last.raw
    assert sum(Decimal(row["Lost points"] or 0) for row in found) == 100 - site.last.raw


# What stands behind a line -------------------------------------------------------------------------------------------


def test_line_shows_value_counts_target_points_and_leads_to_its_records(site: Explained, manager: Client):
    text = manager.get(WHY).text

    row = line(text, "Log-in tests passed")
    assert row[1:4] == ["27%", "8 of 30", "98%"]
    assert f'href="{WHY}technical.access/"' in text
    assert "Here: 8 of 30 (staff whose latest log-in test passed, of all staff)." in words(text)


def test_records_of_a_past_day_are_asked_for_that_day(site: Explained, manager: Client):
    text = manager.get(f"{WHY}?as_of={BEFORE}").text

    assert f'href="{WHY}technical.access/?as_of={BEFORE}"' in text


def test_line_says_how_old_its_evidence_is(site: Explained, manager: Client):
    text = words(manager.get(WHY).text)

    assert "Log-in tests passed Evidence of 7 to 13 March 2026, half of it from 7 March (7 days ago) or before" in text
    assert "Site targets agreed Evidence of 13 March 2026" in text


def test_checklist_says_who_vouched_for_it(site: Explained, manager: Client):
    text = words(manager.get(WHY).text)

    assert "Vouched for: 1 declared by its owner, 1 seen by someone else" in text
    assert "Vouched for: 1 proved by a system" in text


@pytest.mark.parametrize(("role", "who"), [(Role.PROGRAMME_MANAGER, ", Ana Reyes"), (Role.BOARD_MEMBER, "")])
def test_item_left_out_says_when_why_and_by_whom(role: str, who: str, site: Explained):
    person = Person.objects.create(label="Ana Reyes")
    ChecklistEvent.objects.filter(state="not_applicable").update(by=person)

    text = words(site.client(role).get(WHY).text)

    assert f"Does not apply here: Item I8 (7 March 2026{who}): There is no such department here." in text


def test_indicator_left_out_says_when_and_why(site: Explained, manager: Client):
    Programme.objects.update(not_applicable=["pilots.outcome", "goals.targets"])
    described = {"programme": site.here.programme, "kind": DecisionKind.NOT_APPLICABLE, "from_on": YESTERDAY}
    Decision.objects.create(code="D1", text="pilots.outcome is left out", reason="No time for pilots.", **described)
    Decision.objects.create(code="D2", text="goals.targets is left out", reason="Targets are common.", **described)
    score(site.here, DAY)

    text = manager.get(WHY).text

    assert line(text, "Pilots decided")[1:] == ["Not applicable", "1.3 of 3", "100%", "Left out of the score"]
    assert "Left out by a decision (13 March 2026): No time for pilots." in words(text)
    assert "Left out by a decision (13 March 2026): Targets are common." in words(text)


def test_indicator_without_evidence_says_so(site: Explained, manager: Client):
    make.make_score(
        site.here,
        day=DAY + timedelta(days=1),
        readings={"pilots.outcome": make.reading("pilots.outcome", 0, 0, State.UNKNOWN)},
    )

    assert line(manager.get(WHY).text, "Pilots decided")[1:3] == ["No evidence yet", "No data"]


def test_fewer_than_five_answers_are_counted_to_nobody(site: Explained, manager: Client):
    few = make.reading("engagement.confidence", 2, 4, State.UNKNOWN)
    make.make_score(site.here, day=DAY + timedelta(days=1), readings={few.code: few})

    assert line(manager.get(WHY).text, "Confidence")[1:3] == ["No evidence yet", "Fewer than 5 answers"]


def test_training_and_log_in_tests_stand_on_two_bases(site: Explained, manager: Client):
    text = manager.get(WHY).text

    absent = StaffMember.objects.filter(absences__isnull=False).count()
    rows = {row[0]: row[1:] for row in table(text, "two-bases")}
    assert set(rows) == {"Training completed", "Training completed by line managers", "Log-in tests passed"}
    assert rows["Log-in tests passed"][0] == "26% (8 of 30)"
    assert rows["Log-in tests passed"][1].endswith(f"of {30 - absent})")
    assert "no recorded absence from 4 April 2026 to 17 April 2026" in words(text)


def test_without_a_go_live_nobody_is_known_to_be_absent(site: Explained, manager: Client):
    Deployment.objects.update(go_live_on=None)

    assert "Without a go-live date nobody is known to be absent" in words(manager.get(WHY).text)


def test_caps_say_what_lifts_them(site: Explained, manager: Client):
    make.make_score(
        site.here,
        day=DAY + timedelta(days=1),
        share=95,
        situation={"unacceptable_hazards": 1, "blocked_blockers": 1},
    )

    text = words(manager.get(WHY).text)

    assert "Held at 49: a hazard is rated too high. It is lifted when the hazard is closed" in text
    assert "Not above 69 in any case: 1 blocking item is blocked – Item I6. It is lifted when" in text


def test_records_that_came_late_are_named(site: Explained, manager: Client):
    before = words(manager.get(WHY).text)
    Attendance.objects.create(
        staff=StaffMember.objects.get(name="Nobody W1-5"),
        course=Course.objects.get(code="C1"),
        on=YESTERDAY,
        state="attended",
        passed=True,
    )

    after = words(manager.get(WHY).text)

    assert "would read otherwise" not in before
    assert "These would read otherwise now: Training completed, Training completed by line managers." in after


# Other days ----------------------------------------------------------------------------------------------------------


def test_revisions_stand_with_their_reasons(site: Explained, manager: Client):
    ReadinessScore.objects.filter(pk=site.last.pk).update(superseded_at=NEXT_MORNING)
    make.make_score(site.here, score="40.00", revision=2, reason=RevisionReason.LATE)

    text = manager.get(f"{WHY}?as_of={DAY}").text

    rows = table(text, "revisions")
    assert [row[:2] + row[3:4] for row in rows] == [
        ["2", "40.00", "Late records"],
        ["1", str(site.last.score), "First worked out"],
    ]
    assert f'href="?as_of={DAY}&amp;revision=1"' in text
    old = manager.get(f"{WHY}?as_of={DAY}&revision=1").text
    assert sum(parts(old, 4)) == site.last.raw
    assert f"?as_of={DAY}&amp;revision=1" in old


def test_day_without_a_score_says_so(site: Explained, manager: Client):
    answer = manager.get(f"{WHY}?as_of=2025-01-01")

    assert (answer.status_code, "Nothing known of 1 January 2025" in words(answer.text)) == (200, True)


def test_site_that_is_not_scored_any_more_keeps_its_last_ledger(site: Explained, manager: Client):
    Deployment.objects.update(stage="embedded")

    text = manager.get(WHY).text

    assert sum(parts(text, 4)) == site.last.raw


# Board members -------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(site: Explained) -> Client:
    return site.client(Role.BOARD_MEMBER)


def few(code: str, numerator: int, denominator: int, site: Explained) -> None:
    readings = {code: make.reading(code, numerator, denominator)}
    make.make_score(site.here, day=DAY + timedelta(days=1), readings=readings, score="60.00", raw="60.00")


# Each line: an indicator about people, and counts that must not be told from one another.
@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("technical.access", [(1, 40), (2, 40), (3, 40), (4, 40)]),
        ("technical.access", [(196, 200), (198, 200), (199, 200)]),
        ("training.managers", [(1, 3), (2, 3), (2, 4)]),
        ("training.completion", [(396, 400), (399, 400)]),
        ("champions.ratio", [(36, 40), (37, 40)]),
        ("engagement.confidence", [(1, 6), (4, 6)]),
    ],
)
@pytest.mark.parametrize("query", ["", "?download=csv&table=ledger"])
def test_counts_of_few_cannot_be_told_from_one_another(
    query: str, code: str, counts: list[tuple[int, int]], site: Explained, board: Client
):
    pages = set()
    for numerator, denominator in counts:
        with undone():
            few(code, numerator, denominator, site)
            answer = board.get(f"{WHY}{query}")
            told = b"".join(answer.streaming_content).decode() if query else undated(answer.text)
            pages.add(told)

    assert len(pages) == 1


def test_page_says_why_figures_about_people_are_left_out(site: Explained, board: Client):
    few("training.managers", 2, 3, site)

    text = board.get(WHY).text

    assert "Some counts here are of fewer than 5 people." in words(text)
    for name in ("Training completed", "Log-in tests passed", "Champions for every area", "Confidence"):
        assert line(text, name)[1:] == ["Not shown: fewer than 5 people"]
    assert {tuple(row[1:]) for row in table(text, "two-bases")} == {("Not shown: fewer than 5 people",)}


def test_board_member_sees_counts_of_many(site: Explained, board: Client):
    few("training.managers", 20, 30, site)

    assert line(board.get(WHY).text, "Training completed by line managers")[2] == "20 of 30"


@pytest.mark.parametrize(("away", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_few_who_are_absent_do_not_follow_from_the_two_bases(
    away: int, hidden: bool, frozen_clock: FrozenClock, db: None
):
    large = explained_site(frozen_clock, large=3)
    Absence.objects.all().delete()
    idle = StaffMember.objects.filter(attendances=None, access_checks=None, line_manager=False)
    for person in idle.order_by("pk")[:away]:
        Absence.objects.create(staff=person, from_on=large.here.go_live_on)

    texts = [large.client(role).get(WHY).text for role in (Role.SIGNATORY, Role.BOARD_MEMBER)]

    rows = [{row[0]: row[1:] for row in table(text, "two-bases")} for text in texts]
    assert rows[0]["Log-in tests passed"] == ["25% (23 of 90)", f"{23 * 100 // (90 - away)}% (23 of {90 - away})"]
    told = {"Not shown: fewer than 5 people"} if hidden else set(rows[0]["Log-in tests passed"])
    assert set(rows[1]["Log-in tests passed"]) == told


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER])
def test_queries_stay_the_same_with_more_behind_the_score(role: str, site: Explained):
    client = site.client(role)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(WHY).status_code == 200
        return len(captured)

    client.get(WHY)  # the first request of a log-in also writes its session
    one = count()
    copy_staff(site, 20)
    for revision in range(2, 5):
        make.make_score(site.here, day=DAY, revision=revision, superseded_at=NEXT_MORNING)

    assert (one == count(), one <= 25) == (True, True)
