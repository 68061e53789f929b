"""What one may ask of courses' sessions."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from rollout.models import Deployment
from rollout.querysets.rights import Somebody, rights_of
from training.choices import PLACES_TAKEN, AttendanceState


class TrainingSessionQuerySet(models.QuerySet):
    """Courses held at a time."""

    def current(self) -> "TrainingSessionQuerySet":
        """Sessions that nobody cancelled."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "TrainingSessionQuerySet":
        """Sessions of the programme for its managers and trainers; those at the site for its lead and ward managers."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        return self.filter(
            Q(programme__in=rights.managed | rights.trained) | Q(site__in=rights.led | rights.ward_sites)
        )

    def told_to(self, user: Somebody) -> "TrainingSessionQuerySet":
        """Sessions whose course, time and place the user may read: those at the sites of the programme that they see.

        A session without a site is for the whole programme, and so for everybody who sees some site of it. Who has a
        place on one is another question: names come from `StaffMember.visible_to`.
        """
        rights = rights_of(user)
        if rights.administrator:
            return self
        seen = Deployment.objects.current().visible_to(user).filter(programme=OuterRef("programme"))
        here = Q(site=None) & Q(Exists(seen)) | Q(Exists(seen.filter(site=OuterRef("site"))))
        return self.filter(Q(programme__in=rights.managed | rights.trained) | here)

    def with_places(self) -> "TrainingSessionQuerySet":
        """Annotates `taken_count` (who has or had a place), `waiting_count`, and `free_count` (empty: no limit)."""
        rows = apps.get_model("training", "Attendance")._base_manager.filter(session=OuterRef("pk"), retired_at=None)

        def counted(**states: Any) -> Coalesce:
            found = rows.filter(**states).order_by().values("session").annotate(n=Count("pk")).values("n")
            return Coalesce(Subquery(found, IntegerField()), 0)

        return self.annotate(
            taken_count=counted(state__in=PLACES_TAKEN), waiting_count=counted(state=AttendanceState.WAITING)
        ).annotate(
            # The greatest of nothing and 0 is 0 here, so no limit is asked about first.
            free_count=Case(
                When(capacity__isnull=False, then=Greatest(F("capacity") - F("taken_count"), 0)),
                output_field=IntegerField(),
            )
        )

    def unrecorded(self, now: datetime) -> "TrainingSessionQuerySet":
        """Sessions that are over and on which somebody has a place of whom nobody said whether they came."""
        rows = apps.get_model("training", "Attendance")._base_manager.filter(session=OuterRef("pk"), retired_at=None)
        return self.current().filter(Exists(rows.filter(state=AttendanceState.BOOKED)), ends_at__lte=now)
