"""Programmes, sites, wards, pilots, hazards and decisions that hold the words, of those that the person may see."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from readiness.dashboards.search.asked import Asked
from readiness.dashboards.search.hits import Hit, deployment_address, joined, programme_address
from readiness.dashboards.search.matching import matching
from readiness.models import Hazard
from rollout.choices import DecisionKind, PilotOutcome, ProgrammeState
from rollout.models import Decision, Deployment, DeploymentWard, Pilot, Programme, Ward
from rollout.querysets.rights import Somebody, deployments_in_scope, rights_of

Row = dict[str, Any]
LONGEST_TITLE = 160  # characters of a text that has no name


def programmes(user: Somebody, asked: Asked) -> QuerySet:
    """Programmes by code, name, product and portfolio."""
    visible = Programme.objects.current().visible_to(user)
    rows = matching(visible, asked, own=("name", "code", "product", "portfolio"), around=(), code="code")
    return rows.order_by("rank", "name", "pk").values("code", "name", "state", "product")


def programme_hit(row: Row) -> Hit:
    """A programme leads to its page."""
    notes = joined(row["product"], ProgrammeState(row["state"]).label)
    return Hit(programme_address(row["code"]), row["name"], row["code"], notes)


def sites(user: Somebody, asked: Asked) -> QuerySet:
    """Programmes at sites, by the site's name, code and postcode and its organisation's."""
    rows = matching(
        Deployment.objects.current().visible_to(user),
        asked,
        own=("site__name", "site__code", "site__organisation__name", "site__organisation__code", "site__postcode"),
        around=("programme__name", "programme__code"),
        code="site__code",
    )
    columns = ("site__code", "site__name", "site__organisation__name", "programme__code", "programme__name")
    return rows.order_by("rank", "site__name", "programme__name", "pk").values(*columns)


def site_hit(row: Row) -> Hit:
    """A site leads to its page in the programme."""
    address = deployment_address(row["programme__code"], row["site__code"])
    notes = joined(row["programme__name"], row["site__organisation__name"])
    return Hit(address, row["site__name"], row["site__code"], notes)


def wards(user: Somebody, asked: Asked) -> QuerySet:
    """Wards in the scope of a programme at their site, by their name, code and specialty, and the site's name."""
    to = "site__deployments__"
    there = {"site__deployments__isnull": False, f"{to}retired_at": None, f"{to}programme__retired_at": None}
    # In one filter and before the rest, so that everything speaks of the same deployment of the ward's site.
    reached = deployments_in_scope(rights_of(user), to)
    visible = Ward.objects.current().filter(reached, site__retired_at=None, **there)
    scope = DeploymentWard.objects.filter(deployment=OuterRef("deployment"))
    rows: QuerySet[Any] = visible.annotate(deployment=F("site__deployments")).filter(
        ~Exists(scope) | Exists(scope.filter(ward=OuterRef("pk")))
    )
    rows = matching(
        rows,
        asked,
        own=("name", "code", "specialty"),
        around=("site__name", "site__code", f"{to}programme__name", f"{to}programme__code"),
        code="code",
    )
    columns = ("code", "name", "specialty", "site__code", "site__name", f"{to}programme__code", f"{to}programme__name")
    return rows.order_by("rank", "name", "site__name", f"{to}programme__name", "pk").values(*columns)


def ward_hit(row: Row) -> Hit:
    """A ward leads to the page of its site in the programme. Its specialty may be why it was found."""
    address = deployment_address(row["site__deployments__programme__code"], row["site__code"])
    notes = joined(row["specialty"], row["site__name"], row["site__deployments__programme__name"])
    return Hit(address, row["name"], row["code"], notes)


