"""What one may ask of the phones that wards share."""

from django.db import models
from django.db.models import Q

from rollout.querysets.rights import Somebody, rights_of


class WardPhoneQuerySet(models.QuerySet):
    """Phones that belong to a ward and not to a person."""

    def current(self) -> "WardPhoneQuerySet":
        """Phones whose enrolment nobody took back."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "WardPhoneQuerySet":
        """Phones of the wards the user manages, and of the sites the user leads."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        return self.filter(Q(ward__in=list(rights.wards)) | Q(ward__site__in=rights.led))
