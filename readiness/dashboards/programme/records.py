"""What a programme's page lists beside its team: sites that asked to start, bundles, priority reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import JSONArray, Lower
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.gates import GateDay
from rollout.choices import Stage
from rollout.downloads import Column, Table
from rollout.models import PriorityReview, Programme, ReleaseBundle


def in_order_of_interest(deployments: QuerySet) -> QuerySet:
    """The sites that registered interest, the earliest first: volunteers start first."""
    asked = deployments.exclude(interest_on=None).select_related("site", "wave")
    return asked.order_by("interest_on", Lower("site__name"), "pk")


def waiting(deployments: QuerySet) -> QuerySet:
    """Those of them at which nothing has begun."""
    return in_order_of_interest(deployments).filter(stage=Stage.NOT_STARTED)


@dataclass(frozen=True)
class Bundle:
    """A release bundle as the page of a programme tells it: `others` are (code, name) of what else goes with it."""

    bundle: ReleaseBundle
    others: list[list[str]]


def bundles_of(programme: Programme, visible: QuerySet) -> list[Bundle]:
    """The bundles that the programme is in, the nearest first. One query; of other programmes those in `visible`."""
    seen = Q(programmes__in=visible.exclude(pk=programme.pk).values("pk"))
    named = ArrayAgg(JSONArray("programmes__code", "programmes__name"), filter=seen, default=Value([]))
    bundles = ReleaseBundle.objects.filter(pk__in=programme.release_bundles.values("pk"), retired_at=None)
    rows = bundles.annotate(others=named).order_by("planned_on", "code")
    return [Bundle(row, sorted(row.others, key=lambda other: other[1].lower())) for row in rows]


def reviews_of(programme: Programme) -> list[PriorityReview]:
    """The priority reviews, the next one or the newest first."""
    reviews = PriorityReview.objects.filter(programme=programme, retired_at=None)
    return list(reviews.order_by(F("due_on").desc(), "-pk"))


INTEREST_COLUMNS = (
    Column("place", _("Place"), "whole"),
    Column("site_code", _("Code")),
    Column("site", _("Site")),
    Column("interest_on", _("Interest registered on"), "day"),
    Column("stage", _("Stage")),
    Column("wave", _("Wave")),
    Column("go_live_on", _("Go-live"), "day"),
)


def interest_table(deployments: QuerySet) -> Table:
    """Every site that asked to start, begun or not, as a file."""
    rows = (
        [
            place,
            row.site.code,
            row.site.name,
            row.interest_on,
            row.get_stage_display(),
            str(row.wave) if row.wave else None,
            row.go_live,
        ]
        for place, row in enumerate(in_order_of_interest(deployments), 1)
    )
    return Table("interest", _("Sites that asked to start"), INTEREST_COLUMNS, rows)


GATE_COLUMNS = (
    Column("due_on", _("Day"), "day"),
    Column("gate", _("Gate")),
    Column("kind", _("Kind")),
    Column("site_code", _("Code")),
    Column("site", _("Site")),
    Column("held_on", _("Held on"), "day"),
    Column("outcome", _("Outcome")),
)


def gates_table(rows: Sequence[GateDay]) -> Table:
    """The next gates as a file."""
    values: list[list[Any]] = [
        [row.due_on, row.name, row.kind_words, row.site_code, row.site_name, row.held_on, row.outcome_words]
        for row in rows
    ]
    return Table("gates", _("Next gates"), GATE_COLUMNS, values)


BUNDLE_COLUMNS = (
    Column("code", _("Code")),
    Column("name", _("Bundle")),
    Column("planned_on", _("Planned on"), "day"),
    Column("modules", _("Modules")),
    Column("programmes", _("Other programmes")),
)


def bundles_table(bundles: Sequence[Bundle]) -> Table:
    """The release bundles as a file."""
    values = [
        [
            each.bundle.code,
            each.bundle.name,
            each.bundle.planned_on,
            ", ".join(each.bundle.modules),
            ", ".join(name for _code, name in each.others),
        ]
        for each in bundles
    ]
    return Table("bundles", _("Release bundles"), BUNDLE_COLUMNS, values)


REVIEW_COLUMNS = (
    Column("due_on", _("Due on"), "day"),
    Column("held_on", _("Held on"), "day"),
    Column("outcome", _("Outcome")),
    Column("reason", _("Reason")),
    Column("by", _("By")),
)


def reviews_table(reviews: Sequence[PriorityReview], who: Any) -> Table:
    """The priority reviews as a file; `who` says who held one, as far as the reader may know."""
    values = [[row.due_on, row.held_on, row.get_outcome_display(), row.reason, who(row.by_id)] for row in reviews]
    return Table("reviews", _("Priority reviews"), REVIEW_COLUMNS, values)
