"""When a shift is, in words by the clock of its site."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from rollout.templatetags.formats import clock, day


def when_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """ "14 March 2026, 7am to 3pm"; of a shift that ends on another day, "9:30pm to 7:30am the next day"."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    words = {"day": day(starts.date()), "start": clock(starts.time()), "end": clock(ends.time())}
    if ends.date() == starts.date():
        return gettext("%(day)s, %(start)s to %(end)s") % words
    return gettext("%(day)s, %(start)s to %(end)s the next day") % words


def shift_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, ward: str) -> str:
    """A shift in a line: "14 March 2026, 7am to 3pm, Ward 4"."""
    return gettext("%(when)s, %(ward)s") % {"when": when_words(starts_at, ends_at, zone), "ward": ward}
