"""Why it moved: causes that add up to the change, between any two days with a score, and to the board without few."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistEvent, Hazard, Waiver
from readiness.scoring import CODES
from rollout.choices import Role
from rollout.models import Deployment, Programme, PulseResponse
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.explained import BEFORE, DAY, WHY, YESTERDAY, Explained, explained_site, newcomer, score
from tests.readiness.views.test_indicator_records import copy_staff
from training.models import AccessCheck, Attendance, Champion, Course, Posting, StaffMember

MOVED = f"{WHY}?since={BEFORE}"
UNTOLD = "not told apart, because some are of fewer than 5 people"
Happen = Callable[[Explained], None]


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Explained:
    return explained_site(frozen_clock)


@pytest.fixture
def manager(site: Explained) -> Client:
    return site.client(Role.PROGRAMME_MANAGER)


def causes(text: str) -> dict[str, tuple[Decimal, Decimal]]:
    """The causes of a page with their points and those before limits; "Together" is their sum."""
    rows = [row for row in table(text, "causes") if len(row) == 3]
    return {row[0]: (number(row[1]), number(row[2])) for row in rows}


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", ""))


def whole(points: Decimal) -> Decimal:
    return points.quantize(Decimal(1), ROUND_HALF_UP)


def hazard_of(site: Explained) -> None:
    """A hazard that nobody may go on with, raised between the two days: it holds the score at 49."""
    Hazard.objects.create(
        programme=site.here.programme, deployment=site.here, code="BIG", text="Wrong patient", likelihood=4, severity=5,
        raised_on=YESTERDAY,
    )  # fmt: skip


def starters_of(site: Explained) -> None:
    """People who came after the first day, and some who left."""
    for _number in range(6):
        person = newcomer(site, 1)
        Posting.objects.filter(staff=person).update(from_on=YESTERDAY)
    Posting.objects.filter(staff__name__in=["Nobody W1-0", "Nobody W1-9"]).update(to_on=BEFORE)


def waiver_of(site: Explained) -> None:
    """The waiver of the overdue item was over before the later day."""
    Waiver.objects.update(until_on=YESTERDAY)


def unblocked(site: Explained) -> None:
    """Nothing is blocked any more, and more is done."""
    ChecklistEvent.objects.filter(state="blocked").update(state="done")


def held(site: Explained) -> None:
    """Little is left to measure, so that the score stands high and the hazard takes it down to 49."""
    kept = {"checklist.leadership", "governance.hazards"}
    Programme.objects.update(not_applicable=[code for code in CODES if code not in kept])
    hazard_of(site)


@pytest.mark.parametrize("happen", [lambda _site: None, hazard_of, starters_of, waiver_of, unblocked, held])
@pytest.mark.parametrize(("role", "places"), [(Role.PROGRAMME_MANAGER, 2), (Role.BOARD_MEMBER, 0)])
def test_points_of_the_causes_add_up_to_the_shown_change(role: str, places: int, happen: Happen, site: Explained):
    happen(site)
    first, last = score(site.here, BEFORE), score(site.here, DAY)

    text = site.client(role).get(MOVED).text

    found = causes(text)
    change, raw_change = found.pop("Together")
    assert sum(points for points, _raw in found.values()) == change
    assert sum(raw for _points, raw in found.values()) == raw_change
    if places == 0 and happen is not held:  # some counts of the first day are of few: whole numbers give none away
        assert (change, raw_change) == (whole(last.score - first.score), whole(last.raw - first.raw))
        assert f"The score moved by +{change} points" in words(text)
    else:
        assert (change, raw_change) == (last.score - first.score, last.raw - first.raw)
        assert f"The score went from {first.score} to {last.score}" in words(text)


def test_causes_are_told_in_words_with_ward_and_item(site: Explained, manager: Client):
    starters_of(site)
    score(site.here, BEFORE), score(site.here, DAY)

    found = list(causes(manager.get(MOVED).text))

    assert "6 starters count in training on Ward 2" in found
    assert "2 leavers no longer count in training on Ward 1" in found
    assert "1 site target agreed M1" in found
    assert "1 commitment delivered Promise" in found
    assert "1 hazard closed or accepted HZ2" in found
    assert "1 item went stale or was undone Item I2" in found
    assert "1 item done or confirmed Item I3" in found


def test_groups_stand_in_the_order_in_which_they_are_taken(site: Explained, manager: Client):
    starters_of(site)
    score(site.here, BEFORE), score(site.here, DAY)

    headings = [row[0] for row in table(manager.get(MOVED).text, "causes") if len(row) == 1]

    assert headings == ["People who came, left or moved", "Records gained", "Records lost, expired or undone"]


def test_cap_is_the_last_cause_with_what_it_costs(site: Explained, manager: Client):
    held(site)
    first, last = score(site.here, BEFORE), score(site.here, DAY)

    text = manager.get(MOVED).text

    found = causes(text)
    assert (first.score, first.raw, last.raw, last.score) == (60, 60, 70, 49)  # from 60 to 69, which another cap allows
    assert list(found)[-2] == "A hazard is rated too high: capped at 49"
    assert found["A hazard is rated too high: capped at 49"] == (Decimal(49 - 69), 0)
    assert "Before limits it moved by" in words(text)


def test_waiver_that_lapsed_and_cap_are_named(site: Explained, manager: Client):
    waiver_of(site)
    score(site.here, BEFORE), score(site.here, DAY)

    text = words(manager.get(MOVED).text)

    assert "Waiver lapsed, a blocking item is overdue: capped at 49" in text


def test_waiver_that_was_revoked_is_not_said_to_have_lapsed(site: Explained, manager: Client):
    waiver_of(site)
    Waiver.objects.update(state="revoked", revoked_on=DAY, until_on=DAY + timedelta(days=30))
    score(site.here, BEFORE), score(site.here, DAY)

    text = words(manager.get(MOVED).text)

    assert "Waiver revoked, a blocking item is overdue: capped at 49" in text
    assert "apsed" not in text


def test_cause_leads_to_its_records(site: Explained, manager: Client):
    text = manager.get(f"{MOVED}&as_of={DAY}").text

    assert f'href="{WHY}technical.access/?as_of={DAY}"' in text


def test_links_to_records_are_told_apart(site: Explained, manager: Client):
    text = manager.get(f"{MOVED}&as_of={DAY}").text

    found = re.findall(r'<th[^>]*><a href="([^"]*)">(.*?)</a>', text, re.DOTALL)
    assert len({words(label) for _href, label in found}) == len({href for href, _label in found}) >= 2


def test_file_holds_every_cause(site: Explained, manager: Client):
    answer = manager.get(f"{MOVED}&download=csv&table=causes")

    found = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert sum(Decimal(row["Points"]) for row in found) == site.last.score - site.first.score


def test_late_records_are_a_cause_of_their_own_and_said(site: Explained, manager: Client):
    for name in ("Nobody W1-5", "Nobody W1-7"):
        Attendance.objects.create(
            staff=StaffMember.objects.get(name=name),
            course=Course.objects.get(code="C1"),
            on=YESTERDAY,
            state="attended",
            passed=True,
        )

    text = manager.get(MOVED).text

    assert "Of 14 March 2026 the records or the plan say something else by now" in words(text)
    found = causes(text)
    assert "The plan or the records changed after a score was worked out" in found
    assert found.pop("Together")[0] == sum(points for points, _raw in found.values())


# Two days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", [DAY, DAY + timedelta(days=3)])
def test_day_not_before_the_other_is_refused_at_the_field(since: date, site: Explained, manager: Client):
    answer = manager.get(f"{WHY}?since={since}&as_of={DAY}")

    assert answer.status_code == 422
    assert "Error: Choose a day before 14 March 2026, the day to compare with." in words(answer.text)
    assert f'value="{since}"' in answer.text


def test_what_is_no_day_is_refused_in_words(site: Explained, manager: Client):
    answer = manager.get(f"{WHY}?since=yesterday")

    assert (answer.status_code, "Write the day like 2026-03-14." in words(answer.text)) == (422, True)


def test_without_a_day_one_is_asked_for(site: Explained, manager: Client):
    answer = manager.get(f"{WHY}?since=")

    assert (answer.status_code, "Choose a day to compare with." in words(answer.text)) == (200, True)


def test_day_without_a_score_says_from_when_there_are_some(site: Explained, manager: Client):
    text = words(manager.get(f"{WHY}?since=2026-01-05").text)

    assert "No score for 5 January 2026 There are scores of this site from 7 March 2026 to 14 March 2026." in text


def test_last_day_without_a_score_says_so_too(site: Explained, manager: Client):
    text = words(manager.get(f"{WHY}?since={BEFORE}&as_of=2026-03-20").text)

    assert "No score for 20 March 2026 There are scores of this site from 7 March 2026 to 14 March 2026." in text


def test_site_without_scores_says_what_is_to_come(db: None):
    deployment = make.make_deployment()
    client = Client()
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    text = words(client.get(f"/p/{deployment.programme.code}/s/{deployment.site.code}/why/?since={BEFORE}").text)

    assert "Nothing recorded yet" in text


def test_quick_links_lead_to_days_with_scores(site: Explained, manager: Client):
    text = manager.get(WHY).text

    assert f'href="?since={BEFORE}"' in text
    assert "Since 7 days before" in words(text)
    assert "Since before the last change" in words(text)
    assert f"?since={DAY - timedelta(days=28)}" not in text


def test_embedded_site_tells_no_causes(site: Explained, manager: Client):
    Deployment.objects.update(stage="embedded")

    assert "An embedded site is not scored any more" in words(manager.get(MOVED).text)


def test_nothing_moved_says_so(site: Explained, manager: Client):
    text = words(manager.get(f"{WHY}?since={copied(site)}").text)

    assert "Nothing moved the score between these days." in text


def copied(site: Explained) -> date:
    """A day before the last one on which everything was as on the last."""
    ChecklistEvent.objects.all().delete()
    for day in (BEFORE, DAY):
        score(site.here, day)
    Attendance.objects.filter(on=YESTERDAY).delete()
    score(site.here, YESTERDAY)
    score(site.here, DAY)
    return YESTERDAY


def test_part_is_the_comparison_alone(site: Explained, manager: Client):
    part = manager.get(MOVED, headers={"HX-Request": "true"})

    assert part.text.strip().startswith('<div id="moved">')
    assert "Together" in causes(part.text)


# Board members -------------------------------------------------------------------------------------------------------


def test_board_member_reads_no_cause_of_few_people(site: Explained):
    client = site.client(Role.BOARD_MEMBER)

    found = list(causes(client.get(MOVED).text))

    people = [each for each in found if "people" in each or "person" in each or "training" in each]
    assert people == [f"Changes in training, log-in tests, champions and confidence {UNTOLD}"]


@pytest.fixture
def shown(db: None, frozen_clock: FrozenClock) -> Explained:
    """A site whose counts are of many on both days, so that a board member may read them."""
    site = explained_site(frozen_clock, large=3)
    course = Course.objects.get(code="C1")
    managers = StaffMember.objects.filter(line_manager=True).exclude(attendances__course=course)
    for person in managers[:4]:
        Attendance.objects.create(staff=person, course=course, on=BEFORE, state="attended", passed=True)
    return Explained(site.world, site.here, score(site.here, BEFORE), score(site.here, DAY))


def test_board_member_reads_the_change_of_a_large_site_to_the_hundredth(shown: Explained):
    found = causes(shown.client(Role.BOARD_MEMBER).get(MOVED).text)

    change, _raw_change = found.pop("Together")
    assert change == shown.last.score - shown.first.score == sum(points for points, _raw in found.values())
    assert f"Changes in training, log-in tests, champions and confidence {UNTOLD}" in found


def test_board_member_reads_causes_of_many_people(shown: Explained):
    """Where every change about people is of at least 5, each is told."""
    Attendance.objects.filter(on__gt=BEFORE).delete()
    AccessCheck.objects.all().delete()
    PulseResponse.objects.all().delete()
    Champion.objects.all().delete()
    copy_staff(shown, 20)
    Attendance.objects.filter(staff__line_manager=True).update(on=BEFORE - timedelta(days=30))
    for day in (BEFORE, DAY):
        score(shown.here, day)

    found = causes(shown.client(Role.BOARD_MEMBER).get(MOVED).text)

    assert "20 people trained on Ward 1" in found


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER])
def test_queries_stay_the_same_with_more_causes(role: str, site: Explained):
    client = site.client(role)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(MOVED).status_code == 200
        return len(captured)

    client.get(MOVED)  # the first request of a log-in also writes its session
    one = count()
    starters_of(site)
    hazard_of(site)
    copy_staff(site, 20)

    assert (one == count(), one <= 25) == (True, True)
