"""The log-in of a member of staff: linked, given, unlinked, by the programme's managers and administrators."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from readiness.views.frame import programme_frame
from readiness.views.held_about import StaffAt, find_staff
from rollout.models import User
from rollout.permissions import manage_programme
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.roles import first_password_secret
from rollout.views.access import permitted
from rollout.views.people import LINK_KEPT, keep_link
from rollout.views.questions import Question, ask
from training.dashboards.log_ins import Linking, linking_of
from training.forms.log_ins import GiveLoginForm, LinkLoginForm, UnlinkLoginForm
from training.services.log_ins import give_login, link_login, unlink_login


@dataclass(frozen=True)
class LogInShown:
    """What the page of somebody says of their log-in. `address` is "" where the reader may not know it.

    `link` is the link to a first password, for the one time that it is shown.
    """

    linked: bool
    active: bool
    may: bool
    address: str
    linking: Linking | None
    link: dict[str, str]


def link_log_in(user: Somebody, found: StaffAt) -> bool:
    """Say whose log-in is whose: the programme's managers, and administrators."""
    return manage_programme(user, found.programme)


def log_in_shown(request: UserRequest, found: StaffAt) -> LogInShown:
    """The log-in of somebody as the reader may know of it. Two queries more for those who link."""
    staff, may = found.staff, link_log_in(request.user, found)
    user = staff.user
    kept = request.session.get(LINK_KEPT) or {}
    shows = may and user is not None and kept.get("user") == user.pk and request.method == "GET"
    known = user is not None and (
        user.email.casefold() == staff.email.casefold()
        or (may and User.objects.visible_to(request.user).filter(pk=user.pk).exists())
    )
    return LogInShown(
        linked=user is not None,
        active=user is not None and user.is_active,
        may=may,
        address=user.email if user and known else "",
        linking=linking_of(staff) if may and user else None,
        link=request.session.pop(LINK_KEPT) if shows else {},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(link_log_in, find_staff)
def staff_log_in(request: UserRequest, found: StaffAt) -> HttpResponse:
    """Link a log-in. The address in the staff record is proposed where somebody logs in with it, and never taken."""
    question = _about(
        found,
        title=_("Link a log-in"),
        lead=_("The log-in then confirms this person's shifts and reads what is held about them. Be sure whose it is."),
        button=_("Link the log-in"),
        told=_("The log-in is linked. The person reads so on the page of their account."),
    )

    def act(form: LinkLoginForm) -> str:
        link_login(staff_id=found.staff.pk, email=form.cleaned_data["email"], by=request.user)
        return question.back

    known = User.objects.visible_to(request.user).filter(is_active=True, staff_member=None)
    theirs = found.staff.email and known.filter(email__iexact=found.staff.email).exists()
    make = partial(LinkLoginForm, initial={"email": found.staff.email if theirs else ""})
    return ask(request, question, make=make, act=act, context=programme_frame(request, found.programme, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(link_log_in, find_staff)
def staff_log_in_new(request: UserRequest, found: StaffAt) -> HttpResponse:
    """Give somebody a log-in; a link by which they choose a password is shown once."""
    made: list[User] = []
    question = _about(
        found,
        title=_("Give a log-in"),
        lead=_("The person chooses a password by a link, which you give to them yourself."),
        button=_("Give the log-in"),
        told=_("The log-in is made and linked."),
    )

    def act(form: GiveLoginForm) -> str:
        def do() -> str:
            made.append(give_login(staff_id=found.staff.pk, email=form.said["email"], by=request.user))
            return question.back

        body = {**form.said, "at": request.path}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    make = partial(GiveLoginForm, initial={"email": found.staff.email})
    answer = ask(request, question, make=make, act=act, context=programme_frame(request, found.programme, ""))
    for user in made:
        keep_link(request, user, first_password_secret(user_id=user.pk, by=request.user))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(link_log_in, find_staff)
def staff_log_in_unlink(request: UserRequest, found: StaffAt) -> HttpResponse:
    """Take a link back."""
    question = _about(
        found,
        title=_("Unlink the log-in"),
        lead=_(
            "The log-in stays, and no longer opens this person's shifts and records. A champion's role ends with it."
        ),
        button=_("Unlink the log-in"),
        told=_("The log-in is unlinked."),
    )

    def act(form: UnlinkLoginForm) -> str:
        unlink_login(staff_id=found.staff.pk, mark=form.cleaned_data["mark"], by=request.user)
        return question.back

    make = partial(UnlinkLoginForm, row=found.staff)
    return ask(request, question, make=make, act=act, context=programme_frame(request, found.programme, ""))


def _about(found: StaffAt, **words: Any) -> Question:
    """A question below the person's page."""
    place = {"programme": found.programme.code, "site": found.deployment.site.code}
    name = found.staff.name or found.staff.number
    back = reverse("readiness:staff-detail", kwargs={**place, "staff": found.staff.pk})
    return Question(**{"back": back, "back_label": name, "caption": name, **words})
