"""Entries of the log that were refused at their arrival and wait for whoever manages the place."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.work.duties import Duty, shortened
from rollout.models import User
from training.choices import EntryKind
from training.models import RefusedEntry


def refused_entries(user: User) -> QuerySet:
    """Rows as readiness.dashboards.work.champions reads them."""
    rows = RefusedEntry.objects.visible_to(user).waiting().filter(programme__retired_at=None)
    return rows.annotate(
        sort=Value("refused", CharField()),
        at=F("said_at"),
        until=F("said_at"),
        told=Cast("entry__words", TextField()),
        kind=F("entry__kind"),
        place=F("ward"),
        place_name=Coalesce("ward__name", Value("")),
        programme_code=F("programme__code"),
        programme_name=F("programme__name"),
        site_code=F("site__code"),
        site_name=F("site__name"),
        zone=F("site__time_zone"),
    )


def refused_duty(row: Mapping[str, Any]) -> Duty:
    """Such a row as one of Your work."""
    what = (str(EntryKind(row["kind"]).label), row["place_name"])
    return Duty(
        verb=_("Accept or dismiss"),
        what=" – ".join(each for each in what if each),
        kind=_("Log entry that was refused when it arrived"),
        href=reverse("readiness:refused-detail", kwargs={"programme": row["programme_code"], "refused": row["pk"]}),
        programme=row["programme_name"],
        site=row["site_name"],
        on=row["at"].date(),
        since=True,
        note=shortened(row["told"]),
    )
