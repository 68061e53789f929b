"""The pack itself: what was read, laid out in the files and columns of the programme pack, and written."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .benches import champion_rows, lay_benches, pattern_rows, shift_rows
from .people import Completion, Course, Person, Place, read_people, spread
from .places import Site, Trust, read_places
from .plan import (
    WAVE_DAYS,
    Deployment,
    checklist_rows,
    nearest_clock_change,
    plan_deployments,
    template_rows,
    wave_starts,
)
from .rota import read_rotas

PROGRAMME = "REAL"
Row = dict[str, str]

COLUMNS = {
    "organisations.csv": "code name kind region",
    "sites.csv": "code organisation name kind postcode time_zone",
    "wards.csv": "site code name",
    "programme.csv": "code name product portfolio problem mission goal approach state target_date ward_word",
    "waves.csv": "number name starts_on ends_on",
    "deployments.csv": "site wave stage technical_go_live go_live actual_technical_go_live actual_go_live",
    "staff.csv": "organisation number name group line_manager",
    "postings.csv": "organisation number site ward from to",
    "courses.csv": "code name mode groups mandatory valid_days for_champions assessed active",
    "attendance.csv": "course organisation number date session state passed",
    "champions.csv": "organisation number from level volunteered",
    "shift_patterns.csv": "name starts ends minimum",
    "shifts.csv": "client_id organisation number site ward starts_at ends_at state planned_on ended_on notes",
    "template.csv": "code domain text weight blocking due_days valid_days evidence golive",
    "checklist_events.csv": "site item at state assurance reason",
}


@dataclass(frozen=True)
class RealInput:
    """Rows by file, in the order to be written, and how often each fault of the sources was mended or kept."""

    tables: dict[str, list[Row]]
    mended: Counter[str]


def build_real_pack(data: Path, target: Path, day: date) -> Path:
    """Write the pack of the sources under `data` as a folder of CSV files, dates laid around `day`; give the folder.

    The same sources and day give the same bytes. Raises FileNotFoundError where a source is missing and
    FileExistsError where the target holds files already.
    """
    return write_pack(read_real_input(data, day), target)


def read_real_input(data: Path, day: date) -> RealInput:
    """Read and mend the sources under `data`; nothing is written."""
    mended: Counter[str] = Counter()
    trusts, sites = read_places(data / "england-trusts-sites", mended)
    courses, people, completions = read_people(data / "training-trajectories", day, mended)
    rotas = read_rotas(data / "nurse-rota")
    places = spread(people, sites)
    # The fortnight after go-live is what cover is asked for: let its first Sunday be that of the clock change.
    rota_week = nearest_clock_change(day) - timedelta(6)
    benches = lay_benches(rotas, people, places, rota_week, day)
    deployments = plan_deployments(sites, day, {bench.place.site.code: rota_week for bench in benches})
    wards = sorted({(place.site.code, place.ward) for place in places.values()})
    completed = [completion for person in people for completion in completions.get(person.number, ())]
    tables = {
        "organisations.csv": [_organisation_row(trust) for trust in trusts],
        "sites.csv": [_site_row(site) for site in sites],
        "wards.csv": [{"site": site, "code": ward, "name": f"Ward {ward[1:]}"} for site, ward in wards],
        "programme.csv": [_programme_row(day)],
        "waves.csv": _wave_rows(day),
        "deployments.csv": [_deployment_row(deployment, day) for deployment in deployments],
        "staff.csv": [_staff_row(person, places[person.number]) for person in people],
        "postings.csv": [_posting_row(person, places[person.number]) for person in people],
        "courses.csv": [_course_row(course) for course in courses],
        "attendance.csv": [_attendance_row(completion, places[completion.number], day) for completion in completed],
        "champions.csv": [row for bench in benches for row in champion_rows(bench, day)],
        "shift_patterns.csv": pattern_rows(rotas),
        "shifts.csv": [row for bench in benches for row in shift_rows(bench, day, mended)],
        "template.csv": template_rows(),
        "checklist_events.csv": checklist_rows(sorted({site for site, _ in wards}), day),
    }
    return RealInput(tables, mended)


def write_pack(real: RealInput, target: Path) -> Path:
    """Write each table as a file of `target`, a folder that must be new or empty."""
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise FileExistsError(f"{target} holds files already")
    for name, rows in real.tables.items():
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return target


def _organisation_row(trust: Trust) -> Row:
    return {"code": trust.code, "name": trust.name, "kind": "trust", "region": trust.region}


def _site_row(site: Site) -> Row:
    return {
        "code": site.code,
        "organisation": site.trust,
        "name": site.name,
        "kind": site.kind,
        "postcode": site.postcode,
        "time_zone": "Europe/London",
    }


def _programme_row(day: date) -> Row:
    return {
        "code": PROGRAMME,
        "name": "Real places, completions and rotas",
        "product": "Electronic patient record",
        "portfolio": "records",
        "problem": "Notes are on paper, and only one person at a time can read them.",
        "mission": "Every site of the country on one record.",
        "goal": "Live at every site within ten months.",
        "approach": "modular",
        "state": "rolling_out",
        "target_date": (day + timedelta(300)).isoformat(),
        "ward_word": "ward",
    }


def _wave_rows(day: date) -> list[Row]:
    return [
        {
            "number": str(number),
            "name": region,
            "starts_on": start.isoformat(),
            "ends_on": (start + timedelta(WAVE_DAYS - 1)).isoformat(),
        }
        for number, (region, start) in enumerate(wave_starts(day).items(), start=1)
    ]


def _deployment_row(deployment: Deployment, day: date) -> Row:
    dates = {"technical_go_live": deployment.technical_go_live, "go_live": deployment.go_live}
    row = {"site": deployment.site, "wave": str(deployment.wave), "stage": deployment.stage}
    for name, planned in dates.items():
        row[name] = planned.isoformat() if planned else ""
        row[f"actual_{name}"] = planned.isoformat() if planned and planned <= day else ""
    return row


def _staff_key(number: str, place: Place) -> Row:
    return {"organisation": place.site.trust, "number": number}


def _staff_row(person: Person, place: Place) -> Row:
    return _staff_key(person.number, place) | {
        "name": person.number,
        "group": person.group,
        "line_manager": _flag(place.manages),
    }


def _posting_row(person: Person, place: Place) -> Row:
    return _staff_key(person.number, place) | {
        "site": place.site.code,
        "ward": place.ward,
        "from": person.joined.isoformat(),
        "to": person.left.isoformat() if person.left else "",
    }


def _course_row(course: Course) -> Row:
    return {
        "code": course.code,
        "name": f"Part {course.code}",
        "mode": "classroom" if course.tutor_marked else "e-learning",
        "groups": course.group,
        "mandatory": "true",
        "valid_days": "" if course.valid_days is None else str(course.valid_days),
        "for_champions": "false",
        "assessed": _flag(course.tutor_marked),
        "active": "true",
    }


def _attendance_row(completion: Completion, place: Place, day: date) -> Row:
    known = completion.on <= day
    return (
        {"course": completion.course, "date": completion.on.isoformat()}
        | _staff_key(completion.number, place)
        | {
            "state": "attended" if known else "booked",
            "passed": "true" if known else "",
        }
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
