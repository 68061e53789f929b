"""What was decided for a programme and its sites, and what still waits to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.who import People
from rollout.downloads import Column, Table
from rollout.models import Decision, Programme


@dataclass(frozen=True)
class DecisionLine:
    """One decision, with who took it as far as the reader may know; `site` is "" for all sites.

    `gone`: the site was taken out of the programme since, so that there is no page of it.
    """

    decision: Decision
    site: str
    site_code: str
    by: str
    gone: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.decision.from_on is None

    @property
    def sites(self) -> str:
        """For which sites it holds."""
        return self.site or gettext("All sites")


def decisions_of(programme: Programme, deployments: QuerySet) -> QuerySet:
    """Decisions of the whole programme and of these deployments: those that wait first, then the newest."""
    rows = Decision.objects.filter(programme=programme, retired_at=None)
    rows = rows.filter(Q(deployment=None) | Q(deployment__in=deployments.values("pk")))
    return rows.select_related("deployment__site").order_by(
        F("from_on").desc(nulls_first=True), F("asked_on").asc(nulls_last=True), "-pk"
    )


def lines(decisions: Iterable[Decision], people: People) -> list[DecisionLine]:
    """Decisions with the words of who took them; no query for decisions that carry deployment and site."""
    return [
        DecisionLine(
            decision=row,
            site=row.deployment.site.name if row.deployment else "",
            site_code=row.deployment.site.code if row.deployment else "",
            by=people.words(row.by_id, row.deployment.site_id if row.deployment else None),
            gone=bool(row.deployment and row.deployment.retired_at),
        )
        for row in decisions
    ]


COLUMNS = (
    Column("code", _("Code")),
    Column("from_on", _("From"), "day"),
    Column("kind", _("Kind")),
    Column("text", _("What")),
    Column("site_code", _("Code of the site")),
    Column("sites", _("For which sites")),
    Column("reason", _("Reason")),
    Column("by", _("By")),
    Column("asked_on", _("Asked on"), "day"),
    Column("waits_for", _("Waits for")),
)


def decisions_table(rows: Iterable[DecisionLine]) -> Table:
    """The decisions as a file."""
    values: list[list[Any]] = [
        [
            row.decision.code,
            row.decision.from_on,
            row.decision.get_kind_display(),
            row.decision.text,
            row.site_code,
            row.sites,
            row.decision.reason,
            row.by,
            row.decision.asked_on,
            row.decision.waits_for,
        ]
        for row in rows
    ]
    return Table("decisions", _("Decisions"), COLUMNS, values)
