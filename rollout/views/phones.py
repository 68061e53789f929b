"""Phones that wards share: the list of those enrolled, enrolling the one in hand, taking one back."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rollout import sessions
from rollout.clients import forget_phone, read_phone, remember_phone
from rollout.forms.phones import PhoneForm
from rollout.models import WardPhone
from rollout.permissions import keep_phones, wards_to_enrol
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.phones import enrol_phone, move_session_to_phone, phone_of, revoke_phone, secret_for
from rollout.views.access import permitted
from rollout.views.questions import Question, ask
from rollout.views.sign_in import key_of, log_in_address

COLUMNS = (
    {"label": _("Phone")},
    {"label": _("Ward")},
    {"label": _("Enrolled")},
    {"label": _("Take back"), "hidden": True},
)


def find_phone(user: Somebody, phone: int) -> WardPhone:
    """A phone of the user's wards; one that was revoked is found too, so that a second press is no error."""
    return get_object_or_404(WardPhone.objects.visible_to(user), pk=phone)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_phones)
def phone_list(request: UserRequest) -> HttpResponse:
    """The phones of the person's wards; the one in hand can be enrolled here."""
    wards = list(wards_to_enrol(request.user).select_related("site"))
    question = Question(
        title=_("Phones of the ward"),
        button=_("Enrol this phone"),
        back=reverse("rollout:account"),
        back_label=_("Your account"),
        told=_("This phone is enrolled."),
        lead=_("A phone that a ward shares stays logged in for longer, and can note things while nobody is."),
    )
    secrets: list[str] = []

    def act(form: PhoneForm) -> str:
        secret = secret_for(user=request.user, key=form.cleaned_data["once"])
        ward = next(ward for ward in wards if ward.pk == form.said["ward"])

        def do() -> str:
            enrol_phone(ward=ward, name=form.said["name"], secret=secret, by=request.user)
            return request.path

        address = done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)
        secrets.append(secret)
        return address

    here = phone_of(read_phone(request))
    phones = WardPhone.objects.current().visible_to(request.user).select_related("ward__site")
    context = {
        "phones": list(phones.order_by("ward__name", "name", "pk")),
        "columns": COLUMNS,
        "here": here,
        "may_enrol": bool(wards) and here is None,
    }
    response = ask(
        request,
        question,
        make=lambda data: PhoneForm(data, wards=wards),
        act=act,
        context=context,
        template="rollout/phone_list.html",
    )
    for secret in secrets:
        settle(request, response, secret)
    return response


def settle(request: UserRequest, response: HttpResponse, secret: str) -> None:
    """Leave the cookie on the phone, and let the present log-in go on as one of that phone."""
    phone = phone_of(secret)
    if phone:
        remember_phone(response, secret)
        sessions.move_to_phone(request.session)
        move_session_to_phone(session_key=key_of(request), phone=phone)


@require_POST
@permitted(keep_phones, find_phone)
def phone_revoke(request: UserRequest, phone: WardPhone) -> HttpResponse:
    """Take a phone back: whoever is logged in on it is logged out at once."""
    here = phone_of(read_phone(request)) == phone
    ended = revoke_phone(phone=phone, by=request.user)
    if here:
        logout(request)
        response = redirect(f"{log_in_address()}?logged-out=1")
        forget_phone(response)
        return response
    words = ngettext(
        "%(name)s is taken back. %(count)s log-in on it has ended.",
        "%(name)s is taken back. %(count)s log-ins on it have ended.",
        ended,
    )
    messages.success(request, words % {"name": phone.name, "count": ended})
    return redirect("rollout:phone-list")
