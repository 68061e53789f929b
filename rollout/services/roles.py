"""Who may do what, given and taken: roles for a scope, log-ins ended and begun again, first passwords."""

from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting, note_names
from rollout.choices import Role
from rollout.models import Membership, Person, SignIn, User
from rollout.querysets.rights import rights_of
from rollout.services.edits import held, save_edit
from rollout.services.people import create_user
from rollout.services.refusals import Refused
from rollout.services.sign_in import end_all_sessions

PERSON = ("email", "name")
SCOPE = ("organisation_id", "programme_id", "site_id", "ward_id", "seat_role_id")


class FirstPasswordLinks(PasswordResetTokenGenerator):
    """The secrets of links by which a person chooses a password. One works until it was used, for three days."""

    key_salt = "rollout.services.roles.first_password"


LINKS = FirstPasswordLinks()
LINK_LASTS = timedelta(days=3)


class LinkUsed(Exception):
    """The link is not one of ours, was used, or is too old. Which of these is not said."""


def add_person(*, email: str, name: str, role: Role, by: User, **scope: int | None) -> tuple[User, bool]:
    """Let somebody log in, with a role. Says too whether they are new: somebody who logs in already only gets the role.

    `scope` are the columns SCOPE that the role needs, by id.
    """
    with acting(by, "person added"):
        user = User.objects.filter(email__iexact=email.strip()).first()
        new = user is None
        if user is None:
            user = create_user(email=email, name=name, by=by)
        give_role(user_id=user.pk, role=role, by=by, **scope)
        return user, new


class EmailTaken(Refused):
    """Somebody else logs in with this address; to be said at its field."""

    field = "email"


def describe_person(*, user_id: int, mark: str, email: str, name: str, by: User) -> User:
    """Call a person otherwise, or let them log in with another address. Sessions go on, links made before do not work.

    What records say of the new address from now on means this person. Raises RecordChanged and EmailTaken.
    """
    with held(User.objects.all(), user_id, by, "person described") as user:
        email, before = User.objects.normalize_email(email).strip(), {name: getattr(user, name) for name in PERSON}
        try:
            with transaction.atomic():
                changed = save_edit(user, mark=mark, names=PERSON, values={"email": email, "name": name})
        except IntegrityError as error:
            if "rollout_user_email" not in str(error):
                raise
            raise EmailTaken(gettext("Somebody else logs in with this address. Enter another one.")) from None
        if changed:
            note_names(user, [column for column in PERSON if getattr(user, column) != before[column]])
            Person.objects.filter(label__iexact=email, user=None).update(user=user)
        return user


def give_role(*, user_id: int, role: Role, by: User, **scope: int | None) -> Membership:
    """Give a role for a scope; who holds it already keeps it.

    Raises Refused for somebody who may not log in, and for oneself, but for an administrator, who could do all of it
    anyway: a manager who signed gates in the name of a seat would judge their own work.
    """
    with acting(by, "role given"):
        if user_id == by.pk and not rights_of(by).administrator:
            raise Refused(gettext("You cannot give yourself a role. Ask another manager or an administrator."))
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        if not user.is_active:
            raise Refused(gettext("This person may not log in. Let them log in again first."))
        wanted = {name: scope.get(name) for name in SCOPE}
        missing = {f"{name}__isnull" if value is None else name: value or True for name, value in wanted.items()}
        held = Membership.objects.filter(user=user, role=role, ended_at=None, **missing).first()
        return held or Membership.objects.create(user=user, role=role, **wanted)


def end_role(*, membership_id: int, by: User) -> Membership:
    """Take a role away from this moment on; the next request of the person knows. Taken twice is taken once.

    Raises Refused for the last administrator.
    """
    with acting(by, "role ended"):
        membership = Membership.objects.get(pk=membership_id)
        if membership.role == Role.ADMINISTRATOR and membership.ended_at is None:
            _keep_an_administrator(but=membership.user_id)
        membership = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership_id)
        if membership.ended_at is None:
            membership.ended_at = max(timezone.now(), membership.started_at)
            membership.save(update_fields=["ended_at"])
        return membership


def deactivate(*, user_id: int, by: User) -> User:
    """Let somebody log in no more, and end all their sessions at once. Their records and their past roles stay.

    Raises Refused for oneself, and for the last administrator.
    """
    with acting(by, "person deactivated"):
        _keep_an_administrator(but=user_id)
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        if user == by:
            raise Refused(gettext("You cannot take your own log-in away. Ask another administrator."))
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
        end_all_sessions(user=user)
        return user


def reactivate(*, user_id: int, by: User) -> User:
    """Let somebody log in again, with the roles that were not ended."""
    with acting(by, "person reactivated"):
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
        return user


def first_password_secret(*, user_id: int, by: User) -> str:
    """The secret of a link by which a person chooses a password, once. Links made before stop working.

    The present password, if there is one, stops working too, and all sessions end: a link is made where the person
    cannot get in, or where somebody else may. Raises Refused for oneself and for somebody who may not log in.
    """
    with acting(by, "link for a new password made"):
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        if user == by:
            raise Refused(gettext("Change your own password on the page of your account."))
        if not user.is_active:
            raise Refused(gettext("This person may not log in. Let them log in again first."))
        user.set_unusable_password()
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
        end_all_sessions(user=user)
        return LINKS.make_token(user)


def user_of_link(user_id: int, secret: str) -> User:
    """Whose link it is. Raises LinkUsed."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not LINKS.check_token(user, secret):
        raise LinkUsed
    return user


def choose_first_password(*, user_id: int, secret: str, password: str) -> User:
    """Set the password that a person chose by a link, which then no longer works. Raises LinkUsed."""
    user = user_of_link(user_id, secret)
    before = user.password
    user.set_password(password)
    with acting(user, "own password chosen by a link"):
        mine = User.objects.filter(pk=user.pk, password=before, is_active=True)
        if not mine.update(password=user.password, password_changed_at=Now()):
            raise LinkUsed
        end_all_sessions(user=user)
    return user


def open_log_ins(user: User) -> int:
    """On how many devices a person is logged in."""
    return SignIn.objects.live().filter(user=user).count()


def _keep_an_administrator(*, but: int) -> None:
    """Raises Refused where nobody else is an administrator. Two who leave at once come one after the other."""
    held = Membership.objects.current().filter(role=Role.ADMINISTRATOR).order_by("pk")
    holders = set(held.select_for_update(of=("self",), no_key=True).values_list("user", flat=True))
    if but in holders and len(holders) == 1:
        raise Refused(gettext("This is the only administrator. Make somebody else one first."))
