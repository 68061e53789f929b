"""Versions of a programme's checklist template: read by all, drafted and published by its managers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.judged import model_in_use
from readiness.dashboards.template_effect import effect_of
from readiness.dashboards.templates import by_domain, drafts_thrown_away, from_standard, since_last, versions_of
from readiness.forms.templates import NewItemForm, PublishForm, RemoveForm, StandardForm, TemplateItemForm
from readiness.item_contents import contents_of
from readiness.models import ChecklistTemplate, TemplateItem
from readiness.services.templates import (
    add_template_item,
    draft_template,
    edit_template_item,
    publish_template,
    remove_template_item,
    take_over,
)
from readiness.tasks import rescore_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_settings
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import manage_programme, read_programme, see_names_of_team
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.vocabulary import seats_offered
from rollout.views.access import find_programme, permitted
from rollout.views.questions import Question, ask

COLUMNS = (
    {"label": _("Version")},
    {"label": _("State")},
    {"label": _("Items"), "numeric": True},
    {"label": _("Sites that use it"), "numeric": True},
    {"label": _("Published")},
)


@dataclass(frozen=True)
class DraftItem:
    """An item of a template, with the programme it is of."""

    template: ChecklistTemplate
    row: TemplateItem

    @property
    def programme(self) -> Programme:
        """The programme of the template."""
        return self.template.programme


def find_template(user: Somebody, programme: str, version: int) -> ChecklistTemplate:
    """The template of an address like /p/<programme>/settings/templates/<version>/, also one that was thrown away."""
    found = find_programme(user, programme)
    template = get_object_or_404(found.checklist_templates.select_related("retired_by"), version=version)
    template.programme = found
    return template


def find_item(user: Somebody, programme: str, version: int, item: str) -> DraftItem:
    """The item of an address like …/templates/<version>/items/<item>/."""
    template = find_template(user, programme, version)
    return DraftItem(template, get_object_or_404(template.items.select_related("seat_role"), code=item))


def read_template(user: Somebody, template: ChecklistTemplate) -> bool:
    """Everybody who may know of the programme."""
    return read_programme(user, template.programme)


def change_template(user: Somebody, template: ChecklistTemplate | DraftItem) -> bool:
    """The programme's managers, and administrators."""
    return manage_programme(user, template.programme)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(read_programme, find_programme)
