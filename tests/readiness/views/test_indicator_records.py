"""The records behind a count: the same units that the score counted, told to each reader as far as the right goes."""

import csv
import io
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.dashboards.records import Choice, Place, behind, viewer_of
from readiness.scoring import CODES, MODEL_2026_1, Model, Reading
from rollout.choices import DecisionKind, Role
from rollout.models import Decision, Deployment, Pilot, Programme, PulseResponse
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, undated, words
from tests.readiness.explained import BEFORE, DAY, WHY, YESTERDAY, Explained, explained_site, newcomer, score
from tests.tenants import undone
from training.models import Attendance, Course, StaffMember

MODEL = Model.from_json(MODEL_2026_1)
# Whose records are people; readers without names see none of them alone.
PEOPLE = ("training.completion", "training.managers", "technical.access")


@pytest.fixture
def site(db: None, frozen_clock: FrozenClock) -> Explained:
    return explained_site(frozen_clock)


@pytest.fixture
def large(db: None, frozen_clock: FrozenClock) -> Explained:
    """A site so large that a board member may read its counts."""
    return explained_site(frozen_clock, large=3)


@pytest.fixture
def manager(site: Explained) -> Client:
    return site.client(Role.PROGRAMME_MANAGER)


def rows(client: Client, code: str, query: str = "", name: str = "records") -> list[dict[str, str]]:
    """A list as the file holds it, all pages of it."""
    answer = client.get(f"{WHY}{code}/?download=csv&table={name}{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# The same units ------------------------------------------------------------------------------------------------------


def counted(row: dict[str, str]) -> Fraction:
    """What a row of a file adds to the numerator, in the words of its page."""
    if "Counted" in row:
        return Fraction(row["Counted"])
    return Fraction({"Counts": 1, "Does not count": 0}[row["Counts"]])


@pytest.mark.parametrize("code", [code for code in CODES if code != "engagement.confidence"])
def test_rows_that_count_come_to_the_numerator_and_all_to_the_denominator(code: str, site: Explained, manager: Client):
    stored = Reading.from_json(code, site.last.indicators[code])

    found = rows(manager, code) if stored.denominator else []

    assert float(sum(counted(row) for row in found)) == pytest.approx(float(stored.numerator), abs=1e-9)
    assert sum(int(row.get("Weight", 1)) for row in found) == stored.denominator


def test_most_indicators_have_records_that_count_and_records_that_do_not(site: Explained):
    readings = [Reading.from_json(code, site.last.indicators[code]) for code in CODES]

    both = [reading.code for reading in readings if 0 < reading.numerator < reading.denominator]

    assert len(both) == 12


@pytest.mark.parametrize("code", CODES)
def test_every_row_says_why_it_does_not_count(code: str, site: Explained):
    place = Place(site.here, DAY, MODEL, viewer_of(make.make_member(Role.ADMINISTRATOR), site.here))

    found = behind(code, place, Choice())

    silent = [row for row in found.chosen if (row.counts == "yes") == bool(row.why)]
    assert silent == []


def test_answers_are_told_as_counts_by_group(site: Explained, manager: Client):
    stored = Reading.from_json("engagement.confidence", site.last.indicators["engagement.confidence"])

    found = rows(manager, "engagement.confidence", name="by-group")

    assert [(row["Staff group"], row["Answers"]) for row in found] == [("doctor", "6"), ("nurse", "6")]
    assert sum(Fraction(row["Counted"]) for row in found) == stored.numerator


def test_few_answers_of_a_group_are_told_with_another_group(site: Explained, manager: Client):
    nurses = PulseResponse.objects.filter(group__code="nurse").order_by("pk")
    PulseResponse.objects.filter(pk__in=nurses.values("pk")[:2]).update(group=None)

    found = rows(manager, "engagement.confidence", name="by-group")

    assert [(row["Staff group"], row["Answers"]) for row in found] == [("doctor", "6"), ("All others together", "6")]


def test_fewer_than_five_answers_are_told_to_nobody(site: Explained, manager: Client):
    kept = list(PulseResponse.objects.order_by("pk").values_list("pk", flat=True)[:4])
    PulseResponse.objects.exclude(pk__in=kept).delete()
    score(site.here, DAY)

    text = manager.get(f"{WHY}engagement.confidence/").text

    assert "There are fewer than 5 answers, so none is shown to anybody." in words(text)
    assert table(text, "by-group") == []


# What a row says -----------------------------------------------------------------------------------------------------


def test_items_tell_state_due_date_assurance_and_waiver(site: Explained, manager: Client):
    found = {row["Code"]: row for row in rows(manager, "checklist.continuity")}

    told = {code: (row["State"], row["Vouched for"], row["Waived until"], row["Why"]) for code, row in found.items()}
    assert told == {
        "I1": ("Not started", "", "", "it is not done"),
        "I2": ("Done", "", "", "it was done, and good until 12 March 2026"),
        "I3": (
            "Done",
            "Declared by its owner",
            "",
            "it asks for evidence, and nobody but its owner has vouched for it",
        ),
        "I4": ("Done", "Seen by someone else", "", ""),
        "I5": ("Not started", "", "2026-04-03", "it is not done, and overdue"),
        "I6": ("Blocked", "", "", "it is not done"),
    }
    assert (found["I3"]["Weight"], found["I3"]["Counted"], found["I3"]["Counts"]) == ("3", "2.4", "Counts 0.8")


def test_pairs_tell_until_when_a_completion_lasts_or_why_it_does_not_count(site: Explained, manager: Client):
    early = date(2025, 2, 20)  # and valid for 400 days: until 27 March 2026, a week before go-live
    for name, on in (("Nobody W1-2", early), ("Nobody W1-5", date(2024, 1, 1))):
        person = StaffMember.objects.get(name=name)
        Attendance.objects.create(
            staff=person, course=Course.objects.get(code="C1"), on=on, state="attended", passed=True
        )

    found = {(row["Name"], row["Course"]): row for row in rows(manager, "training.completion")}

    assert found["Nobody W1-0", "C1"]["Valid until"] == "2027-04-11"
    whys = {key: row["Why"] for key, row in found.items()}
    assert whys["Nobody W1-0", "C1"] == ""
    assert whys["Nobody W1-1", "C1"] == "attended on 13 March 2026, not passed"
    assert whys["Nobody W1-2", "C1"] == "expires on 27 March 2026, before go-live"
    assert whys["Nobody W1-5", "C1"] == "expired on 4 February 2025"
    assert whys["Nobody W1-4", "C1"] == "no record of this course"


def test_log_in_tests_tell_the_latest_and_why_it_failed(site: Explained, manager: Client):
    found = {row["Name"]: row for row in rows(manager, "technical.access")}

    assert (found["Nobody W1-0"]["Result"], found["Nobody W1-0"]["Latest test"]) == ("passed", str(YESTERDAY))
    assert (found["Nobody W1-1"]["Result"], found["Nobody W1-1"]["Why"]) == ("failed", "no reason recorded")
    assert (found["Nobody W1-2"]["Result"], found["Nobody W1-2"]["Why"]) == ("", "not tested yet")


def test_past_day_shows_its_own_records(site: Explained, manager: Client):
    stored = Reading.from_json("technical.access", site.first.indicators["technical.access"])

    found = rows(manager, "technical.access", f"&as_of={BEFORE}")

    assert sum(row["Counts"] == "Counts" for row in found) == stored.numerator < 8
    assert {row["Latest test"] for row in found} == {"", str(BEFORE)}


# Finding one's way ---------------------------------------------------------------------------------------------------


def test_links_narrow_to_what_counts_and_what_does_not(site: Explained, manager: Client):
    text = manager.get(f"{WHY}technical.access/").text

    assert "All 30 Counts 8 Does not count 22" in words(text)
    assert 'href="?counts=no"' in text
    shown = table(manager.get(f"{WHY}technical.access/?counts=yes").text, "record-table")
    assert (len(shown), {row[-1] for row in shown}) == (8, {"Counts"})


def test_search_and_order_work_on_all_pages(site: Explained, manager: Client):
    text = manager.get(f"{WHY}training.completion/?q=w2+c1&sort=-name").text

    names = [row[0] for row in table(text, "record-table")]
    assert (len(names), names, names[0]) == (14, sorted(names, reverse=True), "Nobody W2-9")


def test_nothing_found_says_so(site: Explained, manager: Client):
    assert "No records match" in words(manager.get(f"{WHY}training.completion/?q=zzz").text)


def test_part_is_the_list_alone(site: Explained, manager: Client):
    part = manager.get(f"{WHY}training.completion/?counts=no", headers={"HX-Request": "true"})

    assert part.text.strip().startswith('<div id="records">')
    assert "records match" in words(part.text)


def test_unknown_indicator_leads_nowhere(site: Explained, manager: Client):
    answers = [manager.get(f"{WHY}{code}/").status_code for code in ("training.nothing", "nothing", "checklist.x")]

    assert answers == [404, 404, 404]


def test_indicator_left_out_says_who_when_and_why(site: Explained, manager: Client):
    Programme.objects.update(not_applicable=["pilots.outcome"])
    decision = Decision.objects.create(
        programme=site.here.programme,
        code="D1",
        kind=DecisionKind.NOT_APPLICABLE,
        text="pilots.outcome is left out",
        reason="There was no time for pilots.",
        from_on=YESTERDAY,
    )
    score(site.here, DAY)

    text = words(manager.get(f"{WHY}pilots.outcome/").text)

    assert "Not applicable Left out of the score" in text
    assert f"Left out by a decision (13 March 2026): {decision.reason}" in text


def test_indicator_without_records_says_that_it_counts_as_nothing(db: None, frozen_clock: FrozenClock):
    site = explained_site(frozen_clock)
    Pilot.objects.all().delete()
    score(site.here, DAY)

    text = words(site.client(Role.PROGRAMME_MANAGER).get(f"{WHY}pilots.outcome/").text)

    assert "No evidence yet There are no records to judge by, so it counts as 0" in text


def test_embedded_site_lists_no_records_and_says_so(site: Explained, manager: Client):
    Deployment.objects.update(stage="embedded")

    text = words(manager.get(f"{WHY}technical.access/").text)

    assert "8 of 30: staff whose latest log-in test passed" in text
    assert "An embedded site is not scored any more, so the records behind its last score are not listed." in text
    assert "The stored score counted" not in text


# Who reads which names -----------------------------------------------------------------------------------------------

NAME = "Nobody W"


def names_in(client: Client, code: str) -> set[str]:
    """The wards whose people are named on the page and in its file, as "W1"."""
    page = client.get(f"{WHY}{code}/").text
    file = client.get(f"{WHY}{code}/?download=csv&table=records")
    text = page + (b"".join(file.streaming_content).decode() if file.status_code == 200 else "")
    return {f"W{ward}" for ward in "12" if f"{NAME}{ward}-" in text}


@pytest.mark.parametrize("code", PEOPLE)
def test_board_member_reads_no_name_where_counts_are_shown(code: str, large: Explained):
    assert names_in(large.client(Role.BOARD_MEMBER), code) == set()


@pytest.mark.parametrize("code", PEOPLE)
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.ADMINISTRATOR, "W1 W2"),
        (Role.PROGRAMME_MANAGER, "W1 W2"),
        (Role.SITE_LEAD, "W1 W2"),
        (Role.WARD_MANAGER, "W1"),
        (Role.SIGNATORY, ""),
        (Role.BOARD_MEMBER, ""),
    ],
)
def test_names_are_read_by_those_who_may(role: str, seen: str, code: str, site: Explained):
    assert names_in(site.client(role), code) == set(seen.split())


