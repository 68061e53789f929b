"""The rota: shifts planned, confirmed, moved, cancelled. One person is never in two places at once.

Whoever plans, moves or logs holds the member of staff first and a shift second, so that two who write about one person
wait for each other, never in a circle, and the second is told in words; the database's own constraint has the last
word on what comes in by any other way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User, Ward
from rollout.services.edits import RecordChanged, held, mark_of
from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.templatetags.formats import day as day_words
from training.choices import CANCELLABLE_SHIFT_STATES, ShiftState
from training.hours import Span
from training.models import Absence, Champion, ChampionShift, ShiftPattern, StaffMember

SHIFT = ("ward_id", "starts_at", "ends_at", "state")
OVERLAP = "training_championshift_overlap"


class Clash(Refused):
    """The person has another shift at that time; said at the champion."""

    field = "staff"


class NotAChampion(Refused):
    """The person is no champion of the programme on that day, or away; said at the champion."""

    field = "staff"


class TooLate(Refused):
    """What was planned cannot be changed any more."""


def plan_shift(
    *, programme_id: int, ward_id: int, staff_id: int, span: Span, by: User, client_id: UUID | None = None
) -> ChampionShift:
    """Plan a shift of a champion on a ward. Raises Clash, NotAChampion, and TooLate for one that has ended."""
    with acting(by, "shift planned"):
        ward = Ward.objects.select_related("site").get(pk=ward_id)
        return _plan(programme_id=programme_id, ward=ward, staff_id=staff_id, span=span, by=by, client_id=client_id)


def _plan(
    *, programme_id: int, ward: Ward, staff_id: int, span: Span, by: User, client_id: UUID | None = None
) -> ChampionShift:
    zone = ZoneInfo(ward.site.time_zone)
    hold_staff([staff_id])
    _check_can_be(programme_id, ward, staff_id, span, by)
    with said_kindly(staff_id, span, by):
        return ChampionShift.objects.create(
            client_id=client_id or uuid4(),
            programme_id=programme_id,
            staff_id=staff_id,
            ward=ward,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            planned_on=timezone.localdate(timezone=zone),
        )


def _check_can_be(programme_id: int, ward: Ward, staff_id: int, span: Span, by: User) -> None:
    """Raise TooLate, NotAChampion or Clash where somebody, who is held, cannot have a shift."""
    if span.ends_at <= timezone.now():
        raise TooLate(gettext("That shift is over. Shifts that were worked are logged, not planned."))
    if why := why_not_there(programme_id, staff_id, span, ZoneInfo(ward.site.time_zone)):
        raise NotAChampion(why)
    if other := clash_of(staff_id, span):
        raise Clash(clash_words(other, by))


def hold_staff(ids: Iterable[int]) -> None:
    """Hold members of staff until the transaction ends, in the order of their ids."""
    rows = StaffMember.objects.filter(pk__in=set(ids)).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def why_not_there(programme_id: int, staff_id: int, span: Span, zone: ZoneInfo) -> str:
    """Why a member of staff cannot have a shift on the day it starts; "" for a champion who is there."""
    day = span.starts_at.astimezone(zone).date()
    if not Champion.objects.active_on(day).filter(programme=programme_id, staff=staff_id).exists():
        return gettext("Not a champion of the programme on %(day)s.") % {"day": day_words(day)}
    if Absence.objects.on(day).filter(staff=staff_id).exists():
        return gettext("Away on %(day)s.") % {"day": day_words(day)}
    return ""


def clash_of(staff_id: int, span: Span, *, but: int | None = None) -> ChampionShift | None:
    """The first live shift of the person that overlaps, in whichever programme; back to back does not."""
    shifts = ChampionShift.objects.live().between(span.starts_at, span.ends_at).filter(staff=staff_id).exclude(pk=but)
    return shifts.select_related("ward__site", "programme").order_by("starts_at", "pk").first()


@contextmanager
def said_kindly(staff_id: int, span: Span, by: User) -> Iterator[None]:
    """The database's refusal of an overlap as the sentence that people read; every other error stays one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        other = clash_of(staff_id, span) if OVERLAP in str(error) else None
        if other is None:
            raise
        raise Clash(clash_words(other, by)) from error


def clash_words(other: ChampionShift, reader: User) -> str:
    """That somebody is on a shift already: "Already on the late shift in Ward 4 until 9:30pm"."""
    return words_of_clashes([other], reader)[other.pk]


def words_of_clashes(others: Collection[ChampionShift], reader: User) -> dict[int, str]:
    """The same of several shifts with their `ward__site`, by id, in two queries.

    Of a shift that the reader may not know of only until when.
    """
    known = set(ChampionShift.objects.visible_to(reader).filter(pk__in=[row.pk for row in others]).values_list("pk"))
    programmes = {row.programme_id for row in others}
    patterns = ShiftPattern.objects.filter(programme__in=programmes).order_by("-retired_at", "-pk")
    names = {
        (programme, starts, ends): name
        for programme, starts, ends, name in patterns.values_list("programme", "starts", "ends", "name")
    }
    return {row.pk: _clash_words(row, names, known=(row.pk,) in known) for row in others}


