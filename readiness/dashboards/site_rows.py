"""Rows of a list of sites: each deployment with its newest score and whatever else the list was asked to show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from readiness.dashboards.declared import Declared, declared_of, with_declared
from readiness.dashboards.gates import LATE, GateDay, gate_days, told
from readiness.dashboards.heat import HIDDEN, Cell, cells_of, domain_names, weakest
from readiness.dashboards.held import Cap, caps_of
from readiness.dashboards.judged import models_of
from readiness.dashboards.past import with_stage
from readiness.dashboards.site_changes import Change, change_of
from readiness.dashboards.site_columns import HEATMAP, USUAL
from readiness.models import ReadinessScore
from rollout.choices import Stage
from rollout.models import Deployment, Programme, Seat
from rollout.permissions import plan_deployment, see_counts_of_few, see_names_at
from rollout.querysets.rights import Somebody

# Columns of a score that weigh most and that only the domains need.
HEAVY = ("indicators", "domains", "digest")
# Seats that lead a site, the nearest to its daily work first.
LEADING = ("site_lead", "operational_lead", "clinical_lead", "sro")


@dataclass(frozen=True)
class Look:
    """What a list of sites is asked for, and by whom. `day` is None for the present; `since` a day to compare with."""

    programme: Programme
    user: Somebody
    day: date | None = None
    since: date | None = None
    view: str = ""
    columns: Sequence[str] = USUAL
    domains: bool = True

    @property
    def heat(self) -> bool:
        """Whether it is the heat map."""
        return self.view == HEATMAP

    @property
    def on(self) -> date:
        """The day that dates are held against."""
        return self.day or timezone.localdate()

    @property
    def edited_in(self) -> str:
        """The column whose cells lead to the form of their row; "" where what it changes is not shown."""
        return next((column for column in ("declared", "wave") if self.shows(column)), "")

    def shows(self, column: str) -> bool:
        """Whether the list shows a column."""
        return not self.heat and column in self.columns


@dataclass(frozen=True)
class Lead:
    """Who leads a site, and in which seat. `name` is "" where the reader may not know it."""

    seat: str
    name: str


@dataclass(frozen=True)
class SiteRow:
    """One deployment in a list of sites; `stage` is that of the day shown, `score` None without one."""

    deployment: Deployment
    stage: Stage
    score: ReadinessScore | None
    declared: Declared
    caps: tuple[Cap, ...]
    cells: tuple[Cell, ...]
    href: str
    why_href: str
    change: Change | None = None
    gate: GateDay | None = None
    lead: Lead | None = None
    plans: bool = False

    @cached_property
    def edit_href(self) -> str:
        """The page of the form of its row."""
        address = {"programme": self.deployment.programme.code, "site": self.deployment.site.code, "step": "row"}
        return reverse("readiness:deployment-plan", kwargs=address)

    @property
    def held(self) -> Cap | None:
        """The cap that keeps the score where it is."""
        return next((cap for cap in self.caps if cap.holds), None)

    @property
    def days(self) -> int | None:
        """Days to go until go-live on the day of the score, negative after it; None without one."""
        return self.score.days_to_go if self.score else None

    @property
    def coarse(self) -> bool:
        """Whether figures are whole numbers, because some beside them are hidden from the reader."""
        return any(cell.state == HIDDEN for cell in self.cells)

    @cached_property
    def weakest(self) -> list[Cell]:
        """The three domains with most to win."""
        return weakest(self.cells)


def deployment_address(programme: Programme, site_code: str) -> str:
    """The page of a site within a programme."""
    return reverse("readiness:deployment-detail", kwargs={"programme": programme.code, "site": site_code})


def why_address(programme: Programme, site_code: str) -> str:
    """The page that explains a site's score; while there is none, the site's own page."""
    try:
        return reverse("readiness:deployment-why", kwargs={"programme": programme.code, "site": site_code})
    except NoReverseMatch:
        return deployment_address(programme, site_code)


def ready_for_rows(deployments: QuerySet, look: Look) -> QuerySet:
    """Deployments with all that `rows_of` reads of them."""
    latest = ReadinessScore.objects.latest_of_each
    listed = with_stage(with_declared(deployments, look.day), look.day)
    listed = listed.select_related("site__organisation", "wave", "programme")
    listed = listed.annotate(score_id=latest("pk", look.day))
    return listed.annotate(before_id=latest("pk", look.since)) if look.since else listed


def rows_of(deployments: Sequence[Any], look: Look) -> list[SiteRow]:
    """Rows for deployments of `ready_for_rows`; at most five queries, however many there are."""
    scores = _scores(deployments, look)
    models = models_of(scores.values())
    names = domain_names()
    gates = gates_of(deployments, look) if look.shows("gate") else {}
    leads = leads_of(deployments, look) if look.shows("lead") else {}
    rows = []
    for deployment in deployments:
        score = scores.get(deployment.score_id)
        before = scores.get(getattr(deployment, "before_id", None) or 0)
        rows.append(
            SiteRow(
                deployment=deployment,
                stage=Stage(deployment.stage_now),
                score=score,
                declared=declared_of(deployment, score.band if score else ""),
                caps=caps_of(score, models[score.model_id]) if score else (),
                cells=_cells(score, deployment, look, models, names),
                href=deployment_address(look.programme, deployment.site.code),
                why_href=why_address(look.programme, deployment.site.code),
                change=change_of(score, before) if score and look.since else None,
                gate=gates.get(deployment.site.code),
                lead=leads.get(deployment.pk),
                plans=look.day is None and plan_deployment(look.user, deployment),
            )
        )
    return rows


def gates_of(deployments: Iterable[Deployment], look: Look) -> dict[str, GateDay]:
    """The gate each site comes to next, by the site's code; one of the last days that nobody passed is still next."""
    pairs = gate_days(Deployment.objects.filter(pk__in=[deployment.pk for deployment in deployments]))
    ahead = pairs.filter(gate_on__gte=look.on - LATE, passed=False)
    return {each.site_code: each for each in told(ahead.order_by("pk", "gate_on", "gate").distinct("pk"))}


