"""Who could fill a slot of the rota: active, trained and free champions, of the ward first and then of the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from readiness.dashboards.champions import limit_of, name_of, protected_hours, shifts_of
from readiness.dashboards.cover_words import length_words
from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.judged import model_in_use
from readiness.indicators.slots import champions_on
from rollout.models import Deployment, Ward
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count
from training.hours import Span, hours_by_week, monday_of, strain_of
from training.models import Absence, ShiftPattern, StaffMember


@dataclass(frozen=True)
class WantedSlot:
    """A shift to be planned: a pattern on a ward on a day, with its moments."""

    ward: Ward
    on: date
    pattern: ShiftPattern
    span: Span


@dataclass(frozen=True)
class Offers:
    """Champions who could take a slot, each (id, words); and how many could not, for which reason."""

    own: tuple[tuple[int, str], ...]
    near: tuple[tuple[int, str], ...]
    busy: int
    untrained: int
    away: int

    @property
    def any(self) -> bool:
        """Whether anybody could."""
        return bool(self.own or self.near)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """As a form offers them: those of the ward first."""
        return [*self.own, *self.near]

    @property
    def others(self) -> list[str]:
        """Who is not offered, in words."""
        found = []
        if self.busy:
            words = ngettext(
                "%(n)s champion has another shift at that time.",
                "%(n)s champions have another shift at that time.",
                self.busy,
            )
            found.append(words % {"n": count(self.busy)})
        if self.untrained:
            words = ngettext(
                "%(n)s champion has not done the champions' course.",
                "%(n)s champions have not done the champions' course.",
                self.untrained,
            )
            found.append(words % {"n": count(self.untrained)})
        if self.away:
            words = ngettext("%(n)s champion is away.", "%(n)s champions are away.", self.away)
            found.append(words % {"n": count(self.away)})
        return found


def offers_for(deployment: Deployment, slot: WantedSlot, user: Somebody, *, also: int | None = None) -> Offers:
    """Who could take the slot, with the fewest hours planned that week first. Eight queries, however many champions.

    `also` is offered though busy, since somebody selected them: the service then says why not.
    """
    model = model_in_use(deployment.programme_id)
    there = champions_on(model, deployment.pk, day=slot.on) if model else []
    wards = {ward.pk: ward for ward in wards_in_scope(deployment)}
    staff = [person for person, _ward, _trained in there]
    known = StaffMember.objects.current().visible_to(user).in_bulk(staff)
    away = set(Absence.objects.on(slot.on).filter(staff__in=staff).values_list("staff", flat=True))
    shifts = shifts_of(staff)
    hours = protected_hours(staff, slot.on)
    zone, limit = ZoneInfo(deployment.site.time_zone), limit_of(deployment)
    offered: list[tuple[timedelta, str, int, int]] = []
    counts = {"busy": 0, "untrained": 0, "away": 0}
    for person, ward, trained in there:
        if person not in known:
            continue
        spans = [span for *_rest, span in shifts.get(person, [])]
        why = _why_not(person, slot.span, spans, away, trained=trained)
        if why:
            counts[why] += 1
        if why and not (why == "busy" and person == also):
            continue
        name = name_of(known[person])
        planned = hours_by_week(spans, zone).get(monday_of(slot.on), timedelta())
        words = offer_words(name, wards[ward], planned, hours.get(person), _too_much(slot, spans, zone, limit))
        offered.append((planned, words, person, ward))
    offered.sort()
    return Offers(
        own=tuple((person, words) for _hours, words, person, ward in offered if ward == slot.ward.pk),
        near=tuple((person, words) for _hours, words, person, ward in offered if ward != slot.ward.pk),
        **counts,
    )


def _why_not(person: int, span: Span, spans: Sequence[Span], away: set[int], *, trained: bool) -> str:
    if not trained:
        return "untrained"
    if person in away:
        return "away"
    return "busy" if any(other.starts_at < span.ends_at and other.ends_at > span.starts_at for other in spans) else ""


def _too_much(slot: WantedSlot, spans: Sequence[Span], zone: ZoneInfo, limit: timedelta) -> list[str]:
    """What the shift would make too much, beyond hours: those are in the words already."""
    before, after = (strain_of(each, zone, None, slot.on, limit=limit) for each in (spans, [*spans, slot.span]))
    found = []
    if after.in_a_row > before.in_a_row:
        found.append(gettext("%(n)s days in a row") % {"n": count(after.in_a_row)})
    if len(after.short_rests) > len(before.short_rests):
        found.append(gettext("under 11 hours of rest"))
    if len(after.heavy) > len(before.heavy):
        found.append(gettext("more than %(limit)s in a week") % {"limit": length_words(limit)})
    return found


def offer_words(name: str, ward: Ward, planned: timedelta, protected: timedelta | None, too_much: Iterable[str]) -> str:
    """A champion in a line: "Ana Diaz, Ward 4: 8 hours planned that week, 10 hours protected. Would be 6 days …"."""
    words = {"name": name, "ward": ward.name, "planned": length_words(planned)}
    if protected is None:
        line = gettext("%(name)s, %(ward)s: %(planned)s planned that week") % words
    else:
        words["protected"] = length_words(protected)
        line = gettext("%(name)s, %(ward)s: %(planned)s planned that week, %(protected)s protected") % words
    more = ", ".join(too_much)
    return gettext("%(line)s. Look out: %(more)s") % {"line": line, "more": more} if more else line
