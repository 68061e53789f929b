"""Who linked a log-in to a member of staff, and when: from the audit trail, which keeps not which log-in it was."""

from dataclasses import dataclass
from datetime import datetime

from rollout.models import AuditEntry
from training.models import StaffMember
from training.services.log_ins import LOGIN


@dataclass(frozen=True)
class Linking:
    """When a log-in was linked, and by whom; `by` is "" where the program did it."""

    by: str
    at: datetime


def linking_of(staff: StaffMember) -> Linking | None:
    """How the link of somebody came about; None where nobody made it by hand. One query."""
    noted = AuditEntry.objects.filter(
        table=StaffMember._meta.db_table, row_id=staff.pk, after__has_key=LOGIN[0]
    ).select_related("user")
    entry = noted.order_by("-pk").first()
    return Linking(str(entry.user or ""), entry.at) if entry else None