def leads_of(deployments: Iterable[Deployment], look: Look) -> dict[int, Lead]:
    """Who leads each site on the day, by deployment, in the first of the LEADING seats that is filled. One query."""
    of_site = {deployment.site_id: deployment for deployment in deployments}
    seats = Seat.objects.filter(
        Q(from_on=None) | Q(from_on__lte=look.on),
        Q(to_on=None) | Q(to_on__gte=look.on),
        programme=look.programme,
        site__in=of_site,
        role__code__in=LEADING,
        person__isnull=False,
        retired_at=None,
    )
    found: dict[int, tuple[int, Lead]] = {}
    for seat in seats.select_related("role", "person__user").order_by("-from_on", "pk"):
        if seat.site_id is None:
            continue
        deployment = of_site[seat.site_id]
        rank = LEADING.index(seat.role.code)
        if deployment.pk not in found or rank < found[deployment.pk][0]:
            name = str(seat.person) if see_names_at(look.user, deployment) else ""
            found[deployment.pk] = (rank, Lead(str(seat.role), name))
    return {pk: lead for pk, (_rank, lead) in found.items()}


def _scores(deployments: Sequence[Any], look: Look) -> dict[int, ReadinessScore]:
    """The scores that rows name, now and before, by id, in one query."""
    named = {pk for row in deployments for pk in (row.score_id, getattr(row, "before_id", None)) if pk}
    scores = ReadinessScore.objects.defer("digest") if look.domains else ReadinessScore.objects.defer(*HEAVY)
    return scores.in_bulk(named)


def _cells(
    score: ReadinessScore | None,
    deployment: Deployment,
    look: Look,
    models: Mapping[int, Any],
    names: Mapping[str, str],
) -> tuple[Cell, ...]:
    if score is None or not look.domains:
        return ()
    few = see_counts_of_few(look.user, deployment)
    return cells_of(score, deployment, models[score.model_id], names, few=few)
