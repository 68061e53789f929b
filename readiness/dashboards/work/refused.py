"""Entries of the log that were refused at their arrival and wait for whoever manages the place."""

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.work.duties import Duties, Duty, counted, shortened
from rollout.models import User
from training.choices import EntryKind
from training.models import RefusedEntry

COLUMNS = (
    *("pk", "said_at", "entry__kind", "entry__words", "ward__name"),
    *("programme__code", "programme__name", "site__name", "site__time_zone"),
)


def refused_entries(user: User, most: int) -> Duties:
    """A row an entry, the oldest first. One query."""
    rows = RefusedEntry.objects.visible_to(user).waiting().filter(programme__retired_at=None)
    found, total = counted(rows.order_by("said_at", "pk").values(*COLUMNS), most)
    return Duties(
        [
            Duty(
                verb=_("Accept or dismiss"),
                what=" – ".join(each for each in (str(EntryKind(row["entry__kind"]).label), row["ward__name"]) if each),
                kind=_("Log entry that was refused when it arrived"),
                href=reverse(
                    "readiness:refused-detail", kwargs={"programme": row["programme__code"], "refused": row["pk"]}
                ),
                programme=row["programme__name"],
                site=row["site__name"],
                on=row["said_at"].astimezone(ZoneInfo(row["site__time_zone"])).date(),
                since=True,
                note=shortened(row["entry__words"]),
            )
            for row in found
        ],
        total,
    )
