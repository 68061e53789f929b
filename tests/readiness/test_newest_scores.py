"""The newest score of each of many deployments: the same by a join to one night's scores as by probes of an index."""

from datetime import timedelta

import pytest
from django.db.models import Case, Expression, F, Func, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Lower
from django.utils import timezone

from readiness.choices import Band
from readiness.dashboards.freshness import aged
from readiness.dashboards.sites import SORTS, chosen, in_order
from readiness.models import ReadinessScore, ScoringModel
from readiness.querysets import scores
from rollout.models import Deployment
from tests import factories as make

pytestmark = pytest.mark.django_db

NIGHT = make.DAY
BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)
WANTED: dict[str, str | Expression] = {
    "score_id": "pk",
    "band_now": "band",
    "age": aged("band", KT("domains__training")),
    "days": "days_to_go",
    "place": Case(When(band=Band.OFF_TRACK, then=Value(0)), default=Value(1)),
    "words": Func(Value(" "), Lower("reason"), F("band"), function="CONCAT_WS", output_field=TextField()),
}


@pytest.fixture
def deployments() -> list[Deployment]:
    """Sites of one night, ahead of it, behind it, with two models, with a revision, never scored."""
    programme = make.make_programme()
    first = make.scoring_model()
    second = ScoringModel.objects.create(version="2026.0", document=first.document, published_at=timezone.now())
    plain, ahead, behind, both, revised, old, _none = sites = [
        make.make_deployment(programme=programme, site=make.make_site(name=f"Site {n}")) for n in range(7)
    ]
    for deployment, day, model, share in (
        (plain, BEFORE, first, 10),
        (plain, NIGHT, first, 20),
        (ahead, NIGHT, first, 30),
        (ahead, AFTER, first, 40),
        (behind, BEFORE, second, 50),
        (both, NIGHT, first, 60),
        (both, NIGHT, second, 70),
        (old, BEFORE, first, 5),
        (old, NIGHT, second, 15),
    ):
        make.make_score(deployment, day=day, model=model, share=share)
    make.make_score(revised, day=NIGHT, model=first, share=80, superseded_at=timezone.now())
    make.make_score(revised, day=NIGHT, model=first, share=90, revision=2, reason="late")
    return sites


@pytest.mark.parametrize("day", [None, BEFORE, NIGHT, AFTER, BEFORE - timedelta(days=9)])
@pytest.mark.parametrize("passed_over", [0, 1, 3, 7, 1000])
def test_by_join_and_by_probe_the_newest_score_is_the_same(deployments, monkeypatch, passed_over, day):
    monkeypatch.setattr(scores, "PASSED_OVER", passed_over)
    everything = Deployment.objects.order_by("pk")
    latest = {name: ReadinessScore.objects.latest_of_each(value, day) for name, value in WANTED.items()}

    joined = ReadinessScore.objects.newest_of_each(everything, day, via="newest", **WANTED)
    again = ReadinessScore.objects.newest_of_each(joined, BEFORE, via="before", then="pk")

    assert list(joined.values("pk", *WANTED)) == list(everything.annotate(**latest).values("pk", *WANTED))
    then = everything.annotate(then=ReadinessScore.objects.latest_of_each("pk", BEFORE))
    assert list(again.values_list("pk", "then")) == list(then.values_list("pk", "then"))
    assert again.filter(band_now=Band.OFF_TRACK).count() == joined.filter(band_now=Band.OFF_TRACK).count()


@pytest.mark.parametrize("way", ["", "-"])
def test_lists_are_filtered_and_ordered_alike_by_either_way(deployments, monkeypatch, way):
    choice = {"band": Band.OFF_TRACK, "since": BEFORE, "changed": True}
    found = {}
    for passed_over in (0, 2, 1000):
        monkeypatch.setattr(scores, "PASSED_OVER", passed_over)
        everything = Deployment.objects.all()
        orders = [list(in_order(everything, f"{way}{name}").values_list("pk", flat=True)) for name in SORTS]
        found[passed_over] = orders, list(in_order(chosen(everything, choice), f"{way}score"))

    assert found[0] == found[2] == found[1000]
    assert {len(order) for order in found[0][0]} == {len(deployments)}
    assert found[0][1]
