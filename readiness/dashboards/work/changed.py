"""Changed since you last looked: scores in another band, items finished or blocked, decisions, plans, own imports."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band, ItemState
from readiness.dashboards.site.history import stage_words
from readiness.dashboards.work.duties import Changed, at_site, of_place, shortened
from readiness.models import ChecklistEvent, ReadinessScore
from rollout.choices import ChangeWhat, DecisionKind, DeclaredStatus
from rollout.models import Decision, Deployment, DeploymentChange, Programme, User

# How far back the list begins for who never looked, and how far it ever goes.
AT_FIRST, LONGEST = timedelta(days=7), timedelta(days=28)


def looked_from(looked_at: datetime | None, now: datetime) -> datetime:
    """From when on the list tells: the last look, but no more than four weeks; a week for who never looked."""
    return max(looked_at, now - LONGEST) if looked_at else now - AT_FIRST


def changed_since(user: User, since: datetime, most: int, *, own: Iterable[Changed] = ()) -> list[Changed]:
    """What others changed where the person may look, the newest first, one more than `most` where there is more.

    `own` is what ended of what the person began. Four queries, each cut; what an import brought has no hour and is not
    told, but for the scores that it moved.
    """
    deployments = Deployment.objects.current().visible_to(user)
    found = [
        *_bands(deployments, since, most + 1),
        *_items(user, deployments, since, most + 1),
        *_decisions(user, deployments, since, most + 1),
        *_plans(user, deployments, since, most + 1),
        *own,
    ]
    return sorted(found, key=lambda each: (each.at, each.programme, each.site, each.what), reverse=True)[: most + 1]


def _bands(deployments: QuerySet, since: datetime, most: int) -> Iterator[Changed]:
    """Sites whose score is in another band than the day before the last look. Three probes of an index a site."""
    latest = ReadinessScore.objects.latest_of_each
    day_before: date = timezone.localdate(since) - timedelta(days=1)
    moved = deployments.annotate(
        band=latest("band"), before=latest("band", day_before), at=latest("computed_at")
    ).filter(~Q(band=F("before")), before__isnull=False, at__gt=since)
    columns = ("band", "before", "at", *of_place(""))
    for row in moved.order_by("-at", "pk").values(*columns)[:most]:
        words = {"before": _band(row["before"]), "now": _band(row["band"])}
        yield Changed(
            what=row["site__name"],
            happened=gettext("From %(before)s to %(now)s") % words,
            verb=_("See why"),
            at=row["at"],
            before=row["before"],
            band=row["band"],
            **at_site(row, "deployment-why", ""),
        )


def _band(code: str) -> str:
    return str(Band(code).label).lower()


def _items(user: User, deployments: QuerySet, since: datetime, most: int) -> Iterator[Changed]:
    events = ChecklistEvent.objects.filter(
        at__gt=since,
        state__in=(ItemState.DONE, ItemState.BLOCKED),
        retired_at=None,
        item__retired_at=None,
        deployment__in=deployments.values("pk"),
    ).exclude(by__user=user)
    columns = ("state", "at", "reason", "item__code", "item__template_item__text", *of_place())
    for row in events.order_by("-at", "pk").values(*columns)[:most]:
        blocked = row["state"] == ItemState.BLOCKED
        reason = shortened(row["reason"])
        yield Changed(
            what=row["item__template_item__text"],
            happened=(gettext("Blocked: %(reason)s") % {"reason": reason} if reason else gettext("Blocked"))
            if blocked
            else gettext("Finished"),
            verb=_("Open the item"),
            at=row["at"],
            **at_site(row, "checklist-item", item=row["item__code"]),
        )


def _decisions(user: User, deployments: QuerySet, since: datetime, most: int) -> Iterator[Changed]:
    """Decisions written down or changed by hand, of sites and of whole programmes."""
    programmes = Programme.objects.current().visible_to(user)
    reached = Q(deployment__in=deployments.values("pk")) | Q(deployment=None, programme__in=programmes.values("pk"))
    decisions = Decision.objects.filter(reached, edited_at__gt=since, retired_at=None).exclude(by__user=user)
    site = "deployment__site__name"
    columns = ("text", "kind", "edited_at", "programme__code", "programme__name", site)
    for row in decisions.order_by("-edited_at", "pk").values(*columns)[:most]:
        yield Changed(
            what=shortened(row["text"]),
            happened=gettext("Decision: %(kind)s") % {"kind": str(DecisionKind(row["kind"]).label).lower()},
            verb=_("Read it"),
            href=reverse("readiness:programme-decisions", kwargs={"programme": row["programme__code"]}),
            at=row["edited_at"],
            programme=row["programme__name"],
            site=row[site] or "",
        )


def _plans(user: User, deployments: QuerySet, since: datetime, most: int) -> Iterator[Changed]:
    changes = DeploymentChange.objects.filter(
        at__gt=since, retired_at=None, deployment__in=deployments.values("pk")
    ).exclude(by__user=user)
    columns = ("what", "before", "after", "at", *of_place())
    for row in changes.order_by("-at", "pk").values(*columns)[:most]:
        yield Changed(
            what=row["deployment__site__name"],
            happened=_told(row["what"], row["before"], row["after"]),
            verb=_("See its timeline"),
            at=row["at"],
            **at_site(row, "deployment-timeline"),
        )


def _told(what: str, before: str, after: str) -> str:
    words = {
        "what": str(ChangeWhat(what).label),
        "before": _value(what, before) or gettext("none"),
        "after": _value(what, after) or gettext("none"),
    }
    if what == ChangeWhat.DECLARED_STATUS:
        return gettext("Declared %(after)s, before: %(before)s") % words
    return gettext("%(what)s: from %(before)s to %(after)s") % words


def _value(what: str, written: str) -> str:
    """A value of a change in words; what is written in no form of ours stays as it is."""
    if what == ChangeWhat.STAGE:
        return stage_words(written).lower()
    if what == ChangeWhat.DECLARED_STATUS and written in DeclaredStatus.values:
        return str(DeclaredStatus(written).label).lower()
    try:
        return date_format(date.fromisoformat(written), "j F Y")
    except ValueError:
        return written
