"""A site's own training curve: what it refuses, and two who draw it at once."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from rollout.models import User
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from tests import factories as make
from training.models import TrainingPlan, TrainingPlanPoint
from training.services.plans import MOST_POINTS, DrawnPlan, Point, draw_plan, drawn_plan, follow_own

DAY = date(2026, 3, 14)


def points(*shares: str) -> list[Point]:
    return [Point(DAY + timedelta(days=number), Decimal(share)) for number, share in enumerate(shares)]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [[], [*points("0.1"), *points("0.2")], points(*["0.5"] * (MOST_POINTS + 1))])
def test_curve_has_some_points_each_on_a_day_of_its_own(wanted: list[Point]):
    deployment, by = make.make_deployment(), make.make_user()

    with pytest.raises(Refused):
        draw_plan(deployment_id=deployment.pk, points=wanted, words="", mark=DrawnPlan().mark, by=by)

    assert drawn_plan(deployment.pk) == DrawnPlan()


@pytest.mark.django_db
def test_curve_is_retired_and_never_deleted():
    deployment, by = make.make_deployment(), make.make_user()
    said: dict[str, Any] = {"deployment_id": deployment.pk, "by": by}
    draw_plan(**said, points=points("0.1", "0.5"), words="Why", mark=DrawnPlan().mark)
    first = drawn_plan(deployment.pk)

    draw_plan(**said, points=points("0.2"), words="", mark=first.mark)
    with pytest.raises(RecordChanged):
        follow_own(**said, own=False, mark=first.mark)
    follow_own(**said, own=False, mark=drawn_plan(deployment.pk).mark)

    assert drawn_plan(deployment.pk) == DrawnPlan(tuple(points("0.2")), "", own=False)
    assert TrainingPlan.objects.get().retired_by == by
    assert [(row.share, row.retired_by) for row in TrainingPlanPoint.objects.order_by("on")] == [
        (Decimal("0.2"), None),
        (Decimal("0.5"), by),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draw_a_first_curve_at_once_one_is_told():
    deployment, people = make.make_deployment(), [make.make_user(), make.make_user()]
    came: list[str] = []

    def draw(by: User, share: str) -> None:
        try:
            mark = DrawnPlan().mark
            draw_plan(deployment_id=deployment.pk, points=points(share), words="", mark=mark, by=by)
            came.append("drawn")
        except RecordChanged:
            came.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=draw, args=each) for each in zip(people, ("0.3", "0.7"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(came) == ["drawn", "told"]
    assert TrainingPlanPoint.objects.count() == 1
