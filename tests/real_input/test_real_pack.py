"""The pack of the real input: complete, mended on purpose, and valid before any importer sees it."""

import csv
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.real_input import build_real_pack, read_real_input
from tests.real_input.rota import REST_HOURS, read_rotas, roster
from tests.real_input.wording import tidy_name, tidy_postcode

LONDON = ZoneInfo("Europe/London")
CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

# file, its columns, the file they point to, the columns there
REFERENCES = (
    ("sites.csv", "organisation", "organisations.csv", "code"),
    ("wards.csv", "site", "sites.csv", "code"),
    ("deployments.csv", "site", "sites.csv", "code"),
    ("deployments.csv", "wave", "waves.csv", "number"),
    ("staff.csv", "organisation", "organisations.csv", "code"),
    ("postings.csv", "organisation number", "staff.csv", "organisation number"),
    ("postings.csv", "site ward", "wards.csv", "site code"),
    ("attendance.csv", "course", "courses.csv", "code"),
    ("attendance.csv", "organisation number", "staff.csv", "organisation number"),
    ("champions.csv", "organisation number", "staff.csv", "organisation number"),
    ("shifts.csv", "organisation number", "champions.csv", "organisation number"),
    ("shifts.csv", "site ward", "wards.csv", "site code"),
    ("checklist_events.csv", "site", "deployments.csv", "site"),
    ("checklist_events.csv", "item", "template.csv", "code"),
)
KEYS = {
    "organisations.csv": "code",
    "sites.csv": "code",
    "wards.csv": "site code",
    "programme.csv": "code",
    "waves.csv": "number",
    "deployments.csv": "site",
    "staff.csv": "organisation number",
    "postings.csv": "organisation number site ward from",
    "courses.csv": "code",
    "attendance.csv": "course organisation number date session",
    "champions.csv": "organisation number from",
    "shift_patterns.csv": "name",
    "shifts.csv": "client_id",
    "template.csv": "code",
    "checklist_events.csv": "site item at",
}
CODED = ("organisations.csv", "sites.csv", "wards.csv", "programme.csv", "courses.csv", "template.csv")

Pack = dict[str, list[dict[str, str]]]


def read_pack(folder: Path) -> Pack:
    pack = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            pack[path.name] = list(csv.DictReader(file, strict=True))
    return pack


@pytest.fixture(scope="module")
def pack(data, tmp_path_factory) -> Pack:
    return read_pack(build_real_pack(data, tmp_path_factory.mktemp("real") / "pack", SPRING))


def cells(row: dict[str, str], columns: str) -> tuple[str, ...]:
    return tuple(row[column] for column in columns.split())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def test_pack_holds_every_row_of_the_sources(pack):
    counts = {name: len(rows) for name, rows in pack.items()}

    assert counts == {
        "organisations.csv": 212,
        "sites.csv": 2858,
        "wards.csv": 203,
        "programme.csv": 1,
        "waves.csv": 7,
        "deployments.csv": 2858,
        "staff.csv": 3173,
        "postings.csv": 3173,
        "courses.csv": 12,
        "attendance.csv": 12073,
        "champions.csv": 52,
        "shift_patterns.csv": 4,
        "shifts.csv": 447,
        "template.csv": 12,
        "checklist_events.csv": 486,
    }
    assert Counter(row["state"] for row in pack["attendance.csv"]) == {"attended": 12013, "booked": 60}
    assert Counter(row["groups"] for row in pack["courses.csv"]) == {"doctor": 3, "nurse": 5, "ahp": 4}


