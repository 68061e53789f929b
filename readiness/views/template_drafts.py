"""A draft of the checklist template thrown away, and taken up again."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from readiness.forms.templates import ThrowAwayForm
from readiness.models import ChecklistTemplate
from readiness.services.templates import take_up_draft, throw_away
from readiness.views.templates import (
    address_of,
    ask_of_draft,
    change_template,
    detail_page,
    find_template,
    list_address,
)
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import permitted


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(change_template, find_template)
def template_discard(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """Throw a draft away."""

    def act(form: ThrowAwayForm) -> str:
        said = form.cleaned_data
        throw_away(template_id=template.pk, mark=said["mark"], reason=said["reason"], by=request.user)
        return list_address(template)

    words = {
        "title": gettext("Throw version %(version)s away?") % {"version": template.version},
        "lead": _("No site uses it. It stays in the history, and you can take it up again. Its number stays taken."),
        "button": _("Throw the draft away"),
        "told": gettext("Version %(version)s is thrown away.") % {"version": template.version},
    }
    return ask_of_draft(request, template, words, partial(ThrowAwayForm, row=template), act)


@require_POST
@permitted(change_template, find_template)
def template_restore(request: UserRequest, template: ChecklistTemplate) -> HttpResponse:
    """Take a draft up again that was thrown away."""
    try:
        take_up_draft(template_id=template.pk, by=request.user)
    except Refused as refused:
        return detail_page(request, template, refusal=str(refused))
    messages.success(request, gettext("Version %(version)s is the draft again.") % {"version": template.version})
    return redirect(address_of(template))
