"""Numbers, dates and ages in the words of the house: "14 March 2026", "2:30pm", "82% (164 of 200)", "−0.8".

Formatting only. A filter given None answers "", so that a page says itself what a missing value means.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from rollout.choices import Stage

register = template.Library()

MINUS = "\N{MINUS SIGN}"
Number = int | float | Decimal | Fraction


def exact(value: Number | str) -> Decimal:
    """Return the number as written: 0.57 stays 0.57, not the float just under it."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


@register.filter
def day(value: date | None) -> str:
    """Return "14 March 2026"."""
    return "" if value is None else date_format(value, "j F Y")


@register.filter
def day_short(value: date | None) -> str:
    """Return "14 March", for places where the year is plain."""
    return "" if value is None else date_format(value, "j F")


@register.filter(expects_localtime=True)
def clock(value: time | datetime | None) -> str:
    """Return "2:30pm", "2pm", "midday" or "midnight", in the reader's zone."""
    if value is None:
        return ""
    if (value.hour, value.minute) in ((0, 0), (12, 0)):
        return gettext("midday") if value.hour else gettext("midnight")
    minutes = f":{value.minute:02}" if value.minute else ""
    half = gettext("pm") if value.hour >= 12 else gettext("am")
    return f"{value.hour % 12 or 12}{minutes}{half}"


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """Return "2:30pm on 14 March 2026", in the reader's zone."""
    if value is None:
        return ""
    return gettext("%(time)s on %(day)s") % {"time": clock(value), "day": day(value.date())}


@register.simple_tag
def day_range(first: date, last: date) -> str:
    """Return "14 to 20 March 2026", with as much of the first date as the second does not say."""
    if first == last:
        return day(last)
    start = (
        "j" if (first.year, first.month) == (last.year, last.month) else "j F" if first.year == last.year else "j F Y"
    )
    return gettext("%(first)s to %(last)s") % {"first": date_format(first, start), "last": day(last)}


@register.filter
def count(value: Number | None) -> str:
    """Return a whole number with its thousands set apart: "1,280"."""
    return "" if value is None else number_format(int(value), use_l10n=True, force_grouping=True)


@register.filter
def score(value: Number | None) -> str:
    """Return a score as a whole number, rounded down: 89.99 is not yet 90."""
    return "" if value is None else str(exact(value).to_integral_value(ROUND_FLOOR))


@register.filter
def either(words: Iterable[Any]) -> str:
    """Return words as a choice: "go, no go or defer"."""
    *first, last = [str(word) for word in words] or [""]
    return gettext("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


@register.filter
def in_points(value: Number | str) -> str:
    """Return figures as they are written with their unit: "16.5 points", "1 point", "−1 point"."""
    written = str(value)
    return ngettext("%(n)s point", "%(n)s points", 1 if written.lstrip(f"+-{MINUS}") == "1" else 2) % {"n": written}


@register.filter
def percent(value: Number | None) -> str:
    """Return a share of 0–1 as "86%", rounded down, and "less than 1%" for what is more than nothing."""
    if value is None:
        return ""
    whole = (exact(value) * 100).to_integral_value(ROUND_DOWN)
    return gettext("less than 1%") if whole == 0 and value > 0 else f"{whole}%"


@register.simple_tag
def share(part: int, whole: int) -> str:
    """Return a percentage with its counts, "82% (164 of 200)", and only words where there is nothing to divide by."""
    if not whole:
        return gettext("none of 0")
    counts = gettext("%(part)s of %(whole)s") % {"part": count(part), "whole": count(whole)}
    return f"{percent(Fraction(part, whole))} ({counts})"


@register.filter
def points(value: Number | None) -> str:
    """Return a change in points with its sign, to one decimal: "+1.2", "−0.8", "0.0"."""
    if value is None:
        return ""
    rounded = exact(value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded)}"


@register.filter
def lateness(due: date | None, today: date) -> str:
    """Return how a due date stands on a day: "12 days late", "due today", "due in 3 days"."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": count(-days)}
    if days == 0:
        return gettext("due today")
    return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": count(days)}


@register.filter
def ago(when: date | None, today: date) -> str:
    """Return how long ago a day was: "today", "yesterday", "12 days ago"; a day still to come is "in 3 days"."""
    if when is None:
        return ""
    days = (today - (timezone.localtime(when).date() if isinstance(when, datetime) else when)).days
    if days in (0, 1):
        return gettext("yesterday") if days else gettext("today")
    if days < 0:
        return ngettext("in %(days)s day", "in %(days)s days", -days) % {"days": count(-days)}
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": count(days)}


@register.filter
def days_to_go(days: int | None) -> str:
    """Return "41 days to go", "go-live today" or "12 days since go-live" for G − D in days."""
    if days is None:
        return ""
    if days == 0:
        return gettext("go-live today")
    if days < 0:
        return ngettext("%(days)s day since go-live", "%(days)s days since go-live", -days) % {"days": count(-days)}
    return ngettext("%(days)s day to go", "%(days)s days to go", days) % {"days": count(days)}


@register.filter
def days(number: int | None) -> str:
    """Return a number of days with a real minus: "41", "−12"."""
    if number is None:
        return ""
    return f"{MINUS}{count(-number)}" if number < 0 else count(number)


@register.filter
def days_at(number: int | None, stage: str) -> str:
    """Return the days until go-live as a list says them of a site in a stage.

    "41", "today", "6 days live" once it is live, "6 days late" where it should be, "embedded"; "" without a date.
    """
    if stage == Stage.EMBEDDED:
        return gettext("embedded")
    if number is None or number > 0:
        return days(number)
    if stage in (Stage.LIVE, Stage.HYPERCARE):
        return ngettext("%(n)s day live", "%(n)s days live", -number) % {"n": count(-number)}
    if number == 0:
        return gettext("today")
    if stage in (Stage.DEFERRED, Stage.STOPPED):
        return ngettext("%(n)s day ago", "%(n)s days ago", -number) % {"n": count(-number)}
    return ngettext("%(n)s day late", "%(n)s days late", -number) % {"n": count(-number)}


@register.filter
def minutes(seconds: Number | None) -> str:
    """Return a duration in words a person can use: "15 minutes", "1 hour 5 minutes", "under a minute"."""
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds) // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if rest:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts) or gettext("under a minute")
