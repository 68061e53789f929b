"""Versions of a programme's checklist template as their pages show them, and which sites use which."""

from dataclasses import dataclass

from django.db.models import Count, Q, Subquery

from readiness.item_contents import Content, Difference, content_of, contents_of, difference, ordered, standard_contents
from readiness.models import Checklist, ChecklistItem, ChecklistTemplate
from readiness.services.adoption import differing
from rollout.choices import ReadinessDomain
from rollout.models import Deployment, Programme


@dataclass(frozen=True)
class VersionRow:
    """A version with how many items it has, and how many sites use it."""

    template: ChecklistTemplate
    items: int
    sites: int


@dataclass(frozen=True)
class Versions:
    """All versions, the newest first; `sites` have a checklist, `current` of them that of the version in force."""

    rows: tuple[VersionRow, ...]
    draft: ChecklistTemplate | None
    published: ChecklistTemplate | None
    sites: int
    current: int

    @property
    def behind(self) -> int:
        """Sites that use an older version."""
        return self.sites - self.current


@dataclass(frozen=True)
class DomainItems:
    """The items of one domain."""

    name: str
    items: tuple[Content, ...]


def versions_of(programme: Programme) -> Versions:
    """The versions of a programme. Two queries."""
    templates = ChecklistTemplate.objects.filter(programme=programme, retired_at=None)
    templates = templates.select_related("published_by__user").annotate(item_count=Count("items")).order_by("-version")
    used = Checklist.objects.filter(
        deployment__programme=programme, retired_at=None, deployment__retired_at=None
    ).values_list("template")
    sites = dict(used.annotate(sites=Count("pk")).order_by())
    rows = tuple(VersionRow(row, row.item_count, sites.get(row.pk, 0)) for row in templates)
    published = next((row for row in rows if row.template.published_at), None)
    return Versions(
        rows=rows,
        draft=next((row.template for row in rows if not row.template.published_at), None),
        published=published.template if published else None,
        sites=sum(sites.values()),
        current=published.sites if published else 0,
    )


def drafts_thrown_away(programme: Programme) -> list[ChecklistTemplate]:
    """The drafts that were thrown away, the newest first, with who did. One query."""
    gone = ChecklistTemplate.objects.filter(programme=programme, retired_at__isnull=False)
    return list(gone.select_related("retired_by").order_by("-version"))


@dataclass(frozen=True)
class SiteVersion:
    """Which version a site uses, which is in force, how many items differ, and the items no longer asked, by code."""

    used: int
    in_force: int
    differing: int
    retired: tuple[ChecklistItem, ...]

    @property
    def behind(self) -> bool:
        """Whether a newer version is published."""
        return self.used != self.in_force


def version_at(deployment: Deployment) -> SiteVersion | None:
    """The version of a site's checklist; None where it has none. Three queries."""
    published = ChecklistTemplate.objects.filter(programme=deployment.programme_id, retired_at=None)
    newest = published.exclude(published_at=None).order_by("-version")
    current = Checklist.objects.filter(deployment=deployment, retired_at=None).select_related("template")
    checklist = current.annotate(
        newest=Subquery(newest.values("pk")[:1]), newest_version=Subquery(newest.values("version")[:1])
    ).first()
    if checklist is None or checklist.newest is None:
        return None
    retired = ChecklistItem.objects.filter(checklist=checklist, retired_at__isnull=False)
    return SiteVersion(
        used=checklist.template.version,
        in_force=checklist.newest_version,
        differing=sum(differing([checklist.pk], checklist.newest).get(checklist.pk, ())),
        retired=tuple(retired.select_related("template_item").order_by("code")),
    )


def by_domain(items: list[Content]) -> list[DomainItems]:
    """The items under their domains, in the order of the domains."""
    of = {domain: tuple(item for item in ordered(items) if item.domain == domain) for domain in ReadinessDomain}
    return [DomainItems(str(domain.label), found) for domain, found in of.items() if found]


def since_last(template: ChecklistTemplate, items: list[Content]) -> tuple[ChecklistTemplate | None, Difference]:
    """The published version before this one, and what differs from it. Two queries."""
    earlier = ChecklistTemplate.objects.filter(
        programme=template.programme_id, version__lt=template.version, retired_at=None
    )
    before = earlier.exclude(published_at=None).order_by("-version").first()
    return before, difference(contents_of(before.pk if before else None), items)


def from_standard(items: list[Content]) -> Difference:
    """What the standard template has otherwise: new to these items, or changed. Items of one's own are left alone."""
    found = difference(items, standard_contents())
    return Difference(found.added, (), found.changed)


def behind(programme: Programme, published: ChecklistTemplate) -> list[Checklist]:
    """The checklists of sites that use an older version, in the order of the sites' names. One query."""
    older = Checklist.objects.filter(
        deployment__programme=programme, retired_at=None, deployment__retired_at=None
    ).exclude(template=published)
    done = Count("items", filter=Q(items__state="done", items__retired_at=None))
    rows = older.select_related("deployment__site", "template").annotate(done_count=done)
    return list(rows.order_by("deployment__site__name", "pk"))


def checklist_at(deployment: Deployment) -> Checklist | None:
    """The site's checklist with its version; None where it has none. One query."""
    return Checklist.objects.filter(deployment=deployment, retired_at=None).select_related("template").first()


def of_site(checklist: Checklist | None) -> list[Content]:
    """What the items of a site's checklist say now. One query."""
    if checklist is None:
        return []
    items = ChecklistItem.objects.current().filter(checklist=checklist)
    return [content_of(item.template_item) for item in items.select_related("template_item__seat_role")]
