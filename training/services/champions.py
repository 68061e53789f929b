"""Champions: nominated, described anew, stood down. Nothing is deleted: a championship ends on a day."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import User
from rollout.services.edits import held, save_edit
from rollout.services.people import person_of
from rollout.services.refusals import Refused
from rollout.templatetags.formats import day as day_words
from training.choices import CANCELLABLE_SHIFT_STATES, ChampionLevel, ShiftState
from training.models import Champion, ChampionShift, StaffMember
from training.querysets.champions import ChampionShiftQuerySet
from training.services.log_ins import open_champions_pages

CHAMPION = ("level", "volunteered", "protected_hours")
END = ("to_on",)


class AlreadyChampion(Refused):
    """The person is a champion of the programme at that time; to be said at the person."""

    field = "staff"


class EndTooEarly(Refused):
    """The last day is before the first; to be said at the day."""

    field = "to_on"


def nominate(
    *,
    programme_id: int,
    staff_id: int,
    level: ChampionLevel,
    volunteered: bool,
    protected_hours: Decimal | None,
    from_on: date,
    by: User,
) -> Champion:
    """Make a member of staff a champion of a programme from a day on. Raises AlreadyChampion.

    `protected_hours` are those a week; None where nobody said how many. Who was a champion before may be one again,
    from the day after the last one on.
    """
    with acting(by, "champion nominated"):
        # Held, so that two who nominate the same person at once make one champion.
        person = StaffMember.objects.current().select_for_update(no_key=True).get(pk=staff_id)
        theirs = Champion.objects.filter(programme=programme_id, staff=staff_id)
        lasting = theirs.filter(retired_at=None).filter(Q(to_on=None) | Q(to_on__gte=from_on))
        if there := lasting.order_by("from_on").first():
            raise AlreadyChampion(_already(there))
        if theirs.filter(from_on=from_on).exists():
            raise AlreadyChampion(gettext("A record of that day was taken back. Choose another first day."))
        champion = Champion.objects.create(
            programme_id=programme_id,
            staff_id=staff_id,
            level=level,
            volunteered=volunteered,
            protected_hours=protected_hours,
            from_on=from_on,
            nominated_by=person_of(by),
        )
        open_champions_pages(person)
        return champion


def _already(there: Champion) -> str:
    """Why somebody cannot be nominated for the same time again."""
    words = {"from": day_words(there.from_on), "to": day_words(there.to_on) if there.to_on else ""}
    if there.to_on is None:
        return gettext("This person is a champion of the programme since %(from)s.") % words
    return gettext("This person is a champion of the programme until %(to)s. Choose a later first day.") % words


def change_champion(
    *, champion_id: int, mark: str, level: str, volunteered: bool | None, protected_hours: Decimal | None, by: User
) -> Champion:
    """Change the level and the protected hours of a champion. Raises RecordChanged."""
    with held(Champion.objects.filter(retired_at=None), champion_id, by, "champion changed") as champion:
        values = {"level": level, "volunteered": volunteered, "protected_hours": protected_hours}
        save_edit(champion, mark=mark, names=CHAMPION, values=values)
        return champion


def stand_down(
    *, champion_id: int, mark: str, to_on: date, cancelling: Collection[int], zone: ZoneInfo, today: date, by: User
) -> int:
    """End a championship on a day, and cancel those of its shifts after it that are named. Returns how many.

    `zone` and `today` are those of the site. A shift that was worked, missed or cancelled meanwhile is left alone.
    Raises EndTooEarly and RecordChanged.
    """
    with held(Champion.objects.filter(retired_at=None), champion_id, by, "champion stood down") as champion:
        if to_on < champion.from_on:
            first = day_words(champion.from_on)
            raise EndTooEarly(gettext("The last day must not be before the first, %(first)s") % {"first": first})
        save_edit(champion, mark=mark, names=END, values={"to_on": to_on})
        rows = shifts_after(champion, to_on, zone).filter(pk__in=cancelling)
        # Held in the order of their ids, as everywhere.
        ids = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        return ChampionShift.objects.filter(pk__in=ids).update(state=ShiftState.CANCELLED, ended_on=today)


def shifts_after(champion: Champion, last: date, zone: ZoneInfo) -> ChampionShiftQuerySet:
    """The champion's shifts of the programme that begin after a day at the site and can still be cancelled."""
    begins = datetime.combine(last + timedelta(days=1), time(), zone)
    return ChampionShift.objects.filter(
        programme=champion.programme_id,
        staff=champion.staff_id,
        starts_at__gte=begins,
        state__in=CANCELLABLE_SHIFT_STATES,
        retired_at=None,
    )
