"""How a deployment stands for a gate, gathered from its newest score and the records behind it."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q

from readiness.choices import Band
from readiness.declared import differs
from readiness.gates.facts import GateFacts, KeptEvidence, KeptFile, StaleSoon
from readiness.indicators import units_of
from readiness.indicators.items import items_on, waived_at
from readiness.models import ChecklistItem, EvidenceFile, ReadinessScore, ScoringModel
from readiness.models.safety import COLLISION_PREFIX
from readiness.scoring import Model, Reading, State
from rollout.change_load import DAYS_AFTER, DAYS_BEFORE, collisions, week_code
from rollout.models import Deployment

FIRST_WEEK = 7  # days from go-live whose cover is looked at
STALE_WITHIN = timedelta(days=14)
ASKED = ("training.completion", "technical.access", "governance.hazards")


def facts_now(deployment: Deployment, day: date) -> GateFacts:
    """The facts of a day, from the newest score of that day or before. At most eleven queries, whatever is behind it.

    Where nothing was scored yet everything is unknown, and what is unknown does not pass.
    """
    scores = ReadinessScore.objects.current().until(day).filter(deployment=deployment)
    score = scores.newest_first().first()
    weeks = open_collisions(deployment, day)
    if score is None:
        return GateFacts(
            day=day, collisions=weeks, declared=deployment.declared_status, evidence=evidence_now(deployment)
        )
    model = Model.from_json(ScoringModel.objects.get(pk=score.model_id).document)
    readings = {code: Reading.from_json(code, figures) for code, figures in score.indicators.items()}
    hazards = readings["governance.hazards"]
    uncovered, slots = cover_of_first_week(deployment, model, score.day)
    return GateFacts(
        day=day,
        score=score.score,
        expected=score.expected,
        coverage=score.coverage,
        band=score.band,
        days_to_go=score.days_to_go,
        score_id=score.pk,
        caps=tuple(score.caps),
        collisions=weeks,
        trained=_counts(readings, "training.completion"),
        tested=_counts(readings, "technical.access"),
        hazards_open=int(hazards.denominator - hazards.numerator) if hazards.state is State.KNOWN else None,
        left_out=tuple(code for code in ASKED if readings[code].state is State.NOT_APPLICABLE),
        uncovered=uncovered,
        slots=slots,
        declared=deployment.declared_status,
        declared_on=deployment.declared_on,
        differs=differs(deployment.declared_status, Band(score.band)),
        stale_soon=stale_soon(deployment, model, day),
        evidence=evidence_now(deployment),
    )


def evidence_now(deployment: Deployment) -> tuple[KeptEvidence, ...]:
    """The evidence of every item that has some, as it stands now, in the order of the items' codes. Two queries."""
    files: dict[int, list[KeptFile]] = {}
    current = EvidenceFile.objects.current().filter(item__deployment=deployment).order_by("pk")
    for item, pk, digest in current.values_list("item", "pk", "sha256"):
        files.setdefault(item, []).append(KeptFile(pk, digest))
    items = ChecklistItem.objects.current().filter(deployment=deployment)
    items = items.filter(Q(pk__in=files) | ~Q(evidence="")).order_by("code")
    return tuple(
        KeptEvidence(code, text, note, tuple(files.get(pk, ())))
        for pk, code, text, note in items.values_list("pk", "code", "template_item__text", "evidence")
    )


def open_collisions(deployment: Deployment, day: date) -> tuple[str, ...]:
    """The weeks around the go-live in which the site bears too much, and which nobody waived, as "2026-W14"."""
    if deployment.go_live is None:
        return ()
    first, last = deployment.go_live - timedelta(days=DAYS_BEFORE), deployment.go_live + timedelta(days=DAYS_AFTER)
    weeks = [week_code(week.monday) for week in collisions(first, last, [deployment.site_id])]
    if not weeks:
        return ()
    waived = waived_at(deployment.pk, day=day)
    return tuple(week for week in weeks if f"{COLLISION_PREFIX}{week}" not in waived)


def cover_of_first_week(deployment: Deployment, model: Model, day: date) -> tuple[int | None, int | None]:
    """Slots without enough champions, and all slots, of the first seven days from go-live; None where unknown."""
    slots = units_of(model, deployment.pk, "champions.cover", day=day)
    go_live = deployment.go_live
    if go_live is None or not slots:
        return None, None
    end = go_live + timedelta(days=FIRST_WEEK)
    first_week = [unit for unit in slots if unit.key[1] < end]
    return sum(unit.credit < 1 for unit in first_week), len(first_week)


def stale_soon(deployment: Deployment, model: Model, day: date) -> tuple[StaleSoon, ...]:
    """Done items whose shelf life runs out within 14 days, or before the go-live; the first to go first."""
    standing = items_on(model, deployment.pk, day=day)
    shelved = ChecklistItem.objects.current().filter(deployment=deployment, template_item__valid_days__isnull=False)
    limit = max(day + STALE_WITHIN, deployment.go_live or day)
    found = []
    for item in shelved.select_related("template_item"):
        here = standing.get(item.pk)
        if here and here.done and here.since_on:
            until = here.since_on + timedelta(days=item.template_item.valid_days or 0)
            if until < limit:
                found.append(StaleSoon(item.code, item.template_item.text, until))
    return tuple(sorted(found, key=lambda each: (each.until_on, each.code)))


def _counts(readings: Mapping[str, Reading], code: str) -> tuple[Fraction, Fraction] | None:
    reading = readings[code]
    if reading.state is not State.KNOWN:
        return None
    return Fraction(reading.numerator), Fraction(reading.denominator)
