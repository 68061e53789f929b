"""Shift patterns of a programme: which shifts champions work, and how many each needs."""

from datetime import time

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Programme, User
from rollout.services.edits import held, save_edit
from rollout.services.refusals import Refused
from training.models import ShiftPattern

PATTERN = ("name", "starts", "ends", "minimum")


class NameTaken(Refused):
    """The programme has a shift of this name; said at the name."""

    field = "name"


def add_pattern(*, programme_id: int, name: str, starts: time, ends: time, minimum: int, by: User) -> ShiftPattern:
    """Add a shift pattern; one of that name which was taken out comes back. Raises NameTaken."""
    with acting(by, "shift pattern added"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        _check_name(ShiftPattern.objects.filter(programme=programme_id, retired_at=None), name)
        values = {"starts": starts, "ends": ends, "minimum": minimum, "retired_at": None, "retired_by": None}
        pattern, _made = ShiftPattern.objects.update_or_create(programme_id=programme_id, name=name, defaults=values)
        return pattern


def change_pattern(
    *, pattern_id: int, mark: str, name: str, starts: time, ends: time, minimum: int, by: User
) -> ShiftPattern:
    """Change a shift pattern; shifts that are planned stay as they are. Raises RecordChanged and NameTaken."""
    with held(ShiftPattern.objects.filter(retired_at=None), pattern_id, by, "shift pattern changed") as pattern:
        _check_name(ShiftPattern.objects.filter(programme=pattern.programme_id).exclude(pk=pattern.pk), name)
        values = {"name": name, "starts": starts, "ends": ends, "minimum": minimum}
        save_edit(pattern, mark=mark, names=PATTERN, values=values)
        return pattern


def _check_name(others: "QuerySet[ShiftPattern]", name: str) -> None:
    if others.filter(name__iexact=name).exists():
        raise NameTaken(gettext("There is a shift called %(name)s already.") % {"name": name})


def retire_pattern(*, pattern_id: int, by: User) -> ShiftPattern:
    """Take a shift pattern out: no champion is needed for it any more. Shifts that are planned stay."""
    with held(ShiftPattern.objects.all(), pattern_id, by, "shift pattern taken out") as pattern:
        if pattern.retired_at is None:
            pattern.retired_at, pattern.retired_by = timezone.now(), by
            pattern.save(update_fields=["retired_at", "retired_by"])
        return pattern
