"""What a person records when doing a next best action, written into the database on the day scored."""

from collections.abc import Callable
from datetime import date
from itertools import count
from uuid import uuid4

from readiness.explain import Action, ActionKind
from readiness.models import ChecklistEvent, ChecklistItem, Hazard
from rollout.models import (
    Commitment,
    Deployment,
    EngagementEvent,
    Pilot,
    Signature,
    SiteTarget,
    Ward,
)
from tests.readiness.records import local
from training.models import AccessCheck, Attendance, Champion, ChampionShift, Course, Posting, StaffMember

_numbers = count(1)


def do(action: Action, deployment: Deployment, day: date, *, times: int = 1) -> None:
    """Record what the action asks for, on the day, at its last moment."""
    _DEEDS[action.kind](action, deployment, day, times)


def attend(staff_id: int, course: Course, day: date) -> None:
    """The person attends the course on the day, and passes."""
    Attendance.objects.update_or_create(
        staff_id=staff_id, course=course, on=day, session=None, defaults={"state": "attended", "passed": True}
    )


def _event(action: Action, deployment: Deployment, day: date, **fields: str) -> None:
    item = ChecklistItem.objects.get(pk=action.unit.key[0])
    at = local(deployment.site, day, 23, 59, 59)
    ChecklistEvent.objects.create(item=item, deployment=deployment, at=at, **fields)


def _finish(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    _event(action, deployment, day, state="done", assurance="declared")


def _confirm(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    _event(action, deployment, day, assurance="seen")


def _unblock(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    _event(action, deployment, day, state="in_progress")


def _train(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    staff_id, course_id = action.unit.key
    attend(staff_id, Course.objects.get(pk=course_id), day)


def _champion_courses(deployment: Deployment) -> list[Course]:
    return list(Course.objects.filter(programme=deployment.programme, for_champions=True, active=True))


def _train_champions(action: Action, deployment: Deployment, day: date, times: int) -> None:
    for staff_id in action.unit.facts["untrained"][:times]:
        for course in _champion_courses(deployment):
            attend(staff_id, course, day)


def _add_champions(action: Action, deployment: Deployment, day: date, times: int) -> None:
    """Of the staff who count in the ward, people who are no champions yet."""
    champions = Champion.objects.filter(programme=deployment.programme, from_on__lte=day).exclude(to_on__lt=day)
    taken = set(champions.values_list("staff_id", flat=True))
    free = [staff for staff, ward in counted_in(deployment, day).items() if ward == action.unit.key[0]]
    for staff_id in [staff for staff in free if staff not in taken][:times]:
        Champion.objects.create(staff_id=staff_id, programme=deployment.programme, from_on=day)
        for course in _champion_courses(deployment):
            attend(staff_id, course, day)


def counted_in(deployment: Deployment, day: date) -> dict[int, int]:
    """The ward in which each member of staff counts: in scope, with the latest posting, then the highest code."""
    wards = deployment.wards.all() or Ward.objects.filter(site=deployment.site)
    postings = Posting.objects.filter(ward__in=wards, from_on__lte=day).exclude(to_on__lt=day)
    return {posting.staff_id: posting.ward_id for posting in postings.order_by("from_on", "ward__code")}


def _fill(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    """One shift over exactly the slot for each champion that it lacks, by people who have no other shift."""
    facts = action.unit.facts
    for _missing in range(facts["minimum"] - facts["have"]):
        person = StaffMember.objects.create(
            organisation=deployment.site.organisation, number=f"helper-{next(_numbers)}"
        )
        ChampionShift.objects.create(
            client_id=uuid4(),
            programme=deployment.programme,
            staff=person,
            ward=Ward.objects.get(pk=action.unit.key[0]),
            starts_at=facts["starts_at"],
            ends_at=facts["ends_at"],
            planned_on=day,
        )


def _test_login(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    AccessCheck.objects.create(
        staff_id=action.unit.key[0],
        programme=deployment.programme,
        checked_at=local(deployment.site, day, 23, 59, 59),
        passed=True,
    )


def _reach(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    event = EngagementEvent.objects.create(
        programme=deployment.programme, code=f"reached-{next(_numbers)}", kind="forum", held_on=day
    )
    event.sites.add(deployment.site)
    event.groups.add(action.unit.key[0])


def _agree(action: Action, deployment: Deployment, day: date, _times: int) -> None:
    SiteTarget.objects.update_or_create(
        measure_id=action.unit.key[0], deployment=deployment, defaults={"agreed_on": day}
    )


def _deliver(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    Commitment.objects.filter(pk=action.unit.key[0]).update(delivered_on=day)


def _decide(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    Pilot.objects.filter(pk=action.unit.key[0]).update(outcome="scale", decided_on=day)


def _secure(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    Pilot.objects.filter(pk=action.unit.key[0]).update(secured_on=day)


def _close(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    Hazard.objects.filter(pk=action.unit.key[0]).update(closed_on=day)


def _sign(action: Action, _deployment: Deployment, day: date, _times: int) -> None:
    missing = Signature.objects.filter(agreement_id=action.unit.key[0], organisation__in=action.unit.facts["missing"])
    missing.update(signed_on=day)


_DEEDS: dict[ActionKind, Callable[[Action, Deployment, date, int], None]] = {
    ActionKind.FINISH_ITEM: _finish,
    ActionKind.RENEW_ITEM: _finish,
    ActionKind.CONFIRM_ITEM: _confirm,
    ActionKind.UNBLOCK_ITEM: _unblock,
    ActionKind.TRAIN_PERSON: _train,
    ActionKind.TRAIN_CHAMPION: _train_champions,
    ActionKind.ADD_CHAMPION: _add_champions,
    ActionKind.FILL_SLOT: _fill,
    ActionKind.TEST_LOGIN: _test_login,
    ActionKind.REACH_GROUP: _reach,
    ActionKind.AGREE_TARGET: _agree,
    ActionKind.DELIVER_COMMITMENT: _deliver,
    ActionKind.DECIDE_PILOT: _decide,
    ActionKind.SECURE_PILOT: _secure,
    ActionKind.CLOSE_HAZARD: _close,
    ActionKind.SIGN_AGREEMENT: _sign,
}
