"""A person's own account: who they are here, what they may do, and where they are logged in."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rollout import sessions
from rollout.clients import owner_stamp, read_device, remember_device
from rollout.forms.account import MailForm
from rollout.models import CalendarToken, Membership, SignIn
from rollout.permissions import keep_phones
from rollout.requests import Request, UserRequest
from rollout.services.messages import choose_mail, wanted_mail
from rollout.services.sign_in import end_all_sessions
from rollout.views.calendars import ADDRESS_KEPT
from rollout.views.sign_in import key_of


@require_safe
def account(request: UserRequest) -> HttpResponse:
    """Show name, roles in words, which mail is wanted, and what is known of this log-in and the person's others."""
    return page(request, MailForm(initial={"wanted": sorted(wanted_mail(request.user))}))


def page(request: UserRequest, form: MailForm, *, status: int = 200) -> HttpResponse:
    """The page with the form of the mail that is wanted."""
    roles = Membership.objects.current().filter(user=request.user)
    context = {
        "roles": [
            {"name": held.get_role_display(), "scope": scope_words(held)}
            for held in roles.select_related("organisation", "programme", "site", "ward", "seat_role")
        ],
        "elsewhere": SignIn.objects.live().filter(user=request.user).exclude(session_key=key_of(request)),
        "login_columns": [{"label": _("Logged in at")}, {"label": _("Device")}],
        "limits": request.session_limits,
        "idle_minutes": request.session_limits.idle_seconds // 60,
        "longest_hours": sessions.LONGEST_SECONDS // 3600,
        "form": form,
        "mail_is_sent": settings.MAIL_IS_SENT,
        "keeps_phones": keep_phones(request.user),
        "calendar": CalendarToken.objects.filter(user=request.user, stopped_at=None).first(),
        "calendar_address": request.session.pop(ADDRESS_KEPT, ""),
    }
    return render(request, "account/account.html", context, status=status)


def scope_words(held: Membership) -> str:
    """Return where a role is held, from the narrowest to the widest; "" where it is held everywhere."""
    places = (held.seat_role, held.ward, held.site, held.programme, held.organisation)
    return ", ".join(str(place) for place in places if place)


@require_POST
def own_messages(request: UserRequest) -> HttpResponse:
    """Keep which mail the person wants."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    choose_mail(user=request.user, wanted=form.kinds)
    messages.success(request, _("Your choice of emails is saved."))
    return redirect("rollout:account")


@require_POST
def log_out_elsewhere(request: UserRequest) -> HttpResponse:
    """End every other session of the person; this one goes on."""
    ended = end_all_sessions(user=request.user, but=key_of(request))
    words = ngettext("Logged out in %(count)s other place.", "Logged out in %(count)s other places.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("rollout:account")


@require_POST
def own_device(request: UserRequest) -> HttpResponse:
    """Enrol this device as the person's own (30 minutes instead of 15), or take that back."""
    enrol = request.POST.get("own") == "yes" and not request.session_limits.shared_device
    request.session[sessions.OWN_DEVICE] = enrol
    response = redirect("rollout:account")
    device = read_device(request)
    if device:
        remember_device(response, replace(device, owner=owner_stamp(request.user) if enrol else ""))
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: Request) -> JsonResponse:
    """Say how many seconds the log-in has left; a POST says that the person is there.

    The page asks before it warns, because another tab may have been busy. The token is for forms that stand in a page
    older than the log-in.
    """
    limits = request.session_limits
    left = limits.seconds_left if limits else 0
    fixed = limits is not None and limits.ends_at <= limits.seen_at + limits.idle_seconds
    return JsonResponse(
        {"user": request.user.pk, "seconds_left": left, "fixed": fixed, "token": get_token(request) if limits else ""}
    )
