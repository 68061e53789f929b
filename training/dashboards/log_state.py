"""What a phone keeps for a person, so that the log works without signal. Read-only; names of the own wards alone."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst

from rollout.models import Deployment, User, Ward
from rollout.querysets.rights import rights_of
from training.choices import AttendanceState, ShiftState
from training.models import Attendance, Champion, ChampionShift, LogEntry, Posting, ShiftPattern, TrainingSession
from training.services.attendance import zone_of
from training.services.log_places import OVER, deployments_at, near_wards
from training.services.sheet_people import people_of_sheets

# Counted up when a phone that knows an older form could not read the state any more.
VERSION = 1
AHEAD, BEHIND = timedelta(days=7), timedelta(hours=36)
# Days from go-live on which the support number is shown.
FORTNIGHT = 14
MOST_WARDS, MOST_SESSIONS, MOST_RECEIPTS = 100, 20, 100


def owner_id(user: User) -> str:
    """What a phone calls the person by: always the same, and nothing can be worked back from it. 32 hex digits."""
    return salted_hmac("training.log.owner", str(user.pk), algorithm="sha256").hexdigest()[:32]


def log_state(user: User, *, receipts: Collection[UUID], now: datetime) -> dict[str, Any]:
    """The wards, patterns, shifts, names and sheets of a person, and what became of the ids asked about.

    The number of queries does not depend on how much there is.
    """
    wards = list(near_wards(user).select_related("site").order_by("name", "pk")[:MOST_WARDS])
    deployments = [row for row in deployments_at(wards) if row.programme.state not in OVER]
    shifts = shifts_near(user, wards, now - BEHIND, now + AHEAD)
    return {
        "version": VERSION,
        "owner": owner_id(user),
        "server_time": now.isoformat(),
        "wards": [ward_of(ward, now) for ward in wards],
        "programmes": programmes_of(deployments),
        "patterns": patterns_of(deployments),
        "shifts": [shift_of(shift) for shift in shifts],
        "champions": champions_of(user, wards, deployments, shifts),
        "sessions": sessions_of(user, now),
        "receipts": receipts_of(user, receipts),
    }


def ward_of(ward: Ward, now: datetime) -> dict[str, Any]:
    """A ward, and which day it is there."""
    zone = ward.site.time_zone
    return {
        "id": ward.pk,
        "name": ward.name,
        "site": ward.site.name,
        "site_id": ward.site_id,
        "zone": zone,
        "today": now.astimezone(ZoneInfo(zone)).date().isoformat(),
    }


def in_fortnight(deployment: Deployment, now: datetime) -> bool:
    """Whether it is one of the 14 days from go-live at the site."""
    today = now.astimezone(ZoneInfo(deployment.site.time_zone)).date()
    return deployment.go_live is not None and 0 <= (today - deployment.go_live).days < FORTNIGHT


def programmes_of(deployments: Iterable[Deployment]) -> list[dict[str, Any]]:
    """Each programme at each of the sites; the support number in the fortnight from go-live alone."""
    now = timezone.now()
    return [
        {
            "code": row.programme.code,
            "name": row.programme.name,
            "site_id": row.site_id,
            "ward_word": row.programme.ward_word,
            "support_number": row.programme.support_number if in_fortnight(row, now) else "",
        }
        for row in deployments
    ]


def patterns_of(deployments: Iterable[Deployment]) -> list[dict[str, Any]]:
    """The shifts that the programmes know, by the clock of the site."""
    codes = {row.programme_id: row.programme.code for row in deployments}
    rows = ShiftPattern.objects.filter(programme__in=codes, retired_at=None)
    return [
        {
            "id": row.pk,
            "programme": codes[row.programme_id],
            "name": capfirst(row.name),
            "starts": f"{row.starts:%H:%M}",
            "ends": f"{row.ends:%H:%M}",
        }
        for row in rows
    ]


def shifts_near(user: User, wards: Iterable[Ward], first: datetime, last: datetime) -> list[ChampionShift]:
    """Shifts of a time on the wards the person manages or leads, and the person's own anywhere."""
    rights = rights_of(user)
    kept = [ward.pk for ward in wards if ward.pk in rights.wards or ward.site_id in rights.led]
    shifts = ChampionShift.objects.visible_to(user).filter(
        Q(ward__in=kept) | Q(staff__user=user), starts_at__gte=first, starts_at__lt=last, retired_at=None
    )
    shifts = shifts.exclude(state=ShiftState.CANCELLED).select_related("staff", "ward__site", "programme")
    return list(shifts.order_by("starts_at", "pk"))


