"""What is held about one person: as a member of staff, and as somebody who logs in. Nobody else's name stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, ForeignKey, Model, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.models import ShiftReminder
from rollout.downloads import Column, Table
from rollout.models import Deployment, Membership, NotificationChoice, Person, Seat, SignIn, User
from rollout.permissions import rights_of
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import day
from training.models import (
    Absence,
    AccessCheck,
    Attendance,
    Champion,
    ChampionShift,
    PlaceMessage,
    Posting,
    StaffMember,
)

SIGN_INS_SHOWN = 50
# Ours for the person, and so listed in tables of their own.
LISTED = (Membership, Seat, SignIn, NotificationChoice, StaffMember)
WHAT = (Column("what", _("What")), Column("value", _("Value")))
_DAYS = (Column("from", _("From"), "day"), Column("to", _("To"), "day"))
_TAKEN_OUT = Column("taken_out", _("Taken out"), "moment")


@dataclass(frozen=True)
class About:
    """Tables of everything held, those without a row left out."""

    tables: list[Table]


def held_about_user(user: User) -> About:
    """All that is held about somebody who logs in, and about the member of staff they are. For their eyes alone."""
    staff = StaffMember.objects.filter(user=user).select_related("organisation", "group").first()
    tables = [_account(user), _roles(user), _seats(user), _sign_ins(user), _choices(user), _written(user)]
    return About(_with_rows([*tables, *(_of_staff(staff, _everything) if staff else ())]))


def held_about_staff(staff: StaffMember, reader: Somebody) -> About:
    """What is held about a member of staff in the places and programmes that the reader may know of."""
    reached = set(Deployment.objects.visible_to(reader).values_list("programme", "site"))
    programmes, sites = {programme for programme, _site in reached}, {site for _programme, site in reached}
    everywhere = rights_of(reader).administrator

    def within(rows: QuerySet) -> QuerySet:
        if everywhere:
            return rows
        condition: dict[str, Any] = {
            Posting: {"ward__site__in": sites},
            Attendance: {"course__programme__in": programmes},
            Absence: {},
            PlaceMessage: {"attendance__course__programme__in": programmes},
            ShiftReminder: {"shift__programme__in": programmes},
        }.get(rows.model, {"programme__in": programmes})
        return rows.filter(**condition)

    return About(_with_rows(list(_of_staff(staff, within))))


def _everything(rows: QuerySet) -> QuerySet:
    return rows


def _with_rows(tables: list[Table]) -> list[Table]:
    found = [Table(each.name, each.title, each.columns, list(each.rows)) for each in tables]
    return [each for each in found if each.rows]


def _account(user: User) -> Table:
    rows = [
        (gettext("Name"), user.name),
        (gettext("Email address"), user.email),
        (gettext("May log in"), gettext("yes") if user.is_active else gettext("no")),
        (gettext("Since"), day(timezone.localdate(user.date_joined))),
        (gettext("Last log-in"), day(timezone.localdate(user.last_login)) if user.last_login else gettext("never")),
    ]
    return Table("account", _("Your account"), WHAT, rows)


def _roles(user: User) -> Table:
    columns = (
        Column("role", _("Role")),
        Column("where", _("Where")),
        Column("from", _("From"), "moment"),
        Column("until", _("Ended"), "moment"),
    )
    held = Membership.objects.filter(user=user).select_related("organisation", "programme", "site", "ward", "seat_role")
    rows = (
        (
            each.get_role_display(),
            ", ".join(
                str(place)
                for place in (each.seat_role, each.ward, each.site, each.programme, each.organisation)
                if place
            ),
            each.started_at,
            each.ended_at,
        )
        for each in held.order_by("pk")
    )
    return Table("roles", _("Roles"), columns, rows)


def _seats(user: User) -> Table:
    columns = (
        Column("seat", _("Seat")),
        Column("programme", _("Programme")),
        Column("site", _("Site")),
        *_DAYS,
        _TAKEN_OUT,
    )
    held = Seat.objects.filter(person__user=user).select_related("role", "programme", "site")
    rows = (
        (
            str(each.role),
            each.programme.name,
            each.site.name if each.site else "",
            each.from_on,
            each.to_on,
            each.retired_at,
        )
        for each in held.order_by("pk")
    )
    return Table("seats", _("Seats"), columns, rows)


def _sign_ins(user: User) -> Table:
    columns = (
        Column("started_at", _("Logged in"), "moment"),
        Column("ended_at", _("Ended"), "moment"),
        Column("shared", _("Shared device"), "yes_no"),
    )
    rows = SignIn.objects.filter(user=user).order_by("-started_at", "-pk")[:SIGN_INS_SHOWN]
    title = _("Log-ins, the last 50")
    return Table("log-ins", title, columns, rows.values_list("started_at", "ended_at", "shared_device"))


def _choices(user: User) -> Table:
    columns = (
        Column("kind", _("Kind of message")),
        Column("channel", _("Channel")),
        Column("w", _("Wanted"), "yes_no"),
    )
    rows = NotificationChoice.objects.filter(user=user).order_by("kind", "channel")
    return Table("messages", _("Messages you chose"), columns, rows.values_list("kind", "channel", "wanted"))


def _written(user: User) -> Table:
    """How many records of each kind name the person, whichever column does. One query."""
    columns = (Column("record", _("Record")), Column("as", _("Named as")), Column("count", _("How many"), "whole"))
    people = list(Person.objects.filter(user=user).values_list("pk", flat=True))
    found: list[QuerySet] = []
    words: dict[str, tuple[str, str]] = {}
    for model, field in _naming():
        named = {f"{field.name}__in": people if field.related_model is Person else [user.pk]}
        key = f"{model._meta.db_table}.{field.name}"
        words[key] = (str(model._meta.verbose_name), str(field.verbose_name))
        rows = model._base_manager.filter(**named).order_by().values(named_by=Value(key))
        found.append(rows.annotate(times=Count("pk")).values_list("named_by", "times"))
    counted = found[0].union(*found[1:], all=True)
    told = sorted((*words[key], number) for key, number in counted if number)
    return Table("named", _("Records that name you, counted"), columns, told)


def _naming() -> Iterator[tuple[type[Model], Any]]:
    """Every column of ours that names a person."""
    for model in apps.get_models():
        if model._meta.app_label not in ("rollout", "training", "readiness") or model in LISTED:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model in (Person, User):
                yield model, field


def _of_staff(staff: StaffMember, within: Any) -> Iterator[Table]:
    """The tables about a member of staff; `within` narrows the rows to those the reader may know of. Eight queries."""
    yield Table("staff", _("Member of staff"), WHAT, _described(staff))
    columns = (Column("ward", _("Ward")), Column("site", _("Site")), *_DAYS, _TAKEN_OUT)
    rows = within(Posting.objects.filter(staff=staff)).order_by("from_on", "pk")
    named = ("ward__name", "ward__site__name", "from_on", "to_on", "retired_at")
    yield Table("postings", _("Wards and days of work"), columns, rows.values_list(*named))
    kinds = dict(Absence._meta.get_field("kind").flatchoices)
    away = within(Absence.objects.filter(staff=staff)).order_by("from_on", "pk")
    rows = (
        (*dates, kinds[kind], gone) for *dates, kind, gone in away.values_list("from_on", "to_on", "kind", "retired_at")
    )
    yield Table("absences", _("Long absences"), (*_DAYS, Column("kind", _("Kind")), _TAKEN_OUT), rows)
    yield _courses(within(Attendance.objects.filter(staff=staff)))
    yield _tests(within(AccessCheck.objects.filter(staff=staff)))
    yield _championships(within(Champion.objects.filter(staff=staff)))
    yield _shifts(within(ChampionShift.objects.filter(staff=staff)))
    yield _mails(staff, within)


def _described(staff: StaffMember) -> list[tuple[str, str]]:
    yes, no = gettext("yes"), gettext("no")
    return [
        (gettext("Employee number"), staff.number),
        (gettext("Organisation"), str(staff.organisation)),
        (gettext("Name"), staff.name),
        (gettext("Email address"), staff.email),
        (gettext("Staff group"), str(staff.group) if staff.group else ""),
        (gettext("Line manager"), yes if staff.line_manager else no),
        (gettext("Linked to a log-in"), yes if staff.user_id else no),
        (gettext("Name removed"), day(timezone.localdate(staff.names_removed_at)) if staff.names_removed_at else no),
    ]


def _courses(rows: QuerySet) -> Table:
    columns = (
        Column("programme", _("Programme")),
        Column("course", _("Course")),
        Column("date", _("Date"), "day"),
        Column("state", _("State")),
        Column("passed", _("Passed"), "yes_no"),
        _TAKEN_OUT,
    )
    cells = (
        (each.course.programme.name, each.course.name, each.on, each.get_state_display(), each.passed, each.retired_at)
        for each in rows.select_related("course__programme").order_by("on", "pk")
    )
    return Table("courses", _("Courses and attendance"), columns, cells)


def _tests(rows: QuerySet) -> Table:
    columns = (
        Column("programme", _("Programme")),
        Column("at", _("When"), "moment"),
        Column("ward", _("Where")),
        Column("device", _("Device")),
        Column("passed", _("Passed"), "yes_no"),
        Column("why", _("Why not")),
        _TAKEN_OUT,
    )
    cells = (
        (
            each.programme.name,
            each.checked_at,
            each.ward.name if each.ward else "",
            each.device,
            each.passed,
            each.get_reason_display() if each.reason else "",
            each.retired_at,
        )
        for each in rows.select_related("programme", "ward").order_by("checked_at", "pk")
    )
    return Table("log-in-tests", _("Log-in tests"), columns, cells)


def _championships(rows: QuerySet) -> Table:
    columns = (
        Column("programme", _("Programme")),
        Column("level", _("Level")),
        Column("hours", _("Protected hours a week"), "number"),
        *_DAYS,
        _TAKEN_OUT,
    )
    cells = (
        (each.programme.name, each.get_level_display(), each.protected_hours, each.from_on, each.to_on, each.retired_at)
        for each in rows.select_related("programme").order_by("from_on", "pk")
    )
    return Table("champion", _("Champion"), columns, cells)


def _shifts(rows: QuerySet) -> Table:
    columns = (
        Column("programme", _("Programme")),
        Column("ward", _("Ward")),
        Column("from", _("From"), "moment"),
        Column("to", _("To"), "moment"),
        Column("state", _("State")),
        Column("helped", _("Staff helped"), "whole"),
        Column("note", _("Has a note"), "yes_no"),
        _TAKEN_OUT,
    )
    cells = (
        (
            *(each.programme.name, each.ward.name, each.starts_at, each.ends_at, each.get_state_display()),
            *(each.staff_helped, bool(each.notes), each.retired_at),
        )
        for each in rows.select_related("programme", "ward").order_by("starts_at", "pk")
    )
    return Table("shifts", _("Shifts as a champion"), columns, cells)


def _mails(staff: StaffMember, within: Any) -> Table:
    """Messages to the person about places on courses and about shifts."""
    columns = (
        Column("what", _("About")),
        Column("queued", _("Written"), "moment"),
        Column("sent", _("Sent"), "moment"),
    )
    places = within(PlaceMessage.objects.filter(attendance__staff=staff)).order_by("queued_at", "pk")
    shifts = within(ShiftReminder.objects.filter(shift__staff=staff)).order_by("queued_at", "pk")
    rows = [(each.get_what_display(), each.queued_at, each.sent_at) for each in places]
    rows += [(gettext("Reminder of a shift"), each.queued_at, each.sent_at) for each in shifts]
    return Table("mails", _("Emails sent"), columns, rows)
