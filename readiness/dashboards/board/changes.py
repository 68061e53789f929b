"""What changed between an earlier day and the day of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from readiness.choices import Band
from readiness.dashboards.board.places import Place
from readiness.dashboards.board.records import DecisionRow
from readiness.dashboards.board.scope import Scope, Whose
from readiness.dashboards.board.survey import Survey
from readiness.dashboards.programmes import BAND_ORDER
from rollout.choices import DecisionKind
from rollout.templatetags.formats import day


@dataclass(frozen=True)
class Changes:
    """What is different: bands in words, sites that moved far, sites that went live, decisions taken.

    `unknown` is what to say of sites without a score on the earlier day, "" where all have one.
    """

    unknown: str
    bands: list[str]
    moved: list[Place]
    live: list[Place]
    taken: list[DecisionRow]

    @property
    def deferrals(self) -> list[DecisionRow]:
        """The decisions to move a go-live."""
        return [each for each in self.taken if each.kind == DecisionKind.DEFER]

    @property
    def other_decisions(self) -> list[DecisionRow]:
        """All other decisions."""
        return [each for each in self.taken if each.kind != DecisionKind.DEFER]

    @property
    def nothing(self) -> bool:
        """Whether nothing is different."""
        return not (self.unknown or self.bands or self.moved or self.live or self.taken)


def changes_of(scope: Scope, survey: Survey, decisions: Iterable[DecisionRow]) -> Changes:
    """What changed since the scope's earlier day, that day left out."""
    return Changes(
        unknown=unknown_in_words(scope, survey),
        bands=moves_in_words(survey.moves, scope.whose),
        moved=sorted(survey.moved, key=lambda place: (-place.distance, place.site_name, place.pk)),
        live=sorted(survey.live, key=lambda place: (place.went_live_on or scope.day, place.site_name, place.pk)),
        taken=[each for each in decisions if each.taken(scope.day) and not each.taken(scope.since)],
    )


def unknown_in_words(scope: Scope, survey: Survey) -> str:
    """That sites had no score on the earlier day, so that theirs cannot be compared."""
    scored = sum(survey.whole.counts.values())
    if not survey.unknown_then:
        return ""
    words = {"day": day(scope.since), "sites": scope.whose.count(survey.unknown_then)}
    if survey.unknown_then == scored:
        return gettext("No site had a score yet on %(day)s, so scores and bands cannot be compared with it.") % words
    return gettext("No score yet on %(day)s, so not compared: %(sites)s.") % words


def moves_in_words(moves: Mapping[tuple[str, str], int], whose: Whose) -> list[str]:
    """A sentence for each band left for another, by (band then, band now); what fell behind first."""
    order = {band.value: number for number, band in enumerate(BAND_ORDER)}
    ordered = sorted(moves.items(), key=lambda each: (order[each[0][1]], order[each[0][0]]))
    return [_move(whose.count(sites), sites, before, after) for (before, after), sites in ordered]


def _move(sites: str, number: int, before: str, after: str) -> str:
    words = ngettext(
        "%(sites)s moved from %(before)s to %(after)s.", "%(sites)s moved from %(before)s to %(after)s.", number
    )
    return words % {
        "sites": sites,
        "before": str(Band(before).label).lower(),
        "after": str(Band(after).label).lower(),
    }
