"""Taking a record out and putting it back: it is never deleted, and its row says who took it out, when and why."""

from django.utils import timezone

from rollout.models import User
from rollout.models.base import Record

COLUMNS = ("retired_at", "retired_by", "retired_reason")


def take_out(row: Record, *, by: User, reason: str) -> bool:
    """Retire a held row; whether it stood so far. What is out already keeps who took it out, when and why."""
    if row.retired_at is not None:
        return False
    row.retired_at, row.retired_by, row.retired_reason = timezone.now(), by, reason
    row.save(update_fields=COLUMNS)
    return True


def put_back(row: Record) -> bool:
    """Let a held row stand again; whether it was out. Who had taken it out stays in the audit trail."""
    if row.retired_at is None:
        return False
    row.retired_at, row.retired_by, row.retired_reason = None, None, ""
    row.save(update_fields=COLUMNS)
    return True
