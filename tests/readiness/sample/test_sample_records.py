"""The packs as records: every file, valid codes, nothing dangling, no impossible time, nothing real."""

import csv
import itertools
import re
from datetime import date, datetime, timedelta

from readiness.sample import build_sample
from readiness.sample.tables import COLUMNS
from tests.readiness.sample.conftest import TODAY
from tests.readiness.sample.pack_rules import collisions, find_faults, moments, overlapping

SHARED = ("organisations", "sites", "wards", "staff", "postings", "absences")


def test_build_repeats_byte_for_byte(folders, tmp_path):
    again = build_sample(tmp_path, TODAY)

    for first, second in zip(folders, again, strict=True):
        for path in sorted(first.iterdir()):
            assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_build_differs_with_the_seed(folders, tmp_path):
    other = build_sample(tmp_path, TODAY, seed=1)

    assert (folders[0] / "staff.csv").read_bytes() != (other[0] / "staff.csv").read_bytes()


def test_every_file_is_there_with_its_columns_and_rows(folders):
    assert [folder.name for folder in folders] == ["EPR", "VIDEO"]
    for folder in folders:
        assert {path.stem for path in folder.iterdir()} == set(COLUMNS)
        for path in folder.iterdir():
            with path.open(encoding="utf-8", newline="") as lines:
                header, *rows = csv.reader(lines)
            assert tuple(header) == COLUMNS[path.stem]
            assert rows, path.name
            assert {len(row) for row in rows} == {len(header)}, path.name


def test_no_record_breaks_a_rule(packs):
    assert {code: list(find_faults(pack)) for code, pack in packs.items()} == {"EPR": [], "VIDEO": []}


def test_packs_agree_on_what_they_share(epr, video):
    for table in SHARED:
        keys = {"organisations": ("code",), "sites": ("code",), "wards": ("site", "code")}
        key = keys.get(table, ("organisation", "number"))
        first, second = epr.grouped(table, *key), video.grouped(table, *key)
        common = first.keys() & second.keys()
        if table == "postings":
            sites = {row["code"] for row in epr["sites"]} & {row["code"] for row in video["sites"]}
            first = {who: [row for row in rows if row["site"] in sites] for who, rows in first.items()}
            second = {who: [row for row in rows if row["site"] in sites] for who, rows in second.items()}
        assert common, table
        assert {key: first[key] for key in common} == {key: second[key] for key in common}, table


def test_moments_carry_the_offset_of_the_site_and_exist(packs):
    for pack in packs.values():
        for where, at, zone in moments(pack):
            local = at.replace(tzinfo=zone)
            assert at.utcoffset() == local.utcoffset(), (where, at)
            assert local.utcoffset() == local.replace(fold=1).utcoffset(), (where, at)


def test_moments_exist_when_a_rota_runs_over_a_clock_change(tmp_path):
    # With this day the fortnight of a site crosses the last Sunday of March, that of another the last of October.
    for today in (date(2026, 3, 14), date(2026, 10, 10)):
        folders = build_sample(tmp_path / str(today), today)
        lengths = set()
        for folder in folders:
            with (folder / "shifts.csv").open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    starts, ends = (datetime.fromisoformat(row[end]) for end in ("starts_at", "ends_at"))
                    if starts.hour == 21:
                        lengths.add(ends - starts)
        usual = timedelta(hours=10)
        assert usual in lengths
        assert lengths & {timedelta(hours=9), timedelta(hours=11)}


def test_no_champion_is_in_two_places(packs):
    assert overlapping(list(packs.values())) == []


def test_nothing_is_recorded_after_yesterday(packs):
    """Plans lie ahead; facts do not."""
    facts = {
        "access_checks": "checked_at",
        "checklist_events": "at",
        "deployment_changes": "at",
        "pulse": "date",
        "support_issues": "raised_at",
        "gate_reviews": "held_on",
        "engagement": "date",
        "stories": "consent_on",
        "site_targets": "agreed_on",
        "signatures": "signed_on",
        "communications": "sent_on",
        "hazards": "raised_on",
    }
    for pack in packs.values():
        for table, column in facts.items():
            assert max(row[column][:10] for row in pack[table]) < TODAY.isoformat(), table
        attended = [row["date"] for row in pack["attendance"] if row["state"] in ("attended", "did_not_attend")]
        assert max(attended) < TODAY.isoformat()
        worked = [row["ends_at"] for row in pack["shifts"] if row["state"] in ("worked", "missed")]
        assert max(worked)[:10] < TODAY.isoformat()
        for table, column in (("champions", "from"), ("deployments", "declared_on"), ("conditions", "done_on")):
            assert max(row[column] for row in pack[table]) < TODAY.isoformat(), table


