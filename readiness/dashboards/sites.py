"""The sites of a programme: filtered, in order, a page at a time, each with its newest score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Expression, F, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower
from django.urls import reverse

from readiness.dashboards.declared import Declared, declared_of, only_differing, with_declared
from readiness.dashboards.held import Cap, caps_of
from readiness.dashboards.judged import models_of
from readiness.dashboards.programmes import BAND_ORDER
from readiness.models import ReadinessScore
from rollout.choices import Stage
from rollout.models import Deployment, Programme

PER_PAGE = 50
# What ?sort= may say; "-" before it turns the order round, and rows without a value always come last.
SORTS = ("site", "wave", "stage", "days", "score", "band", "expected")
DEFAULT_SORT = "site"
# Columns of a score that a list does not show, and that weigh most.
HEAVY = ("indicators", "domains", "digest")


def ordinal(column: str, values: tuple[Any, ...]) -> Case:
    """The place of a column's value in an order of our own."""
    return Case(*(When(**{column: value}, then=Value(place)) for place, value in enumerate(values)))


def sort_key(name: str, day: date | None) -> Expression | F | Subquery:
    """The column or expression behind a name of SORTS."""
    latest = ReadinessScore.objects.latest_of_each
    of_deployment: dict[str, Any] = {
        "site": Lower("site__name"),
        "wave": F("wave__number"),
        "stage": ordinal("stage", tuple(Stage)),
    }
    if name in of_deployment:
        return of_deployment[name]
    of_score: Mapping[str, Any] = {"days": "days_to_go", "band": ordinal("band", BAND_ORDER)}
    return latest(of_score.get(name, name), day)


def in_order(deployments: QuerySet, sort: str, day: date | None = None) -> QuerySet:
    """Deployments in the order of `?sort=`; an unknown one is the default. The same rows always come the same way."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        name = sort = DEFAULT_SORT
    ordered = deployments.alias(sort_key=sort_key(name, day))
    key = F("sort_key").desc(nulls_last=True) if sort.startswith("-") else F("sort_key").asc(nulls_last=True)
    return ordered.order_by(key, Lower("site__name"), "pk")


def chosen(deployments: QuerySet, choice: Mapping[str, Any], day: date | None = None) -> QuerySet:
    """Deployments that fit the filters: q (words of site or organisation), band, stage, wave (number), differs."""
    for word in choice.get("q", "").split():
        names = Q(site__name__icontains=word) | Q(site__code__iexact=word)
        deployments = deployments.filter(names | Q(site__organisation__name__icontains=word))
    if stage := choice.get("stage"):
        deployments = deployments.filter(stage=stage)
    if wave := choice.get("wave"):
        deployments = deployments.filter(wave__number=wave)
    band, differs = choice.get("band"), choice.get("differs")
    if band or differs:
        deployments = deployments.alias(band=ReadinessScore.objects.latest_of_each("band", day))
    if band:
        deployments = deployments.filter(band=band)
    return only_differing(with_declared(deployments, day)) if differs else deployments


@dataclass(frozen=True)
class SiteRow:
    """One deployment in the list of sites; `score` is None where nothing was worked out yet."""

    deployment: Deployment
    score: ReadinessScore | None
    declared: Declared
    caps: tuple[Cap, ...]
    href: str

    @property
    def held(self) -> Cap | None:
        """The cap that keeps the score where it is."""
        return next((cap for cap in self.caps if cap.holds), None)


def deployment_address(programme: Programme, site_code: str) -> str:
    """The page of a site within a programme."""
    return reverse("readiness:deployment-detail", kwargs={"programme": programme.code, "site": site_code})


def page_of_sites(programme: Programme, deployments: QuerySet, number: str, day: date | None = None) -> Page:
    """One page of rows. Three queries whatever the length of the list: a count, the rows, their scores and models."""
    listed = with_declared(deployments, day).select_related("site__organisation", "wave")
    paginator = Paginator(listed.annotate(score_id=ReadinessScore.objects.latest_of_each("pk", day)), PER_PAGE)
    page = paginator.get_page(number)
    shown = list(page.object_list)
    scores = ReadinessScore.objects.defer(*HEAVY).in_bulk([row.score_id for row in shown if row.score_id])
    models = models_of(scores.values())
    page.object_list = [_row(programme, deployment, scores.get(deployment.score_id), models) for deployment in shown]
    return page


def _row(programme: Programme, deployment: Any, score: ReadinessScore | None, models: Mapping[int, Any]) -> SiteRow:
    return SiteRow(
        deployment=deployment,
        score=score,
        declared=declared_of(deployment, score.band if score else ""),
        caps=caps_of(score, models[score.model_id]) if score else (),
        href=deployment_address(programme, deployment.site.code),
    )
