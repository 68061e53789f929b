"""The comments on any record: on a page of their own, added there and from the record's page, struck through."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from readiness.dashboards.comments import Thread, own_comments, thread_on
from readiness.views.discussed import Discussed, find_of_deployment, find_of_programme
from readiness.views.frame import deployment_frame, programme_frame
from rollout.forms.comments import CommentForm
from rollout.htmx import render_page, wants_part
from rollout.permissions import discuss_deployment, discuss_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.comments import add_comment, retire_comment
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import permitted


def may_discuss(user: Somebody, found: Discussed) -> bool:
    """Everybody who sees the record otherwise than from a board."""
    if found.deployment is not None:
        return discuss_deployment(user, found.deployment)
    return discuss_programme(user, found.programme)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(may_discuss, find_of_programme)
def programme_comments(request: UserRequest, found: Discussed) -> HttpResponse:
    """The comments on a record of a programme; a POST adds one, or strikes one's own through."""
    return comments(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(may_discuss, find_of_deployment)
def deployment_comments(request: UserRequest, found: Discussed) -> HttpResponse:
    """The same for a record of a site."""
    return comments(request, found)


def comments(request: UserRequest, found: Discussed) -> HttpResponse:
    """The page, or for htmx the comments alone; what was said without scripts leads back to the record."""
    if request.method != "POST":
        return page(request, found)
    form = None if request.POST.get("action") == "retire" else CommentForm(request.POST)
    if form is not None and not form.is_valid():
        return page(request, found, form=form, status=422)
    try:
        said = strike(request, found) if form is None else add(request, found, form)
    except Refused as refused:
        return page(request, found, form=form, refusal=str(refused), status=422)
    if wants_part(request):
        return page(request, found, said=said)
    messages.success(request, said)
    return redirect(f"{found.back}#comments")


def add(request: UserRequest, found: Discussed, form: CommentForm) -> str:
    """Add a comment, once."""

    def do() -> str:
        add_comment(subject=found.record, deployment=found.deployment, text=form.said["text"], by=request.user)
        return found.back

    body = {**form.said, "subject": [type(found.record).__name__, found.record.pk]}
    with form.reason_noted():
        done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)
    return gettext("Your comment is added.")


def strike(request: UserRequest, found: Discussed) -> str:
    """Strike one's own comment through."""
    known = {str(comment): comment for comment in own_comments(found.record, found.deployment, request.user)}
    comment = known.get(request.POST.get("comment", ""))
    if comment is None:
        raise Refused(gettext("There is no such comment here."))
    retire_comment(comment_id=comment, by=request.user)
    return gettext("Your comment is struck through.")


def thread_of(request: UserRequest, found: Discussed, form: CommentForm | None = None) -> Thread:
    """The comments on a record, the page that the address asks for."""
    thread = thread_on(
        found.record,
        request.user,
        programme=found.programme,
        deployment=found.deployment,
        number=request.GET.get("page"),
        form=form,
    )
    if thread is None:
        raise Http404("no such record")
    return thread


def page(request: UserRequest, found: Discussed, *, form: CommentForm | None = None, **more: Any) -> HttpResponse:
    """The page of a record's comments."""
    if found.deployment is not None:
        context = deployment_frame(request, found.deployment, "comments")
    else:
        context = programme_frame(request, found.programme, "comments")
    context |= {
        "thread": thread_of(request, found, form),
        "form": form,
        "found": found,
        "refusal": more.get("refusal", ""),
        "error_count": int("refusal" in more),
        "said": more.get("said", ""),
        "part": wants_part(request),
        "whole": True,
    }
    return render_page(
        request, "readiness/comment_list.html", context, partial="comments", status=more.get("status", 200)
    )
