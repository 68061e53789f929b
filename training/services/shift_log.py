"""Shifts as they were: another one that was worked, and what became of one that the rota planned."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Deployment, Ward
from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.templatetags.formats import day as day_words
from training.choices import CANCELLABLE_SHIFT_STATES, EntryAnswer, EntryKind, ShiftState
from training.hours import DAY, Span
from training.models import Champion, ChampionShift, LogEntry
from training.permissions import keep_rota_of
from training.services.log_places import check_day, check_open
from training.services.log_reads import Reads
from training.services.rota import clash_of, clash_words, hold_staff, said_kindly
from training.services.typed_times import WrongTimes, typed_moments

MOST_HELPED = 999
LONGEST_SHIFT = timedelta(hours=24)
TABLE = ChampionShift._meta.db_table
# The entries that say what became of a planned shift, and the state it then has.
MARKS = {
    EntryKind.CONFIRMED: ShiftState.CONFIRMED,
    EntryKind.WORKED: ShiftState.WORKED,
    EntryKind.MISSED: ShiftState.MISSED,
}


class WrongChampion(Refused):
    """The person cannot be logged as the champion; said there."""

    field = "champion"


class BusyChampion(WrongChampion):
    """The champion was elsewhere at that time."""


@dataclass(frozen=True)
class Made:
    """The record that an entry made or changed: its table, its id, and the state of a shift before it was marked."""

    record: str
    record_id: int
    before: str = ""


def typed_span(on: date, starts: time, ends: time, *, next_day: bool, zone: ZoneInfo) -> Span:
    """A shift by typed times of a day at a site. Raises WrongTimes for times that cannot be, or that are not plain."""
    last = on + DAY if next_day else on
    span = typed_moments(on, starts, last, ends, zone)
    if not span.length:
        raise WrongTimes(gettext("The shift ends when it starts. Enter the time it ended"))
    if span.length < timedelta():
        raise WrongTimes(gettext("The shift ends before it starts. Say so if it ended the next day"))
    if span.length > LONGEST_SHIFT:
        raise WrongTimes(gettext("A shift lasts at most 24 hours. Enter two shifts"))
    return span


def log_shift(
    *,
    client_id: UUID,
    deployment: Deployment,
    ward: Ward,
    staff_id: int,
    span: Span,
    helped: int | None,
    notes: str,
    reads: Reads,
) -> Made:
    """Log a shift that was worked. One that the rota plans for the same person, place and time is marked instead.

    Raises Clash for a person who was elsewhere, WrongChampion, NotThatDay, NoSuchPlace and WrongTimes.
    """
    by, zone = reads.user, ZoneInfo(deployment.site.time_zone)
    day = span.starts_at.astimezone(zone).date()
    check_open(by, deployment)
    check_day(by, deployment, day)
    _check_begun(span, zone)
    with acting(by, "shift logged"):
        hold_staff([staff_id])
        _check_champion(deployment, ward, staff_id, day, reads)
        if other := clash_of(staff_id, span):
            if _is_planned_as(other, deployment, ward, span):
                before = other.state
                _write(other, ShiftState.WORKED, helped=helped, notes=notes, ended_on=None)
                return Made(TABLE, other.pk, before)
            raise BusyChampion(clash_words(other, by))
        with said_kindly(staff_id, span, by):
            made = ChampionShift.objects.create(
                client_id=client_id,
                programme_id=deployment.programme_id,
                staff_id=staff_id,
                ward=ward,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                state=ShiftState.WORKED,
                planned_on=day,
                staff_helped=helped,
                notes=notes,
            )
        return Made(TABLE, made.pk)


def _check_begun(span: Span, zone: ZoneInfo) -> None:
    if span.starts_at > timezone.now():
        starts = {"time": clock(span.starts_at.astimezone(zone))}
        raise Refused(gettext("This shift begins at %(time)s. Log it once it has begun.") % starts)


def _check_champion(deployment: Deployment, ward: Ward, staff_id: int, day: date, reads: Reads) -> None:
    """Raise WrongChampion for somebody whom the person may not log, or who was no champion that day."""
    own = not keep_rota_of(reads.user, deployment, ward.pk)
    known = reads.champion_ids(deployment.programme_id, staff_id, own=own)
    if not known:
        raise WrongChampion(gettext("You cannot log shifts of this person."))
    if not Champion.objects.active_on(day).filter(pk__in=known).exists():
        raise WrongChampion(gettext("Not a champion of the programme on %(day)s.") % {"day": day_words(day)})


def _is_planned_as(shift: ChampionShift, deployment: Deployment, ward: Ward, span: Span) -> bool:
    """Whether the rota has this very shift, and nobody has said yet what became of it."""
    there = (shift.programme_id, shift.ward_id, shift.starts_at, shift.ends_at)
    same = there == (deployment.programme_id, ward.pk, span.starts_at, span.ends_at)
    return same and shift.state in CANCELLABLE_SHIFT_STATES


def mark_shift(*, shift_id: int, kind: EntryKind, helped: int | None = None, reads: Reads) -> Made:
    """Say that a planned shift is confirmed, was worked or was missed. What is so already stays so.

    Raises Refused for a shift that somebody else marked otherwise meanwhile, one that was cancelled, one too long ago
    or still to come, and one the person may not log.
    """
    state = MARKS[kind]
    by = reads.user
    with acting(by, f"shift {state.label.lower()}"):
        shift, deployment = _held(shift_id, reads)
        before = shift.state
        if before == state:
            return Made(TABLE, shift.pk)
        if before not in CANCELLABLE_SHIFT_STATES or state == before:
            words = {"state": shift.get_state_display().lower()}
            raise Refused(gettext("This shift is marked as %(state)s by now. Look again before you change it.") % words)
        zone = ZoneInfo(deployment.site.time_zone)
        day = shift.starts_at.astimezone(zone).date()
        if state != ShiftState.CONFIRMED:
            check_day(by, deployment, day)
        if state == ShiftState.WORKED:
            _check_begun(Span(shift.starts_at, shift.ends_at), zone)
        _write(shift, state, helped=helped, notes=shift.notes, ended_on=day if state == ShiftState.MISSED else None)
        return Made(TABLE, shift.pk, before)


def put_back(*, shift_id: int, reads: Reads) -> Made:
    """Undo the last mark of a shift: it is as it was before. Raises Clash where the person has another one by now."""
    by = reads.user
    with acting(by, "shift put back"):
        shift, deployment = _held(shift_id, reads)
        zone = ZoneInfo(deployment.site.time_zone)
        check_day(by, deployment, min(shift.starts_at, timezone.now()).astimezone(zone).date())
        before = _state_before(shift)
        if before is None:
            words = {"state": shift.get_state_display().lower()}
            raise Refused(gettext("There is nothing to undo here: this shift is %(state)s.") % words)
        with said_kindly(shift.staff_id, Span(shift.starts_at, shift.ends_at), by):
            _write(shift, before, helped=None, notes=shift.notes, ended_on=None)
        return Made(TABLE, shift.pk)


def _state_before(shift: ChampionShift) -> ShiftState | None:
    """The state before the last mark, as long as the shift still stands as that left it."""
    marks = LogEntry.objects.filter(record=TABLE, record_id=shift.pk, answer=EntryAnswer.ACCEPTED).exclude(before="")
    last = marks.order_by("-pk").values_list("kind", "before").first()
    if last is None or shift.state != MARKS.get(EntryKind(last[0]), ShiftState.WORKED):
        return None
    return ShiftState(last[1])


def _held(shift_id: int, reads: Reads) -> tuple[ChampionShift, Deployment]:
    """A shift that the person may log, held after its champion as planners do, and its deployment. Raises Refused."""
    shifts = ChampionShift.objects.filter(pk=shift_id, retired_at=None).select_related("ward__site", "staff")
    unknown = Refused(gettext("You cannot log this shift."))
    seen = shifts.visible_to(reads.user).first()
    if seen is None:
        raise unknown
    deployment = reads.deployment(seen.ward, programme_id=seen.programme_id)
    if seen.staff.user_id != reads.user.pk and not keep_rota_of(reads.user, deployment, seen.ward_id):
        raise unknown
    check_open(reads.user, deployment)
    hold_staff([seen.staff_id])
    shift = shifts.select_for_update(of=("self",), no_key=True).first()
    if shift is None:
        raise unknown
    return shift, deployment


def _write(shift: ChampionShift, state: ShiftState, *, helped: int | None, notes: str, ended_on: date | None) -> None:
    shift.state, shift.staff_helped, shift.ended_on = state, helped, ended_on
    shift.notes = notes or shift.notes
    shift.save(update_fields=["state", "staff_helped", "ended_on", "notes"])
