"""The waves with their sites, and the sites in the order in which they are put into waves: volunteers first."""

from dataclasses import dataclass

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from rollout.choices import Stage
from rollout.models import Programme, Wave

NO_WAVE = "none"


@dataclass(frozen=True)
class WaveLine:
    """A wave, how many sites are in it, and whether there is a wave before and after it."""

    wave: Wave
    sites: int
    first: bool
    last: bool


def wave_lines(programme: Programme) -> list[WaveLine]:
    """The waves in order. One query."""
    here = Q(deployments__retired_at=None, deployments__site__retired_at=None)
    rows = Wave.objects.filter(programme=programme, retired_at=None).annotate(sites=Count("deployments", filter=here))
    waves = list(rows.order_by("number"))
    return [WaveLine(wave, wave.sites, wave is waves[0], wave is waves[-1]) for wave in waves]


def waves_taken_out(programme: Programme) -> list[Wave]:
    """The waves that were taken out, in order, with who did. One query."""
    gone = Wave.objects.filter(programme=programme, retired_at__isnull=False).select_related("retired_by")
    return list(gone.order_by("number"))


def in_order_for_waves(deployments: QuerySet) -> QuerySet:
    """Sites that asked to start and have no wave, the earliest first; then others without one; then wave by wave.

    `asked` is their turn among the volunteers: the day on which they asked, empty for all others.
    """
    waiting = Q(wave=None, stage=Stage.NOT_STARTED, interest_on__isnull=False)
    turn = Case(
        When(waiting, then=Value(0)), When(wave=None, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    asked = Case(When(waiting, then=F("interest_on")), output_field=DateField())
    rows = deployments.annotate(turn=turn, asked=asked).select_related("site", "wave")
    return rows.order_by("turn", F("asked").asc(nulls_last=True), "wave__number", Lower("site__name"), "pk")


def of_wave(deployments: QuerySet, wave: str, words: str) -> QuerySet:
    """Those in a wave by its number ("none": in no wave), whose name or code holds the words; "" narrows nothing."""
    if wave:
        deployments = deployments.filter(wave=None) if wave == NO_WAVE else deployments.filter(wave__number=wave)
    if words:
        deployments = deployments.filter(Q(site__name__icontains=words) | Q(site__code__icontains=words))
    return deployments
