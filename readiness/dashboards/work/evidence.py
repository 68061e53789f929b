"""Evidence that a second person has to see before an item counts in full."""

from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from readiness.choices import Assurance, ItemState
from readiness.dashboards.work.duties import Duties, Duty, at_site, counted, of_place, put_together, under_way
from readiness.models import ChecklistEvent, ChecklistItem
from rollout.choices import Role
from rollout.models import Membership, User
from rollout.querysets.rights import rights_of

KIND = _("Evidence that a second person has to see")


def evidence_to_see(user: User, most: int) -> Duties:
    """Items that ask for evidence, are declared done and wait for somebody else than who declared them.

    That is the site's lead, item by item; for what a lead declared, or where nobody leads, the programme's managers, a
    row a site. Three queries at most.
    """
    rights = rights_of(user)
    said = ChecklistEvent.objects.filter(item=OuterRef("pk"), state=ItemState.DONE, retired_at=None)
    items = ChecklistItem.objects.current().filter(
        state=ItemState.DONE,
        assurance=Assurance.DECLARED,
        template_item__evidence_needed=True,
        deployment__in=under_way(user).values("pk"),
    )
    declared = items.annotate(declared_by=Subquery(said.order_by("-at", "-pk").values("by__user")[:1]))
    waiting = declared.filter(Q(declared_by=None) | ~Q(declared_by=user.pk))
    parts = []
    if rights.led:
        parts.append(_of_lead(waiting.filter(deployment__site__in=rights.led), most))
    if rights.managed:
        leads = Membership.objects.current().filter(role=Role.SITE_LEAD, site=OuterRef("deployment__site"))
        of_others = ~Exists(leads.exclude(user=Coalesce(OuterRef("declared_by"), 0))) & ~Q(
            deployment__site__in=rights.led
        )
        parts.append(_of_manager(waiting.filter(of_others, deployment__programme__in=rights.managed), most))
    return put_together(parts, most, by_day=False)


def _of_lead(waiting: QuerySet, most: int) -> Duties:
    columns = ("code", "done_on", "template_item__text", *of_place())
    rows, total = counted(waiting.order_by("done_on", "pk").values(*columns), most)
    duties = []
    for row in rows:
        place = at_site(row, "checklist-item", item=row["code"])
        what = row["template_item__text"]
        duties.append(Duty(verb=_("Confirm"), what=what, kind=KIND, on=row["done_on"], since=True, **place))
    return Duties(duties, total)


def _of_manager(waiting: QuerySet, most: int) -> Duties:
    of_site = waiting.order_by().values("deployment", *of_place()).annotate(items=Count("pk"), oldest=Min("done_on"))
    sites: QuerySet[Any] = of_site.order_by("oldest", "deployment")
    rows = list(sites[:most])
    return Duties([_site(row) for row in rows], len(rows) if len(rows) < most else sites.count())


def _site(row: dict[str, Any]) -> Duty:
    place = at_site(row, "checklist")
    return Duty(
        verb=_("Confirm"),
        what=ngettext("%(n)s item declared done", "%(n)s items declared done", row["items"]) % {"n": row["items"]},
        kind=KIND,
        on=row["oldest"],
        since=True,
        **{**place, "href": f"{place['href']}?state={ItemState.DONE}"},
    )
