"""All sites of a board dashboard, counted in one pass over one query."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models.functions import Coalesce

from readiness.choices import Band
from readiness.dashboards.board.places import HUNDREDTHS, NO_CAPS, NOW, THEN, Before, Place, Stored
from readiness.dashboards.board.scope import Scope
from readiness.dashboards.declared import AGREES, COMPARED, differs, with_declared
from readiness.dashboards.freshness import Freshness
from readiness.dashboards.past import with_stage
from readiness.dashboards.programmes import Bands
from readiness.models import ReadinessScore
from rollout.choices import Stage

FAR = 500  # hundredths of a point between two days that are worth a row
NOT_COMING = frozenset({Stage.STOPPED, Stage.DEFERRED})


@dataclass(frozen=True)
class Averages:
    """The mean score and the mean expected score, 0–100, of the sites that are compared; None without any."""

    score: Decimal | None = None
    expected: Decimal | None = None


@dataclass
class Tally:
    """Sites by band, and the points of those that are compared with what is expected, in hundredths."""

    counts: Counter[str] = field(default_factory=Counter)
    nothing: int = 0
    differing: int = 0
    compared: int = 0
    score: int = 0
    expected: int = 0

    def __iadd__(self, other: "Tally") -> "Tally":
        """Count the sites of another tally as well."""
        self.counts += other.counts
        for name in ("nothing", "differing", "compared", "score", "expected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def bands(self) -> Bands:
        """The sites by band."""
        return Bands(self.counts, self.nothing, self.differing)

    @property
    def averages(self) -> Averages:
        """What sites score on average against what is expected. Paused sites and those without a date are out."""
        if not self.compared:
            return Averages()
        return Averages(self.score * HUNDREDTHS / self.compared, self.expected * HUNDREDTHS / self.compared)


def added(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for tally in tallies:
        whole += tally
    return whole


@dataclass
class Survey:
    """What all sites come to, and the sites that a section names.

    `tallies` are by programme and wave, `moves` count sites by their band then and now, `go_lives` are the days that
    came or are to come by programme. `declared` counts compared sites with a declared status, `unknown_then` sites that
    had no score yet on the earlier day and have one now. `scored` is a site of each programme that is scored.
    """

    tallies: dict[tuple[int, int | None], Tally] = field(default_factory=lambda: defaultdict(Tally))
    stages: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    go_lives: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    models: set[int] = field(default_factory=set)
    declared: int = 0
    unknown_then: int = 0
    scored: dict[int, str] = field(default_factory=dict)
    differing: list[Place] = field(default_factory=list)
    capped: list[Place] = field(default_factory=list)
    moved: list[Place] = field(default_factory=list)
    live: list[Place] = field(default_factory=list)
    newest: str = ""

    def of_programme(self, programme: int) -> Tally:
        """The sites of a programme, whatever their wave."""
        return added(tally for (of, _wave), tally in self.tallies.items() if of == programme)

    def of_waves(self, programme: int) -> dict[int | None, Tally]:
        """The sites of a programme by wave."""
        return {wave: tally for (of, wave), tally in self.tallies.items() if of == programme}

    @property
    def whole(self) -> Tally:
        """All sites."""
        return added(self.tallies.values())

    @property
    def freshness(self) -> Freshness:
        """Of which day the newest score is."""
        if not self.newest:
            return Freshness()
        day, at, provisional = self.newest.split("|")
        return Freshness(date.fromisoformat(day), datetime.fromisoformat(at), provisional == "t")


COLUMNS = ("pk", "programme_id", "wave_id", "stage_now", "site__code", "site__name", "go_live", "actual_go_live_on")


def survey_of(scope: Scope) -> Survey:
    """Count the sites in the scope. One query."""
    newest = ReadinessScore.objects.newest_of_each
    scored = newest(with_declared(scope.deployments, scope.as_of), scope.as_of, now=NOW)
    rows = (
        with_stage(newest(scored, scope.since, via="before", then=THEN), scope.as_of)
        .annotate(go_live=Coalesce("actual_go_live_on", "go_live_on"))
        .order_by("site__name", "programme__name", "pk")
        .values_list(*COLUMNS, "declared_now", "declared_since", "now", "then")
    )
    programmes = {programme.pk: programme for programme in scope.programmes}
    found = Survey()
    for pk, of, wave, stage, code, name, go_live, live_on, declared, declared_on, now_text, then_text in rows:
        now = Stored.read(now_text) if now_text else None
        then = Before.read(then_text) if then_text else None
        lists = _count(found, found.tallies[of, wave], now, then, declared or "")
        found.stages[stage] += 1
        if now and stage != Stage.EMBEDDED:
            found.scored.setdefault(of, code)
        if go_live and stage not in NOT_COMING:
            found.go_lives[of].append(go_live)
        if live_on and scope.since < live_on <= scope.day:
            lists.append(found.live)
        if lists:
            programme = programmes[of]
            place = Place(pk, of, programme.code, programme.name, code, name, live_on, declared, declared_on, now, then)
            for each in lists:
                each.append(place)
    return found


def _count(found: Survey, tally: Tally, now: Stored | None, then: Before | None, declared: str) -> list[list[Place]]:
    """Count one site; return the lists it belongs in."""
    if now is None:
        tally.nothing += 1
        return []
    lists = []
    tally.counts[now.band] += 1
    found.models.add(now.model)
    found.newest = max(found.newest, now.newness)
    if now.band in COMPARED:
        tally.compared += 1
        tally.score += now.score
        tally.expected += now.expected
        found.declared += declared in AGREES
        if differs(declared, now.band):
            tally.differing += 1
            lists.append(found.differing)
    if now.caps != NO_CAPS and now.band != Band.PAUSED:
        lists.append(found.capped)
    if then is None:
        found.unknown_then += 1
    else:
        if then.band != now.band:
            found.moves[then.band, now.band] += 1
        if abs(now.score - then.score) >= FAR:
            lists.append(found.moved)
    return lists
