"""Editing a record that others edit too: the later of two saves is told, and nothing is overwritten silently."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from rollout.audit import acting
from rollout.models import User

Row = TypeVar("Row", bound=Model)


class RecordChanged(Exception):
    """Somebody else changed the record since the form was opened; `row` is how it stands now."""

    def __init__(self, row: Any) -> None:
        """Keep the record as it stands now."""
        super().__init__(type(row).__name__)
        self.row = row


def mark_of(row: Model, names: Sequence[str]) -> str:
    """A mark of some columns as they stand, for a form to bring back: 16 hexadecimal digits."""
    written = "\x1f".join(str(getattr(row, name)) for name in names)
    return blake2b(written.encode(), digest_size=8).hexdigest()


@contextmanager
def held(rows: "QuerySet[Row]", row_id: int, by: User, reason: str) -> Iterator[Row]:
    """One of the rows, held until the transaction ends; the audit says who and why. Raises DoesNotExist."""
    with acting(by, reason):
        yield rows.select_for_update(of=("self",), no_key=True).get(pk=row_id)


def save_edit(row: Model, *, mark: str, names: Sequence[str], values: Mapping[str, Any]) -> bool:
    """Write what differs of a held row; whether anything did. The same asked for twice is done once.

    `mark` was made of `names` when the form was opened. Raises RecordChanged where they stand otherwise by now.
    """
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    if not differing:
        return False
    if mark_of(row, names) != mark:
        raise RecordChanged(row)
    for name in differing:
        setattr(row, name, values[name])
    row.save(update_fields=differing)
    return True
