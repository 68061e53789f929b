"""Staff put right by hand: how a person is described, from when to when they work somewhere or are away."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from rollout.audit import acting, note_names
from rollout.models import Record, User
from rollout.services.edits import held, save_edit
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import AbsenceKind
from training.models import Absence, Posting, StaffMember

DESCRIBED = ("name", "email", "group_id", "line_manager")
NAMING = ("name", "email")
LASTING = ("from_on", "to_on")
AWAY = (*LASTING, "kind")


class DayTaken(Refused):
    """A record of the same person begins on that day, or once did, or lasts over it; to be said at the day."""

    field = "from_on"


def describe_staff(*, staff_id: int, mark: str, by: User, **values: Any) -> StaffMember:
    """Change how a member of staff is described, by the columns DESCRIBED. Raises RecordChanged.

    The trail says that a name or an address changed, and keeps neither.
    """
    people = StaffMember.objects.filter(retired_at=None, names_removed_at=None)
    with held(people, staff_id, by, "member of staff described") as person:
        before = {name: getattr(person, name) for name in NAMING}
        save_edit(person, mark=mark, names=DESCRIBED, values=values)
        if changed := [name for name in NAMING if getattr(person, name) != before[name]]:
            note_names(person, changed)
        return person


def change_posting(*, posting_id: int, mark: str, from_on: date, to_on: date | None, by: User) -> Posting:
    """Change from when to when somebody works on a ward. Raises RecordChanged and DayTaken."""
    with held(Posting.objects.filter(retired_at=None), posting_id, by, "posting changed") as posting:
        _save(posting, mark, LASTING, {"from_on": from_on, "to_on": to_on})
        return posting


def add_absence(*, staff_id: int, from_on: date, to_on: date | None, kind: AbsenceKind, by: User) -> Absence:
    """Record a long absence. Raises DayTaken, also where the person is away in these days as it is."""
    with acting(by, "absence recorded"):
        StaffMember.objects.filter(retired_at=None).select_for_update(no_key=True).get(pk=staff_id)
        _refuse_overlap(staff_id, from_on, to_on)
        try:
            with transaction.atomic():
                return Absence.objects.create(staff_id=staff_id, from_on=from_on, to_on=to_on, kind=kind)
        except IntegrityError as error:
            raise _day_taken(error) from None


def change_absence(
    *, absence_id: int, mark: str, from_on: date, to_on: date | None, kind: AbsenceKind, by: User
) -> Absence:
    """Change a long absence. Raises RecordChanged, and DayTaken, also where another one lies in these days."""
    with held(Absence.objects.filter(retired_at=None), absence_id, by, "absence changed") as absence:
        _refuse_overlap(absence.staff_id, from_on, to_on, but=absence_id)
        _save(absence, mark, AWAY, {"from_on": from_on, "to_on": to_on, "kind": kind})
        return absence


def _refuse_overlap(staff_id: int, from_on: date, to_on: date | None, *, but: int | None = None) -> None:
    known = Absence.objects.filter(Q(to_on=None) | Q(to_on__gte=from_on), staff=staff_id, retired_at=None)
    if but is not None:
        known = known.exclude(pk=but)
    if to_on is not None:
        known = known.filter(from_on__lte=to_on)
    # One that begins on the same day is the key's to refuse.
    first = known.exclude(from_on=from_on).order_by("from_on").first()
    if first is not None:
        words = gettext("They are away in these days already, from %(day)s on. Change that absence instead.")
        raise DayTaken(words % {"day": day_words(first.from_on)})


def _save(row: Record, mark: str, names: tuple[str, ...], values: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            save_edit(row, mark=mark, names=names, values=values)
    except IntegrityError as error:
        raise _day_taken(error) from None


def _day_taken(error: IntegrityError) -> Exception:
    """The refusal in words where the key was taken; any other failure as it is."""
    if "_key" not in str(error):
        return error
    return DayTaken(gettext("There is a record from that day already, perhaps one that was taken out. Enter another."))
