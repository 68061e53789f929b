"""How the service is: what each programme's nightly run came to, when the next one is due, and what needs a look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from readiness.dashboards.freshness import LateRun, late_runs, newest_nightly_runs
from readiness.dashboards.runs import Address, RunRow, Sign, run_rows, with_names
from rollout.choices import Stage
from rollout.models import Deployment, Programme


@dataclass(frozen=True)
class Night:
    """A programme's nightly runs: the newest, when the next is due (None: no site is scored), whether one is late."""

    programme: Programme
    newest: RunRow | None
    next_at: datetime | None
    late: LateRun | None


def nights(programmes: Sequence[Programme], address: Address, now: datetime | None = None) -> list[Night]:
    """The nightly runs of these programmes, late ones first, in a fixed number of queries.

    `address(run)` is the page of a run.
    """
    now = now or timezone.now()
    zones = zones_by_programme(programmes)
    newest = run_rows(with_names(newest_nightly_runs(zones, each=1)), address, now)
    of_programme = {row.run.programme_id: row for row in newest}
    late = late_runs(zones, now)
    found = [
        Night(
            programme=programme,
            newest=of_programme.get(programme.pk),
            next_at=next_midnight(zones[programme.pk], now),
            late=late.get(programme.pk),
        )
        for programme in programmes
    ]
    return sorted(found, key=lambda night: night.late is None)


def zones_by_programme(programmes: Iterable[Programme]) -> Mapping[int, list[str]]:
    """The time zones of each programme's sites that are scored; none where no site is."""
    ids = [programme.pk for programme in programmes]
    scored = Deployment.objects.current().filter(programme__in=ids).exclude(stage=Stage.EMBEDDED)
    zones: defaultdict[int, list[str]] = defaultdict(list, {pk: [] for pk in ids})
    for pk, zone in (
        scored.values_list("programme", "site__time_zone").distinct().order_by("programme", "site__time_zone")
    ):
        zones[pk].append(zone)
    return zones


def next_midnight(zones: Iterable[str], now: datetime) -> datetime | None:
    """When the present day ends in the first of the zones; None without any."""
    tomorrows = []
    for zone in map(ZoneInfo, zones):
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        tomorrows.append(datetime.combine(tomorrow, time.min, zone))
    return min(tomorrows, default=None)


def in_one_sentence(signs: Sequence[Sign], late: int) -> str:
    """What needs a look, or that nothing does."""
    silent = [str(sign.name) for sign in signs if sign.late]
    unseen = [str(sign.name) for sign in signs if sign.seen_at is None and not sign.late]
    words = []
    if silent:
        words.append(gettext("Needs a look: %(parts)s.") % {"parts": ", ".join(silent)})
    if unseen:
        words.append(gettext("Not seen at work yet: %(parts)s.") % {"parts": ", ".join(unseen)})
    if late:
        text = ngettext("%(count)d nightly run is late.", "%(count)d nightly runs are late.", late)
        words.append(text % {"count": late})
    return " ".join(words) or gettext("All parts are at work, and no nightly run is late.")
