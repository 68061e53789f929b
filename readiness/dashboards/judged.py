"""A stored score judged again from the readings it keeps, so that its parts add up exactly. No rule stands here."""

import json
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from readiness.models import ReadinessScore, ScoringModel
from readiness.scoring import Band, Judgement, Model, Reading, Situation, expected_on, weigh
from readiness.scoring.judging import held
from rollout.models import Deployment


@lru_cache(maxsize=64)
def _model(document: str) -> Model:
    return Model.from_json(json.loads(document))


def models_of(scores: Iterable[ReadinessScore]) -> dict[int, Model]:
    """The scoring models of some scores, by id, in one query."""
    ids = {score.model_id for score in scores}
    rows = ScoringModel.objects.filter(pk__in=ids).values_list("pk", "document") if ids else ()
    return {pk: _model(json.dumps(document, sort_keys=True)) for pk, document in rows}


def model_in_use(programme_id: int) -> Model | None:
    """The scoring model of a programme; without one, the newest that is published. At most two queries."""
    rows = ScoringModel.objects.exclude(published_at=None)
    chosen = rows.filter(programmes__programme=programme_id).first()
    newest = chosen or rows.order_by("-published_at", "-pk").first()
    return Model.from_json(newest.document) if newest else None


def judgement_of(score: ReadinessScore, deployment: Deployment, model: Model) -> Judgement:
    """The judgement a stored score came from: its readings, days and caps, weighed by its model.

    The band is the one stored: stage and programme state on that day are not kept. The situation holds no counts.
    """
    readings = {code: Reading.from_json(code, figures) for code, figures in score.indicators.items()}
    weighed = weigh(model, readings)
    days = score.days_to_go
    return Judgement(
        model=model,
        situation=Situation(
            day=score.day,
            go_live_on=None if days is None else score.day + timedelta(days=days),
            stage=deployment.stage,
            programme_state=deployment.programme.state,
        ),
        readings=readings,
        raw=weighed.raw,
        score=held(model, weighed.raw, score.caps),
        coverage=weighed.coverage,
        expected=expected_on(model, days),
        days=days,
        band=Band(score.band),
        caps=tuple(score.caps),
        domain_ratios=weighed.domain_ratios,
    )
