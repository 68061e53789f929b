"""A member of staff and the log-in that is theirs: linked by somebody who knows both, never by an address alone.

A link gives a log-in power over the person's own records: own shifts, checking in at the door, what is held. So it is
made by hand, the trail says by whom, and the page of the account tells whoever logs in.
"""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import note_names
from rollout.choices import Role
from rollout.models import Membership, User
from rollout.querysets.rights import rights_of
from rollout.services.edits import held, save_edit
from rollout.services.people import AddressTaken, create_user
from rollout.services.refusals import Refused
from rollout.services.roles import end_role
from training.models import Champion, StaffMember
from training.querysets.people import StaffMemberQuerySet

LOGIN = ("user_id",)


class NotThisLogin(Refused):
    """The log-in cannot be linked; to be said at its address."""

    field = "email"


def link_login(*, staff_id: int, email: str, by: User) -> StaffMember:
    """Link somebody to the log-in of an address that `by` may know of. The same link asked for twice is made once.

    A champion's log-in gets the role that opens the log and the own shifts. Raises Refused; an address that nobody has
    and one out of reach are refused in the same words.
    """
    with held(_linkable(), staff_id, by, "log-in linked") as person:
        # Held after the person, as everywhere, so that two who link one log-in wait for each other.
        users = User.objects.visible_to(by).filter(is_active=True, email__iexact=email.strip())
        user = users.select_for_update(of=("self",), no_key=True).first()
        if user is None:
            raise NotThisLogin(
                gettext(
                    "There is no log-in with this address that you may link. Check the address, give the person a "
                    "log-in, or ask an administrator."
                )
            )
        _link(person, user, by)
        return person


def give_login(*, staff_id: int, email: str, by: User) -> User:
    """Make a log-in for somebody who has none, and link it. Raises Refused.

    The log-in is called as the person is; they choose a password by a link that whoever made it hands on.
    """
    with held(_linkable(), staff_id, by, "log-in given to a member of staff") as person:
        if person.user_id is not None:
            raise Refused(_linked_already())
        try:
            user = create_user(email=User.objects.normalize_email(email), name=person.name, by=by)
        except AddressTaken:
            raise NotThisLogin(
                gettext("Somebody logs in with this address already. Link that log-in, or ask an administrator.")
            ) from None
        _link(person, user, by)
        return user


def unlink_login(*, staff_id: int, mark: str, by: User) -> StaffMember:
    """Take the link back; the log-in stays, without the role of a champion. Twice is once. Raises RecordChanged."""
    with held(StaffMember.objects.filter(retired_at=None), staff_id, by, "log-in unlinked") as person:
        user_id = person.user_id
        if save_edit(person, mark=mark, names=LOGIN, values={"user_id": None}):
            note_names(person, LOGIN)
            championing = Membership.objects.filter(user=user_id, role=Role.CHAMPION, ended_at=None)
            for membership in championing:  # one at most
                end_role(membership_id=membership.pk, by=by)
        return person


def open_champions_pages(person: StaffMember) -> None:
    """Give the log-in of a champion the role that opens their pages, once. Inside the `acting` of a service.

    The role shows nobody else's records. Who is no champion, or may not log in, gets none.
    """
    lasting = Q(to_on=None) | Q(to_on__gte=timezone.localdate())
    users = User.objects.filter(staff_member=person.pk, is_active=True)
    user = users.select_for_update(of=("self",), no_key=True).first()
    if user is None or not Champion.objects.current().filter(lasting, staff=person).exists():
        return
    if not Membership.objects.filter(user=user, role=Role.CHAMPION, ended_at=None).exists():
        Membership.objects.create(user=user, role=Role.CHAMPION)


def _linkable() -> StaffMemberQuerySet:
    return StaffMember.objects.current().filter(names_removed_at=None)


def _link(person: StaffMember, user: User, by: User) -> None:
    if person.user_id == user.pk:
        return
    if user.pk == by.pk and not rights_of(by).administrator:
        raise NotThisLogin(gettext("You cannot link your own log-in. Ask another manager or an administrator."))
    if person.user_id is not None:
        raise Refused(_linked_already())
    if StaffMember.objects.filter(user=user).exists():
        raise NotThisLogin(
            gettext("This log-in is linked to another employee number. Unlink it there, or ask an administrator.")
        )
    person.user = user
    person.save(update_fields=["user"])
    note_names(person, LOGIN)
    open_champions_pages(person)


def _linked_already() -> str:
    return gettext("This person is linked to a log-in already. Unlink that one first.")
