"""Due and late: what a person owns, or answers for by a seat, and has not done."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import ItemState
from readiness.dashboards.work.duties import (
    Duties,
    Duty,
    at_site,
    counted,
    of_place,
    put_together,
    shortened,
    under_way,
)
from readiness.models import ChecklistItem, Condition
from rollout.models import Deployment, GroupAction, PulseFollowUp, Seat, User
from rollout.querysets.rights import rights_of

AHEAD = timedelta(days=7)
VERBS = {
    ItemState.NOT_STARTED: _("Start"),
    ItemState.IN_PROGRESS: _("Finish"),
    ItemState.BLOCKED: _("Unblock"),
    ItemState.DONE: _("Renew"),
}


def due_of(user: User, today: date, most: int) -> Duties:
    """What is late or due within a week, the oldest first, and every condition of a gate. Five queries."""
    parts = (
        _items(user, today, most),
        _conditions(user, most),
        _actions(user, today, most),
        _follow_ups(user, most),
    )
    return put_together(parts, most, by_day=True)


def _items(user: User, today: date, most: int) -> Duties:
    items = ChecklistItem.objects.current().visible_to(user).filter(deployment__in=under_way(user).values("pk"))
    due = items.with_due().owed(today).filter(theirs(user, today), due__lte=today + AHEAD)
    columns = ("code", "state", "due", "reason", "owner_id", "template_item__text", *of_place())
    rows, total = counted(due.order_by("due", "deployment_id", "code").values(*columns), most)
    led = rights_of(user).led
    return Duties([_item(row, bool(led)) for row in rows], total)


def _item(row: dict[str, Any], leads: bool) -> Duty:
    unowned = row["owner_id"] is None
    blocked = row["state"] == ItemState.BLOCKED and row["reason"]
    return Duty(
        verb=_("Name an owner") if unowned and leads else VERBS[row["state"]],
        what=row["template_item__text"],
        kind=_("Checklist item"),
        on=row["due"],
        note=gettext("Blocked: %(reason)s") % {"reason": shortened(row["reason"])}
        if blocked
        else gettext("Nobody owns it yet")
        if unowned
        else "",
        **at_site(row, "checklist-item", item=row["code"]),
    )


def theirs(user: User, today: date) -> Q:
    """Items that are a person's to do: owned by them; of nobody but a seat they hold; of nobody, where they lead.

    A seat of the site comes before the programme's seat of the same role. One query, for the roles the person holds.
    """
    held = Q(from_on=None) | Q(from_on__lte=today), Q(to_on=None) | Q(to_on__gte=today)
    seats: QuerySet[Any] = Seat.objects.filter(*held, person__isnull=False, retired_at=None)
    roles = set(seats.filter(person__user=user).values_list("role", flat=True))
    of_item = seats.filter(programme=OuterRef("deployment__programme"), role=OuterRef("template_item__seat_role"))
    at_the_site, of_programme = of_item.filter(site=OuterRef("deployment__site")), of_item.filter(site=None)
    mine = Q(owner__user=user)
    if roles:
        by_seat = Exists(at_the_site.filter(person__user=user)) | (
            Exists(of_programme.filter(person__user=user)) & ~Exists(at_the_site)
        )
        mine |= Q(owner=None, template_item__seat_role__in=roles) & by_seat
    if led := rights_of(user).led:
        mine |= Q(owner=None, deployment__site__in=led) & ~Exists(at_the_site) & ~Exists(of_programme)
    return mine


def conditions_owned(user: User) -> QuerySet:
    """Conditions of gates that a person owns and that are not met, where they may know of the deployment."""
    visible = Deployment.objects.current().visible_to(user)
    return Condition.objects.filter(
        owner__user=user,
        done_on=None,
        retired_at=None,
        review__retired_at=None,
        review__deployment__in=visible.values("pk"),
    )


def _conditions(user: User, most: int) -> Duties:
    to = "review__deployment"
    columns = ("text", "due_on", "review__held_on", "review__gate__code", "review__gate__name", *of_place(to))
    rows, total = counted(conditions_owned(user).order_by("due_on", "pk").values(*columns), most)
    duties = []
    for row in rows:
        place = at_site(row, "gate-detail", to, gate=row["review__gate__code"])
        place["href"] += f"?review={row['review__held_on']:%Y-%m-%d}#conditions"
        note = row["review__gate__name"]
        duties.append(
            Duty(
                verb=_("Meet the condition"),
                what=row["text"],
                kind=_("Gate condition"),
                on=row["due_on"],
                note=note,
                **place,
            )
        )
    return Duties(duties, total)


def _actions(user: User, today: date, most: int) -> Duties:
    to = "group__deployment"
    soon = Q(due_on=None) | Q(due_on__lte=today + AHEAD)
    actions = GroupAction.objects.filter(soon, owner__user=user, done_on=None, retired_at=None, group__retired_at=None)
    there = actions.filter(group__deployment__in=under_way(user).values("pk")).order_by("due_on", "pk")
    rows, total = counted(there.values("text", "due_on", *of_place(to)), most)
    kind = _("Action of the readiness group")
    return Duties(
        [
            Duty(verb=_("Finish"), what=row["text"], kind=kind, on=row["due_on"], **at_site(row, *GROUP_PAGE, to=to))
            for row in rows
        ],
        total,
    )


# Where the actions of a readiness group are to be seen.
GROUP_PAGE = ("deployment-team",)


def _follow_ups(user: User, most: int) -> Duties:
    there = PulseFollowUp.objects.filter(
        owner__user=user, done_on=None, retired_at=None, deployment__in=under_way(user).values("pk")
    )
    columns = ("words", "opened_on", "group__name", "ward__name", *of_place())
    rows, total = counted(there.order_by("opened_on", "pk").values(*columns), most)
    return Duties(
        [
            Duty(
                verb=_("Follow up"),
                what=row["words"] or gettext("A group that feels unready"),
                kind=_("Follow-up of the pulse survey"),
                on=row["opened_on"],
                since=True,
                note=", ".join(filter(None, (row["group__name"], row["ward__name"]))),
                **at_site(row, "deployment-detail"),
            )
            for row in rows
        ],
        total,
    )
