"""What stands in a person's own calendar: shifts, training sessions, gates, and what is due. It names nobody."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from readiness.dashboards.gates import gate_days
from readiness.dashboards.work.due import conditions_owned, theirs
from readiness.dashboards.work.duties import of_place, shortened, under_way
from readiness.models import ChecklistItem, Gate
from rollout.calendars import Entry, Status
from rollout.models import GroupAction, Seat, User
from rollout.querysets.rights import rights_of
from training.choices import AttendanceState, ShiftState
from training.models import Attendance, ChampionShift, TrainingSession

# From so long ago, up to so far ahead; and at most so many of a kind, the next first.
BACK, AHEAD = timedelta(days=30), timedelta(days=180)
MOST = 500
STATUS = {
    ShiftState.PLANNED: Status.TENTATIVE,
    ShiftState.CANCELLED: Status.CANCELLED,
    ShiftState.MISSED: Status.CANCELLED,
}


def entries_of(user: User) -> Iterator[Entry]:
    """The person's calendar, as their rights are now. At most twelve queries, however much is in it."""
    today = timezone.localdate()
    yield from _shifts(user)
    yield from _sessions(user)
    yield from _gates(user, today)
    yield from _items(user, today)
    yield from _conditions(user, today)
    yield from _actions(user, today)


def link(name: str, **address: Any) -> str:
    """The whole address of a page."""
    return f"{settings.SITE_URL}{reverse(name, kwargs=address)}"


def _shifts(user: User) -> Iterator[Entry]:
    now = timezone.now()
    rows = ChampionShift.objects.visible_to(user).filter(
        staff__user=user, ends_at__gte=now - BACK, starts_at__lt=now + AHEAD
    )
    rows = rows.select_related("ward__site", "programme").order_by("starts_at", "pk")
    for row in rows[:MOST]:
        yield Entry(
            uid=f"shift-{row.pk}",
            summary=gettext("Champion shift, %(programme)s") % {"programme": row.programme.name},
            starts=row.starts_at,
            ends=row.ends_at,
            location=gettext("%(ward)s, %(site)s") % {"ward": row.ward.name, "site": row.ward.site.name},
            url=link("readiness:own-shifts"),
            status=Status.CANCELLED if row.retired_at else STATUS.get(ShiftState(row.state), Status.CONFIRMED),
            changed_at=row.edited_at,
        )


def _sessions(user: User) -> Iterator[Entry]:
    """Sessions in which the person has a place, and those that they hold."""
    now = timezone.now()
    when = Q(ends_at__gte=now - BACK, starts_at__lt=now + AHEAD)
    places = Attendance.objects.filter(staff__user=user, session__in=TrainingSession.objects.filter(when).values("pk"))
    related = ("session__course", "session__site", "session__programme")
    seen = set()
    for place in places.select_related(*related).order_by("session__starts_at", "pk")[:MOST]:
        session = place.session
        if session is None or session.pk in seen:
            continue
        seen.add(session.pk)
        lost = place.retired_at or place.state == AttendanceState.CANCELLED
        status = Status.TENTATIVE if place.state == AttendanceState.WAITING else Status.CONFIRMED
        changed = max(filter(None, (place.edited_at, session.edited_at)), default=None)
        yield _session(session, Status.CANCELLED if lost else status, changed)
    held = TrainingSession.objects.filter(when, trainer__user=user).exclude(pk__in=seen)
    theirs_too = TrainingSession.objects.visible_to(user).filter(pk=OuterRef("pk"))
    rows = held.select_related("course", "site", "programme").annotate(opens=Exists(theirs_too))
    for session in rows.order_by("starts_at", "pk")[:MOST]:
        address = {"programme": session.programme.code, "session": session.pk}
        # Somebody may be named on a session whose page they may not open.
        url = link("readiness:session-detail", **address) if vars(session)["opens"] else ""
        yield _session(session, Status.CONFIRMED, session.edited_at, url)


def _session(session: TrainingSession, status: Status, changed: Any, url: str = "") -> Entry:
    site = session.site.name if session.site else ""
    return Entry(
        uid=f"session-{session.pk}",
        summary=gettext("Training: %(course)s") % {"course": session.course.name},
        starts=session.starts_at,
        ends=session.ends_at,
        location=", ".join(filter(None, (session.room, site))),
        url=url,
        status=Status.CANCELLED if session.retired_at else status,
        changed_at=changed,
    )