def test_trainer_reads_names_and_courses_of_those_with_a_place(site: Explained):
    client = site.client(Role.TRAINER)

    found = rows(client, "training.completion")

    assert set(found[0]) == {"Name", "Course", "Attended", "Valid until", "Counts", "Why"}
    placed = set(StaffMember.objects.filter(attendances__isnull=False).values_list("name", flat=True))
    assert {row["Name"] for row in found} == placed | {"Name not shown"}
    assert names_in(client, "technical.access") == set()


@pytest.mark.parametrize("code", PEOPLE)
def test_signatory_reads_sums_that_come_to_the_same(code: str, site: Explained):
    client = site.client(Role.SIGNATORY)
    stored = Reading.from_json(code, site.last.indicators[code])

    sums = [rows(client, code, name=name) for name in ("by-ward", "by-group")]

    for found in sums:
        assert sum(int(row["Counted"]) for row in found) == stored.numerator
        assert sum(int(row["Of"]) for row in found) == stored.denominator


def test_ward_manager_reads_the_whole_site_in_sums(site: Explained):
    client = site.client(Role.WARD_MANAGER)

    assert {row["Ward"]: row["Of"] for row in rows(client, "technical.access", name="by-ward")} == {
        "Ward 1": "16",
        "Ward 2": "14",
    }
    assert len(rows(client, "technical.access")) == 16


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (Role.WARD_MANAGER, "Nobody W1-1"),
        (Role.SIGNATORY, "1"),
        (Role.TRAINER, "1"),
        (Role.PROGRAMME_MANAGER, "Nobody W1-1"),
    ],
)
def test_champions_without_their_course_are_named_to_those_who_may(role: str, told: str, site: Explained):
    found = {row["Ward"]: row["Without their course"] for row in rows(site.client(role), "champions.ratio")}

    assert found == {"Ward 1": told, "Ward 2": ""}


