"""The curve that a site plans to follow, as rows of a day and a percentage."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.records import RecordForm, known_day, words_field
from rollout.templatetags.formats import day, percent
from training.services.plans import MOST_POINTS, DrawnPlan, Point

EMPTY_ROWS, MORE_ROWS = 3, 6
# A curve is drawn from two points; a plan is for this roll-out, not for another age.
FEWEST_POINTS, REACH = 2, timedelta(days=3 * 365)
A_DAY = _("Enter a date like 2026-03-14")
A_PERCENTAGE = _("Enter a percentage from 0 to 100, such as 40 or 62.5")
ROWS = "rows"


class Row(NamedTuple):
    """One row of the form: the fields of its day and of its share."""

    number: int
    on: BoundField
    share: BoundField


def rows_of(points: tuple[Point, ...]) -> dict[str, Any]:
    """Points as the values of rows."""
    found: dict[str, Any] = {}
    for number, point in enumerate(points, 1):
        found |= {f"on_{number}": point.on, f"share_{number}": f"{(point.share * 100).normalize():f}"}
    return found


class PlanForm(RecordForm):
    """Rows of day and share, words, and whether the share may fall. The row of it is a DrawnPlan."""

    words = words_field(_("What the curve rests on"), help_text=_("For example: no sessions in the school holidays."))
    falls = forms.BooleanField(
        label=_("The share is meant to fall where it does"),
        required=False,
        help_text=_("A share falls where completions run out, or where many people start at once."),
    )

    def __init__(
        self, data: Any = None, row: Any = None, *, around: date, points: tuple[Point, ...] = (), typed: Any = None
    ) -> None:
        """Start from the site's own points, or from those proposed. Days must be within three years of `around`.

        How many rows there are goes along with the form, so that a button can ask for more of them: what was `typed`
        then stands in the new form without being checked.
        """
        super().__init__(data, row, initial={**rows_of(points), "falls": falling(points), **(typed or {})})
        self.first, self.last = around - REACH, around + REACH
        self.number = self._rows(typed or data, len(points))
        self.fields[ROWS] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.number)
        for number in range(1, self.number + 1):
            self.fields[f"on_{number}"] = known_day(gettext("Day of row %(n)s") % {"n": number})
            self.fields[f"share_{number}"] = share_field(number)

    @staticmethod
    def _rows(data: Any, proposed: int) -> int:
        """How many rows to show: as many as were sent, else those that are there and a few more."""
        sent = str(data.get(ROWS, "")) if data is not None else ""
        wanted = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
        return min(wanted or proposed + EMPTY_ROWS, MOST_POINTS)

    @classmethod
    def mark_now(cls, row: DrawnPlan) -> str:
        """The mark of the curve as it stands."""
        return row.mark

    @classmethod
    def standing(cls, row: DrawnPlan) -> dict[str, Any]:
        """The values of the form as the curve stands."""
        rest = {f"{name}_{n}": None for n in range(1, MOST_POINTS + 1) for name in ("on", "share")}
        found = {**rest, **rows_of(row.points)} if row.own else rest
        return {"words": row.words, **{name: _number(name, value) for name, value in found.items()}}

    @property
    def lines(self) -> list[Row]:
        """The rows, in order."""
        return [Row(n, self[f"on_{n}"], self[f"share_{n}"]) for n in range(1, self.number + 1)]

    def clean(self) -> dict[str, Any]:
        """Days are in order and near, each has its share, and shares rise unless they are meant to fall."""
        said = super().clean()
        before: Point | None = None
        for number in range(1, self.number + 1):
            point = self._point(number, said)
            if point is not None and f"on_{number}" not in self.errors:
                self._after(number, point, before, falls=bool(said.get("falls")))
                before = point
        if not self.errors and len(self.points) < FEWEST_POINTS:
            self.add_error("on_1", gettext("Enter two days at least, each with its percentage"))
        return said

    def _point(self, number: int, said: dict[str, Any]) -> Point | None:
        """What a row says; None where it is empty, or where half of it is missing or wrong."""
        on, share = said.get(f"on_{number}"), said.get(f"share_{number}")
        wrong = {f"on_{number}", f"share_{number}"} & set(self.errors)
        if on is None and share is not None and not wrong:
            self.add_error(f"on_{number}", str(A_DAY))
        if on is not None and share is None and not wrong:
            self.add_error(f"share_{number}", str(A_PERCENTAGE))
        if on is not None and not self.first <= on <= self.last:
            words = {"first": day(self.first), "last": day(self.last)}
            self.add_error(f"on_{number}", gettext("Enter a day from %(first)s to %(last)s") % words)
        return Point(on, share / 100) if on is not None and share is not None else None

    def _after(self, number: int, point: Point, before: Point | None, *, falls: bool) -> None:
        if before is None:
            return
        if point.on <= before.on:
            words = gettext("Enter a day after %(day)s: the days go down the table in order")
            self.add_error(f"on_{number}", words % {"day": day(before.on)})
        elif point.share < before.share and not falls:
            words = gettext("Enter %(share)s or more, or say below the table that the share is meant to fall")
            self.add_error(f"share_{number}", words % {"share": percent(before.share)})

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of a form whose rows are right."""
        said = self.cleaned_data
        rows = [(said.get(f"on_{n}"), said.get(f"share_{n}")) for n in range(1, self.number + 1)]
        return tuple(Point(on, share / 100) for on, share in rows if on is not None and share is not None)


def share_field(number: int) -> forms.DecimalField:
    """A percentage with up to two decimals."""
    return forms.DecimalField(
        label=gettext("Percentage of row %(n)s") % {"n": number},
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput({"size": "4", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), A_PERCENTAGE
        ),
    )


def falling(points: tuple[Point, ...]) -> bool:
    """Whether the share falls from some day to the next."""
    shares = [point.share for point in points]
    return any(later < earlier for earlier, later in pairwise(shares))


def _number(name: str, value: Any) -> Any:
    """A share as it is compared with what was typed."""
    return Decimal(value) if name.startswith("share_") and value is not None else value
