"""The curve a site plans to follow in training: drawn, drawn anew, given up for the straight line, taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Deployment, User
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused
from training.models import TrainingPlan, TrainingPlanPoint

MOST_POINTS = 60


class Point(NamedTuple):
    """The share of pairs of person and course, 0 to 1, that is planned to be complete on a day."""

    on: date
    share: Decimal


@dataclass(frozen=True)
class DrawnPlan:
    """A site's own curve as it stands, its points in the order of days.

    `own` says that it is followed; else the site follows the straight line, and the points are those it gave up, if
    it ever had any.
    """

    points: tuple[Point, ...] = ()
    words: str = ""
    own: bool = False

    @property
    def mark(self) -> str:
        """A mark of all of it, for a form to bring back: 16 hexadecimal digits."""
        said = [self.own, self.words, *((str(on), f"{share:.4f}") for on, share in self.points)]
        return blake2b(repr(said).encode(), digest_size=8).hexdigest()


def drawn_plan(deployment_id: int) -> DrawnPlan:
    """The curve of a site as it stands. Two queries."""
    plan = TrainingPlan.objects.filter(deployment=deployment_id).first()
    if plan is None:
        return DrawnPlan()
    points = plan.points.filter(retired_at=None).order_by("on").values_list("on", "share")
    return DrawnPlan(tuple(Point(*point) for point in points), plan.words, own=plan.retired_at is None)


def draw_plan(*, deployment_id: int, points: Sequence[Point], words: str, mark: str, by: User) -> bool:
    """Let a site follow a curve of its own through these points; whether that changed anything.

    A day that is in it no longer is retired, and comes back under its row. Raises RecordChanged where somebody else
    changed the curve since the form with the mark was opened, and Refused for no point, more than 60, or a day twice.
    """
    wanted = {point.on: point.share for point in points}
    if not wanted or len(wanted) != len(points) or len(points) > MOST_POINTS:
        raise Refused(gettext("A curve has from 1 to 60 points, each on a day of its own."))
    asked = DrawnPlan(tuple(Point(*each) for each in sorted(wanted.items())), words, own=True)
    with acting(by, "training curve drawn"):
        if not _changed(deployment_id, asked, mark):
            return False
        plan, made = TrainingPlan.objects.get_or_create(deployment_id=deployment_id, defaults={"words": words})
        if not made and (plan.words, plan.retired_at) != (words, None):
            plan.words, plan.retired_at, plan.retired_by = words, None, None
            plan.save(update_fields=["words", "retired_at", "retired_by"])
        _set_points(plan, wanted, by)
    return True


def follow_own(*, deployment_id: int, own: bool, mark: str, by: User) -> bool:
    """Go back to the straight line, or take the site's own curve up again; whether that changed anything.

    Raises RecordChanged as above, and Refused where there is no curve to take up.
    """
    with acting(by, "own training curve taken up again" if own else "own training curve given up"):
        now = drawn_plan(deployment_id)
        if not now.points:
            raise Refused(gettext("The site never drew a curve of its own. Draw one first."))
        if not _changed(deployment_id, DrawnPlan(now.points, now.words, own=own), mark):
            return False
        retired = (None, None) if own else (timezone.now(), by)
        plans = TrainingPlan.objects.filter(deployment=deployment_id)
        plans.update(retired_at=retired[0], retired_by=retired[1])
    return True


def _changed(deployment_id: int, asked: DrawnPlan, mark: str) -> bool:
    """Hold the site, and say whether its curve is to change. Raises RecordChanged where the mark is an older one's."""
    Deployment.objects.select_for_update(no_key=True).get(pk=deployment_id)
    now = drawn_plan(deployment_id)
    if now.mark == asked.mark:
        return False
    if now.mark != mark:
        raise RecordChanged(now)
    return True


def _set_points(plan: TrainingPlan, wanted: dict[date, Decimal], by: User) -> None:
    """Write the points that differ, those that were retired among them, and retire the others."""
    rows = {row.on: row for row in plan.points.all()}
    now = timezone.now()
    changed = []
    for on, row in rows.items():
        share = wanted.get(on)
        if share is None and row.retired_at is None:
            row.retired_at, row.retired_by = now, by
        elif share is not None and (row.share, row.retired_at) != (share, None):
            row.share, row.retired_at, row.retired_by = share, None, None
        else:
            continue
        changed.append(row)
    TrainingPlanPoint.objects.bulk_update(changed, ["share", "retired_at", "retired_by"])
    TrainingPlanPoint.objects.bulk_create(
        TrainingPlanPoint(plan=plan, on=on, share=share) for on, share in wanted.items() if on not in rows
    )
