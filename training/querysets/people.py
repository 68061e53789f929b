"""What one may ask of members of staff. Their names are what a right must open: nothing else here does."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rollout.querysets.rights import Somebody, rights_of


def rows_of(model: str) -> models.QuerySet:
    """Rows of a model that name the member of staff of the query around them, retired ones apart.

    By name, because models are built on querysets and not the other way round.
    """
    return apps.get_model("training", model)._base_manager.filter(staff=OuterRef("pk"), retired_at=None)


class StaffMemberQuerySet(models.QuerySet):
    """Members of staff."""

    def current(self) -> "StaffMemberQuerySet":
        """People whose record nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody, on: date | None = None) -> "StaffMemberQuerySet":
        """People whose name the user may read on a day (today unless given).

        Programme managers: people posted to wards in the programme's scope. Site leads: to the site. Ward managers: to
        the ward, and the champions of its site. Trainers: whoever has a place on a course of the programme. Champions:
        themselves. Signatories and board members: nobody. A posting that is over opens nothing.
        """
        rights = rights_of(user)
        if rights.administrator:
            return self
        day = on or timezone.localdate()
        lasting = Q(to_on=None) | Q(to_on__gte=day)
        whole_site = Q(ward__site__deployments__retired_at=None, ward__site__deployments__scope=None)
        postings = rows_of("Posting").filter(lasting)
        own = Q(user=user.pk) if user.pk else Q(pk__in=[])
        reached = own | Q(
            Exists(
                postings.filter(
                    Q(ward__in=list(rights.wards))
                    | Q(ward__site__in=rights.led)
                    | Q(whole_site, ward__site__deployments__programme__in=rights.managed)
                    | Q(ward__scopes__deployment__programme__in=rights.managed)
                )
            )
        )
        if rights.wards:
            champions = rows_of("Champion").filter(lasting)
            reached |= Q(Exists(champions)) & Q(Exists(postings.filter(ward__site__in=rights.ward_sites)))
        if rights.trained:
            places_on_courses = rows_of("Attendance")
            reached |= Q(Exists(places_on_courses.filter(course__programme__in=rights.trained)))
        return self.filter(reached)

    def bookable_by(self, user: Somebody, programme_id: int) -> "StaffMemberQuerySet":
        """People whom the user may book on a programme's sessions, and so may name on the pages that book.

        Only people posted to wards in the programme's scope, today or later. Its managers and trainers: all of them,
        since booking is a trainer's work and cannot be done without knowing whom; site leads: those of their sites;
        ward managers: those of their wards. What else is known of them is for `visible_to` to open.
        """
        rights = rights_of(user)
        at = "ward__site__deployments__"
        in_scope = Q(**{f"{at}retired_at": None, f"{at}programme": programme_id, f"{at}scope": None}) | Q(
            ward__scopes__deployment__programme=programme_id, ward__scopes__deployment__retired_at=None
        )
        postings = rows_of("Posting").filter(Q(to_on=None) | Q(to_on__gte=timezone.localdate()))
        if not rights.administrator and programme_id not in rights.managed | rights.trained:
            postings = postings.filter(Q(ward__in=list(rights.wards)) | Q(ward__site__in=rights.led))
        return self.current().filter(Exists(postings.filter(in_scope)))


class LastingQuerySet(models.QuerySet):
    """Postings and absences: from a day to a day, both included; an empty end means still."""

    def on(self, day: date) -> "LastingQuerySet":
        """Those that last on a day and that nobody retired."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day, retired_at=None)
