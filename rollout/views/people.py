"""People who log in, and the roles they hold: administrators for everybody, managers within their programmes."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from rollout.choices import Role
from rollout.forms.roles import (
    DOES,
    GiveRoleForm,
    NewPersonForm,
    PeopleFilters,
    PersonForm,
    RoleChoice,
    roles_to_give,
)
from rollout.htmx import render_page, wants_part
from rollout.models import Membership, User
from rollout.permissions import administer_person, manage_people, manage_person, read_technical_admin
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.services.roles import (
    add_person,
    deactivate,
    describe_person,
    end_role,
    first_password_secret,
    give_role,
    open_log_ins,
    reactivate,
)
from rollout.views.access import permitted
from rollout.views.known import came_from, values_known
from rollout.views.questions import Question, ask

PER_PAGE = 50
COLUMNS = ({"label": _("Person")}, {"label": _("Roles")}, {"label": _("Last logged in")})
ROLE_COLUMNS = (
    {"label": _("Role")},
    {"label": _("Where")},
    {"label": _("Since")},
    {"label": _("Change"), "classes": "app-screen-only"},
)
# Where the session keeps the link that is shown once.
LINK_KEPT = "first_password_link"


def find_person(user: Somebody, user_id: int) -> User:
    """A person that the address names by number."""
    return get_object_or_404(User.objects.visible_to(user), pk=user_id)


def roles_of(user: Somebody) -> Any:
    """The memberships that the reader may know of, with what they name."""
    return Membership.objects.visible_to(user).select_related(
        "organisation", "programme", "site", "ward__site", "seat_role"
    )


@require_safe
@permitted(manage_people)
def person_list(request: UserRequest) -> HttpResponse:
    """Everybody who may log in, or those with a role in the reader's programmes."""
    form = PeopleFilters(request.GET)
    choice = form.choice
    people = User.objects.visible_to(request.user).filter(is_active=not choice.get("gone"))
    if q := choice.get("q"):
        people = people.filter(Q(email__icontains=q) | Q(name__icontains=q))
    if role := choice.get("role"):
        held = Membership.objects.visible_to(request.user).filter(role=role, ended_at=None)
        people = people.filter(pk__in=held.values("user"))
    current = roles_of(request.user).filter(ended_at=None)
    people = people.prefetch_related(Prefetch("memberships", current, to_attr="held")).order_by("name", "email", "pk")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "columns": COLUMNS,
        "part": wants_part(request),
        "administrator": read_technical_admin(request.user),
    }
    return render_page(request, "rollout/person_list.html", context, partial="people")


def role_asked(request: UserRequest) -> Role | None:
    """The role of `?role=`, None where none is chosen yet. Raises PermissionDenied for one not theirs to give."""
    written = request.GET.get("role", "")
    if written not in Role.values:
        return None
    if written not in roles_to_give(request.user):
        raise PermissionDenied
    return Role(written)


def choose_role(request: UserRequest, title: Any, back: str, back_label: Any, caption: str = "") -> HttpResponse:
    """The first question: which role it is to be."""
    form = RoleChoice(request.GET if "role" in request.GET else None, by=request.user)
    question = Question(title=title, button=_("Continue"), back=back, back_label=back_label, told="", caption=caption)
    status = 422 if form.errors or request.method == "POST" else 200
    context = {"question": question, "form": form}
    return render_page(request, "rollout/role_choice.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_people)
def person_new(request: UserRequest) -> HttpResponse:
    """Let somebody log in, with a first role; a link by which they choose a password is shown once."""
    role, people = role_asked(request), reverse("rollout:person-list")
    if role is None:
        return choose_role(request, _("Add a person"), people, _("People and roles"))
    made: list[User] = []
    then = came_from(request)

    def act(form: NewPersonForm) -> str:
        said = {"email": form.said["email"], "name": form.said["name"], "role": role, **form.scope}

        def do() -> str:
            user, new = add_person(by=request.user, **said)
            if new:
                made.append(user)
            return then if then and not new else reverse("rollout:person-detail", kwargs={"user_id": user.pk})

        return done_once(user=request.user, key=form.cleaned_data["once"], body=said, do=do)

    question = Question(
        title=_("Add a person"),
        button=_("Add the person"),
        back=then or request.path,
        back_label=_("Back") if then else _("Another role"),
        told=_("The person is added."),
        caption=role.label,
        lead=DOES[role],
    )
    make = partial(NewPersonForm, role=role, by=request.user, initial=values_known(request))
    answer = ask(request, question, make=make, act=act)
    for user in made:
        keep_link(request, user, first_password_secret(user_id=user.pk, by=request.user), back=then)
    return answer


def keep_link(request: UserRequest, user: User, secret: str, back: str = "") -> None:
    """Keep a link for the next page, and only for that; `back` is the page to go on with from there."""
    query = urlencode({"user": user.pk, "secret": secret})
    address = request.build_absolute_uri(f"{reverse('rollout:first-password')}?{query}")
    request.session[LINK_KEPT] = {"user": user.pk, "href": address, "back": back}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_person, find_person)
