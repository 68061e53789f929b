"""How far a site is with its log-in tests: who passed on a device of their own ward, who failed and why, who is left.

The people and their latest tests are those of the score; what the score does not ask is where the test was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.choices import Band
from readiness.dashboards.few import hidden_rows, hides, some_few
from readiness.dashboards.judged import models_of
from readiness.dashboards.search.asked import fold
from readiness.dashboards.series import Stored, series_of
from readiness.indicators.access_parts import Tested, tested_people
from readiness.models import ReadinessScore
from rollout.choices import Infrastructure, Stage
from rollout.models import Deployment, WardCount
from training.choices import AccessReason

ACCESS = "technical.access"


class Standing(TextChoices):
    """How somebody stands in the tests."""

    OWN = "own", _("Passed on their own ward")
    ELSEWHERE = "elsewhere", _("Passed, but not on their own ward")
    FAILED = "failed", _("Failed and not tried again")
    UNTESTED = "untested", _("Not tested")


def standing_of(person: Tested) -> Standing:
    """How the person's latest test leaves them."""
    if person.passed is None:
        return Standing.UNTESTED
    if not person.passed:
        return Standing.FAILED
    return Standing.OWN if person.own else Standing.ELSEWHERE


@dataclass(frozen=True)
class Count:
    """People by how they stand. `in_time`: passed on their own ward before go-live. `away`: left, and absent then."""

    own: int = 0
    elsewhere: int = 0
    failed: int = 0
    untested: int = 0
    in_time: int = 0
    away: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return self.own + self.elsewhere + self.failed + self.untested

    @property
    def passed(self) -> int:
        """Those whose latest test passed, wherever it was: what the score counts."""
        return self.own + self.elsewhere

    @property
    def left(self) -> int:
        """Those who are still to log in on a device of their own ward."""
        return self.people - self.own

    @property
    def share(self) -> Fraction:
        """The share who passed on their own ward, 0–1; 0 of nobody."""
        return Fraction(self.own, self.people) if self.people else Fraction(0)

    @property
    def telling(self) -> tuple[int, ...]:
        """Every count of people that the figures give, or from which it follows."""
        parts = self.own, self.elsewhere, self.failed, self.untested, self.in_time, self.people - self.in_time
        return (*parts, self.people, self.passed, self.left, self.failed + self.untested)


def counted(people: Iterable[Tested]) -> Count:
    """People added up."""
    found = [(standing_of(each), each) for each in people]
    stands = Counter(standing for standing, _each in found)
    return Count(
        own=stands[Standing.OWN],
        elsewhere=stands[Standing.ELSEWHERE],
        failed=stands[Standing.FAILED],
        untested=stands[Standing.UNTESTED],
        in_time=sum(each.in_time for _standing, each in found),
        away=sum(each.away for standing, each in found if standing is not Standing.OWN),
    )


@dataclass(frozen=True)
class WardLine:
    """A ward; `ready` of `needed` devices there let people log in (None: nobody counted them). `hidden`: of few."""

    ward_id: int
    name: str
    count: Count
    ready: int | None = None
    needed: int | None = None
    hidden: bool = False


@dataclass(frozen=True)
class DeviceLine:
    """People by the device of their latest test, as it is called most often; "" where nobody said. Reasons by code."""

    name: str
    passed: int
    failed: int
    reasons: tuple[tuple[AccessReason, int], ...]


