"""Checklist items: looked for in the templates, a hundred rows a programme, never in the items of every site."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from readiness.choices import ItemState
from readiness.dashboards.search.asked import Asked
from readiness.dashboards.search.hits import Hit, joined
from readiness.dashboards.search.matching import matching
from readiness.models import Checklist, ChecklistItem, ChecklistTemplate, TemplateItem
from rollout.choices import ReadinessDomain
from rollout.models import Deployment, Programme
from rollout.querysets.rights import Somebody
from rollout.templatetags.formats import count

Row = dict[str, Any]


def items(user: Somebody, asked: Asked) -> QuerySet:
    """Items of the templates in use, each code of a programme once, in its newest words."""
    used = Q(published_at__isnull=False) & Exists(Checklist.objects.filter(template=OuterRef("pk"), retired_at=None))
    templates = ChecklistTemplate.objects.filter(used, programme__in=Programme.objects.current().visible_to(user))
    newest = (
        TemplateItem.objects.filter(template__in=templates.values("pk"))
        .order_by("template__programme_id", "code", "-template__version")
        .distinct("template__programme_id", "code")
    )
    programme = "template__programme"
    rows = matching(
        TemplateItem.objects.filter(pk__in=newest.values("pk")),
        asked,
        own=("code", "text"),
        around=(f"{programme}__name", f"{programme}__code"),
        code="code",
    )
    columns = ("code", "text", "domain", programme, f"{programme}__code", f"{programme}__name")
    return rows.order_by("rank", "text", f"{programme}__name", "pk").values(*columns)


def item_hits(user: Somebody, rows: Sequence[Row], asked: Asked) -> Iterator[Hit]:
    """An item leads to its page where the person has one site in the programme, else to the sites that have it."""
    visible = Deployment.objects.current().visible_to(user)
    places = visible.filter(programme__in={row["template__programme"] for row in rows}, checklist__isnull=False)
    counts = places.order_by().values_list("programme").annotate(Count("pk"), Min("site__code"))
    sites = {programme: (number, site) for programme, number, site in counts}
    for row in rows:
        number, site = sites.get(row["template__programme"], (0, ""))
        programme, item = row["template__programme__code"], row["code"]
        if number == 0:
            continue
        if number == 1:
            address = reverse("readiness:checklist-item", kwargs={"programme": programme, "site": site, "item": item})
        else:
            query = {"q": asked.text, "programme": programme, "item": item}
            address = f"{reverse('readiness:search')}?{urlencode(query)}"
        at = ngettext("%(count)s site", "%(count)s sites", number) % {"count": count(number)}
        notes = joined(ReadinessDomain(row["domain"]).label, row["template__programme__name"], at)
        yield Hit(address, row["text"], item, notes)


def sites_with_item(user: Somebody, programme: str, item: str) -> QuerySet:
    """The items of this code at the sites of a programme that the person may see, by the name of the site."""
    found = ChecklistItem.objects.current().visible_to(user).filter(code=item, deployment__programme__code=programme)
    there = Q(deployment__retired_at=None, deployment__programme__retired_at=None, deployment__site__retired_at=None)
    columns = ("state", "template_item__text", "deployment__site__code", "deployment__site__name")
    return found.filter(there).order_by("deployment__site__name", "pk").values(*columns)


def item_at_site_hit(row: Row, programme: str, item: str) -> Hit:
    """An item at a site leads to its page."""
    parts = {"programme": programme, "site": row["deployment__site__code"], "item": item}
    address = reverse("readiness:checklist-item", kwargs=parts)
    state = gettext("Completed") if row["state"] == ItemState.DONE else str(ItemState(row["state"]).label)
    return Hit(address, row["deployment__site__name"], parts["site"], state)