def test_board_member_reads_no_count_of_few_on_any_page_of_records(large: Explained):
    client = large.client(Role.BOARD_MEMBER)
    assert "23 of 90: staff whose latest log-in test passed" in words(client.get(f"{WHY}technical.access/").text)
    assert set(rows(client, "champions.cover")[0]) == {"Day", "Ward", "Shift", "Counts", "Why"}
    assert rows(client, "champions.ratio") == [
        {"Ward": ward, "Counts": "Does not count", "Why": "not enough champions"} for ward in ("Ward 1", "Ward 2")
    ]
    for code in PEOPLE:
        for name in ("records", "by-ward", "by-group"):
            assert client.get(f"{WHY}{code}/?download=csv&table={name}").status_code == 404
        assert table(client.get(f"{WHY}{code}/").text, "record-table") == []


@pytest.mark.parametrize("code", [*PEOPLE, "champions.ratio"])
def test_counts_of_few_cannot_be_told_from_one_another(code: str, site: Explained):
    client = site.client(Role.BOARD_MEMBER)
    pages = set()
    for tested in (1, 2, 3, 4):
        with undone():
            few = {"technical.access": make.reading("technical.access", tested, 40)}
            make.make_score(site.here, day=DAY + timedelta(days=1), readings=few, score="60.00", raw="60.00")
            pages.add(undated(client.get(f"{WHY}{code}/").text))

    assert len(pages) == 1
    assert "Some counts here are of fewer than 5 people." in pages.pop()


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.PROGRAMME_MANAGER, "The stored score counted 23 of 90. The records as they are known now give 23 of 92"),
        (Role.BOARD_MEMBER, "The records as they are known now give another count"),
    ],
)
def test_late_records_are_said_and_to_the_board_without_their_number(role: str, said: str, large: Explained):
    for _number in range(2):
        newcomer(large)

    text = words(large.client(role).get(f"{WHY}technical.access/").text)

    assert said in text
    assert ("of 92" in text) is (role == Role.PROGRAMME_MANAGER)


# Cost ----------------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.WARD_MANAGER, Role.BOARD_MEMBER])
def test_queries_stay_the_same_with_more_records(role: str, db: None, frozen_clock: FrozenClock):
    site = explained_site(frozen_clock)
    client = site.client(role)
    client.get(WHY)  # the first request of a log-in also writes its session
    one = {code: queries(client, f"{WHY}{code}/") for code in CODES}
    copy_staff(site, 60)

    many = {code: queries(client, f"{WHY}{code}/") for code in CODES}

    assert many == one
    assert max(one.values()) <= 25


def copy_staff(site: Explained, number: int) -> None:
    """So many more people, each with a course attended and a log-in test."""
    course = Course.objects.get(code="C1")
    for _person in range(number):
        person = newcomer(site)
        Attendance.objects.create(staff=person, course=course, on=YESTERDAY, state="attended", passed=True)


def test_page_holds_fifty_rows(site: Explained, manager: Client):
    copy_staff(site, 60)

    first, second = (manager.get(f"{WHY}training.completion/?page={page}").text for page in (1, 2))

    assert (len(table(first, "record-table")), len(table(second, "record-table"))) == (50, 50)
    assert "The stored score counted" in words(first)
