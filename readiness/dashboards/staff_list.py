"""The staff of a site: who works where from when to when, for those who may read names; counts for everybody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rollout.downloads import Column, Table
from rollout.models import Deployment, StaffGroup, Ward
from rollout.permissions import see_names_at, wards_with_names
from rollout.querysets.rights import Somebody
from training.models import Absence, Posting, StaffMember

NOW, STARTING, LEAVING, AWAY = "now", "starting", "leaving", "away"
SHOWN = (
    (NOW, _("Working here")),
    (STARTING, _("Starting later")),
    (LEAVING, _("With a last day")),
    (AWAY, _("Absent")),
)
SORTS: Mapping[str, tuple[str, ...]] = {
    "name": ("staff__name", "staff__number"),
    "number": ("staff__number",),
    "ward": ("ward__name", "staff__name"),
    "group": ("staff__group__code", "staff__name"),
    "from": ("from_on", "staff__name"),
    "to": ("to_on", "staff__name"),
}


@dataclass(frozen=True)
class WardCount:
    """How many people work on a ward on a day."""

    ward: str
    people: int


def postings_shown(deployment: Deployment, user: Somebody, day: date) -> QuerySet:
    """Postings at the site that last on the day or begin later, of people whose names the reader may read there."""
    people = StaffMember.objects.visible_to(user, day).filter(retired_at=None, names_removed_at=None)
    rows = Posting.objects.filter(ward__site=deployment.site_id, retired_at=None, staff__in=people)
    rows = rows.filter(Q(to_on=None) | Q(to_on__gte=day))
    if not see_names_at(user, deployment):
        rows = rows.filter(ward__in=wards_with_names(user, deployment))
    absences = Absence.objects.filter(staff=OuterRef("staff"))
    return rows.annotate(away=Exists(absences.on(day))).select_related("staff__group", "ward")


def chosen(rows: QuerySet, choice: Mapping[str, Any], day: date) -> QuerySet:
    """The postings that fit the filters; without a choice those of people who work here on the day."""
    shown = choice.get("shown") or NOW
    if shown == STARTING:
        rows = rows.filter(from_on__gt=day)
    elif shown == LEAVING:
        rows = rows.exclude(to_on=None)
    elif shown == AWAY:
        rows = rows.filter(from_on__lte=day, away=True)
    else:
        rows = rows.filter(from_on__lte=day)
    if ward := choice.get("ward"):
        rows = rows.filter(ward=ward)
    if group := choice.get("group"):
        rows = rows.filter(staff__group__code=group)
    for word in (choice.get("q") or "").split():
        rows = rows.filter(Q(staff__name__icontains=word) | Q(staff__number__iexact=word))
    return rows


def in_order(rows: QuerySet, sort: str) -> QuerySet:
    """Postings in the order of `?sort=`; by name where none is known."""
    sign = "-" if sort.startswith("-") else ""
    columns = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return rows.order_by(*(f"{sign}{column}" for column in columns), "pk")


def filter_choices(deployment: Deployment, user: Somebody) -> dict[str, list[tuple[str, str]]]:
    """The wards that the reader may read names of, and every staff group."""
    wards = Ward.objects.current().filter(site=deployment.site_id).order_by("name", "pk")
    if not see_names_at(user, deployment):
        wards = wards.filter(pk__in=wards_with_names(user, deployment))
    return {
        "wards": [(str(ward.pk), ward.name) for ward in wards],
        "groups": [(group.code, str(group)) for group in StaffGroup.objects.all()],
    }


def counts_by_ward(deployment: Deployment, day: date) -> list[WardCount]:
    """How many people work on each ward on the day, by name of the ward. Somebody on two wards counts on both."""
    rows = Posting.objects.on(day).filter(ward__site=deployment.site_id, staff__retired_at=None)
    counted = rows.order_by("ward__name", "ward").values("ward", "ward__name").annotate(n=Count("staff", distinct=True))
    return [WardCount(row["ward__name"], row["n"]) for row in counted]


def people_count(deployment: Deployment, day: date) -> int:
    """How many people work at the site on the day, each once."""
    rows = Posting.objects.on(day).filter(ward__site=deployment.site_id, staff__retired_at=None)
    return rows.values("staff").distinct().count()


def staff_table(rows: Iterable[Any], word: str) -> Table:
    """The list as a file."""
    columns = (
        Column("number", _("Employee number")),
        Column("name", _("Name")),
        Column("email", _("Email address")),
        Column("ward", word.capitalize()),
        Column("group", _("Staff group")),
        Column("line_manager", _("Manages others"), "yes_no"),
        Column("from", _("From"), "day"),
        Column("to", _("To"), "day"),
        Column("away", _("Absent today"), "yes_no"),
    )
    cells = (
        [
            *(row.staff.number, row.staff.name, row.staff.email, row.ward.name),
            *(
                str(row.staff.group) if row.staff.group else "",
                row.staff.line_manager,
                row.from_on,
                row.to_on,
                row.away,
            ),
        ]
        for row in rows
    )
    return Table("staff", _("Staff of the site"), columns, cells)
