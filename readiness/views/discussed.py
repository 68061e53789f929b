"""The records that people comment on, found by the address of their comments."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from rollout.models import Deployment, Programme
from rollout.querysets.rights import Somebody
from rollout.views.access import find_deployment, find_programme

Found = tuple[Model, str, str]  # the record, its words, and the address of its page


@dataclass(frozen=True)
class Discussed:
    """A record that people comment on, where it belongs, what it is called and where its own page is."""

    record: Model
    programme: Programme
    deployment: Deployment | None
    title: str
    back: str


def find_of_programme(user: Somebody, programme: str, kind: str, record: int) -> Discussed:
    """The record of an address like /p/<programme>/comments/decision/<id>/."""
    found = find_programme(user, programme)
    return _discussed(_of_programme(found, kind, record), found, None)


def find_of_deployment(user: Somebody, programme: str, site: str, kind: str, record: int) -> Discussed:
    """The record of an address like /p/<programme>/s/<site>/comments/item/<id>/."""
    found = find_deployment(user, programme, site)
    return _discussed(_of_deployment(found, kind, record), found.programme, found)


def _discussed(found: Found | None, programme: Programme, deployment: Deployment | None) -> Discussed:
    if found is None:
        raise Http404("no such record")
    record, title, back = found
    return Discussed(record, programme, deployment, title, back)


def _of_programme(programme: Programme, kind: str, record: int) -> Found | None:
    """A record of a programme; None where there is none."""
    page = reverse("readiness:programme-detail", kwargs={"programme": programme.code})
    if kind == "programme" and record == programme.pk:
        return programme, programme.name, page
    if kind == "decision":
        decision = programme.decisions.filter(pk=record, deployment=None).first()
        return (decision, decision.text, page) if decision else None
    return None


def _of_deployment(deployment: Deployment, kind: str, record: int) -> Found | None:
    """A record of a deployment, or of its programme as it is looked at there; None where there is none."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    page = reverse("readiness:deployment-detail", kwargs=address)
    if kind == "site" and record == deployment.pk:
        return deployment, deployment.site.name, page
    if kind == "item":
        items = deployment.checklist_items.filter(pk=record, retired_at=None).select_related("template_item")
        item = items.first()
        if item is None:
            return None
        here = reverse("readiness:checklist-item", kwargs={**address, "item": item.code})
        return item, item.template_item.text, here
    if kind == "gate":
        gate = deployment.programme.gates.filter(pk=record, retired_at=None).first()
        if gate is None:
            return None
        return gate, gate.name, reverse("readiness:gate-detail", kwargs={**address, "gate": gate.code})
    if kind == "waiver":
        waiver = deployment.waivers.filter(pk=record, retired_at=None).first()
        if waiver is None:
            return None
        title = gettext("Waiver %(code)s") % {"code": waiver.code}
        return waiver, title, reverse("readiness:waiver-list", kwargs=address)
    if kind == "decision":
        decision = deployment.decisions.filter(pk=record).first()
        return (decision, decision.text, page) if decision else None
    return None
