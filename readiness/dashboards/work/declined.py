"""Shifts that their champions declined and nobody has taken over: they wait for whoever keeps the rota."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.shift_words import shift_words
from readiness.dashboards.work.duties import Duty, shortened
from rollout.models import User
from rollout.querysets.rights import rights_of
from training.choices import ShiftState
from training.models import ChampionShift


def declined_shifts(user: User) -> QuerySet:
    """Shifts to come on wards the person manages or leads, until somebody has them.

    Rows as readiness.dashboards.work.champions reads them.
    """
    rights = rights_of(user)
    taken = ChampionShift.objects.live().filter(
        ward=OuterRef("ward"), programme=OuterRef("programme"), starts_at=OuterRef("starts_at")
    )
    rows = ChampionShift.objects.filter(
        Q(ward__in=list(rights.wards)) | Q(ward__site__in=rights.led),
        ~Q(notes=""),
        ~Exists(taken),
        state=ShiftState.CANCELLED,
        starts_at__gt=timezone.now(),
        retired_at=None,
        programme__retired_at=None,
    )
    return rows.annotate(
        sort=Value("declined", CharField()),
        at=F("starts_at"),
        until=F("ends_at"),
        told=F("notes"),
        kind=Value("", CharField()),
        place=F("ward"),
        place_name=F("ward__name"),
        programme_code=F("programme__code"),
        programme_name=F("programme__name"),
        site_code=F("ward__site__code"),
        site_name=F("ward__site__name"),
        zone=F("ward__site__time_zone"),
    )


def declined_duty(row: Mapping[str, Any]) -> Duty:
    """Such a row as one of Your work."""
    address = {"programme": row["programme_code"], "site": row["site_code"]}
    query = urlencode({"ward": row["place"], "since": row["at"].date().isoformat()})
    return Duty(
        verb=_("Fill the gap"),
        what=shift_words(row["at"], row["until"], row["at"].tzinfo, row["place_name"]),
        kind=_("Shift that its champion declined"),
        href=f"{reverse('readiness:shift-list', kwargs=address)}?{query}",
        programme=row["programme_name"],
        site=row["site_name"],
        on=row["at"].date(),
        note=shortened(row["told"]),
    )
