"""What one may ask of champions and their shifts."""

from datetime import date, datetime

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rollout.querysets.rights import Somebody, rights_of
from training.choices import LIVE_SHIFT_STATES


class ChampionQuerySet(models.QuerySet):
    """Champions: members of staff who help their colleagues with a programme."""

    def current(self) -> "ChampionQuerySet":
        """Champions whose record nobody retired, also those who stood down."""
        return self.filter(retired_at=None)

    def active_on(self, day: date) -> "ChampionQuerySet":
        """Those who are champions on a day."""
        return self.current().filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)

    def visible_to(self, user: Somebody) -> "ChampionQuerySet":
        """Champions the user may know by name: of the programme, of the site, or the user's own.

        A trainer, a signatory and a board member know none; a ward manager knows all of the ward's site.
        """
        rights = rights_of(user)
        if rights.administrator:
            return self
        postings = apps.get_model("training", "Posting")._base_manager.filter(
            Q(to_on=None) | Q(to_on__gte=timezone.localdate()),
            staff=OuterRef("staff"),
            retired_at=None,
            ward__site__in=rights.led | rights.ward_sites,
        )
        own = Q(staff__user=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(own | Q(programme__in=rights.managed) | Q(Exists(postings)))


class ChampionShiftQuerySet(models.QuerySet):
    """Shifts on which champions help on a ward."""

    def live(self) -> "ChampionShiftQuerySet":
        """Shifts that hold their person: neither missed nor cancelled nor retired."""
        return self.filter(retired_at=None, state__in=LIVE_SHIFT_STATES)

    def between(self, starts_at: datetime, ends_at: datetime) -> "ChampionShiftQuerySet":
        """Shifts that overlap the time from one moment up to another; back to back is not overlapping."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def visible_to(self, user: Somebody) -> "ChampionShiftQuerySet":
        """Shifts of the programme, on the site's wards, or the user's own."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        own = Q(staff__user=user.pk) if user.pk else Q(pk__in=[])
        sites = rights.led | rights.ward_sites
        return self.filter(own | Q(programme__in=rights.managed) | Q(ward__site__in=sites))