def reached(user: Somebody, to: str) -> Q:
    """Records of a whole programme that the person may see, and those at a site that they may see."""
    programmes = Programme.objects.current().visible_to(user).values("pk")
    deployments = Deployment.objects.current().visible_to(user)
    same_site = deployments.filter(programme=OuterRef("programme"), site=OuterRef("site"))
    at_site = Q(deployment__in=deployments.values("pk")) if to == "deployment" else Q(Exists(same_site))
    return Q(**{to: None, "programme__in": programmes}) | at_site


def pilots(user: Somebody, asked: Asked) -> QuerySet:
    """Pilots by code and question."""
    rows: QuerySet[Any] = Pilot.objects.filter(reached(user, "site"), retired_at=None, programme__retired_at=None)
    around = ("site__name", "site__code", "programme__name", "programme__code")
    rows = matching(rows, asked, own=("code", "question"), around=around, code="code")
    columns = ("code", "question", "outcome", "site__code", "site__name", "programme__code", "programme__name")
    return rows.order_by("rank", "programme__name", "code", "pk").values(*columns)


def pilot_hit(row: Row) -> Hit:
    """A pilot leads to the page of its site, or of its programme."""
    outcome = PilotOutcome(row["outcome"]).label
    return _hit(row, row["site__code"], row["question"] or row["code"], joined(outcome, row["site__name"]))


def decisions(user: Somebody, asked: Asked) -> QuerySet:
    """Decisions by code and words, the newest first."""
    rows: QuerySet[Any] = Decision.objects.filter(
        reached(user, "deployment"), retired_at=None, programme__retired_at=None
    )
    site = "deployment__site"
    around = (f"{site}__name", f"{site}__code", "programme__name", "programme__code")
    rows = matching(rows, asked, own=("code", "text"), around=around, code="code")
    columns = ("code", "text", "kind", f"{site}__code", f"{site}__name", "programme__code", "programme__name")
    return rows.order_by("rank", F("from_on").desc(nulls_first=True), "pk").values(*columns)


def decision_hit(row: Row) -> Hit:
    """A decision leads to itself in the log of its programme."""
    kind = DecisionKind(row["kind"]).label
    hit = _hit(row, row["deployment__site__code"], row["text"], joined(kind, row["deployment__site__name"]))
    log = reverse("readiness:programme-decisions", kwargs={"programme": row["programme__code"]})
    return replace(hit, href=f"{log}?{urlencode({'q': row['code']})}#log")


def hazards(user: Somebody, asked: Asked) -> QuerySet:
    """Hazards by code and words, those that are open and rated highest first."""
    rows: QuerySet[Any] = Hazard.objects.filter(
        reached(user, "deployment"), retired_at=None, programme__retired_at=None
    )
    site = "deployment__site"
    around = (f"{site}__name", f"{site}__code", "programme__name", "programme__code")
    rows = matching(rows, asked, own=("code", "text"), around=around, code="code")
    columns = ("code", "text", "rating", "closed_on", "accepted_on")
    named = (f"{site}__code", f"{site}__name", "programme__code", "programme__name")
    still_open = Q(closed_on=None, accepted_on=None)
    return rows.order_by("rank", Case(When(still_open, then=0), default=1), "-rating", "pk").values(*columns, *named)


def hazard_hit(row: Row) -> Hit:
    """A hazard leads to its page in the hazard log."""
    state = gettext("closed") if row["closed_on"] else gettext("accepted") if row["accepted_on"] else gettext("open")
    rated = gettext("rated %(rating)s") % {"rating": row["rating"]}
    site = row["deployment__site__code"]
    hit = _hit(row, site, row["text"], joined(capfirst(state), rated, row["deployment__site__name"]))
    address = {"programme": row["programme__code"], "hazard": row["code"]}
    return replace(hit, href=reverse("readiness:hazard-detail", kwargs=address))


def _hit(row: Row, site: str | None, text: str, notes: str) -> Hit:
    programme = row["programme__code"]
    address = deployment_address(programme, site) if site else programme_address(programme)
    title = Truncator(text).chars(LONGEST_TITLE)
    return Hit(address, title, row["code"], joined(notes, row["programme__name"]))
