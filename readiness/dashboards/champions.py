"""The champions of a site: who they are, their hours worked and planned, and what of it is too much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext, ngettext

from readiness.dashboards.cover_words import length_words
from readiness.dashboards.infrastructure import wards_in_scope
from rollout.models import Deployment, Ward
from rollout.querysets.rights import Somebody
from rollout.services.deployments import today_at
from rollout.templatetags.formats import count, day, day_short
from training.choices import ShiftState
from training.hours import Span, Strain, strain_of
from training.models import Champion, ChampionShift, Posting, StaffMember
from training.permissions import wards_kept


@dataclass(frozen=True)
class ChampionLine:
    """A champion with the ward they work on, the hours of this programme, and what all their shifts ask of them."""

    champion: Champion
    ward: Ward | None
    worked: timedelta
    planned: timedelta
    strain: Strain
    kept: bool
    ended: bool

    @property
    def name(self) -> str:
        """What the champion is called."""
        return name_of(self.champion.staff)

    @property
    def worked_words(self) -> str:
        """The hours worked, in words."""
        return length_words(self.worked)

    @property
    def planned_words(self) -> str:
        """The hours planned, in words."""
        return length_words(self.planned)

    @property
    def warnings(self) -> list[str]:
        """What is too much, in words."""
        return [] if self.ended else strain_words(self.strain)


def name_of(staff: StaffMember) -> str:
    """The name of a member of staff, the employee number without one."""
    return staff.name or staff.number


def protected(champion_hours: Iterable[Decimal | None]) -> timedelta | None:
    """The protected hours a week of all championships of a person; None where nobody said how many."""
    said = [hours for hours in champion_hours if hours is not None]
    return timedelta(hours=float(sum(said))) if said else None


def strain_words(strain: Strain) -> list[str]:
    """What shifts ask too much of somebody, and how much has to be backfilled."""
    found = []
    if weeks := len(strain.beyond):
        words = {
            "hours": length_words(strain.backfill),
            "weeks": count(weeks),
            "day": day_short(strain.beyond[0][0]),
        }
        one = gettext("%(hours)s over the protected hours in the week of %(day)s, to backfill")
        more = gettext("%(hours)s over the protected hours in %(weeks)s weeks from %(day)s on, to backfill")
        found.append((one if weeks == 1 else more) % words)
    if weeks := len(strain.heavy):
        words = {"weeks": count(weeks), "day": day_short(strain.heavy[0])}
        one = gettext("More hours than the programme allows in the week of %(day)s")
        more = gettext("More hours than the programme allows in %(weeks)s weeks from %(day)s on")
        found.append((one if weeks == 1 else more) % words)
    if strain.in_a_row:
        found.append(gettext("Shifts on %(n)s days in a row") % {"n": count(strain.in_a_row)})
    if rests := len(strain.short_rests):
        words = {"n": count(rests)}
        found.append(ngettext("%(n)s rest under 11 hours", "%(n)s rests under 11 hours", rests) % words)
    return found


def champions_at(deployment: Deployment, user: Somebody, wards: Sequence[Ward], today: date) -> QuerySet[Champion]:
    """The champions of the programme who work on one of the wards, as far as the user may know them.

    Those who are champions first, then those who stood down, by name.
    """
    postings = Posting.objects.on(today).filter(ward__in=[ward.pk for ward in wards], staff=OuterRef("staff"))
    rows = Champion.objects.current().visible_to(user).filter(Exists(postings), programme=deployment.programme_id)
    return rows.select_related("staff").order_by(Lower("staff__name"), "staff__number", "-from_on", "pk")


def champion_lines(deployment: Deployment, user: Somebody, champions: Sequence[Champion]) -> list[ChampionLine]:
    """The champions with their wards and hours, those whom the user keeps first. Five queries, however many shifts."""
    today, zone = today_at(deployment), ZoneInfo(deployment.site.time_zone)
    staff = [champion.staff_id for champion in champions]
    wards = {ward.pk: ward for ward in wards_in_scope(deployment)}
    kept = {ward.pk for ward in wards_kept(user, deployment, wards.values())}
    postings = Posting.objects.on(today).filter(staff__in=staff, ward__in=wards)
    where = dict(postings.order_by("from_on", "pk").values_list("staff", "ward"))
    shifts = shifts_of(staff)
    hours, limit = protected_hours(staff, today), limit_of(deployment)
    lines = []
    for champion in champions:
        theirs = shifts.get(champion.staff_id, [])
        ward = where.get(champion.staff_id)
        first, last = champion.from_on, champion.to_on or date.max
        ours = [
            (state, span)
            for programme, state, span in theirs
            if programme == champion.programme_id and first <= span.starts_at.astimezone(zone).date() <= last
        ]
        lines.append(
            ChampionLine(
                champion=champion,
                ward=wards.get(ward) if ward else None,
                worked=total(span for state, span in ours if state == ShiftState.WORKED),
                planned=total(span for state, span in ours if state != ShiftState.WORKED),
                strain=strain_of(
                    [span for *_rest, span in theirs], zone, hours.get(champion.staff_id), today, limit=limit
                ),
                kept=ward in kept,
                ended=champion.to_on is not None and champion.to_on < today,
            )
        )
    return sorted(lines, key=lambda line: (line.ended, not line.kept))


def limit_of(deployment: Deployment) -> timedelta:
    """The hours a week above which the programme warns."""
    return timedelta(hours=float(deployment.programme.champion_hours_limit))


def total(spans: Iterable[Span]) -> timedelta:
    """How long they are together."""
    return sum((span.length for span in spans), timedelta())


def shifts_of(staff: Iterable[int]) -> dict[int, list[tuple[int, str, Span]]]:
    """The live shifts of people in all programmes: programme, state, span. One query."""
    found: dict[int, list[tuple[int, str, Span]]] = {}
    rows = ChampionShift.objects.live().filter(staff__in=set(staff)).order_by("starts_at", "pk")
    for person, programme, state, starts, ends in rows.values_list(
        "staff", "programme", "state", "starts_at", "ends_at"
    ):
        found.setdefault(person, []).append((programme, state, Span(starts, ends)))
    return found


def protected_hours(staff: Iterable[int], on: date) -> dict[int, timedelta | None]:
    """The protected hours a week of people, those of all programmes together. One query."""
    found: dict[int, list[Decimal | None]] = {}
    rows = Champion.objects.active_on(on).filter(staff__in=set(staff)).order_by("pk")
    for person, hours in rows.values_list("staff", "protected_hours"):
        found.setdefault(person, []).append(hours)
    return {person: protected(hours) for person, hours in found.items()}


# Whom to nominate ----------------------------------------------------------------------------------------------------

MOST_OFFERED = 30


@dataclass(frozen=True)
class Candidates:
    """People who could be nominated: those who were champions before, then others; `more`: not all are shown."""

    before: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str], ...]
    more: bool

    @property
    def choices(self) -> list[tuple[int, str]]:
        """As a form offers them."""
        return [*self.before, *self.others]


def candidates(
    deployment: Deployment, user: Somebody, wards: Sequence[Ward], *, q: str = "", also: int | None = None
) -> Candidates:
    """Staff of these wards who are no champions of the programme, found by name, number or ward. Three queries.

    `also` is offered whatever the search says, since somebody selected it; a champion too, so that a form that is sent
    twice is answered twice.
    """
    today = today_at(deployment)
    by_id = {ward.pk: ward for ward in wards}
    active = Champion.objects.current().filter(programme=deployment.programme_id, to_on=None, staff=OuterRef("pk"))
    posted = Posting.objects.on(today).filter(ward__in=by_id, staff=OuterRef("pk"))
    ever = Champion.objects.current().filter(staff=OuterRef("pk"))
    people = (
        StaffMember.objects.current()
        .visible_to(user)
        .filter(Exists(posted))
        .annotate(ever=Exists(ever), ward_id=posted.order_by("-from_on", "-pk").values("ward")[:1])
        .order_by("-ever", Lower("name"), "number", "pk")
    )
    chosen = list(people.filter(pk=also)) if also else []
    people = people.exclude(Exists(active))
    if q:
        named = [pk for pk, ward in by_id.items() if q.casefold() in ward.name.casefold()]
        people = people.filter(name__icontains=q) | people.filter(number__iexact=q) | people.filter(ward_id__in=named)
    rows = list(people[: MOST_OFFERED + 1])
    shown = [*rows[:MOST_OFFERED], *(row for row in chosen if row not in rows[:MOST_OFFERED])]
    been = championships([row.pk for row in shown if row.ever], today)
    words = [(row.pk, _words(row, by_id[row.ward_id], been.get(row.pk, ""))) for row in shown]
    earlier = {row.pk for row in shown if row.ever}
    return Candidates(
        before=tuple(each for each in words if each[0] in earlier),
        others=tuple(each for each in words if each[0] not in earlier),
        more=len(rows) > MOST_OFFERED,
    )


def _words(row: StaffMember, ward: Ward, been: str) -> str:
    said = [name_of(row), ward.name, been]
    return ", ".join(each for each in said if each)


def championships(staff: Sequence[int], today: date) -> dict[int, str]:
    """What each was or is a champion of, the last of it: "was champion in Video appointments until 3 May 2026"."""
    rows = Champion.objects.current().filter(staff__in=staff).select_related("programme").order_by("from_on", "pk")
    found = {}
    for row in rows:
        words = {"programme": row.programme.name, "day": day(row.to_on), "from": day(row.from_on)}
        if row.to_on is None or row.to_on >= today:
            found[row.staff_id] = gettext("champion in %(programme)s since %(from)s") % words
        else:
            found[row.staff_id] = gettext("was champion in %(programme)s until %(day)s") % words
    return found
