"""Addresses that refuse in every way there is, for the tests of errors and of the frame."""

import psycopg
from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from rollout import urls
from rollout.errors import Conflict, TooManyRequests, Unavailable
from rollout.htmx import render_page
from rollout.json_requests import WrongType

SECRET = "ward 7 secret"


def raising(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def too_slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 20")
        try:
            cursor.execute("SELECT pg_sleep(2)")
        finally:
            cursor.execute("RESET statement_timeout")
    return HttpResponse("never")


class Note(forms.Form):
    """A form with one field."""

    words = forms.CharField(label="Words")


def page_or_part(request: HttpRequest) -> HttpResponse:
    form = Note(request.POST or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render_page(request, "rollout_tests/page.html", {"form": form}, partial="part", status=status)


urlpatterns = [
    *urls.urlpatterns,
    path("400/", raising(SuspiciousOperation(SECRET))),
    path("403/", raising(PermissionDenied())),
    path("403-words/", raising(PermissionDenied("Only the ward's own manager may do this."))),
    path("404/", raising(Http404(SECRET))),
    path("405/", only_post),
    path("409/", raising(Conflict("Ben changed the owner a minute ago."))),
    path("413/", raising(RequestDataTooBig(SECRET))),
    path("415/", raising(WrongType("Send JSON."))),
    path("429/", raising(TooManyRequests("You have asked for 5 imports this hour.", retry_after=600))),
    path("500/", raising(ValueError(SECRET))),
    path("503/", raising(Unavailable(retry_after=60))),
    path("lock/", raising(OperationalError(psycopg.errors.LockNotAvailable(SECRET)))),
    path("slow/", too_slow),
    path("page/", page_or_part),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
