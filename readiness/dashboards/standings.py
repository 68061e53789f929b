"""Sites of a programme side by side in one subject: light rows of stored figures, put in order and cut into pages.

No unit of any site is read here: a programme may have 10,000 of them. One query, whatever their number.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Func, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.few import OF_PEOPLE, hides
from readiness.dashboards.freshness import Freshness, aged, newest_of
from readiness.dashboards.past import with_stage
from readiness.models import ReadinessScore
from rollout.choices import Role, Stage
from rollout.downloads import Column, Table
from rollout.models import Deployment
from rollout.permissions import see_counts_of_few
from rollout.querysets.rights import Somebody, rights_of

COLUMNS = (
    *("pk", "site_id", "programme_id", "site__name", "site__code", "site__time_zone", "site__organisation__name"),
    *("wave__number", "stage_now", "go_live", "stored"),
)
# Plain texts: looking up a member of an enumeration takes longer than comparing it, and thousands of rows ask.
PAUSED, EMBEDDED = Band.PAUSED.value, Stage.EMBEDDED.value
_day = lru_cache(maxsize=4_000)(date.fromisoformat)
# Figures as a score keeps them: many sites have the same, such as those that planned nothing yet.
_figures = lru_cache(maxsize=10_000)(json.loads)


class Standing(NamedTuple):
    """One deployment with what its newest score keeps of a subject.

    `day` and `band` are the score's, empty without one; `age` tells how new it is (see freshness.aged). `kept` are the
    figures of indicators as they are written, "" where there are none. `hidden`: those about people must not be shown.
    """

    pk: int
    site_id: int
    name: str
    code: str
    zone: str
    organisation: str
    wave: int | None
    stage: str
    go_live: date | None
    day: date | None
    band: str
    age: str
    kept: Mapping[str, str]
    hidden: bool

    def figures(self, code: str) -> Sequence[Any] | None:
        """What the score keeps of an indicator, as Reading.from_json reads it; None without any."""
        written = self.kept.get(code)
        return _figures(written) if written else None

    @property
    def paused(self) -> bool:
        """Whether it is held against nothing: deferred, stopped or on hold."""
        return self.band == PAUSED

    @property
    def embedded(self) -> bool:
        """Whether it is not scored any more."""
        return self.stage == EMBEDDED

    @property
    def days_to_go(self) -> int | None:
        """Days from the score's day until go-live, negative after it."""
        return (self.go_live - self.day).days if self.go_live and self.day else None

    @property
    def stage_words(self) -> str:
        """The stage in words."""
        return str(Stage(self.stage).label)


def standings(deployments: QuerySet, codes: Collection[str], user: Somebody, day: date | None = None) -> list[Standing]:
    """The deployments with these indicators of their newest score, as of a day if one is given."""
    board = Role.BOARD_MEMBER in rights_of(user).roles
    wanted = sorted({*codes, *(OF_PEOPLE if board else ())})
    rows = (
        ReadinessScore.objects.newest_of_each(with_stage(deployments, day), day, stored=_text(wanted))
        .annotate(go_live=Coalesce("actual_go_live_on", "go_live_on"))
        .order_by("site__name", "pk")
        .values_list(*COLUMNS)
    )
    found = []
    for pk, site, programme, name, code, zone, organisation, wave, stage, go_live, stored in rows:
        on, band, kept = _read(stored, wanted) if stored else (None, "", {})
        here = Standing(
            pk, site, name, code, zone, organisation, wave, stage, go_live, on, band, stored or "", kept, hidden=False
        )
        if board and hides({each: here.figures(each) for each in kept}):
            few = see_counts_of_few(user, Deployment(programme_id=programme, site_id=site))
            here = here._replace(hidden=not few)
        found.append(here)
    return found


def _text(codes: Sequence[str]) -> Func:
    """The columns of a score as one text, so that one probe of the index brings all that a list reads of it.

    A band holds no "|", nor does a figure; an indicator that a score does not keep is "".
    """
    return aged("band", *(Coalesce(KeyTextTransform(code, "indicators"), Value("")) for code in codes))


def _read(text: str, codes: Sequence[str]) -> tuple[date, str, dict[str, str]]:
    """What `_text` wrote: the score's day and band, and its figures by indicator."""
    day, _at, _provisional, band, *figures = text.split("|")
    return _day(day), band, dict(zip(codes, figures, strict=True))


def freshest(rows: Iterable[Standing]) -> Freshness:
    """How fresh the newest of the scores is."""
    return newest_of(row.age for row in rows)


def in_order_of(rows: Iterable[Any], key: Callable[[Any], Any], *, backwards: bool) -> list[Any]:
    """Rows by a key, either way round; those without a value (None) come last. Equal ones keep their order."""
    valued = [(key(row), row) for row in rows]
    known = sorted((pair for pair in valued if pair[0] is not None), key=lambda pair: pair[0], reverse=backwards)
    return [row for _, row in known] + [row for value, row in valued if value is None]


def table_of_sites(
    name: str, title: Any, columns: Iterable[Column], lines: Iterable[Any], figures: Callable[[Any], Sequence[Any]]
) -> Table:
    """A list of sites as a file: where each is, and then the columns of the subject. A line has its `standing`."""
    places = (
        Column("site", _("Site")),
        Column("code", _("Code")),
        Column("organisation", _("Organisation")),
        Column("wave", _("Wave"), "whole"),
        Column("stage", _("Stage")),
        Column("go_live", _("Go-live"), "day"),
        Column("score_of", _("Score of"), "day"),
    )

    def rows() -> Iterator[list[Any]]:
        for line in lines:
            at = line.standing
            place = [at.name, at.code, at.organisation, at.wave, at.stage_words, at.go_live, at.day]
            yield [*place, *figures(line)]

    return Table(name, title, (*places, *columns), rows())
