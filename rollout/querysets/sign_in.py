"""What one may ask of log-ins."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

# The longest that a log-in lasts: an older one is over, whether or not anybody saw it end.
LONGEST = timedelta(hours=12)


class SignInQuerySet(models.QuerySet):
    """Log-ins of people, past and present."""

    def live(self) -> "SignInQuerySet":
        """Log-ins that may still be in use: not ended, and not older than a log-in can be."""
        return self.filter(ended_at=None, started_at__gt=Now() - LONGEST)
