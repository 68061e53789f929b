"""A person changes their own password."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rollout.clients import Client, client_address, owner_stamp, read_device, remember_device
from rollout.forms.account import OwnPasswordForm
from rollout.requests import UserRequest
from rollout.services.sign_in import PasswordChanged, TooManyAttempts, change_password, follow_session
from rollout.views.sign_in import key_of, wait_words


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: UserRequest) -> HttpResponse:
    """Ask for the present password and a new one; the change ends every other log-in of the person."""
    device = read_device(request)
    client = Client(client_address(request), device.number if device else "")
    form = OwnPasswordForm(request.user, request.POST if request.method == "POST" else None, client=client)
    retry_after = None
    try:
        if form.is_valid():
            return changed(request, form.cleaned_data["new_password1"])
    except TooManyAttempts as refused:
        retry_after = refused.retry_after
        form.add_error("old_password", wait_words(retry_after))
    except PasswordChanged:
        form.add_error("old_password", _("Your password was changed somewhere else just now."))
    status = 200 if not form.is_bound else 422 if retry_after is None else 429
    response = render(request, "account/password.html", {"form": form}, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def changed(request: UserRequest, new: str) -> HttpResponse:
    """Change it, keep this session alive under a new key, and this device enrolled if it was."""
    before = key_of(request)
    ended = change_password(user=request.user, password=new, session_key=before)
    update_session_auth_hash(request, request.user)
    follow_session(before=before, now=key_of(request))
    words = _("Your password is changed.")
    if ended:
        elsewhere = ngettext(
            "You were logged out in %(count)d other place.", "You were logged out in %(count)d other places.", ended
        )
        words = f"{words} {elsewhere % {'count': ended}}"
    messages.success(request, words)
    response = redirect("rollout:account")
    device = read_device(request)
    if device and request.session_limits.own_device:
        remember_device(response, replace(device, owner=owner_stamp(request.user)))
    return response
