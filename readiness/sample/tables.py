"""The files of a programme pack as plain rows in memory, and how they are written. No database, no clock."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

_COLUMNS = {
    "organisations": "code name kind region",
    "sites": "code organisation name kind postcode time_zone",
    "wards": "site code name specialty",
    "programme": "code name product portfolio problem processes mission goal approach resource_need state target_date"
    " ward_word support_number not_applicable",
    "waves": "number name starts_on ends_on",
    "deployments": "site wave wards modules stage interest_on technical_go_live go_live actual_technical_go_live"
    " actual_go_live dual_running_until declared_status declared_on declared_by declared_words",
    "deployment_changes": "site at what before after reason by",
    "seats": "seat site person discipline from to",
    "staff": "organisation number name email group line_manager",
    "absences": "organisation number from to kind",
    "postings": "organisation number site ward from to",
    "courses": "code name mode groups mandatory valid_days for_champions assessed active",
    "sessions": "code course site room starts_at ends_at capacity trainer",
    "attendance": "course organisation number date session state passed",
    "champions": "organisation number from to level volunteered protected_hours nominated_by",
    "shift_patterns": "name starts ends minimum",
    "shifts": "client_id organisation number site ward starts_at ends_at state planned_on ended_on staff_helped notes",
    "access_checks": "organisation number checked_at site ward device passed reason",
    "template": "code domain text help weight blocking due_days valid_days evidence seat golive check",
    "checklist_events": "site item at state assurance due owner evidence reason",
    "waivers": "code site item reason asked_by asked_on state decided_by decided_on revoked_on from until",
    "hazards": "code site text likelihood severity mitigation raised_on closed_on accepted_on accepted_by",
    "gates": "code name kind due_days minimum_score seats",
    "gate_reviews": "gate site held_on outcome words",
    "conditions": "gate site held_on code text owner due_on done_on",
    "sign_offs": "gate site held_on seat person answer words signed_on",
    "pilots": "code site wards question starts_on ends_on outcome decided_on reason scale_plan scale_owner resources"
    " secured_on staff_experience staff_answers patient_experience patient_answers",
    "pilot_measures": "pilot measure baseline target result",
    "requirements": "code pilot text priority",
    "lessons": "code site pilot text tags item",
    "measures": "code name unit portfolio direction baseline target target_date headline dip_depth dip_weeks",
    "site_targets": "measure site target agreed_on",
    "observations": "measure site ward period_start period numerator denominator value",
    "engagement": "code kind date sites groups people words",
    "communications": "code audience channel text owner planned_on sent_on",
    "stories": "code site from words consent_on",
    "pulse": "code site ward group date confidence job_worry words",
    "partners": "code name kind",
    "commitments": "code partner site text due_on delivered_on",
    "agreements": "code site kind text",
    "signatures": "agreement organisation signed_on",
    "funding": "code text from to amount secured_on",
    "other_changes": "code site text from to load",
    "support_issues": "client_id site ward raised_at category tier severity stops_work resolved_at words",
    "decisions": "code site kind text reason from by",
}
# The columns of each file of the pack, in the order in which they are written.
COLUMNS = {table: tuple(names.split()) for table, names in _COLUMNS.items()}

Value = str | int | float | bool | date | datetime | Iterable[str] | None


def cell(value: Value) -> str:
    """The value as a programme pack writes it: `true`/`false`, ISO dates, moments with offset, lists joined by ';'."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError(f"{value} has no offset")
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int | str):
        return str(value)
    return ";".join(value)


class Pack:
    """One programme's records, file by file, in the order in which they are added."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[str, ...]]] = {table: [] for table in COLUMNS}

    def add(self, table: str, **values: Value) -> None:
        """Add a row. Columns that end in '_' stand for the word without it (`from_`). Raises on an unknown column."""
        named = {name.rstrip("_"): value for name, value in values.items()}
        columns = COLUMNS[table]
        if unknown := named.keys() - set(columns):
            raise ValueError(f"{table}: unknown columns {sorted(unknown)}")
        self.rows[table].append(tuple(cell(named.get(column)) for column in columns))

    def write(self, folder: Path) -> Path:
        """Write every file of the pack into `folder`, which is made if need be, and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in self.rows.items():
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(COLUMNS[table])
            writer.writerows(rows)
            (folder / f"{table}.csv").write_bytes(text.getvalue().encode())
        return folder