@dataclass(frozen=True)
class Tracker:
    """A site's log-in tests on a day. `few`: counts of fewer than 5 people may be shown.

    Without that: `hidden` says that no figure may be shown, `whole_only` that of the figures only how many passed, of
    how many; and `split` that there may be a table by ward.
    """

    day: date
    go_live: date | None
    paused: bool
    embedded: bool
    people: Sequence[Tested]
    whole: Count
    wards: tuple[WardLine, ...]
    stored: tuple[int, int] | None
    series: Sequence[Stored]
    target: Fraction
    few: bool
    hidden: bool
    whole_only: bool

    @property
    def days_to_go(self) -> int | None:
        """Days left for tests, the day itself among them; 0 from go-live on."""
        return max((self.go_live - self.day).days, 0) if self.go_live else None

    @property
    def a_day(self) -> int | None:
        """How many people a day are done in time; None without days."""
        return -(-self.whole.left // self.days_to_go) if self.days_to_go else None

    @property
    def late(self) -> bool:
        """Whether the stored score counted otherwise: records came in since, or it is of another day."""
        now = self.whole.passed, self.whole.people
        return not self.hidden and not self.embedded and self.stored not in (None, now)

    @property
    def some_hidden(self) -> bool:
        """Whether a ward keeps its counts back."""
        return any(line.hidden for line in self.wards)

    @property
    def counted_devices(self) -> bool:
        """Whether devices were counted on any ward."""
        return any(line.needed is not None for line in self.wards)

    @property
    def reasons(self) -> list[tuple[AccessReason, int]]:
        """Why people failed, the most first; of those who were not tried again."""
        return reasons_of(self.people)

    @property
    def devices(self) -> list[DeviceLine]:
        """The devices, those first on which the most people fail."""
        lines = [device_line(people) for people in grouped(self.people, lambda each: fold(each.device))]
        return sorted(lines, key=lambda line: (-line.failed, not line.name, line.passed, line.name))


def reasons_of(people: Iterable[Tested]) -> list[tuple[AccessReason, int]]:
    """Why the latest tests of people failed, the most first."""
    found = Counter(each.reason or AccessReason.OTHER for each in people if each.passed is False)
    return [(AccessReason(reason), n) for reason, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]


def grouped(people: Iterable[Tested], of: Callable[[Tested], str]) -> Iterable[list[Tested]]:
    """Those who were tested, by what `of` says of them."""
    found: dict[str, list[Tested]] = {}
    for each in people:
        if each.passed is not None:
            found.setdefault(" ".join(of(each).split()), []).append(each)
    return found.values()


def device_line(people: Sequence[Tested]) -> DeviceLine:
    """What was tested on one device."""
    written = Counter(" ".join(each.device.split()) for each in people)
    name = min(written, key=lambda word: (-written[word], word))
    failed = sum(each.passed is False for each in people)
    return DeviceLine(name, len(people) - failed, failed, tuple(reasons_of(people)))


def tracker(deployment: Deployment, score: ReadinessScore, *, day: date, few: bool, split: bool) -> Tracker:
    """The tests of a site at the end of a day, as they are known now. Four queries, whatever the size of the site.

    `score` is the stored one that the page shows; `few`: counts of fewer than 5 people may be shown; `split`: it may be
    told by ward.
    """
    model = models_of([score])[score.model_id]
    people = tested_people(model, deployment.pk, day=day)
    whole, figures = counted(people), score.indicators.get(ACCESS)
    tells_few = not few and some_few((whole.people, whole.passed, whole.people - whole.passed))
    hidden = not few and (hides(score.indicators) or tells_few)
    whole_only = not few and some_few(whole.telling)
    shown = few or (split and not hidden and not whole_only)
    return Tracker(
        day=day,
        go_live=deployment.go_live,
        paused=score.band == Band.PAUSED,
        embedded=deployment.stage == Stage.EMBEDDED,
        people=people if few else (),
        whole=Count() if hidden else whole,
        wards=ward_lines(deployment, people, few=few) if shown else (),
        stored=(int(figures[1]), figures[2]) if figures and not hidden else None,
        series=series_of(deployment, ACCESS, until=day, few=few),
        target=model.target(ACCESS),
        few=few,
        hidden=hidden,
        whole_only=whole_only,
    )


def ward_lines(deployment: Deployment, people: Iterable[Tested], *, few: bool) -> tuple[WardLine, ...]:
    """The wards, the lowest share first; those with figures of few people last, by name. One query."""
    of_ward: dict[int, list[Tested]] = {}
    for each in people:
        of_ward.setdefault(each.ward_id, []).append(each)
    rows = WardCount.objects.filter(deployment=deployment, kind=Infrastructure.SIGN_IN, retired_at=None)
    devices = {ward: (ready, needed) for ward, ready, needed in rows.values_list("ward", "ready", "needed")}
    lines = [
        WardLine(ward, found[0].ward, counted(found), *devices.get(ward, (None, None)))
        for ward, found in of_ward.items()
    ]
    lines.sort(key=lambda line: (line.count.share, line.name, line.ward_id))
    if few:
        return tuple(lines)
    out = hidden_rows([line.count.telling for line in lines])
    kept = [line for place, line in enumerate(lines) if place not in out]
    held = [replace(lines[place], count=Count(), hidden=True) for place in out]
    return (*kept, *sorted(held, key=lambda line: (line.name, line.ward_id)))


def device_words(name: str) -> str:
    """What a device is called on a page."""
    return name or gettext("Nobody said which")