def shift_of(shift: ChampionShift) -> dict[str, Any]:
    """A shift, by the clock of its site."""
    zone = ZoneInfo(shift.ward.site.time_zone)
    return {
        "id": shift.pk,
        "ward": shift.ward_id,
        "programme": shift.programme.code,
        "champion": shift.staff_id,
        "starts_at": shift.starts_at.astimezone(zone).isoformat(),
        "ends_at": shift.ends_at.astimezone(zone).isoformat(),
        "state": shift.state,
    }


def champions_of(
    user: User, wards: Iterable[Ward], deployments: Iterable[Deployment], shifts: Iterable[ChampionShift]
) -> list[dict[str, Any]]:
    """The champions who work on the wards or have one of the shifts, by name: those the person may know."""
    rights, today = rights_of(user), timezone.localdate()
    kept = {ward.pk for ward in wards if ward.pk in rights.wards or ward.site_id in rights.led}
    codes = {row.programme_id: row.programme.code for row in deployments}
    posted = Posting.objects.on(today).filter(ward__in=kept)
    rows = Champion.objects.active_on(today).visible_to(user).filter(programme__in=codes).select_related("staff")
    rota = {shift.staff_id for shift in shifts}
    rows = rows.filter(Q(staff__in=posted.values("staff")) | Q(staff__in=rota) | Q(staff__user=user))
    return [
        {
            "id": row.staff_id,
            "name": row.staff.name or row.staff.number,
            "programme": codes[row.programme_id],
            "self": row.staff.user_id == user.pk,
        }
        for row in rows.order_by("staff__name", "staff__number", "pk")
    ]


def sessions_on(user: User, now: datetime, days_back: int = 0) -> list[TrainingSession]:
    """The sessions of today, or of a day before, by the clocks of their sites, whose sheet the person keeps."""
    then = now - timedelta(days=days_back)
    rows = TrainingSession.objects.visible_to(user).filter(
        starts_at__gte=then - timedelta(days=1), starts_at__lt=then + timedelta(days=1), retired_at=None
    )
    rows = rows.exclude(programme__state__in=OVER).select_related("course", "site", "programme")
    found = []
    for row in rows.order_by("starts_at", "pk"):
        zone = zone_of(row)
        if row.starts_at.astimezone(zone).date() == now.astimezone(zone).date() - timedelta(days=days_back):
            found.append(row)
    return found


def sessions_of(user: User, now: datetime) -> list[dict[str, Any]]:
    """Today's sheets, at most 20 of them, with the people on each."""
    sessions = sessions_on(user, now)[:MOST_SESSIONS]
    places = Attendance.objects.filter(session__in=sessions, retired_at=None).exclude(state=AttendanceState.CANCELLED)
    people: dict[int, list[dict[str, Any]]] = {}
    for row in (
        places.filter(staff__in=people_of_sheets(user).values("pk"))
        .select_related("staff")
        .order_by("staff__name", "staff__number", "pk")
    ):
        people.setdefault(row.session_id or 0, []).append(
            {"id": row.staff_id, "name": row.staff.name or row.staff.number, "state": row.state, "passed": row.passed}
        )
    return [
        {
            "id": row.pk,
            "course": row.course.name,
            "assessed": row.course.assessed,
            "room": row.room,
            "starts_at": row.starts_at.astimezone(zone_of(row)).isoformat(),
            "ends_at": row.ends_at.astimezone(zone_of(row)).isoformat(),
            "people": people.get(row.pk, []),
        }
        for row in sessions
    ]


def receipts_of(user: User, ids: Collection[UUID]) -> dict[str, dict[str, str]]:
    """What became of the ids that this person sent; an id that is not here was never taken, or lost with a backup."""
    rows = LogEntry.objects.filter(user=user, client_id__in=list(ids)[:MOST_RECEIPTS])
    columns = ("client_id", "answer", "arrived_at")
    return {
        str(client_id): {"answer": answer, "at": at.isoformat()} for client_id, answer, at in rows.values_list(*columns)
    }