def test_every_fault_of_the_sources_is_mended_and_counted(data):
    mended = read_real_input(data, SPRING).mended

    assert mended == {
        "bedrooms 'Not Applicable': read as none": 680,
        "completion after leaving: kept": 4,
        "completion after the day of the pack: booked, not attended": 60,
        "completion before joining: kept": 8,
        "completion brought from an earlier year: kept on its day": 278,
        "floor area with thousands commas: taken out": 1919,
        "person joined after the start: posted from that day": 21,
        "person left: posted up to that day": 6,
        "person of a region outside England: placed in a neighbouring one": 793,
        "postcode missing and not in the register: left empty": 9,
        "postcode missing: the register's taken": 18,
        "postcode mistyped: the register's taken": 2,
        "postcode with blanks too many or too few: set right": 508,
        "rota slot that nobody may take: left uncovered": 38,
        "site closed since: its deployment is stopped": 7,
        "site code with stray blanks: taken out": 7,
        "site name borne by several: the trust added": 339,
        "site name in capitals: set in sentence form": 2857,
        "site name with stray blanks: taken out": 33,
        "site not in the register: the return alone taken": 410,
        "site under another trust in the register: the return's kept": 3,
        "trust closed since, still in the register: kept": 10,
        "trust merged since and struck off the register: kept under its own code": 4,
        "trust moved to another region: the register's taken": 1,
        "trust name in capitals: set in sentence form": 212,
        "trust name with stray blanks: taken out": 2,
    }


