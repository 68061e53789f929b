"""The weekly staff list as a kind of import: its columns, and what is asked before it is read."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.imports.kinds import Derived, Field, Line, Options
from readiness.imports.staff_derive import STAFF, Asked, derive
from readiness.imports.staff_known import present_at
from readiness.sheets import ColumnKind
from rollout.forms.records import known_day
from rollout.models import Organisation, Programme, User
from training.choices import AbsenceKind

ABSENCE_WORDS = {
    **{str(label).lower(): value for value, label in AbsenceKind.choices},
    "maternity": AbsenceKind.LEAVE.value,
    "maternity leave": AbsenceKind.LEAVE.value,
    "parental leave": AbsenceKind.LEAVE.value,
    "career break": AbsenceKind.LEAVE.value,
    "secondment out": AbsenceKind.SECONDMENT.value,
    "sick": AbsenceKind.OTHER.value,
    "sickness": AbsenceKind.OTHER.value,
    "long-term sick": AbsenceKind.OTHER.value,
}
FIELDS = (
    Field(
        "number",
        _("Employee number"),
        ColumnKind.CODE,
        required=True,
        aliases=(
            "number",
            "staff number",
            "staff no",
            "staff id",
            "employee no",
            "employee id",
            "assignment number",
            "payroll number",
        ),
    ),
    Field("name", _("Name"), aliases=("full name", "employee name", "staff name")),
    Field("first_name", _("First name"), aliases=("forename", "given name", "known as")),
    Field("last_name", _("Last name"), aliases=("surname", "family name")),
    Field("email", _("Email address"), aliases=("email", "e-mail", "work email", "mail")),
    Field("group", _("Staff group"), aliases=("group", "profession", "role", "job family")),
    Field(
        "line_manager",
        _("Manages others"),
        ColumnKind.FLAG,
        aliases=("line manager", "is manager", "people manager"),
        hint=_("Yes or no: whether the person is a line manager."),
    ),
    Field("organisation", _("Organisation"), aliases=("trust", "employer", "organisation code")),
    Field("site", _("Site"), aliases=("site code", "site name", "location", "hospital")),
    Field("ward", _("Ward"), aliases=("ward code", "ward name", "department", "team", "unit")),
    Field(
        "from",
        _("On the ward from"),
        ColumnKind.DATE,
        aliases=("from", "start date", "started", "start", "assignment start date"),
    ),
    Field(
        "leaving",
        _("Leaving date"),
        ColumnKind.DATE,
        aliases=("end date", "leave date", "termination date", "last day", "to"),
        hint=_("The last day."),
    ),
    Field("absent_from", _("Absent from"), ColumnKind.DATE, aliases=("absence from", "absence start")),
    Field("absent_to", _("Absent to"), ColumnKind.DATE, aliases=("absence to", "absence end")),
    Field(
        "absent_kind",
        _("Kind of absence"),
        ColumnKind.CHOICE,
        aliases=("absence kind", "absence type", "absence reason"),
        choices=ABSENCE_WORDS,
    ),
)


class StaffListOptions(Options):
    """What a list does not say itself: whose it is, from when it holds, whether it names everybody."""

    organisation = forms.ChoiceField(
        label=_("Whose employee numbers are they?"),
        help_text=_("For rows that name no organisation themselves."),
        required=False,
    )
    list_day = known_day(
        _("The list holds from"),
        missing=_("Enter a date like 2026-03-14"),
        help_text=_("The first day of a new posting where its row has no day of its own."),
        initial=timezone.localdate,
    )
    whole = forms.BooleanField(
        label=_("This is the whole list: whoever is not in it has left"),
        required=False,
    )
    left_on = known_day(
        _("Last day of whoever is not in it"),
        missing=_("Enter a date like 2026-03-14"),
        initial=lambda: timezone.localdate() - timedelta(days=1),
    )
    many_leave = forms.BooleanField(
        label=_("Yes, also if more than 20% of the people leave"),
        help_text=_("Without this, a list that leaves out so many ends nobody's posting."),
        required=False,
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        """Offer the organisations of the programme's sites, where there are several."""
        super().__init__(*args, programme=programme, **kwargs)
        sites = programme.deployments.filter(retired_at=None).values("site")
        rows = Organisation.objects.filter(sites__in=sites, retired_at=None).distinct().order_by("name", "code")
        choices = [(row.code, row.name) for row in rows]
        field = self.fields["organisation"]
        if len(choices) < 2:
            del self.fields["organisation"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("The organisation of the ward in each row")), *choices]
        self.order_fields(["organisation", "list_day", "whole", "left_on", "many_leave", "overwrite"])


class StaffList:
    """The kind of import: a list of an organisation's staff at the programme's sites."""

    code = "staff_list"
    name = _("Staff list")
    hint = _("Who works where: starters, leavers, moves and long absences. The same list can come every week.")
    main = STAFF
    shown = ("number", "name", "first_name", "last_name", "ward")
    fields = FIELDS
    options: type[Options] = StaffListOptions

    def derive(
        self, lines: list[Line], *, programme: Programme, options: Mapping[str, Any], on: date, by: User
    ) -> Derived:
        """The rows that come of the lines. Seven queries, however many lines there are."""
        numbers = {line.values.get("number", "").strip() for line in lines}
        return derive(lines, present_at(programme, by, numbers), asked_of(options, on))


def asked_of(options: Mapping[str, Any], on: date) -> Asked:
    """The options of the form, as it keeps them."""

    def day(name: str, default: date) -> date:
        return date.fromisoformat(options[name]) if options.get(name) else default

    return Asked(
        on,
        day("list_day", on),
        options.get("organisation") or "",
        bool(options.get("whole")),
        day("left_on", on - timedelta(days=1)),
        bool(options.get("many_leave")),
    )
