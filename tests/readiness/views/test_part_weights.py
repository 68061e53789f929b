"""What a part of a page weighs, compressed: UX.md section 13."""

import gzip
from datetime import date, timedelta

import pytest
from django.test import Client

from rollout.choices import DecisionKind, Role
from rollout.models import Decision
from tests import factories as make

pytestmark = pytest.mark.django_db
PART = 8_000


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/p/EPR/sites/?sort=-score", "sites"),
        ("/p/EPR/sites/?since=2026-03-01", "sites"),
        ("/p/EPR/sites/?view=heatmap", "sites"),
        ("/p/EPR/training/?sort=site", "sites"),
        ("/p/EPR/rota/?sort=site", "sites"),
        ("/p/EPR/?page=2", "decisions"),
        ("/programmes/?sort=name", "programmes"),
        ("/programmes/?view=calendar", "calendar"),
    ],
)
def test_part_stays_within_its_weight(address: str, part: str, client: Client):
    programme = make.make_programme(code="EPR", goal="One record at every site of the region")
    make.make_deployments(60, programme=programme)
    day = date(2026, 3, 1)
    Decision.objects.bulk_create(
        Decision(
            programme=programme, code=f"D-{n}", kind=DecisionKind.GO, text=f"Site {n} goes live as planned",
            from_on=day - timedelta(days=n), reason=f"{n} of {n + 7} wards had finished training",
        )
        for n in range(25)
    )  # fmt: skip
    for number in range(49):
        make.make_programme(name=f"Programme {number}", goal=f"Goal {number * number} of the region")
    client.force_login(make.make_member(Role.ADMINISTRATOR))

    answer = client.get(address, headers={"HX-Request": "true", "HX-Target": part})

    assert answer.status_code == 200
    assert f'id="{part}"' in answer.text[:200]
    assert 0 < len(gzip.compress(answer.content)) <= PART
