"""A clock that tests move by hand."""

import datetime
from datetime import UTC, timedelta

import pytest
from django.utils import timezone

START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FrozenClock:
    """Replaces `django.utils.timezone.now`, the one clock our code reads. The database's own clock goes on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = START
        patch.setattr(timezone, "now", lambda: self.now)

    def move_to(self, moment: datetime.datetime) -> None:
        """Set the clock; the moment carries its zone."""
        if moment.tzinfo is None:
            raise ValueError("A moment without a time zone is no moment.")
        self.now = moment

    def forward(self, **span: float) -> None:
        """Move the clock on by a `timedelta(**span)`."""
        self.now += timedelta(**span)
