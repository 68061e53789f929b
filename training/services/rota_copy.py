"""Copying a day or a week of the rota: looked at first, then made whole, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from hashlib import blake2b
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User, Ward
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import ShiftState
from training.hours import DAY, Span, moment_at
from training.models import Absence, Champion, ChampionShift
from training.services.rota import hold_staff, words_of_clashes

MOST = 2000
MIDNIGHT = time()


class RotaChanged(Exception):
    """Other shifts would be made by now than the check page showed; none was made."""


@dataclass(frozen=True)
class Copied:
    """A shift and what would come of its copy: `why` is "" for one that is made, else why not."""

    source: ChampionShift
    span: Span
    why: str


@dataclass(frozen=True)
class CopyOutlook:
    """What copying would make; `there` stand so already. `mark` is of what would be made: 16 hexadecimal digits."""

    made: tuple[Copied, ...]
    there: tuple[Copied, ...]
    refused: tuple[Copied, ...]
    mark: str


@dataclass(frozen=True)
class CopyPlan:
    """Which days of which wards of a site are copied to where: `days` days from `from_on` on, to begin on `to_on`."""

    programme_id: int
    wards: tuple[Ward, ...]
    zone: ZoneInfo
    from_on: date
    to_on: date
    days: int


def look_ahead(plan: CopyPlan, *, by: User) -> CopyOutlook:
    """What copying would make, by the clock of the site. Six queries, however many shifts; nothing is written."""
    sources = _shifts_of(plan)
    moved = {row.pk: _moved(row, plan) for row in sources}
    others = _others(sources, list(moved.values()))
    clashing = {row.pk: _clash(moved[row.pk], others.get(row.staff_id, ())) for row in sources}
    same = {pk for pk, other in clashing.items() if other and _is_copy(other, pk, sources, moved)}
    found = [other for pk, other in clashing.items() if other and pk not in same]
    words = words_of_clashes(found, by) if found else {}
    absent = _absent(plan, sources)
    copies = []
    for row in sources:
        other, day = clashing[row.pk], moved[row.pk].starts_at.astimezone(plan.zone).date()
        why = ""
        if moved[row.pk].ends_at <= timezone.now():
            why = gettext("That day is over.")
        elif row.pk not in same and other:
            why = words[other.pk]
        elif row.pk not in same:
            why = absent(row.staff_id, day)
        copies.append(Copied(row, moved[row.pk], why))
    made = tuple(each for each in copies if not each.why and each.source.pk not in same)
    return CopyOutlook(
        made=made,
        there=tuple(each for each in copies if not each.why and each.source.pk in same),
        refused=tuple(each for each in copies if each.why),
        mark=_mark(made),
    )


def copy_shifts(plan: CopyPlan, *, mark: str, by: User) -> int:
    """Make what `look_ahead` showed under this mark; how many. All or none.

    The same number of statements for any number. Raises RotaChanged where other shifts would be made by now, and
    Refused where the database finds an overlap that came in by another way.
    """
    with acting(by, "rota copied"):
        hold_staff(row.staff_id for row in _shifts_of(plan))
        outlook = look_ahead(plan, by=by)
        if outlook.mark != mark:
            raise RotaChanged
        today = timezone.localdate(timezone=plan.zone)
        rows = [
            ChampionShift(
                client_id=uuid4(),
                programme_id=plan.programme_id,
                staff_id=each.source.staff_id,
                ward_id=each.source.ward_id,
                starts_at=each.span.starts_at,
                ends_at=each.span.ends_at,
                state=ShiftState.PLANNED,
                planned_on=today,
            )
            for each in outlook.made
        ]
        try:
            with transaction.atomic():
                ChampionShift.objects.bulk_create(rows)
        except IntegrityError as error:
            raise Refused(gettext("Somebody has another shift by now. Look at the copy again.")) from error
        return len(rows)


def _shifts_of(plan: CopyPlan) -> list[ChampionShift]:
    """The live shifts that begin on the days that are copied."""
    begins = moment_at(plan.from_on, MIDNIGHT, plan.zone)
    ends = moment_at(plan.from_on + plan.days * DAY, MIDNIGHT, plan.zone)
    rows = ChampionShift.objects.live().filter(
        programme=plan.programme_id, ward__in=plan.wards, starts_at__gte=begins, starts_at__lt=ends
    )
    return list(rows.select_related("ward__site", "staff").order_by("starts_at", "ward__name", "pk")[:MOST])


def _moved(row: ChampionShift, plan: CopyPlan) -> Span:
    """The same hours by the clock, so many days later."""
    by = plan.to_on - plan.from_on
    starts, ends = row.starts_at.astimezone(plan.zone), row.ends_at.astimezone(plan.zone)
    return Span(
        moment_at(starts.date() + by, starts.time(), plan.zone), moment_at(ends.date() + by, ends.time(), plan.zone)
    )


def _others(sources: Sequence[ChampionShift], spans: Sequence[Span]) -> Mapping[int, list[ChampionShift]]:
    """The live shifts of the same people around the time of the copies, in all programmes."""
    if not spans:
        return {}
    first, last = min(span.starts_at for span in spans), max(span.ends_at for span in spans)
    rows = ChampionShift.objects.live().between(first, last).filter(staff__in={row.staff_id for row in sources})
    found: dict[int, list[ChampionShift]] = {}
    for row in rows.select_related("ward__site").order_by("starts_at", "pk"):
        found.setdefault(row.staff_id, []).append(row)
    return found


def _clash(span: Span, others: Sequence[ChampionShift]) -> ChampionShift | None:
    return next((row for row in others if row.starts_at < span.ends_at and row.ends_at > span.starts_at), None)


def _is_copy(other: ChampionShift, pk: int, sources: Sequence[ChampionShift], moved: Mapping[int, Span]) -> bool:
    """Whether the shift that stands there is what the copy would be."""
    source = next(row for row in sources if row.pk == pk)
    same = (other.programme_id, other.ward_id) == (source.programme_id, source.ward_id)
    return same and Span(other.starts_at, other.ends_at) == moved[pk]


def _absent(plan: CopyPlan, sources: Sequence[ChampionShift]) -> "WhyNot":
    staff = {row.staff_id for row in sources}
    last = plan.to_on + plan.days * DAY
    lasting = Q(to_on=None) | Q(to_on__gte=plan.to_on)
    champions = Champion.objects.current().filter(
        lasting, programme=plan.programme_id, staff__in=staff, from_on__lte=last
    )
    away = Absence.objects.filter(lasting, staff__in=staff, from_on__lte=last, retired_at=None)
    columns = ("staff", "from_on", "to_on")
    return WhyNot(list(champions.values_list(*columns)), list(away.values_list(*columns)))


@dataclass(frozen=True)
class WhyNot:
    """When people are champions and when they are away: (member of staff, from, to)."""

    champions: list[tuple[int, date, date | None]]
    away: list[tuple[int, date, date | None]]

    def __call__(self, staff_id: int, day: date) -> str:
        """Why somebody cannot have a shift on a day, "" for who can."""
        words = {"day": day_words(day)}
        if not self._on(self.champions, staff_id, day):
            return gettext("Not a champion of the programme on %(day)s.") % words
        return gettext("Away on %(day)s.") % words if self._on(self.away, staff_id, day) else ""

    @staticmethod
    def _on(rows: list[tuple[int, date, date | None]], staff_id: int, day: date) -> bool:
        return any(staff == staff_id and first <= day and (last is None or day <= last) for staff, first, last in rows)


def _mark(made: Sequence[Copied]) -> str:
    written = ",".join(
        f"{each.source.staff_id}.{each.source.ward_id}.{each.span.starts_at.timestamp()}.{each.span.ends_at.timestamp()}"
        for each in made
    )
    return blake2b(written.encode(), digest_size=8).hexdigest()