def _clash_words(other: ChampionShift, names: Mapping[tuple[int, time, time], str], *, known: bool) -> str:
    zone = ZoneInfo(other.ward.site.time_zone)
    starts, ends = other.starts_at.astimezone(zone), other.ends_at.astimezone(zone)
    words = {"ward": other.ward.name, "until": clock(ends.time())}
    if starts.date() != ends.date():
        words["until"] = gettext("%(time)s on %(day)s") % {"time": clock(ends.time()), "day": day_words(ends.date())}
    if not known:
        return gettext("Already on another shift until %(until)s.") % words
    if name := names.get((other.programme_id, starts.time(), ends.time())):
        words["pattern"] = name
        return gettext("Already on the %(pattern)s shift in %(ward)s until %(until)s.") % words
    words["from"] = clock(starts.time())
    return gettext("Already on a shift in %(ward)s from %(from)s until %(until)s.") % words


def cancel_shift(*, shift_id: int, by: User) -> ChampionShift:
    """Cancel a shift that is still to come; one that is cancelled stays so. Raises TooLate for one that is logged."""
    with held(ChampionShift.objects.select_related("ward__site"), shift_id, by, "shift cancelled") as shift:
        return _cancel(shift)


def _cancel(shift: ChampionShift) -> ChampionShift:
    if shift.state == ShiftState.CANCELLED:
        return shift
    if shift.state not in CANCELLABLE_SHIFT_STATES:
        words = {"state": shift.get_state_display().lower()}
        raise TooLate(gettext("This shift is logged as %(state)s: it cannot be cancelled any more.") % words)
    shift.state = ShiftState.CANCELLED
    shift.ended_on = timezone.localdate(timezone=ZoneInfo(shift.ward.site.time_zone))
    shift.save(update_fields=["state", "ended_on"])
    return shift


def decline_shift(*, shift_id: int, reason: str, by: User) -> ChampionShift:
    """Say that one cannot be there, and why: the shift is cancelled and its notes say so. Twice is once.

    That the shift is the user's own was asked when it was found. Raises TooLate for one that is logged or has begun.
    """
    with held(ChampionShift.objects.select_related("ward__site"), shift_id, by, "shift declined") as shift:
        if shift.state == ShiftState.CANCELLED:
            return shift
        if shift.starts_at <= timezone.now():
            raise TooLate(gettext("This shift has begun. Tell your ward manager."))
        shift.notes = reason
        shift.save(update_fields=["notes"])
        return _cancel(shift)


def take_up_shift(*, shift_id: int, by: User) -> ChampionShift:
    """Plan a cancelled shift again. Cancelled today it is that shift; else a new one, so that any past day stands.

    A shift that is planned stays so. Raises TooLate, NotAChampion and Clash as planning does.
    """
    with transaction.atomic():
        hold_staff(ChampionShift.objects.filter(pk=shift_id).values_list("staff", flat=True))
        with held(ChampionShift.objects.select_related("ward__site"), shift_id, by, "shift taken up again") as shift:
            if shift.state in CANCELLABLE_SHIFT_STATES:
                return shift
            if shift.state != ShiftState.CANCELLED:
                words = {"state": shift.get_state_display().lower()}
                raise TooLate(gettext("This shift is logged as %(state)s: it cannot be planned again.") % words)
            span = Span(shift.starts_at, shift.ends_at)
            if shift.ended_on != timezone.localdate(timezone=ZoneInfo(shift.ward.site.time_zone)):
                return _plan(
                    programme_id=shift.programme_id, ward=shift.ward, staff_id=shift.staff_id, span=span, by=by
                )
            _check_can_be(shift.programme_id, shift.ward, shift.staff_id, span, by)
            shift.state, shift.ended_on, shift.notes = ShiftState.PLANNED, None, ""
            with said_kindly(shift.staff_id, span, by):
                shift.save(update_fields=["state", "ended_on", "notes"])
            return shift


def move_shift(*, shift_id: int, mark: str, ward_id: int, span: Span, by: User) -> ChampionShift:
    """Move a shift to another time or ward: the old one is cancelled, a new one is planned, so any past day stands.

    `mark` was made of SHIFT when the form was opened. Raises RecordChanged, Clash, NotAChampion and TooLate.
    """
    with transaction.atomic():
        # Before the shift, in the order of everybody who writes shifts.
        hold_staff(ChampionShift.objects.filter(pk=shift_id).values_list("staff", flat=True))
        with held(ChampionShift.objects.select_related("ward__site"), shift_id, by, "shift moved") as shift:
            if mark_of(shift, SHIFT) != mark:
                raise RecordChanged(shift)
            if (shift.ward_id, shift.starts_at, shift.ends_at) == (ward_id, span.starts_at, span.ends_at):
                return shift
            if shift.state == ShiftState.CANCELLED:
                raise TooLate(gettext("This shift is cancelled. Plan a new one instead."))
            _cancel(shift)
            ward = Ward.objects.select_related("site").get(pk=ward_id)
            return _plan(programme_id=shift.programme_id, ward=ward, staff_id=shift.staff_id, span=span, by=by)


def confirm_shift(*, shift_id: int, by: User) -> ChampionShift:
    """Say that one will be there. Confirmed stays confirmed. Raises TooLate for a shift that is no longer planned."""
    with held(ChampionShift.objects.filter(retired_at=None), shift_id, by, "shift confirmed") as shift:
        if shift.state == ShiftState.CONFIRMED:
            return shift
        if shift.state != ShiftState.PLANNED:
            words = {"state": shift.get_state_display().lower()}
            raise TooLate(gettext("This shift is %(state)s by now: it cannot be confirmed.") % words)
        shift.state = ShiftState.CONFIRMED
        shift.save(update_fields=["state"])
        return shift
