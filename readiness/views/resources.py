"""The resource plan of a programme: people by role and week, against who is named in seats."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.resources import plan_of
from readiness.dashboards.seat_book import seat_book
from readiness.forms.resources import PeopleForm, PlaceChoice, RoleChoice
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.htmx import render_page
from rollout.models import Deployment, Programme, Site
from rollout.models.vocabulary import seat_words
from rollout.permissions import manage_programme
from rollout.requests import UserRequest
from rollout.services.resources import Planned, needs_mark, needs_of, plan_people
from rollout.templatetags.formats import day_short
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask


def site_asked(request: UserRequest, programme: Programme) -> Deployment | None:
    """The site of `?site=`, None for the programme itself. Raises Http404 for one that is not in the programme."""
    code = request.GET.get("site", "")
    if not code:
        return None
    deployments = Deployment.objects.current().visible_to(request.user).select_related("site", "programme")
    found = deployments.filter(programme=programme, site__code=code).first()
    if found is None:
        raise Http404("no such site")
    return found


def plan_address(programme: Programme, deployment: Deployment | None, name: str = "resource-plan", **more: str) -> str:
    """The plan, or the page that changes it, of the programme or of a site."""
    query = ({"site": deployment.site.code} if deployment else {}) | more
    path = reverse(f"readiness:{name}", kwargs={"programme": programme.code})
    return f"{path}?{urlencode(query)}" if query else path


@require_safe
@permitted(manage_programme, find_programme)
def resource_plan(request: UserRequest, programme: Programme) -> HttpResponse:
    """Roles by week, of the programme or of the site of `?site=`, and every gap of the next 13 weeks in words."""
    deployment = site_asked(request, programme)
    sites = Deployment.objects.current().visible_to(request.user).filter(programme=programme).select_related("site")
    plan = plan_of(programme, deployment, timezone.localdate())
    columns = [{"label": _("Role")}, *({"label": day_short(week), "numeric": True} for week in plan.weeks)]
    change = plan_address(programme, deployment, "resource-need")
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "deployment": deployment,
        "plan": plan,
        "columns": columns,
        "places": PlaceChoice(request.GET, deployments=sites.order_by("site__name")),
        "change": change,
        "change_role": f"{change}{'&' if '?' in change else '?'}role=",
    }
    return render_page(request, "readiness/resource_plan.html", context)


def roles_to_plan(programme: Programme, site: Site | None) -> list[tuple[str, str]]:
    """The seats that are kept here or asked for, and the roles that are or were planned anywhere in the programme."""
    needs = programme.resource_needs.select_related("role").order_by("role_id").distinct("role_id")
    planned = {need.role.code: str(need.role) for need in needs}
    known = planned | dict(seat_book(programme, site, timezone.localdate()).choices)
    return sorted(known.items(), key=lambda each: each[1].lower())


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def resource_need(request: UserRequest, programme: Programme) -> HttpResponse:
    """Say how many people of the role of `?role=` are needed from week to week; without a role it asks for one."""
    deployment = site_asked(request, programme)
    site = deployment.site if deployment else None
    back = plan_address(programme, deployment)
    context: dict[str, Any] = programme_frame(request, programme, "")
    roles = roles_to_plan(programme, site)
    choice = RoleChoice(request.GET if "role" in request.GET else None, roles=roles)
    words: dict[str, Any] = {"back": back, "back_label": _("Resource plan"), "caption": site.name if site else ""}
    if not choice.is_valid():
        question = Question(title=_("Plan people"), button=_("Continue"), told="", **words)
        context |= {"question": question, "form": choice, "site": site}
        status = 422 if choice.errors or request.method == "POST" else 200
        return render_page(request, "readiness/resource_role.html", context, status=status)
    role = choice.chosen
    code = "_".join(role.split()).lower()
    named = dict(roles).get(role) or seat_words(code)
    site_id = site.pk if site else None

    def make(data: Any) -> PeopleForm:
        return PeopleForm(data, row=Planned(needs_mark(programme.pk, site_id, code)))

    def act(form: PeopleForm) -> str:
        said = form.values | {"mark": form.cleaned_data["mark"]}
        plan_people(programme_id=programme.pk, site_id=site_id, role=role, by=request.user, **said)
        rescore_after_commit()
        return back

    question = Question(
        title=_("Plan people"),
        button=_("Save the plan"),
        told=_("The plan is saved."),
        **{**words, "caption": " – ".join(filter(None, [words["caption"], named]))},
    )
    context["planned"] = list(needs_of(programme.pk, site_id, code).order_by("week_on"))
    return ask(request, question, make=make, act=act, context=context, template="readiness/resource_need.html")
