"""A newer version of the checklist template taken over: by one site item by item, by many sites whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.templates import behind, checklist_at, of_site
from readiness.forms.adoption import AdoptForm, AdoptManyForm
from readiness.item_contents import contents_of, difference
from readiness.models import Checklist
from readiness.services.adoption import MOST_SITES, Adopted, adopt_template, differing
from readiness.services.templates import published_template
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from rollout.htmx import render_page
from rollout.models import Deployment, Programme
from rollout.permissions import keep_checklist, manage_programme
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import find_deployment, find_programme, permitted

LISTED = 200
COLUMNS = (
    {"label": _("Select"), "hidden": True},
    {"label": _("Site")},
    {"label": _("Uses")},
    {"label": _("New"), "numeric": True},
    {"label": _("Changed"), "numeric": True},
    {"label": _("Removed"), "numeric": True},
    {"label": _("Items done"), "numeric": True},
)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_checklist, find_deployment)
def checklist_adopt(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """What a newer version asks of a site otherwise, each item ticked; a POST takes the ticked ones over."""
    template = published_template(deployment.programme)
    checklist = checklist_at(deployment)
    changes = difference(of_site(checklist), contents_of(template.pk if template else None))
    version = template.version if template else 1
    form = AdoptForm(request.POST if request.method == "POST" else None, codes=changes.codes, version=version)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if template is None or checklist is None:
            refusal = gettext("The site has no checklist that could take something over.")
        elif form.is_valid():
            try:
                refuse_another(form.cleaned_data["version"], version)
                codes = form.cleaned_data["codes"]
                said = adopt_template(
                    deployment_ids=[deployment.pk], template_id=template.pk, codes=codes, by=request.user
                )
            except Refused as refused:
                refusal = str(refused)
            else:
                return taken_over(request, said, address_of_checklist(deployment))
    context = deployment_frame(request, deployment, "checklist") | {
        "template": template,
        "checklist": checklist,
        "difference": changes,
        "form": form,
        "refusal": refusal,
        "back": address_of_checklist(deployment),
    }
    if status == 422:  # the form of what is so now
        context["form"] = AdoptForm(codes=changes.codes, version=version) if refusal else form
    return render_page(request, "readiness/checklist_adopt.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def template_adopt(request: UserRequest, programme: Programme) -> HttpResponse:
    """The sites that use an older version; the ticked ones take the version in force over, after a check page."""
    template = published_template(programme)
    rows = behind(programme, template) if template else []
    version = template.version if template else 1
    listed = rows[:LISTED]
    data = request.POST if request.method == "POST" else None
    form = AdoptManyForm(data, sites=[row.deployment.site.code for row in listed], version=version)
    context = programme_frame(request, programme, "settings") | {"template": template, "total": len(rows), "form": form}
    context["back"] = reverse("readiness:template-list", kwargs={"programme": programme.code})
    if template is not None and form.is_valid():
        chosen = rows[:MOST_SITES] if form.cleaned_data["everyone"] else ticked(listed, form.cleaned_data["sites"])
        try:
            refuse_another(form.cleaned_data["version"], version)
            if not form.cleaned_data["sure"]:
                context |= {"chosen": chosen, "counts": totals(chosen, template.pk), "everyone": len(chosen) > LISTED}
                return render_page(request, "readiness/template_adopt_check.html", context)
            ids = [row.deployment_id for row in chosen]
            said = adopt_template(deployment_ids=ids, template_id=template.pk, codes=None, by=request.user)
        except Refused as refused:
            context["refusal"] = str(refused)
        else:
            return taken_over(request, said, context["back"])
    counts = differing([row.pk for row in listed], template.pk) if template else {}
    context |= {
        "rows": [(row, counts.get(row.pk, (0, 0, 0))) for row in listed],
        "columns": COLUMNS,
        "most": min(MOST_SITES, len(rows)),
    }
    return render_page(request, "readiness/template_adopt.html", context, status=422 if data is not None else 200)


def refuse_another(sent: int, version: int) -> None:
    """Raises Refused where the page was of another version than the one in force."""
    if sent != version:
        raise Refused(
            gettext("Version %(version)s was published meanwhile. Look at what it changes.") % {"version": version}
        )


def ticked(rows: list[Checklist], codes: list[str]) -> list[Checklist]:
    """The checklists of these sites."""
    return [row for row in rows if row.deployment.site.code in codes]


def totals(rows: list[Checklist], template_id: int) -> dict[str, int]:
    """Over all of them, how many items come, change and go."""
    counts = list(differing([row.pk for row in rows], template_id).values())
    names = ("added", "removed", "changed")
    return {name: sum(row[place] for row in counts) for place, name in enumerate(names)}


def taken_over(request: UserRequest, said: Adopted, address: str) -> HttpResponse:
    """Say what came of it, and go on."""
    rescore_after_commit()
    words = ngettext(
        "Taken over at %(sites)s site: %(added)s items added, %(changed)s changed, %(removed)s removed.",
        "Taken over at %(sites)s sites: %(added)s items added, %(changed)s changed, %(removed)s removed.",
        said.sites,
    )
    counts: dict[str, Any] = vars(said)
    messages.success(request, words % counts)
    return redirect(address)


def address_of_checklist(deployment: Deployment) -> str:
    """The checklist of the site."""
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    return reverse("readiness:checklist", kwargs=address)