def _gates(user: User, today: date) -> Iterator[Entry]:
    """The days of gates at which a seat of the person's signs, and those of the sites they lead."""
    mine = [Q(site__in=rights_of(user).led)] if rights_of(user).led else []
    held = Q(from_on=None) | Q(from_on__lte=today), Q(to_on=None) | Q(to_on__gte=today)
    seats = list(
        Seat.objects.filter(*held, person__user=user, retired_at=None).values_list("programme", "site", "role")
    )
    gates = Gate.objects.filter(
        retired_at=None, programme__in={seat[0] for seat in seats}, seats__in={seat[2] for seat in seats}
    )
    for gate, programme, role in gates.values_list("pk", "programme", "seats") if seats else ():
        for in_programme, site, of_role in seats:
            if (in_programme, of_role) == (programme, role):
                mine.append(Q(gate=gate, **({"site": site} if site else {})))
    if not mine:
        return
    rows = gate_days(under_way(user)).filter(reduce(or_, mine), gate_on__range=(today - BACK, today + AHEAD))
    columns = ("pk", "gate", "gate_code", "gate_name", "gate_on", "edited_at", *of_place(""))
    for row in rows.order_by("gate_on", "pk", "gate").values(*columns)[:MOST]:
        yield Entry(
            uid=f"gate-{row['gate']}-{row['pk']}",
            summary=gettext("Gate %(gate)s, %(site)s") % {"gate": row["gate_name"], "site": row["site__name"]},
            starts=row["gate_on"],
            url=link(
                "readiness:gate-detail",
                programme=row["programme__code"],
                site=row["site__code"],
                gate=row["gate_code"],
            ),
            changed_at=row["edited_at"],
        )


def _items(user: User, today: date) -> Iterator[Entry]:
    items = ChecklistItem.objects.current().visible_to(user).filter(deployment__in=under_way(user).values("pk"))
    owed = items.with_due().owed(today).filter(theirs(user, today), due__range=(today - BACK, today + AHEAD))
    columns = ("pk", "code", "due", "edited_at", "template_item__text", *of_place())
    for row in owed.order_by("due", "pk").values(*columns)[:MOST]:
        address = _place(row, "deployment")
        yield _due(
            "item",
            row,
            row["template_item__text"],
            row["due"],
            link("readiness:checklist-item", item=row["code"], **address),
        )


def _conditions(user: User, today: date) -> Iterator[Entry]:
    to = "review__deployment"
    rows = conditions_owned(user).filter(due_on__range=(today - BACK, today + AHEAD)).order_by("due_on", "pk")
    for row in rows.values("pk", "text", "due_on", "edited_at", "review__gate__code", *of_place(to))[:MOST]:
        page = link("readiness:gate-detail", gate=row["review__gate__code"], **_place(row, to))
        yield _due("condition", row, row["text"], row["due_on"], page)


def _actions(user: User, today: date) -> Iterator[Entry]:
    to = "group__deployment"
    rows: QuerySet[Any] = GroupAction.objects.filter(
        owner__user=user,
        done_on=None,
        retired_at=None,
        due_on__range=(today - BACK, today + AHEAD),
        group__retired_at=None,
        group__deployment__in=under_way(user).values("pk"),
    )
    for row in rows.order_by("due_on", "pk").values("pk", "text", "due_on", "edited_at", *of_place(to))[:MOST]:
        yield _due("action", row, row["text"], row["due_on"], link("readiness:deployment-team", **_place(row, to)))


def _place(row: Any, to: str) -> dict[str, str]:
    return {"programme": row[f"{to}__programme__code"], "site": row[f"{to}__site__code"]}


def _due(kind: str, row: Any, text: str, on: date, url: str) -> Entry:
    return Entry(
        uid=f"{kind}-{row['pk']}",
        summary=gettext("Due: %(what)s") % {"what": shortened(text)},
        starts=on,
        url=url,
        changed_at=row["edited_at"],
    )
