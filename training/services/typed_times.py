"""Times as people type them, by the clock of a site, which on two days a year skips an hour or shows one twice."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from rollout.services.refusals import Refused
from rollout.templatetags.formats import clock
from rollout.templatetags.formats import day as day_words
from training.hours import Span, moment_at


class WrongTimes(Refused):
    """Times that cannot be; said at the end unless `field` is set to another."""

    field = "ends"


def check_clock(day: date, at: time, zone: ZoneInfo, field: str) -> None:
    """Raise WrongTimes for a time that the clocks of the site show twice that day, or never."""
    offsets = [datetime.combine(day, at, zone).replace(fold=fold).utcoffset() for fold in (0, 1)]
    if offsets[0] == offsets[1]:
        return
    words = {"time": clock(at), "day": day_words(day)}
    refusal = WrongTimes(
        gettext("The clocks skip %(time)s on %(day)s. Enter the time they showed") % words
        if (offsets[0] or timedelta()) < (offsets[1] or timedelta())
        else gettext("The clocks show %(time)s twice on %(day)s. Enter a time just before or after that hour") % words
    )
    refusal.field = field
    raise refusal


def typed_moments(on: date, starts: time, last: date, ends: time, zone: ZoneInfo) -> Span:
    """From a time of a day to a time of a day, by the clock. Raises WrongTimes for what the clocks skip or repeat."""
    for day, at, field in ((on, starts, "starts"), (last, ends, "ends")):
        check_clock(day, at, zone, field)
    return Span(moment_at(on, starts, zone), moment_at(last, ends, zone))
