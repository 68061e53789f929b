"""Times of a pack: by which clock they are read, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from readiness.models import ChecklistEvent
from readiness.packs import PackRefused
from readiness.packs.clocks import readings
from rollout.models import DeploymentChange, SupportIssue
from tests.readiness.packs.packs import load, put, small_tables
from training.models import AccessCheck, ChampionShift, TrainingSession

CASES = {
    "access_checks.csv": ("checked_at", AccessCheck, "checked_at"),
    "checklist_events.csv": ("at", ChecklistEvent, "at"),
    "deployment_changes.csv": ("at", DeploymentChange, "at"),
    "sessions.csv": ("starts_at", TrainingSession, "starts_at"),
    "shifts.csv": ("starts_at", ChampionShift, "starts_at"),
    "support_issues.csv": ("raised_at", SupportIssue, "raised_at"),
}


def moments(file: str, tmp_path, written: str, **cells: str) -> set[datetime]:
    """The moments in the database after an import with this time in row 2, at a site in Stockholm."""
    column, model, attr = CASES[file]
    tables = small_tables(file)
    put(tables, "sites.csv", 2, "time_zone", "Europe/Stockholm")
    put(tables, file, 2, column, written)
    for name, value in cells.items():
        put(tables, file, 2, name, value)
    load(tmp_path, tables)
    return set(model.objects.values_list(attr, flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("file", CASES)
def test_local_time_is_read_by_the_sites_clock(file, tmp_path):
    assert datetime(2026, 3, 2, 6, 30, tzinfo=UTC) in moments(file, tmp_path, "2026-03-02T07:30", **_end(file))


@pytest.mark.django_db
@pytest.mark.parametrize("file", CASES)
def test_offset_wins_over_the_sites_clock(file, tmp_path):
    assert datetime(2026, 3, 2, 5, 30, tzinfo=UTC) in moments(file, tmp_path, "2026-03-02T07:30+02:00", **_end(file))


def _end(file: str) -> dict[str, str]:
    """An end that suits the beginning, where a row has one."""
    return {"sessions.csv": {"ends_at": "2026-03-02T12:00"}, "shifts.csv": {"ends_at": "2026-03-02T12:00"}}.get(
        file, {}
    )


@pytest.mark.django_db
def test_log_in_test_without_a_site_is_read_where_the_person_is_posted(tmp_path):
    found = moments("access_checks.csv", tmp_path, "2026-03-02T07:30", site="", ward="")

    assert datetime(2026, 3, 2, 6, 30, tzinfo=UTC) in found


@pytest.mark.django_db
def test_log_in_test_of_somebody_posted_nowhere_is_read_in_london(tmp_path):
    tables = small_tables("access_checks.csv")
    del tables["postings.csv"][1:]
    put(tables, "sites.csv", 2, "time_zone", "Europe/Stockholm")
    put(tables, "access_checks.csv", 2, "site", "")
    put(tables, "access_checks.csv", 2, "ward", "")
    put(tables, "access_checks.csv", 2, "checked_at", "2026-03-02T07:30")

    load(tmp_path, tables)

    assert AccessCheck.objects.filter(checked_at=datetime(2026, 3, 2, 7, 30, tzinfo=UTC)).count() == 1


@pytest.mark.django_db
def test_midnight_may_be_written_as_the_end_of_the_day(tmp_path):
    found = moments("support_issues.csv", tmp_path, "2026-03-02T24:00", resolved_at="")

    assert found == {datetime(2026, 3, 2, 23, 0, tzinfo=UTC)}


@pytest.mark.django_db
def test_time_that_the_sites_own_clock_skips_is_refused(tmp_path):
    with pytest.raises(PackRefused) as refused:
        moments("support_issues.csv", tmp_path, "2026-03-29T02:15", resolved_at="")

    assert refused.value.lines() == [
        (
            "support_issues.csv row 2, raised_at '2026-03-29T02:15': the clocks of Europe/Stockholm skip this time:"
            " write 2026-03-29T01:15:00+01:00 or 2026-03-29T03:15:00+02:00"
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Europe/Dublin", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe"])
def test_every_quarter_hour_around_a_clock_change_is_read_or_refused(zone, tmp_path):
    """The database and Python's own clocks agree on which local times are skipped or repeated."""
    day = {"America/New_York": 8, "Australia/Lord_Howe": 5}.get(zone, 29)
    month = {"Australia/Lord_Howe": 4}.get(zone, 3)
    place = ZoneInfo(zone)
    midnight = datetime(2026, month, day, tzinfo=UTC)
    written = [(midnight + timedelta(minutes=15 * quarter)).replace(tzinfo=None) for quarter in range(16)]
    wrong = [
        number
        for number, moment in enumerate(written, 2)
        if len({(moment.replace(tzinfo=place, fold=f)).astimezone(UTC) for f in (0, 1)}) == 2
    ]
    tables = small_tables("support_issues.csv")
    put(tables, "sites.csv", 2, "time_zone", zone)
    row = tables["support_issues.csv"][1]
    tables["support_issues.csv"][1:] = [
        [f"6f1f3f0e-5a49-4d43-8a3f-{number:012d}", *row[1:3], moment.isoformat(), *row[4:8], "", row[9]]
        for number, moment in enumerate(written, 2)
    ]

    with pytest.raises(PackRefused) as refused:
        load(tmp_path, tables)

    assert [problem.row for problem in refused.value.problems] == wrong


def test_both_readings_of_a_repeated_time_are_named():
    assert readings("2026-10-25 01:30:00", "Europe/London") == (
        "the clocks of Europe/London show this twice: write 2026-10-25T01:30:00+01:00 (first)"
        " or 2026-10-25T01:30:00+00:00 (second)"
    )
