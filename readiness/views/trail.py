"""Steps of the breadcrumb, from the top down."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from readiness.dashboards.programmes import programme_address, settings_address, sites_address
from rollout.models import Programme

Crumb = dict[str, Any]


def crumb_programmes() -> Crumb:
    """The list of programmes."""
    return {"label": _("Programmes"), "href": reverse("readiness:programme-list")}


def crumb_sites(programme: Programme) -> Crumb:
    """The sites of a programme."""
    return {"label": _("Sites"), "href": sites_address(programme)}


def crumb_programme(programme: Programme) -> Crumb:
    """The page of a programme."""
    return {"label": programme.name, "href": programme_address(programme)}


def crumb_settings(programme: Programme) -> Crumb:
    """The settings of a programme."""
    return {"label": _("Settings"), "href": settings_address(programme)}


def crumb_runs(programme: Programme | None) -> Crumb:
    """The runs of a programme, or all of them."""
    if programme is None:
        return {"label": _("System health"), "href": reverse("readiness:health")}
    return {"label": _("Runs"), "href": reverse("readiness:run-list", kwargs={"programme": programme.code})}
