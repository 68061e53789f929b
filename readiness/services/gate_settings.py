"""The gates of a programme: added, changed, retired. What a meeting is held by does not change while it is open."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from readiness.models import Gate, GateReview
from readiness.services.programmes import add_standard_gates
from rollout.audit import acting
from rollout.models import Programme, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.refusals import CodeTaken, Refused

# What a form shows and two may change; `seat_ids` is put on the row by `with_seats`.
MARKED = ("name", "kind", "due_days", "minimum_score", "seat_ids")
# What the rule table reads: an open meeting keeps what it began with.
RULED = frozenset({"kind", "minimum_score", "seat_ids"})


def with_seats(gate: Gate) -> Gate:
    """The gate with `seat_ids`: the ids of the seats that sign it, in order. One query."""
    vars(gate)["seat_ids"] = sorted(gate.seats.values_list("pk", flat=True))
    return gate


def add_gate(*, programme: Programme, by: User, code: str, seat_ids: Collection[int], **values: Any) -> Gate:
    """Add a gate that every site of the programme passes. Raises CodeTaken, also for the code of a retired one."""
    with acting(by, "gate added"):
        try:
            with transaction.atomic():
                gate = Gate.objects.create(programme=programme, code=code, **values)
        except IntegrityError as error:
            if "readiness_gate_code" not in str(error):
                raise
            raise CodeTaken(gettext("There is, or was, a gate with this code. Choose another code.")) from None
        gate.seats.set(seat_ids)
        return gate


def edit_gate(*, gate_id: int, mark: str, by: User, **values: Any) -> Gate:
    """Change a gate. Raises RecordChanged, and Refused for what an open meeting is held by, and for a retired gate."""
    with _held(gate_id, by, "gate changed") as gate:
        differing = {name: value for name, value in values.items() if getattr(gate, name) != value}
        if not differing:
            return gate
        if mark_of(gate, MARKED) != mark:
            raise RecordChanged(gate)
        if RULED & differing.keys():
            _refuse_while_open(gate, gettext("Its kind, score and seats can be changed after the outcome."))
        seats = differing.pop("seat_ids", None)
        for name, value in differing.items():
            setattr(gate, name, value)
        gate.save(update_fields=[*differing])
        if seats is not None:
            gate.seats.set(seats)
        return gate


def retire_gate(*, gate_id: int, mark: str, reason: str, by: User) -> Gate:
    """Take a gate away from the programme; what was decided at it stays. Raises RecordChanged and Refused."""
    with _held(gate_id, by, "gate retired") as gate:
        if mark_of(gate, MARKED) != mark:
            raise RecordChanged(gate)
        _refuse_while_open(gate, gettext("It can be retired after the outcome."))
        gate.retired_at, gate.retired_by, gate.retired_reason = timezone.now(), by, reason
        gate.save(update_fields=["retired_at", "retired_by", "retired_reason"])
        return gate


def add_missing_gates(*, programme: Programme, by: User) -> int:
    """Add the standard gates whose codes the programme does not have; how many."""
    with acting(by, "standard gates added"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        return len(add_standard_gates(programme))


def _refuse_while_open(gate: Gate, when: str) -> None:
    reviews = GateReview.objects.filter(gate=gate, outcome="", pack__isnull=False, retired_at=None)
    open_at = reviews.order_by("held_on").values_list("deployment__site__name", flat=True).first()
    if open_at is not None:
        raise Refused(gettext("A meeting of this gate is open at %(site)s.") % {"site": open_at} + " " + when)


@contextmanager
def _held(gate_id: int, by: User, reason: str) -> Iterator[Gate]:
    """The gate, held until the transaction ends. Raises Refused for one that is retired."""
    with acting(by, reason):
        gate = Gate.objects.select_for_update(of=("self",), no_key=True).get(pk=gate_id)
        if gate.retired_at is not None:
            raise Refused(gettext("Somebody retired this gate meanwhile."))
        yield with_seats(gate)
