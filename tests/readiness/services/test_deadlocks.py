"""Whatever people do at the same time, nobody is locked out for good: services take their locks in one order."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.db.models import Model
from psycopg.errors import DeadlockDetected

from readiness.choices import Answer, GateKind, GateOutcome, ItemState
from readiness.models import ChecklistItem, Condition, Gate, GateReview, Waiver
from readiness.services import bulk_items, undoing
from readiness.services.gates import add_condition, finish_condition, freeze_pack, record_outcome, sign_gate
from readiness.services.items import ItemChange, change_item, confirm_item, renew_item
from readiness.services.rescoring import rescore_next_batch
from readiness.services.waivers import ask_waiver, decide_waiver, revoke_waiver
from rollout.choices import DeclaredStatus, ProgrammeState, Role
from rollout.models import AuditEntry, Deployment, Programme, ReadinessGroup, SeatRole, User, Wave
from rollout.services import programmes
from rollout.services.comments import add_comment
from rollout.services.decisions import record_standard
from rollout.services.deployments import declare_status, plan_mark, set_dates, today_at
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.groups import add_action, chairs_mark, name_chairs
from rollout.services.once import done_once
from rollout.services.people import person_of
from rollout.services.refusals import Refused
from rollout.services.sealing import seal_trail
from rollout.services.seats import fill_seat
from rollout.services.stages import defer, stop, take_up_again
from rollout.services.waves import move_wave, put_into_wave
from tests import factories as make

THREADS = 4
SEATS = ("sro", "clinical_lead")
# What a service says to whom another came before: an answer in words, as the pages give it.
ANSWERS = (Refused, RecordChanged)
ANSWERED_BY_NAME = {"ItemChanged", "PlanChanged", "SelectionChanged", "SitesChanged", "NotDone", "OwnWork"}


class Ward:
    """Two sites of one programme with items, waves, a gate; and everything people do there, picked by chance."""

    def __init__(self) -> None:
        self.programme = make.make_programme(code="EPR")
        self.sites = [make.make_deployment(programme=self.programme) for _each in range(2)]
        self.items = [make.make_blocker(site) for site in self.sites]
        self.waves = [make.make_wave(programme=self.programme, number=number) for number in (1, 2)]
        self.gate = Gate.objects.create(
            programme=self.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE, due_days=3
        )
        self.gate.seats.set(SeatRole.objects.get_or_create(code=code)[0] for code in SEATS)
        self.people = [
            make.make_member(Role.SIGNATORY, programme=self.programme, seat_role=SeatRole.objects.get(code=code))
            for code in SEATS
        ]
        for each in self.people:
            make.make_member(Role.PROGRAMME_MANAGER, programme=self.programme, user=each)
            person_of(each)
        for site in self.sites:
            make.make_score(site, share=100)

    def acts(self, dice: random.Random, by: User) -> list[Callable[[], Any]]:
        """Everything there is to do, each at a place picked by chance, from what stands there now."""
        site = Deployment.objects.select_related("site", "programme").get(pk=dice.choice(self.sites).pk)
        item = ChecklistItem.objects.get(pk=dice.choice(self.items).pk)
        programme = Programme.objects.get(pk=self.programme.pk)
        wave = Wave.objects.get(pk=dice.choice(self.waves).pk)
        review = newest(GateReview, deployment=site, outcome="")
        waiver, condition = newest(Waiver, deployment=site), newest(Condition)
        group = ReadinessGroup.objects.filter(deployment=site).first()
        everything = ChecklistItem.objects.filter(deployment__programme=programme)
        wish = bulk_items.Wish(bulk_items.STATE, state=dice.choice([ItemState.DONE, ItemState.IN_PROGRESS]))
        act = AuditEntry.objects.exclude(request_id="").order_by("-pk").values_list("request_id", flat=True).first()
        today, word = today_at(site), str(dice.random())
        plan: dict[str, Any] = {"deployment_id": site.pk, "mark": plan_mark(site)}
        dates: dict[str, Any] = {
            "go_live_on": make.GO_LIVE + timedelta(days=dice.randrange(90)),
            "technical_go_live_on": None,
        }
        done = ItemChange(dice.choice([ItemState.DONE, ItemState.IN_PROGRESS]), evidence=word)
        at_item: dict[str, Any] = {"item_id": item.pk, "version": item.version, "by": by}
        acts: list[Callable[[], Any]] = [
            lambda: change_item(change=done, **at_item),
            lambda: confirm_item(**at_item),
            lambda: renew_item(**at_item),
            lambda: bulk_items.change_items(
                everything, wish, mark=bulk_items.look_ahead(everything, wish, by=by).mark, by=by
            ),
            lambda: undoing.undo(act=act or "", by=by),
            lambda: ask_waiver(
                deployment=site, subject=item.code, reason=word, until_on=today + timedelta(days=9), by=by
            ),
            lambda: freeze_pack(gate=self.gate, deployment=site, by=by),
            lambda: declare_status(status=DeclaredStatus.AMBER, words=word, by=by, **plan),
            lambda: set_dates(wave_id=wave.pk, dual_running_until_on=None, reason=word, by=by, **plan, **dates),
            lambda: defer(reason=word, by=by, **plan, **dates),
            lambda: stop(reason=word, by=by, **plan),
            lambda: take_up_again(reason=word, by=by, **plan),
            lambda: put_into_wave(
                programme_id=programme.pk,
                seen={each.pk: each.wave_id for each in Deployment.objects.filter(programme=programme)},
                wave_id=wave.pk,
                reason=word,
                by=by,
            ),
            lambda: move_wave(wave_id=wave.pk, seen=wave.number, up=dice.random() < 0.5, by=by),
            lambda: record_standard(
                programme_id=programme.pk, text=word, reason=word, from_on=today, sites=[site.pk], by=by
            ),
            lambda: programmes.decide_state(
                programme_id=programme.pk,
                mark=mark_of(programme, programmes.STATE),
                to=dice.choice([ProgrammeState.PAUSED, ProgrammeState.ROLLING_OUT]),
                reason=word,
                by=by,
            ),
            lambda: fill_seat(
                programme_id=programme.pk, site_id=site.site_id, role=dice.choice(SEATS), person=word,
                discipline="", from_on=today, to_on=None, by=by,
            ),
            lambda: name_chairs(
                deployment_id=site.pk, mark=chairs_mark(group), clinical_chair=word, operational_chair="", by=by
            ),
            lambda: add_action(deployment_id=site.pk, text=word, owner=word, due_on=None, by=by),
            lambda: done_once(
                user=by, key=uuid4(), body={}, do=lambda: str(
                    add_comment(subject=item, deployment=site, text=word, by=by).pk
                ),
            ),
            rescore_next_batch,
            seal_trail,
        ]  # fmt: skip
        if waiver:
            acts += [
                lambda: decide_waiver(waiver_id=waiver.pk, approve=dice.random() < 0.8, by=by),
                lambda: revoke_waiver(waiver_id=waiver.pk, by=by),
            ]
        if condition:
            acts.append(lambda: finish_condition(condition_id=condition.pk, by=by))
        if review:
            seat = SeatRole.objects.get(code=dice.choice(SEATS))
            outcome = dice.choice([GateOutcome.NO_GO, GateOutcome.DEFER])
            acts += [
                lambda: sign_gate(review_id=review.pk, seat=seat, answer=Answer.YES, words=word, by=by),
                lambda: add_condition(review_id=review.pk, text=word, owner=word, due_on=today, by=by),
                lambda: record_outcome(review_id=review.pk, outcome=outcome, words=word, by=by),
            ]
        return acts


def newest(kind: type[Model], **fields: Any) -> Any:
    return kind._default_manager.filter(**fields).order_by("-pk").first()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [100, pytest.param(2_000, marks=pytest.mark.night)])
def test_people_who_act_at_once_are_never_locked_out(rounds: int):
    ward = Ward()
    deadlocks: list[str] = []
    surprises: list[str] = []
    done: list[Callable[[], Any]] = []

    def act(number: int) -> None:
        dice = random.Random(number)
        by = ward.people[number % len(ward.people)]
        try:
            for _round in range(rounds // THREADS):
                try:
                    chosen = dice.choice(ward.acts(dice, by))
                    chosen()
                    done.append(chosen)
                except ANSWERS:
                    continue
                except OperationalError as error:
                    if isinstance(error.__cause__, DeadlockDetected):
                        deadlocks.append(str(error))
                except Exception as error:
                    if type(error).__name__ not in ANSWERED_BY_NAME:
                        surprises.append(repr(error))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(act, range(THREADS)))

    assert (deadlocks, surprises) == ([], [])
    assert len(done) > rounds / 4
