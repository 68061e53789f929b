"""A programme with a published template, sites that use it, and what was done there."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from readiness.models import ChecklistEvent, ChecklistItem, ChecklistTemplate, TemplateItem
from readiness.services.checklists import add_checklists, refresh_items
from readiness.services.templates import draft_mark, draft_template, publish_template
from rollout.models import Deployment, Programme, User
from tests import factories as make

CODES = ("BACKUP", "PLAN", "ROTA")


def published(programme: Programme, codes: Sequence[str] = CODES, **fields: Any) -> ChecklistTemplate:
    """Version 1 with an item for each code, published."""
    template = ChecklistTemplate.objects.create(programme=programme, version=1)
    TemplateItem.objects.bulk_create(
        TemplateItem(**{"template": template, "code": code, "domain": "continuity", "text": f"{code} text", **fields})
        for code in codes
    )
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=timezone.now())
    template.refresh_from_db()
    return template


def sites_with_checklists(programme: Programme, number: int) -> list[Deployment]:
    """Sites whose checklists are of the version in force."""
    sites = [make.make_deployment(programme=programme) for _ in range(number)]
    add_checklists(programme_id=programme.pk)
    return sites


def done(site: Deployment, code: str) -> ChecklistItem:
    """The item is done at the site, with evidence."""
    item = ChecklistItem.objects.get(deployment=site, code=code)
    ChecklistEvent.objects.create(item=item, deployment=site, at=timezone.now(), state="done", evidence="Folder 7")
    refresh_items(programme_id=site.programme_id)
    item.refresh_from_db()
    return item


def second_version(programme: Programme, by: User) -> ChecklistTemplate:
    """Version 2: PLAN weighs 5, ROTA is gone, DRILL is new; BACKUP is as it was."""
    draft = draft_template(programme=programme, by=by)
    TemplateItem.objects.filter(template=draft, code="PLAN").update(weight=5)
    TemplateItem.objects.filter(template=draft, code="ROTA").delete()
    TemplateItem.objects.create(template=draft, code="DRILL", domain="continuity", text="DRILL text")
    return publish_template(template_id=draft.pk, mark=draft_mark(draft.pk), by=by)
