"""A person chooses their first password, by a link that works once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from rollout.forms.roles import FirstPasswordForm
from rollout.requests import Request
from rollout.services.roles import LinkUsed, choose_first_password, user_of_link

LONGEST_ID = 18


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: Request) -> HttpResponse:
    """Ask for a password twice. The secret stands in the query, which no log keeps and no other site is told."""
    written, secret = request.GET.get("user", ""), request.GET.get("secret", "")
    user_id = int(written) if written.isascii() and written.isdecimal() and len(written) <= LONGEST_ID else 0
    try:
        user = user_of_link(user_id, secret)
        form = FirstPasswordForm(user, request.POST if request.method == "POST" else None)
        if form.is_valid():
            choose_first_password(user_id=user.pk, secret=secret, password=form.cleaned_data["new_password1"])
            messages.success(request, _("Your password is set. Log in with it."))
            return redirect("rollout:sign-in")
    except LinkUsed:
        return render(request, "account/first_password.html", {"form": None}, status=410)
    return render(request, "account/first_password.html", {"form": form}, status=422 if form.errors else 200)