def test_nothing_of_the_faults_is_left(pack):
    sites = pack["sites.csv"]
    postcodes = [row["postcode"] for row in sites]

    assert [code for code in postcodes if code and not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", code)] == []
    assert postcodes.count("") == 9
    assert [name for name, times in Counter(row["name"].casefold() for row in sites).items() if times > 1] == []
    assert [
        row for rows in pack.values() for row in rows if any(value != value.strip() for value in row.values())
    ] == []
    assert max(len(row["name"]) for row in sites) < 200


def test_keys_are_unique_and_codes_well_formed(pack):
    for name, columns in KEYS.items():
        keys = Counter(cells(row, columns) for row in pack[name])
        assert [key for key, times in keys.items() if times > 1] == [], name
    codes = [row["code"] for name in CODED for row in pack[name]] + [row["number"] for row in pack["staff.csv"]]
    assert [code for code in codes if not CODE.fullmatch(code)] == []


def test_every_reference_resolves(pack):
    dangling = {}
    for name, columns, target, key in REFERENCES:
        known = {cells(row, key) for row in pack[target]}
        dangling[name, columns] = [row for row in pack[name] if cells(row, columns) not in known]

    assert dangling == {(name, columns): [] for name, columns, _, _ in REFERENCES}


def test_people_are_numbers_posted_to_a_ward_of_their_own_trust(pack):
    trust_of = {row["code"]: row["organisation"] for row in pack["sites.csv"]}
    sizes = Counter((row["site"], row["ward"]) for row in pack["postings.csv"])

    assert {row["name"] for row in pack["staff.csv"]} == {row["number"] for row in pack["staff.csv"]}
    assert all(row["name"].isdecimal() for row in pack["staff.csv"])
    assert [row for row in pack["postings.csv"] if trust_of[row["site"]] != row["organisation"]] == []
    assert [row for row in pack["postings.csv"] if row["to"] and row["to"] < row["from"]] == []
    assert set(sizes) == {(row["site"], row["code"]) for row in pack["wards.csv"]}
    assert max(sizes.values()) == 24
    assert len({site for site, _ in sizes}) == 162


def test_regions_go_live_in_waves_around_the_day(pack):
    windows = {row["number"]: (row["starts_on"], row["ends_on"]) for row in pack["waves.csv"]}
    dated = [row for row in pack["deployments.csv"] if row["go_live"]]
    go_lives = [row["go_live"] for row in dated]

    assert [row["name"] for row in pack["waves.csv"]][:2] == ["London", "South West"]
    assert [row for row in dated if not windows[row["wave"]][0] <= row["go_live"] <= windows[row["wave"]][1]] == []
    assert (min(go_lives), max(go_lives)) == ("2025-12-01", "2027-01-18")
    assert {date.fromisoformat(text).weekday() for text in go_lives} == {0}
    assert Counter(row["stage"] for row in pack["deployments.csv"]) == {
        "not_started": 1264,
        "preparing": 668,
        "technical_live": 225,
        "live": 52,
        "hypercare": 624,
        "deferred": 18,
        "stopped": 7,
    }


@pytest.mark.parametrize(("day", "night", "hours"), [(SPRING, date(2026, 3, 28), 7), (AUTUMN, date(2026, 10, 24), 9)])
def test_shifts_are_real_local_times_and_never_overlap(data, tmp_path, day, night, hours):
    shifts = read_pack(build_real_pack(data, tmp_path / "pack", day))["shifts.csv"]
    local = [datetime.fromisoformat(row[column]) for row in shifts for column in ("starts_at", "ends_at")]
    nights = [row for row in shifts if row["starts_at"] == f"{night}T22:30:00"]
    live = defaultdict(list)
    for row in shifts:
        if row["state"] in ("planned", "confirmed", "worked"):
            live[row["organisation"], row["number"]].append((moment(row["starts_at"]), moment(row["ends_at"])))

    skipped_or_repeated = [
        at for at in local if at.replace(tzinfo=LONDON).utcoffset() != at.replace(tzinfo=LONDON, fold=1).utcoffset()
    ]
    overlapping = [
        (person, earlier, later)
        for person, spans in live.items()
        for earlier, later in pairwise(sorted(spans))
        if later[0] < earlier[1]
    ]

    assert skipped_or_repeated == []
    assert overlapping == []
    assert nights
    assert {moment(row["ends_at"]) - moment(row["starts_at"]) for row in nights} == {timedelta(hours=hours)}
    assert [row for row in shifts if (row["state"] == "missed") != (row["ended_on"] == row["starts_at"][:10])] == []


def test_rosters_keep_every_limit_and_only_leave_out_what_nobody_may_take(data):
    for rota in read_rotas(data / "nurse-rota"):
        duties = roster(rota)
        days = defaultdict(list)
        for duty in duties:
            days[duty.person].append(duty)

        assert max(Counter((duty.day, duty.person) for duty in duties).values()) == 1
        assert not {(duty.person, duty.day) for duty in duties} & rota.days_off
        given = Counter((duty.day, duty.shift) for duty in duties)
        assert all(given[slot] <= asked for slot, asked in rota.cover.items()), rota.name
        for person, worked in days.items():
            limits = rota.staff[person]
            assert len(worked) <= limits.shifts
            assert longest_run([duty.day for duty in worked]) <= limits.in_a_row
            kinds = Counter(duty.shift for duty in worked)
            assert all(kinds[kind] <= most for kind, most in limits.of_kind.items())
            spans = sorted(span(rota, duty) for duty in worked)
            gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
            assert min(gaps, default=timedelta(days=1)) >= timedelta(hours=REST_HOURS)


def longest_run(days: list[int]) -> int:
    longest = run = 0
    for day in range(max(days) + 1):
        run = run + 1 if day in days else 0
        longest = max(longest, run)
    return longest


def span(rota, duty) -> tuple[datetime, datetime]:
    shift, on = rota.shifts[duty.shift], date(2026, 1, 5) + timedelta(duty.day)
    until = on + timedelta(shift.ends <= shift.starts)
    return datetime.combine(on, shift.starts), datetime.combine(until, shift.ends)


def test_same_sources_and_day_give_the_same_bytes(data, tmp_path):
    first = build_real_pack(data, tmp_path / "first", SPRING)
    second = build_real_pack(data, tmp_path / "second", SPRING)

    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }
    with pytest.raises(FileExistsError):
        build_real_pack(data, first, SPRING)


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("ST MARY'S HOSPITAL", "St Mary's Hospital"),
        ("O'BRIEN  HOUSE ", "O'Brien House"),
        ("UNIT 27A, THE MILL AND GREEN", "Unit 27A, the Mill and Green"),
        ("THE COURT ( HERITAGE PARK )", "The Court (Heritage Park)"),
        ("BURNHAM-ON-SEA CAMHS", "Burnham-on-Sea CAMHS"),
        ("EARLY INTERVENTION – LEIGH", "Early Intervention – Leigh"),
        ("iCaSH Peterborough", "iCaSH Peterborough"),
    ],
)
def test_name_in_capitals_is_set_in_sentence_form(written, tidy):
    assert tidy_name(written) == tidy


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("M6 5QX", "M6 5QX"),
        ("TQ2  7AJ", "TQ2 7AJ"),
        ("E145HJ", "E14 5HJ"),
        (" ec1a 7be ", "EC1A 7BE"),
        ("TQ5  PHW", None),
        ("OX26 ^HR", None),
        ("", None),
    ],
)
def test_postcode_is_tidied_or_known_to_be_none(written, tidy):
    assert tidy_postcode(written) == tidy
