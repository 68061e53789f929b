"""A site of a board dashboard with its score now and on an earlier day, as it leaves the database."""

import json
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from readiness.dashboards.declared import Declared, differs

HUNDREDTHS = Decimal("0.01")
NO_CAPS = "[]"


def hundredths(column: str) -> Coalesce:
    """A column of points as whole hundredths; -1 where it is empty."""
    return Coalesce(Cast(F(column) * 100, IntegerField()), -1)


def joined(*columns: Any) -> Func:
    """Columns as one text, so that one probe of the index brings all of a score that a board reads."""
    return Func(Value("|"), *columns, function="CONCAT_WS", output_field=TextField())


# Band and points of a score; then what tells how new it is, in the order of texts; its model and its caps.
NOW = joined("band", hundredths("score"), hundredths("expected"), "model", "caps", "day", "computed_at", "provisional")
THEN = joined("band", hundredths("score"))


class Stored(NamedTuple):
    """What a board reads of a stored score: points in hundredths, `expected` -1 without a go-live date."""

    band: str
    score: int
    expected: int
    model: int
    caps: str
    newness: str

    @classmethod
    def read(cls, text: str) -> "Stored":
        """A score out of the text of NOW."""
        band, score, expected, model, caps, newness = text.split("|", 5)
        return cls(band, int(score), int(expected), int(model), caps, newness)


class Before(NamedTuple):
    """A score of the earlier day, in hundredths."""

    band: str
    score: int

    @classmethod
    def read(cls, text: str) -> "Before":
        """A score out of the text of THEN."""
        band, score = text.split("|")
        return cls(band, int(score))


class Place(NamedTuple):
    """One site of a programme; `now` and `then` are None without a score."""

    pk: int
    programme_id: int
    programme_code: str
    programme_name: str
    site_code: str
    site_name: str
    went_live_on: date | None
    declared_now: str | None
    declared_since: date | None
    now: Stored | None
    then: Before | None

    @property
    def band(self) -> str:
        """The band on the day of the page, "" without a score."""
        return self.now.band if self.now else ""

    @property
    def caps(self) -> list[str]:
        """The codes of the caps in force on the day of the page."""
        return json.loads(self.now.caps) if self.now else []

    @property
    def score(self) -> Decimal | None:
        """The score, 0–100."""
        return self.now.score * HUNDREDTHS if self.now else None

    @property
    def score_then(self) -> Decimal | None:
        """The score on the earlier day, 0–100."""
        return self.then.score * HUNDREDTHS if self.then else None

    @property
    def moved(self) -> Decimal | None:
        """The points between the two days, None where one of them has no score."""
        return (self.now.score - self.then.score) * HUNDREDTHS if self.now and self.then else None

    @property
    def distance(self) -> int:
        """The same without its direction, in hundredths of a point; 0 where one of them has no score."""
        return abs(self.now.score - self.then.score) if self.now and self.then else 0

    @property
    def declared(self) -> Declared:
        """What was declared, in words."""
        status = self.declared_now or ""
        return Declared(status, self.declared_since, differs(status, self.band))

    @property
    def address(self) -> dict[str, str]:
        """The parts of the addresses of the site's pages."""
        return {"programme": self.programme_code, "site": self.site_code}

    @property
    def href(self) -> str:
        """The site's page."""
        return reverse("readiness:deployment-detail", kwargs=self.address)

    @property
    def why(self) -> str:
        """Why the site has its score; with ?since= why it moved."""
        return reverse("readiness:deployment-why", kwargs=self.address)
