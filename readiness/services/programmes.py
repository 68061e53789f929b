"""New programmes: with the standard checklist, the standard gates, and whoever made them as their manager."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from readiness.item_contents import standard_contents
from readiness.models import ChecklistTemplate, Gate, TemplateItem
from readiness.services.templates import row_of
from readiness.standard_gates import STANDARD_GATES
from rollout.audit import acting
from rollout.choices import Role
from rollout.models import Membership, Programme, User
from rollout.services.people import person_of
from rollout.services.refusals import CodeTaken
from rollout.services.vocabulary import seat_roles


def create_programme(*, code: str, by: User, **values: Any) -> Programme:
    """Make a programme and all that it starts from, in one transaction; who makes it manages it.

    `values` are its other columns. No scoring model is tied to it, so that the newest published one scores it. Raises
    CodeTaken.
    """
    with acting(by, "programme made"):
        try:
            with transaction.atomic():
                programme = Programme.objects.create(code=code, **values)
        except IntegrityError as error:
            if "rollout_programme_code" not in str(error):
                raise
            words = gettext("There is a programme with the code %(code)s already. Choose another code.")
            raise CodeTaken(words % {"code": code}) from None
        Membership.objects.create(user=by, role=Role.PROGRAMME_MANAGER, programme=programme)
        add_standard_template(programme, by)
        add_standard_gates(programme)
        return programme


def add_standard_template(programme: Programme, by: User) -> ChecklistTemplate:
    """Publish the standard template as the programme's version 1. To be called inside a transaction that says who."""
    items = standard_contents()
    roles = seat_roles(item.seat for item in items if item.seat)
    template = ChecklistTemplate.objects.create(programme=programme, version=1)
    TemplateItem.objects.bulk_create(row_of(template, item, roles) for item in items)
    # Published last: from then on the database lets nobody change it.
    template.published_at, template.published_by = timezone.now(), person_of(by)
    template.save(update_fields=["published_at", "published_by"])
    return template


def add_standard_gates(programme: Programme) -> list[Gate]:
    """Give a programme the standard gates that it lacks, with their seats; one with such a code is left as it is.

    To be called inside a transaction that says who.
    """
    known = set(Gate.objects.filter(programme=programme).values_list("code", flat=True))
    missing = [gate for gate in STANDARD_GATES if gate.code not in known]
    roles = seat_roles(seat for gate in missing for seat in gate.seats)
    gates = Gate.objects.bulk_create(
        Gate(
            programme=programme,
            code=gate.code,
            name=gate.name,
            kind=gate.kind,
            due_days=gate.due_days,
            minimum_score=gate.minimum_score,
        )
        for gate in missing
    )
    sign = Gate.seats.through
    sign.objects.bulk_create(
        sign(gate_id=gate.pk, seatrole_id=roles[seat])
        for gate, standard in zip(gates, missing, strict=True)
        for seat in standard.seats
    )
    return gates