def role_new(request: UserRequest, person: User) -> HttpResponse:
    """Give a person another role."""
    role, back = role_asked(request), reverse("rollout:person-detail", kwargs={"user_id": person.pk})
    if role is None:
        return choose_role(request, _("Give a role"), back, person, str(person))

    def act(form: GiveRoleForm) -> str:
        def do() -> str:
            give_role(user_id=person.pk, role=role, by=request.user, **form.scope)
            return back

        body = {"role": role, "at": request.path, **form.scope}
        return done_once(user=request.user, key=form.cleaned_data["once"], body=body, do=do)

    question = Question(
        title=_("Give a role"),
        button=_("Give the role"),
        back=request.path,
        back_label=_("Another role"),
        told=_("The role is given. It holds from the person's next page on."),
        caption=f"{person} – {role.label}",
        lead=DOES[role],
    )
    return ask(request, question, make=partial(GiveRoleForm, role=role, by=request.user), act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(administer_person, find_person)
def person_edit(request: UserRequest, person: User) -> HttpResponse:
    """A person's name, and the address they log in with."""
    back = reverse("rollout:person-detail", kwargs={"user_id": person.pk})

    def act(form: PersonForm) -> str:
        describe_person(user_id=person.pk, mark=form.cleaned_data["mark"], by=request.user, **form.values)
        return back

    question = Question(
        title=_("Change the name or the address"),
        button=_("Save"),
        back=back,
        back_label=person,
        told=_("The person is saved."),
        caption=str(person),
    )
    return ask(request, question, make=partial(PersonForm, row=person), act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_person, find_person)
def person_detail(request: UserRequest, person: User) -> HttpResponse:
    """A person with their roles. A POST ends a role; for administrators it also ends or opens their log-in."""
    refusal = ""
    if request.method == "POST":
        try:
            told = done(request, person)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, told)
            return redirect(request.path)
    held = list(roles_of(request.user).filter(user=person).order_by("-started_at", "-pk"))
    kept = request.session.get(LINK_KEPT)
    link: dict[str, str] = {}
    if kept and kept["user"] == person.pk and request.method == "GET":
        link = request.session.pop(LINK_KEPT)
    context = {
        "person": person,
        "now": [membership for membership in held if membership.ended_at is None],
        "past": [membership for membership in held if membership.ended_at],
        "columns": ROLE_COLUMNS,
        "administrator": read_technical_admin(request.user),
        "open": open_log_ins(person),
        "link": link,
        "refusal": refusal,
    }
    return render_page(request, "rollout/person_detail.html", context, status=422 if refusal else 200)


def done(request: UserRequest, person: User) -> str:
    """Do what a button of a person's page says, and say so. Raises Refused and PermissionDenied."""
    action = request.POST.get("action", "")
    if action == "end":
        return ended(request, person)
    if not read_technical_admin(request.user):
        raise PermissionDenied
    if action == "link":
        keep_link(request, person, first_password_secret(user_id=person.pk, by=request.user))
        return gettext("A link is made. It is shown below, only now.")
    if action == "deactivate":
        deactivate(user_id=person.pk, by=request.user)
        return gettext("The person may log in no more, and is logged out everywhere.")
    if action == "reactivate":
        reactivate(user_id=person.pk, by=request.user)
        return gettext("The person may log in again.")
    raise Refused(gettext("Select one of the buttons of the page."))


def ended(request: UserRequest, person: User) -> str:
    """End the role that the button names."""
    known = {str(membership.pk): membership for membership in roles_of(request.user).filter(user=person)}
    membership = known.get(request.POST.get("membership", ""))
    if membership is None:
        raise Refused(gettext("There is no such role here."))
    if membership.role not in roles_to_give(request.user):
        raise PermissionDenied
    end_role(membership_id=membership.pk, by=request.user)
    return gettext("The role is ended. It holds no more from the person's next page on.")
