"""The standard checklist template: what a new programme starts from. Its rows are in `standard_template.csv`."""

import csv
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class StandardItem:
    """An item as the programme pack writes it: `due_days` before go-live, `valid_days` of shelf life, both in days."""

    code: str
    domain: str
    text: str
    help: str
    weight: int
    blocking: bool
    due_days: int
    valid_days: int | None
    evidence: bool
    seat: str
    golive: str
    check: str


def standard_items() -> list[StandardItem]:
    """Every item of the standard template, in its order."""
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        return [
            StandardItem(
                code=row["code"],
                domain=row["domain"],
                text=row["text"],
                help=row["help"],
                weight=int(row["weight"]),
                blocking=row["blocking"] == "true",
                due_days=int(row["due_days"]),
                valid_days=int(row["valid_days"]) if row["valid_days"] else None,
                evidence=row["evidence"] == "true",
                seat=row["seat"],
                golive=row["golive"],
                check=row["check"],
            )
            for row in csv.DictReader(lines)
        ]
