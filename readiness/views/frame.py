"""What stands around each page of a programme and of a site: where it belongs, tabs, the day shown, how it stands."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.freshness import freshness_of, late_run, zones_of
from readiness.dashboards.head import head_of, score_shown
from readiness.dashboards.past import stage_on
from readiness.dashboards.programmes import programme_band
from readiness.views.asked import day_asked, revision_asked
from readiness.views.steps import possible_steps
from readiness.views.trail import crumb_programmes, crumb_sites
from rollout.models import Deployment, Programme
from rollout.permissions import decide_for_deployment, manage_programme, plan_deployment
from rollout.requests import UserRequest
from rollout.services.leaving import was_live

# Name of the tab (what a view calls itself), URL name, words.
Tab = tuple[str, str, Any]
PROGRAMME_TABS: tuple[Tab, ...] = (
    ("overview", "readiness:programme-detail", _("Overview")),
    ("board", "readiness:programme-board", _("Board dashboard")),
    ("sites", "readiness:deployment-list", _("Sites")),
    ("items", "readiness:item-list", _("Checklists")),
    ("decisions", "readiness:programme-decisions", _("Decisions")),
    ("hazards", "readiness:hazard-list", _("Hazards")),
    ("training", "readiness:programme-training", _("Training")),
    ("access", "readiness:programme-access", _("Log-in tests")),
    ("rota", "readiness:programme-rota", _("Champions")),
)
# Behind the others, for those who manage the programme.
MANAGERS_TABS: tuple[Tab, ...] = (("settings", "readiness:programme-settings", _("Settings")),)
SITE_TABS: tuple[Tab, ...] = (
    ("overview", "readiness:deployment-detail", _("Overview")),
    ("why", "readiness:deployment-why", _("Why this score")),
    ("checklist", "readiness:checklist", _("Checklist")),
    ("gates", "readiness:gate-list", _("Gates")),
    ("team", "readiness:deployment-team", _("Team")),
    ("training", "readiness:deployment-training", _("Training")),
    ("access", "readiness:access", _("Log-in tests")),
    ("rota", "readiness:deployment-rota", _("Champions")),
    ("timeline", "readiness:deployment-timeline", _("Timeline")),
)


def programme_frame(request: UserRequest, programme: Programme, tab: str) -> dict[str, Any]:
    """The context of templates/readiness/programme_base.html. Raises Http404 for an `as_of` that is no day."""
    day = day_asked(request)
    tabs = PROGRAMME_TABS + (MANAGERS_TABS if manage_programme(request.user, programme) else ())
    return {
        "programme": programme,
        "programme_band": programme_band(programme),
        "trail": [crumb_programmes()],
        "tabs": _tabs(tabs, tab, day, programme=programme.code),
        "as_of": day,
        "today": timezone.localdate(),
        "late": None if day else late_run(programme, zones_of(programme)),
    }


def deployment_frame(request: UserRequest, deployment: Deployment, tab: str) -> dict[str, Any]:
    """The context of templates/readiness/deployment_base.html.

    `head` is how the site stands on the day asked for (readiness.dashboards.head.Head), None without a score. Raises
    Http404 for an `as_of` that is no day and for a revision that is not there.
    """
    programme, day, revision = deployment.programme, day_asked(request), revision_asked(request)
    score = score_shown(deployment, day, revision)
    if score is None and revision is not None:
        raise Http404("no such revision")
    context = programme_frame(request, programme, "sites")
    address = {"programme": programme.code, "site": deployment.site.code}
    head = None if score is None else head_of(deployment, score, day)
    return context | {
        "deployment": deployment,
        "trail": [crumb_programmes(), crumb_sites(programme)],
        "tabs": _tabs(SITE_TABS, tab, day, **address),
        "tab": tab,
        "stage": stage_on(deployment, day),
        "head": head,
        "why_href": _address("readiness:deployment-why", address, as_of=day, revision=revision),
        "moved_href": _address("readiness:deployment-why", address, since=head.since.day, as_of=day) if head else "",
        "freshness": freshness_of([score] if score else []),
        "steps": [] if day else _steps(request, deployment, address),
    }


def _steps(request: UserRequest, deployment: Deployment, address: dict[str, str]) -> list[dict[str, Any]]:
    """What the reader may do with the site's plan, as links."""
    steps = [
        {"label": step.title, "href": reverse("readiness:deployment-plan", kwargs={**address, "step": name})}
        for name, step in possible_steps(request.user, deployment)
    ]
    if plan_deployment(request.user, deployment):
        steps.append({"label": gettext("Set the scope"), "href": reverse("readiness:deployment-scope", kwargs=address)})
        counts = reverse("readiness:infrastructure", kwargs=address)
        steps.append({"label": gettext("Count what the wards have"), "href": counts})
    if decide_for_deployment(request.user, deployment) and not was_live(deployment):
        out = reverse("readiness:deployment-out", kwargs=address)
        steps.append({"label": gettext("Take the site out of the programme"), "href": out})
    return steps


def _tabs(tabs: Iterable[Tab], current: str, day: date | None, **address: str) -> list[dict[str, Any]]:
    """The tabs that lead to a page; the day shown goes along."""
    found = [(name, _address(url_name, address, as_of=day), label) for name, url_name, label in tabs]
    return [{"label": label, "href": href, "current": name == current} for name, href, label in found if href]


def _address(url_name: str, address: dict[str, str], **query: date | int | None) -> str:
    """The address of a page with the days and the revision given, "" where there is no such page."""
    try:
        path = reverse(url_name, kwargs=address)
    except NoReverseMatch:
        return ""
    asked = {name: str(value) for name, value in query.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