def template_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The versions and who uses them; a POST opens the draft, made if there is none."""
    manages = manage_programme(request.user, programme)
    if request.method == "POST":
        if not manages:
            raise PermissionDenied
        return redirect(address_of(draft_template(programme=programme, by=request.user)))
    context = programme_frame(request, programme, "settings") | {
        "versions": versions_of(programme),
        "gone": drafts_thrown_away(programme),
        "columns": COLUMNS,
        "manages": manages,
        "names": see_names_of_team(request.user, programme),
    }
    context["trail"] = [*context["trail"], *([crumb_settings(programme)] if manages else [])]
    return render_page(request, "readiness/template_list.html", context)


@require_safe
@permitted(read_template, find_template)
def template_detail(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """One version: its items, and what differs from the version before."""
    return detail_page(request, template)


def detail_page(request: UserRequest, template: ChecklistTemplate, *, refusal: str = "") -> HttpResponse:
    """The page of a version; `refusal` says why what was asked for on it was not done."""
    items = contents_of(template.pk)
    before, changes = since_last(template, items)
    manages = manage_programme(request.user, template.programme)
    context = programme_frame(request, template.programme, "settings") | {
        "template": template,
        "domains": by_domain(items),
        "count": len(items),
        "blocking": sum(item.blocking for item in items),
        "before": before,
        "difference": changes,
        "edits": manages and template.published_at is None and template.retired_at is None,
        "manages": manages,
        "names": see_names_of_team(request.user, template.programme),
        "refusal": refusal,
    }
    context["trail"] = [*context["trail"], {"label": gettext("Checklist template"), "href": list_address(template)}]
    return render_page(request, "readiness/template_detail.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_template)
def template_add(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """A new item of the draft."""

    def act(form: NewItemForm) -> str:
        def do() -> str:
            add_template_item(template_id=template.pk, by=request.user, **form.said)
            return address_of(template)

        return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)

    words = {"title": _("Add an item"), "button": _("Add the item"), "told": _("The item is in the draft.")}
    return ask_of_draft(request, template, words, partial(NewItemForm, seats=seats_offered()), act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_item)
def template_item(request: UserRequest, item: DraftItem) -> HttpResponse:
    """An item of the draft, to be changed."""

    def act(form: TemplateItemForm) -> str:
        edit_template_item(item_id=item.row.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return address_of(item.template)

    words = {"title": item.row.code, "button": _("Save"), "told": _("The item is saved in the draft.")}
    make = partial(TemplateItemForm, row=item.row, seats=seats_offered())
    page = "readiness/template_item.html"
    return ask_of_draft(request, item.template, words, make, act, page=page, extra={"item": item.row})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_item)
def template_remove(request: UserRequest, item: DraftItem) -> HttpResponse:
    """Take an item out of the draft."""

    def act(form: RemoveForm) -> str:
        remove_template_item(item_id=item.row.pk, mark=form.cleaned_data["mark"], by=request.user)
        return address_of(item.template)

    words = {
        "title": gettext("Remove %(code)s from the draft?") % {"code": item.row.code},
        "lead": _("Sites that have the item keep it until they take the new version over, and its history after that."),
        "button": _("Remove the item"),
        "told": _("The item is no longer in the draft."),
    }
    return ask_of_draft(request, item.template, words, partial(RemoveForm, row=item.row), act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_template)
def template_standard(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """Items of the standard template that the draft lacks or has otherwise, to be taken over one by one."""
    found = from_standard(contents_of(template.pk))

    def act(form: StandardForm) -> str:
        take_over(template_id=template.pk, codes=form.cleaned_data["codes"], by=request.user)
        return address_of(template)

    words = {
        "title": _("Take over from the standard template"),
        "lead": _("Tick what the draft should have as the standard template has it. Your own items are left alone."),
        "button": _("Take over what is ticked"),
        "told": _("The ticked items are in the draft."),
    }
    make = partial(StandardForm, codes=found.codes)
    page = "readiness/template_standard.html"
    return ask_of_draft(request, template, words, make, act, page=page, extra={"difference": found})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_template)
def template_publish(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """What publishing the draft would mean, and doing it: it cannot be undone."""
    items = contents_of(template.pk)
    before, changes = since_last(template, items)
    model = model_in_use(template.programme_id)

    def act(form: PublishForm) -> str:
        publish_template(template_id=template.pk, mark=form.cleaned_data["mark"], by=request.user)
        rescore_after_commit()
        return list_address(template)

    words = {
        "title": gettext("Publish version %(version)s?") % {"version": template.version},
        "button": _("Publish this version"),
        "told": gettext("Version %(version)s is published.") % {"version": template.version},
    }
    extra = {
        "before": before,
        "difference": changes,
        "effect": effect_of(template.programme_id, template.pk, model.declared_credit) if model else None,
        "count": len(items),
    }
    make = partial(PublishForm, row=template)
    return ask_of_draft(request, template, words, make, act, page="readiness/template_publish.html", extra=extra)


def ask_of_draft(
    request: UserRequest,
    template: ChecklistTemplate,
    words: dict[str, Any],
    make: Callable[..., Any],
    act: Callable[[Any], str],
    *,
    extra: dict[str, Any] | None = None,
    page: str = "rollout/question.html",
) -> HttpResponse:
    """A question about a draft; a version that is published or thrown away has none, and what was sent is refused."""
    closed = template.published_at is not None or template.retired_at is not None
    if closed and request.method != "POST":
        published = gettext("This version is published and never changes.")
        messages.info(request, published if template.published_at else gettext("This draft was thrown away."))
        return redirect(address_of(template))
    back = gettext("Version %(version)s") % {"version": template.version}
    question = Question(back=address_of(template), back_label=back, caption=_("Checklist template"), **words)
    context = programme_frame(request, template.programme, "settings") | {"template": template} | (extra or {})
    return ask(request, question, make=make, act=act, context=context, template=page)


def address_of(template: ChecklistTemplate) -> str:
    """The page of a version."""
    address = {"programme": template.programme.code, "version": template.version}
    return reverse("readiness:template-detail", kwargs=address)


def list_address(template: ChecklistTemplate) -> str:
    """The page of all versions."""
    return reverse("readiness:template-list", kwargs={"programme": template.programme.code})
