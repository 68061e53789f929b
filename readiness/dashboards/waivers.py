"""The waivers of a site in words, and what could be waived there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext

from readiness.choices import WaiverState
from readiness.dashboards.checklist import rows_of
from readiness.explain import cap_words
from readiness.models import ChecklistItem, Waiver
from readiness.models.safety import COLLISION_PREFIX, WAIVED_CAP
from readiness.services.gate_facts import open_collisions
from rollout.models import Deployment
from rollout.templatetags.formats import day as day_words


@dataclass(frozen=True)
class WaiverRow:
    """One waiver: of what, how it stands on the day, and whether it is in force."""

    waiver: Waiver
    subject: str
    day: date

    @property
    def in_force(self) -> bool:
        """Whether it waives something on the day."""
        starts = self.waiver.from_on is None or self.waiver.from_on <= self.day
        return self.waiver.state == WaiverState.APPROVED and starts and self.day <= self.waiver.until_on

    @property
    def state_words(self) -> str:
        """The state, and that an approved one has lapsed."""
        if self.waiver.state == WaiverState.APPROVED and self.waiver.until_on < self.day:
            return gettext("Lapsed")
        return str(WaiverState(self.waiver.state).label)

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        if self.waiver.state == WaiverState.ASKED:
            return "yellow"
        return "blue" if self.in_force else "grey"


def revoked_between(deployment: Deployment, first: date, last: date) -> frozenset[tuple[Any, ...]]:
    """What a waiver revoked after the first day and by the last one was of, as units are keyed: an item, or the cap.

    One that would have lapsed by then anyway is left out. One query.
    """
    of_item = ChecklistItem.objects.current().filter(deployment=deployment, code=OuterRef("subject"))
    revoked = Waiver.objects.filter(deployment=deployment, retired_at=None, until_on__gte=last)
    revoked = revoked.filter(revoked_on__gt=first, revoked_on__lte=last)
    found = revoked.annotate(item=Subquery(of_item.values("pk")[:1])).values_list("subject", "item")
    return frozenset((subject if subject == WAIVED_CAP else item,) for subject, item in found)


def waiver_rows(deployment: Deployment, day: date) -> list[WaiverRow]:
    """The waivers of a site: those to be decided, those that hold, the others, each by their last day. Two queries."""
    waivers = Waiver.objects.filter(deployment=deployment, retired_at=None)
    rows = list(
        waivers.select_related("asked_by__user", "decided_by__user", "revoked_by__user").order_by("-until_on", "-pk")
    )
    items = ChecklistItem.objects.current().filter(deployment=deployment, code__in={row.subject for row in rows})
    texts = dict(items.values_list("code", "template_item__text"))
    rows.sort(key=lambda row: (row.state != WaiverState.ASKED, row.state != WaiverState.APPROVED or row.until_on < day))
    return [WaiverRow(row, subject_words(row.subject, texts), day) for row in rows]


def subject_words(subject: str, texts: dict[str, str]) -> str:
    """What is waived, in words."""
    if subject == WAIVED_CAP:
        return cap_words(subject)
    if subject.startswith(COLLISION_PREFIX):
        return gettext("Too much change at once in the %(week)s") % {"week": week_words(subject)}
    return texts.get(subject, subject)


def week_words(subject: str) -> str:
    """A week, "2027-W02" or "collision:2027-W02", by its Monday: "week of 11 January 2027"."""
    year, _, week = subject.removeprefix(COLLISION_PREFIX).partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return subject
    return gettext("week of %(day)s") % {"day": day_words(monday)}


def subjects_of(deployment: Deployment, day: date, caps: Any) -> list[tuple[str, str]]:
    """What could be waived here now: blocking items that are open, the agreement cap, collisions around go-live."""
    blocking = [row.item for row in rows_of(deployment, day) if row.open and row.item.template_item.blocking]
    subjects = [(item.code, item.template_item.text) for item in sorted(blocking, key=lambda item: item.code)]
    if WAIVED_CAP in caps:
        subjects.append((WAIVED_CAP, cap_words(WAIVED_CAP)))
    weeks = [f"{COLLISION_PREFIX}{week}" for week in open_collisions(deployment, day)]
    return [*subjects, *((week, subject_words(week, {})) for week in weeks)]
