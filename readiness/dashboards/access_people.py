"""Who is left to log in on a device of their own ward, by name for those who may read names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.access import Standing, standing_of
from readiness.dashboards.search.asked import fold
from readiness.indicators.access_parts import Tested
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.permissions import see_names_at, wards_with_names
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import moment
from training.choices import AccessReason
from training.models import StaffMember

LEFT, EVERYBODY = "left", "all"


@dataclass(frozen=True)
class PersonLine:
    """Somebody with how the latest test left them; `at` is by the site's clock."""

    tested: Tested
    name: str
    number: str
    at: datetime | None

    @property
    def standing(self) -> Standing:
        """How they stand."""
        return standing_of(self.tested)

    @property
    def words(self) -> str:
        """The latest test in words."""
        here = self.tested
        if here.passed is None:
            return gettext("Not tested")
        if not here.passed:
            return gettext("Failed: %(why)s") % {"why": AccessReason(here.reason or AccessReason.OTHER).label}
        if here.own:
            return gettext("Passed")
        if here.test_ward_id is None:
            return gettext("Passed, nobody said where")
        return gettext("Passed on %(ward)s") % {"ward": here.test_ward}

    @property
    def details(self) -> str:
        """When and on what, "" where nobody was tested."""
        return ", ".join(each for each in (moment(self.at) if self.at else "", self.tested.device) if each)


def people_named(user: Somebody, deployment: Deployment, people: Iterable[Tested]) -> list[PersonLine]:
    """Those whose names the user may read, by name. One query."""
    everybody, wards = see_names_at(user, deployment), wards_with_names(user, deployment)
    mine = [each for each in people if everybody or each.ward_id in wards]
    rows = StaffMember.objects.visible_to(user).filter(pk__in=[each.staff_id for each in mine])
    known = {pk: (name, number) for pk, name, number in rows.values_list("pk", "name", "number")}
    zone = ZoneInfo(deployment.site.time_zone)
    found = [
        PersonLine(
            each,
            known[each.staff_id][0] or known[each.staff_id][1],
            known[each.staff_id][1],
            each.at.astimezone(zone) if each.at else None,
        )
        for each in mine
        if each.staff_id in known
    ]
    return sorted(found, key=lambda line: (fold(line.name), line.tested.staff_id))


def chosen(lines: Iterable[PersonLine], choice: Mapping[str, Any]) -> list[PersonLine]:
    """The lines that fit the filters; without a choice of how people stand, those who are left."""
    standing = choice.get("standing") or LEFT
    words = fold(choice.get("q", "")).split()
    ward, group, reason = (str(choice.get(name) or "") for name in ("ward", "group", "reason"))

    def fits(line: PersonLine) -> bool:
        here = line.tested
        return (
            (standing in (EVERYBODY, line.standing) or (standing == LEFT and line.standing is not Standing.OWN))
            and (not ward or str(here.ward_id) == ward)
            and (not group or here.group_code == group)
            and (not reason or (here.passed is False and (here.reason or AccessReason.OTHER) == reason))
            and (all(word in fold(line.name) for word in words) or words == [fold(line.number)])
        )

    return [line for line in lines if fits(line)]


SORTS: Mapping[str, Any] = {
    "name": lambda line: fold(line.name),
    "ward": lambda line: (line.tested.ward, line.tested.ward_id),
    "group": lambda line: line.tested.group,
    "test": lambda line: line.words,
    "when": lambda line: line.tested.at.timestamp() if line.tested.at else 0,
}


def in_order(lines: Iterable[PersonLine], sort: str) -> list[PersonLine]:
    """Lines in the order of `?sort=`; by ward where none is known. Equal ones stand by name."""
    key = SORTS.get(sort.removeprefix("-"), SORTS["ward"])
    return sorted(lines, key=key, reverse=sort.startswith("-"))


def people_table(lines: Sequence[PersonLine], word: str) -> Table:
    """The list as a file."""
    columns = (
        Column("name", _("Name")),
        Column("number", _("Employee number")),
        Column("ward", word.capitalize()),
        Column("group", _("Staff group")),
        Column("standing", _("How they stand")),
        Column("reason", _("Why not")),
        Column("tested_at", _("Latest test"), "moment"),
        Column("device", _("Device")),
        Column("away", _("Absent in the days from go-live"), "yes_no"),
    )
    rows = [
        [
            line.name,
            line.number,
            line.tested.ward,
            line.tested.group,
            line.standing.label,
            AccessReason(line.tested.reason).label if line.tested.reason else None,
            line.tested.at,
            line.tested.device,
            line.tested.away,
        ]
        for line in lines
    ]
    return Table("people", _("Who is left to log in"), columns, rows)
