"""Release bundles: what goes live together, over the programmes that a person manages."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.dashboards.bundles import bundle_lines, bundles_of_manager, managed_programmes
from readiness.views.trail import crumb_programmes
from rollout.forms.bundles import BundleForm, NewBundleForm
from rollout.htmx import render_page
from rollout.models import ReleaseBundle
from rollout.permissions import add_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.bundles import add_bundle, change_bundle, restore_bundle, retire_bundle, seen_bundle
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import permitted
from rollout.views.questions import Question, ask

COLUMNS = (
    {"label": _("Bundle")},
    {"label": _("Planned on")},
    {"label": _("Programmes")},
    {"label": _("Modules")},
    {"label": _("Change"), "classes": "app-screen-only"},
)


def find_bundle(user: Somebody, bundle: str) -> ReleaseBundle:
    """The bundle of an address like /bundles/<code>/, of those that hold a programme of the user's."""
    return get_object_or_404(bundles_of_manager(user).filter(retired_at=None), code=bundle)


def keep_bundle(user: Somebody, bundle: ReleaseBundle) -> bool:
    """Whoever manages a programme in it, which is who finds it."""
    return add_programme(user)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(add_programme)
def bundle_list(request: UserRequest) -> HttpResponse:
    """The bundles. A POST takes the one that its button names out, or puts it back."""
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, take(request))
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect(request.path)
    lines = bundle_lines(request.user)
    context = {
        "trail": [crumb_programmes()],
        "rows": [line for line in lines if not line.bundle.retired_at],
        "retired": [line.bundle for line in lines if line.bundle.retired_at],
        "columns": COLUMNS,
        "refusal": refusal,
    }
    return render_page(request, "readiness/bundle_list.html", context, status=422 if refusal else 200)


def take(request: UserRequest) -> str:
    """Take a bundle out or put it back, and say so. Raises Refused where there is none."""
    code = request.POST.get("bundle", "").replace("\0", "")[:40]
    bundle = bundles_of_manager(request.user).filter(code=code).first()
    if bundle is None:
        raise Refused(gettext("There is no such bundle here."))
    if request.POST.get("action") == "back":
        restore_bundle(bundle_id=bundle.pk, by=request.user)
        return gettext("%(name)s is back.") % {"name": bundle.name}
    retire_bundle(bundle_id=bundle.pk, by=request.user)
    return gettext("%(name)s is taken out. It can be put back below.") % {"name": bundle.name}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(add_programme)
def bundle_new(request: UserRequest) -> HttpResponse:
    """A bundle more."""
    question = of_bundles(
        title=_("Add a release bundle"), button=_("Add the bundle"), told=_("The release bundle is added.")
    )

    def act(form: NewBundleForm) -> str:
        def do() -> str:
            add_bundle(by=request.user, **form.said)
            return question.back

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    make = partial(NewBundleForm, programmes=choices(request.user))
    return ask(request, question, make=make, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_bundle, find_bundle)
def bundle_detail(request: UserRequest, bundle: ReleaseBundle) -> HttpResponse:
    """One bundle."""
    question = of_bundles(
        title=_("Change the release bundle"),
        caption=bundle.name,
        button=_("Save"),
        told=_("The release bundle is saved."),
    )
    offered = choices(request.user)
    managed = [programme for programme, _name in offered]

    def act(form: BundleForm) -> str:
        mark = form.cleaned_data["mark"]
        change_bundle(bundle_id=bundle.pk, mark=mark, managed=managed, by=request.user, **form.values)
        return question.back

    make = partial(BundleForm, row=seen_bundle(bundle, managed), programmes=offered)
    return ask(request, question, make=make, act=act)


def choices(user: Somebody) -> list[tuple[int, str]]:
    """The programmes that the person manages, by id."""
    return list(managed_programmes(user).values_list("pk", "name"))


def of_bundles(**words: Any) -> Question:
    """A question below the page of the bundles."""
    return Question(back=reverse("readiness:bundle-list"), back_label=_("Release bundles"), **words)
