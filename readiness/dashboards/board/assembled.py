"""A board dashboard put together, section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from readiness.dashboards.board.asked import Asked, Kind, decisions_asked
from readiness.dashboards.board.changes import Changes, changes_of
from readiness.dashboards.board.differing import differing_places
from readiness.dashboards.board.headline import Headline, headlines
from readiness.dashboards.board.holding import Holding, held_down, holdings
from readiness.dashboards.board.money import Money, money_of
from readiness.dashboards.board.places import Place
from readiness.dashboards.board.questions import Evidence, Question, questions_of
from readiness.dashboards.board.records import decisions_of, facts_of, pilots_of
from readiness.dashboards.board.scope import Scope
from readiness.dashboards.board.summary import Standing
from readiness.dashboards.board.survey import Survey, survey_of
from readiness.dashboards.board.waves import Portfolio, StandingRow, portfolios, wave_rows
from readiness.dashboards.freshness import Freshness
from readiness.dashboards.judged import models_of
from readiness.models import ReadinessScore
from readiness.scoring import MODEL_2026_1, Model

SHOWN = 10  # rows of a section on the page; its file has them all


@dataclass(frozen=True)
class Board:
    """What a board reads. `waves` is filled for one programme, `portfolios` for several."""

    scope: Scope
    standing: Standing
    asked: list[Asked]
    waves: list[StandingRow]
    portfolios: list[Portfolio]
    headlines: Mapping[int, Headline]
    differing: list[Place]
    holdings: list[Holding]
    changes: Changes
    money: Money
    questions: list[Question]
    freshness: Freshness

    @property
    def headline(self) -> Headline | None:
        """The headline measure of the one programme."""
        programme = self.scope.programme
        return self.headlines.get(programme.pk) if programme else None


def board_of(scope: Scope) -> Board:
    """The dashboard of a scope. At most 14 queries, however many programmes and sites there are."""
    survey = survey_of(scope)
    models = models_of(ReadinessScore(model_id=model) for model in survey.models)
    pilots, decisions, facts = pilots_of(scope), decisions_of(scope), facts_of(scope)
    limit = min((model.hazard_limit for model in models.values()), default=Model.from_json(MODEL_2026_1).hazard_limit)
    asked = decisions_asked(
        scope, hazard_limit=limit, pilots=pilots, decisions=decisions, facts=facts, scored=survey.scored
    )
    measured, money = headlines(scope, survey), money_of(scope, survey)
    held = held_down(survey.capped, models)
    standing = standing_of(scope, survey, asked, held)
    return Board(
        scope=scope,
        standing=standing,
        asked=asked,
        waves=wave_rows(scope, scope.programme, survey) if scope.programme else [],
        portfolios=[] if scope.programme else portfolios(scope, survey, measured),
        headlines=measured,
        differing=differing_places(survey.differing),
        holdings=holdings(scope, held, models),
        changes=changes_of(scope, survey, decisions),
        money=money,
        questions=questions_of(
            Evidence(
                headlines=[measured[programme.pk] for programme in scope.programmes if programme.pk in measured],
                pilots=pilots,
                decisions=decisions,
                facts=facts,
                money=money,
                differing=standing.bands.differing,
                declared=standing.declared,
                hazards=sum(each.kind == Kind.HAZARD for each in asked),
                stages=survey.stages,
            )
        ),
        freshness=survey.freshness,
    )


def standing_of(scope: Scope, survey: Survey, asked: Sequence[Asked], held: Mapping[str, Sequence[Place]]) -> Standing:
    """The figures behind the summary."""
    whole = survey.whole
    ages = [(scope.day - each.on).days for each in asked if each.on <= scope.day]
    return Standing(
        whose=scope.whose,
        bands=whole.bands,
        averages=whole.averages,
        declared=survey.declared,
        held=len({place.pk for places in held.values() for place in places}),
        caps={code: len(places) for code, places in held.items()},
        asked=len(ages),
        ahead=len(asked) - len(ages),
        oldest_days=max([age for age in ages if age > 0], default=None),
        past=scope.as_of is not None,
    )
