"""What waits for those who manage a programme: reviews to hold, pilots and questions to decide."""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.work.duties import Duties, Duty, shortened
from rollout.change_load import HALTED_STATES
from rollout.choices import PilotOutcome
from rollout.models import Decision, Pilot, PriorityReview

COLUMNS = ("sort", "what", "on", "programme__code", "programme__name", "site_name")
# By what a row is: the verb, the kind.
WORDS: dict[str, tuple[Any, Any]] = {
    "decision": (_("Decide"), _("Question that waits")),
    "pilot": (_("Decide"), _("Pilot that ended without an outcome")),
    "review": (_("Hold it"), _("Priority review, overdue")),
}


def undecided(programmes: AbstractSet[int], today: date) -> QuerySet:
    """Rows of COLUMNS in the order of their age: what was asked and not decided, in programmes that go on."""
    going = {"programme__in": programmes, "retired_at": None, "programme__retired_at": None}

    def rows(found: QuerySet, sort: str, what: Any, on: str, site: Any) -> QuerySet:
        told = found.exclude(programme__state__in=HALTED_STATES).annotate(
            sort=Value(sort, CharField()), what=Cast(what, TextField()), on=F(on), site_name=Cast(site, TextField())
        )
        return told.order_by().values_list(*COLUMNS)

    nowhere = Value("")
    there = Q(deployment=None) | Q(deployment__retired_at=None, deployment__site__retired_at=None)
    questions = Decision.objects.filter(there, from_on=None, asked_on__isnull=False, **going)
    pilots = Pilot.objects.filter(outcome=PilotOutcome.UNDECIDED, ends_on__lt=today, **going)
    reviews = PriorityReview.objects.filter(held_on=None, due_on__lt=today, **going)
    return rows(questions, "decision", F("text"), "asked_on", Coalesce("deployment__site__name", nowhere)).union(
        rows(
            pilots,
            "pilot",
            Coalesce(NullIf("question", nowhere), F("code")),
            "ends_on",
            Coalesce("site__name", nowhere),
        ),
        rows(reviews, "review", nowhere, "due_on", nowhere),
        all=True,
    )


def waiting_for_managers(programmes: AbstractSet[int], today: date, most: int) -> Duties:
    """The same as rows of Your work. Two queries."""
    rows = undecided(programmes, today).order_by("on", "sort", "what")
    found = list(rows[:most])
    return Duties([_duty(*row) for row in found], len(found) if len(found) < most else rows.count())


def _duty(sort: str, what: str, on: date, code: str, name: str, site: str) -> Duty:
    verb, kind = WORDS[sort]
    return Duty(
        verb=verb,
        what=shortened(what) or gettext("Does the programme go on?"),
        kind=kind,
        href=reverse("readiness:programme-decisions", kwargs={"programme": code}),
        programme=name,
        site=site,
        on=on,
        since=True,
    )
