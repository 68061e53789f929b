"""The sites of a programme: filtered, in order, a page at a time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from readiness.dashboards.declared import only_differing, with_declared
from readiness.dashboards.few import OF_PEOPLE
from readiness.dashboards.past import with_stage
from readiness.dashboards.programmes import BAND_ORDER
from readiness.dashboards.site_changes import only_changed
from readiness.dashboards.site_rows import Look, ready_for_rows, rows_of
from readiness.models import ReadinessScore
from readiness.scoring import DOMAINS, INDICATORS
from rollout.choices import Role, Stage
from rollout.models import Programme
from rollout.querysets.rights import Somebody, rights_of

PER_PAGE = 50
# What ?sort= may say; "-" before it turns the order round, and rows without a value always come last.
SORTS = ("site", "wave", "stage", "days", "score", "band", "expected", "coverage", *DOMAINS)
DEFAULT_SORT = "site"
# What ?band= may say beside the bands: sites without any score.
NO_SCORE = "none"
DOMAINS_OF_PEOPLE = frozenset(spec.domain for spec in INDICATORS if spec.code in OF_PEOPLE)


def ordinal(column: str, values: tuple[Any, ...]) -> Case:
    """The place of a column's value in an order of our own."""
    return Case(*(When(**{column: value}, then=Value(place)) for place, value in enumerate(values)))


def with_sort_key(deployments: QuerySet, name: str, day: date | None) -> QuerySet:
    """Deployments with the alias `sort_key`: the column or expression behind a name of SORTS.

    A domain's value is read from the stored score as text: four decimals, none above 1, so text stands in the order of
    the numbers.
    """
    of_deployment: dict[str, Any] = {
        "site": Lower("site__name"),
        "wave": F("wave__number"),
        "stage": ordinal("stage_now", tuple(Stage)),
    }
    if name in of_deployment:
        return deployments.alias(sort_key=of_deployment[name])
    of_score: Mapping[str, Any] = {
        "days": "days_to_go",
        "band": ordinal("band", BAND_ORDER),
        **{domain: KT(f"domains__{domain}") for domain in DOMAINS},
    }
    return ReadinessScore.objects.newest_as_alias(deployments, day, via="sorted", sort_key=of_score.get(name, name))


def domains_in_order(user: Somebody, programme: Programme) -> tuple[str, ...]:
    """The domains a person may put sites in the order of.

    Who must not see figures about fewer than 5 people at some site cannot order by domains that count people: a site's
    place between two others would tell what its own cell hides.
    """
    rights = rights_of(user)
    everywhere = rights.administrator or programme.pk in rights.managed | rights.trained | rights.signed
    if everywhere or Role.BOARD_MEMBER not in rights.roles:
        return DOMAINS
    return tuple(domain for domain in DOMAINS if domain not in DOMAINS_OF_PEOPLE)


def in_order(deployments: QuerySet, sort: str, day: date | None = None) -> QuerySet:
    """Deployments in the order of `?sort=`; an unknown one is the default. The same rows always come the same way."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        name = sort = DEFAULT_SORT
    if name == "stage":
        deployments = with_stage(deployments, day)
    ordered = with_sort_key(deployments, name, day)
    key = F("sort_key").desc(nulls_last=True) if sort.startswith("-") else F("sort_key").asc(nulls_last=True)
    return ordered.order_by(key, Lower("site__name"), "pk")


def chosen(deployments: QuerySet, choice: Mapping[str, Any], day: date | None = None) -> QuerySet:
    """Deployments that fit the filters.

    q (words of site or organisation), band, stage, wave (number), differs, and with `since` (a day) changed.
    """
    for word in choice.get("q", "").split():
        names = Q(site__name__icontains=word) | Q(site__code__iexact=word)
        deployments = deployments.filter(names | Q(site__organisation__name__icontains=word))
    if stage := choice.get("stage"):
        deployments = with_stage(deployments, day).filter(stage_now=stage)
    if wave := choice.get("wave"):
        deployments = deployments.filter(wave__number=wave)
    band, differs = choice.get("band"), choice.get("differs")
    if band or differs:
        deployments = ReadinessScore.objects.newest_as_alias(deployments, day, via="filtered", band="band")
    if band:
        deployments = deployments.filter(band=None) if band == NO_SCORE else deployments.filter(band=band)
    if (since := choice.get("since")) and choice.get("changed"):
        deployments = only_changed(deployments, since, day)
    return only_differing(with_declared(deployments, day)) if differs else deployments


class Counted(Paginator):
    """Pages of rows that are counted as they are without an order: what an order reads of scores is left out."""

    def __init__(self, rows: QuerySet, per_page: int, matching: QuerySet) -> None:
        """Take the rows in order, and the same without."""
        super().__init__(rows, per_page)
        self.matching = matching

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self.matching.count()


def page_of_sites(matching: QuerySet, sort: str, number: str, look: Look) -> Page:
    """One page of rows in an order: a count, the deployments, what `rows_of` reads, whatever the length of the list."""
    listed = ready_for_rows(in_order(matching, sort, look.day), look)
    page = Counted(listed, PER_PAGE, matching).get_page(number)
    page.object_list = rows_of(list(page.object_list), look)
    return page
