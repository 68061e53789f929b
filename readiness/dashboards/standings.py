"""Sites of a programme side by side in one subject: light rows of stored figures, put in order and cut into pages.

No unit of any site is read here: a programme may have 10,000 of them. Two queries, whatever their number.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from readiness.choices import Band
from readiness.dashboards.few import OF_PEOPLE, hides
from readiness.dashboards.freshness import Freshness
from readiness.models import ReadinessScore
from rollout.choices import Role, Stage
from rollout.models import Deployment
from rollout.permissions import see_counts_of_few
from rollout.querysets.rights import Somebody, rights_of

COLUMNS = (
    *("pk", "site_id", "programme_id", "site__name", "site__code", "site__time_zone", "site__organisation__name"),
    *("wave__number", "stage", "go_live_on", "actual_go_live_on", "score_id"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One deployment with what its newest score keeps of a subject.

    `day`, `band` and how `fresh` it is are the score's, empty without one. `hidden`: figures about people must not be
    shown.
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
    fresh: Freshness
    indicators: Mapping[str, Sequence[Any] | None]
    hidden: bool

    @property
    def paused(self) -> bool:
        """Whether it is held against nothing: deferred, stopped or on hold."""
        return self.band == Band.PAUSED

    @property
    def embedded(self) -> bool:
        """Whether it is not scored any more."""
        return self.stage == Stage.EMBEDDED

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
    rows = list(
        deployments.annotate(score_id=ReadinessScore.objects.latest_of_each("pk", day))
        .order_by("site__name", "pk")
        .values_list(*COLUMNS)
    )
    board = Role.BOARD_MEMBER in rights_of(user).roles
    wanted = sorted({*codes, *(OF_PEOPLE if board else ())})
    names = [code.replace(".", "_") for code in wanted]
    scores = {
        pk: (on, band, Freshness(on, at, provisional), dict(zip(wanted, figures, strict=True)))
        for pk, on, band, at, provisional, *figures in ReadinessScore.objects.filter(
            pk__in=[row[-1] for row in rows if row[-1]]
        )
        .annotate(**{name: KeyTransform(code, "indicators") for name, code in zip(names, wanted, strict=True)})
        .values_list("pk", "day", "band", "computed_at", "provisional", *names)
    }
    found = []
    for pk, site, programme, name, code, zone, organisation, wave, stage, planned, actual, score in rows:
        on, band, fresh, indicators = scores.get(score, (None, "", Freshness(), {}))
        few = not board or see_counts_of_few(user, Deployment(programme_id=programme, site_id=site))
        found.append(
            Standing(
                *(
                    pk,
                    site,
                    name,
                    code,
                    zone,
                    organisation,
                    wave,
                    stage,
                    actual or planned,
                    on,
                    band,
                    fresh,
                    indicators,
                ),
                hidden=not few and hides(indicators),
            )
        )
    return found


def freshest(rows: Iterable[Standing]) -> Freshness:
    """How fresh the newest of the scores is."""
    scored = [row.fresh for row in rows if row.fresh.day and row.fresh.at]
    return max(scored, key=lambda fresh: (fresh.day, fresh.at), default=Freshness())


def in_order_of(rows: Iterable[Any], key: Callable[[Any], Any], *, backwards: bool) -> list[Any]:
    """Rows by a key, either way round; those without a value (None) come last. Equal ones keep their order."""
    valued = [(key(row), row) for row in rows]
    known = sorted((pair for pair in valued if pair[0] is not None), key=lambda pair: pair[0], reverse=backwards)
    return [row for _, row in known] + [row for value, row in valued if value is None]
