"""Reminding owners of checklist items because somebody asks for it: one message a person, however many the items.

A message names no person and repeats no words of a record: one subject, one link to the list of what is theirs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from readiness.models import ChecklistItem, ItemReminder
from readiness.querysets.checklists import ChecklistItemQuerySet
from readiness.services.outbox import OVER_STAGES, OVER_STATES, refused_by, send_all
from rollout.audit import acting
from rollout.choices import MessageKind
from rollout.models import Programme, User
from rollout.services.refusals import Refused

KIND = MessageKind.CHECKLIST_ITEM


class RemindersChanged(Exception):
    """What was chosen is no longer as it was on the check page; nobody was reminded."""


@dataclass(frozen=True)
class ReminderOutlook:
    """Whom it would remind of the items chosen, and why not of the others; and a mark of that: 16 hexadecimal digits.

    `settled`: nothing is left to do; `nobody`: no owner who can log in; `unwanted`: the owner wants no such mail;
    `already`: the owner was reminded today; `forbidden`: not for this person to change.
    """

    reminding: tuple[ChecklistItem, ...]
    already: tuple[ChecklistItem, ...]
    nobody: tuple[ChecklistItem, ...]
    unwanted: tuple[ChecklistItem, ...]
    settled: tuple[ChecklistItem, ...]
    forbidden: tuple[ChecklistItem, ...]
    mark: str

    @property
    def people(self) -> int:
        """How many people would be reminded."""
        return len({user_of(item) for item in self.reminding})


def user_of(item: ChecklistItem) -> int | None:
    """The id of the user who owns the item and can log in; None without one."""
    user = item.owner.user if item.owner else None
    return user.pk if user and user.is_active else None


def look_ahead(items: ChecklistItemQuerySet, *, by: User) -> ReminderOutlook:
    """Who would be reminded of the items, which are those that `by` may know of. Five queries; nothing is written."""
    today = timezone.localdate()
    kept = set(items.kept_by(by).values_list("pk", flat=True))
    open_ones = set(still_open(items).values_list("pk", flat=True))
    refusing = set(refused_by(KIND))
    reminded = set(ItemReminder.objects.filter(for_on=today, items__in=items.values("pk")).values_list("user", "items"))
    names = ("reminding", "already", "nobody", "unwanted", "settled", "forbidden")
    found: dict[str, list[ChecklistItem]] = {name: [] for name in names}
    for item in items.select_related("template_item", "owner__user", "deployment__site").order_by("pk"):
        user = user_of(item)
        fates = (
            ("forbidden", item.pk not in kept),
            ("settled", item.pk not in open_ones),
            ("nobody", user is None),
            ("unwanted", user in refusing),
            ("already", (user, item.pk) in reminded),
        )
        found[next((fate for fate, holds in fates if holds), "reminding")].append(item)
    return ReminderOutlook(**{name: tuple(rows) for name, rows in found.items()}, mark=_mark(found))


def still_open(items: ChecklistItemQuerySet) -> ChecklistItemQuerySet:
    """Those of the items that are still to be done, at sites that go on."""
    owed = items.owed(timezone.localdate()).exclude(deployment__stage__in=OVER_STAGES)
    return owed.exclude(deployment__programme__state__in=OVER_STATES)


def _mark(found: dict[str, list[ChecklistItem]]) -> str:
    """A mark of who would be reminded of what: who is not changes nothing of it."""
    written = ",".join(f"{item.pk}.{user_of(item)}" for item in found["reminding"])
    return blake2b(written.encode(), digest_size=8).hexdigest()


def remind_owners(items: ChecklistItemQuerySet, programme: Programme, *, mark: str, by: User) -> ReminderOutlook:
    """Write down one message for each person whom `look_ahead` showed under this mark, with what it is about.

    The same number of statements for any number. Raises RemindersChanged where other people or items would be
    reminded by now, unless nobody is left to remind. The items are held, so that two who ask at once remind once.
    Raises Refused where no mail is sent.
    """
    if not settings.MAIL_IS_SENT:
        raise Refused(gettext("No mail is sent from here, so nobody can be reminded."))
    with acting(by, "owners of checklist items reminded"):
        # Held in the order of their ids, so that two at once wait for each other instead of locking each other out.
        list(items.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
        outlook = look_ahead(items, by=by)
        if not outlook.reminding:
            return outlook
        if outlook.mark != mark:
            raise RemindersChanged
        _write_down(outlook.reminding, programme, by)
        return outlook


def _write_down(items: Iterable[ChecklistItem], programme: Programme, by: User) -> None:
    now, today = timezone.now(), timezone.localdate()
    of_users: dict[int, list[int]] = {}
    for item in items:
        if user := user_of(item):
            of_users.setdefault(user, []).append(item.pk)
    written = ItemReminder.objects.bulk_create(
        ItemReminder(programme=programme, user_id=user, asked_by=by, for_on=today, queued_at=now, next_at=now)
        for user in of_users
    )
    link = ItemReminder.items.through
    link.objects.bulk_create(
        (link(itemreminder_id=each.pk, checklistitem_id=pk) for each in written for pk in of_users[each.user_id]),
        batch_size=5000,
    )


def send_item_reminders(until: float) -> int:
    """Send what is waiting until nothing is left or the monotonic clock says `until`. Returns how many have gone."""
    return send_all(ItemReminder.objects.select_related("user", "programme"), _letter, until)


def _letter(reminder: ItemReminder, now: datetime) -> Callable[[], None] | None:
    number = _left_of(reminder)
    return partial(_send, reminder, number) if number else None


def _left_of(reminder: ItemReminder) -> int:
    """Of how many items it still has to remind: 0 if its reader left, does not want it, or may open none of them."""
    user = reminder.user
    if not user.is_active or refused_by(KIND).filter(user=user).exists():
        return 0
    mine = ChecklistItem.objects.current().visible_to(user).filter(reminders=reminder, owner__user=user)
    return still_open(mine.filter(deployment__retired_at=None, deployment__site__retired_at=None)).count()


def _send(reminder: ItemReminder, number: int) -> None:
    """One subject, one link. Raises what the mail server raises."""
    page = reverse("readiness:item-list", kwargs={"programme": reminder.programme.code})
    words = {"n": number, "link": f"{settings.SITE_URL}{page}?mine=on"}
    subject = ngettext("%(n)s checklist item waits for you", "%(n)s checklist items wait for you", number) % words
    text = ngettext(
        "You own %(n)s checklist item that is not done, and were asked to look at it.\n\nOpen your items:\n%(link)s\n",
        "You own %(n)s checklist items that are not done, and were asked to look at them.\n\n"
        "Open your items:\n%(link)s\n",
        number,
    )
    send_mail(subject, text % words, None, [reminder.user.email])