def test_sizes_are_those_of_a_large_programme(epr, video):
    sizes = {table: len(epr[table]) for table in epr.tables}

    assert len(epr["deployments"]) == 40
    assert {row["kind"] for row in epr["sites"]} == {"hospital"}
    assert len([row for row in epr["organisations"] if row["kind"] == "trust"]) == 12
    assert 7_500 <= sizes["staff"] <= 8_500
    assert 9_000 <= sizes["attendance"] <= 60_000
    assert 5_000 <= sizes["checklist_events"] <= 60_000
    assert 3_000 <= sizes["shifts"] <= 10_000
    assert 2_500 <= sizes["access_checks"] <= 20_000
    assert len({row["site"] for row in epr["deployments"]} & {row["site"] for row in video["deployments"]}) == 6


def test_places_and_addresses_are_invented(packs):
    for pack in packs.values():
        for person in pack["staff"]:
            assert re.fullmatch(r"[a-z0-9.-]+@([a-z]{3}\.)?example\.org", person["email"]), person
        for table in pack.tables.values():
            for row in table:
                for value in row.values():
                    assert "@" not in value or value.endswith("example.org"), row
        # Codes of real trusts and sites have no hyphen, and no real postcode begins with Q.
        assert all("-" in row["code"] for row in pack["organisations"] + pack["sites"])
        assert all(row["postcode"].startswith("Q") for row in pack["sites"])


def test_sessions_are_worth_holding(epr):
    people = epr.grouped("attendance", "session")
    held = [row for row in epr["sessions"] if row["starts_at"][:10] < TODAY.isoformat()]
    sizes = [len(people[(row["code"],)]) for row in held]

    assert sum(sizes) / len(sizes) > 5
    over = [row for row in held if taught(people[(row["code"],)]) > int(row["capacity"])]
    assert 0 < len(over) < len(held) / 10
    for row in epr["sessions"]:
        assert {place["date"] for place in people[(row["code"],)]} <= {row["starts_at"][:10]}
        assert {place["course"] for place in people[(row["code"],)]} <= {row["course"]}


def taught(places: list[dict[str, str]]) -> int:
    return sum(place["state"] == "attended" for place in places)


def test_only_the_stories_collide(packs):
    assert {site for site, _, _ in collisions(list(packs.values()))} == {"WYC-1", "WIN-2"}


def test_live_sites_passed_their_gate(packs):
    for pack in packs.values():
        passed = {
            row["site"]
            for row in pack["gate_reviews"]
            if row["gate"] == "GO-LIVE" and row["outcome"] in ("go", "go_with_conditions")
        }
        live = {row["site"] for row in pack["deployments"] if row["stage"] in ("live", "hypercare", "embedded")}
        assert live <= passed
        for review in pack["gate_reviews"]:
            key = (review["gate"], review["site"], review["held_on"])
            answers = pack.grouped("sign_offs", "gate", "site", "held_on")[key]
            assert answers
            assert all(row["person"] for row in answers)
            if review["outcome"] == "go_with_conditions":
                assert pack.grouped("conditions", "gate", "site", "held_on")[key]


def test_changes_lead_to_where_the_deployment_stands(packs):
    for pack in packs.values():
        changes = pack.grouped("deployment_changes", "site", "what")
        for row in pack["deployments"]:
            stages = sorted(changes[(row["site"], "stage")], key=lambda change: change["at"])
            assert (stages[-1]["after"] if stages else "not_started") == row["stage"]
            for first, second in itertools.pairwise(stages):
                assert first["after"] == second["before"]
            for what in ("go_live", "declared_status"):
                for change in changes[(row["site"], what)][-1:]:
                    assert change["after"] == row[what]


def test_one_measure_is_the_headline(packs):
    for pack in packs.values():
        assert sum(row["headline"] == "true" for row in pack["measures"]) == 1


def test_observations_are_a_share_or_a_value(packs):
    for pack in packs.values():
        for row in pack["observations"]:
            shared = row["numerator"] and row["denominator"] and int(row["numerator"]) <= int(row["denominator"])
            assert bool(shared) != bool(row["value"]), row
