"""What the sample has beside its packs, which cannot carry it: names, bundles, reviews, who revoked, the everyday."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from readiness.choices import WaiverState
from readiness.models import Waiver
from readiness.sample.names import name_of
from readiness.services.sample_everyday import add_everyday
from rollout.audit import acting
from rollout.choices import PriorityOutcome
from rollout.models import Person, PriorityReview, Programme, ReleaseBundle, Seat, User
from training.models import StaffMember

# No address here can belong to anybody: the domain is reserved.
RESERVED = Q(label__endswith="@example.org") | Q(label__endswith=".example.org")
REASON = "sample loaded"


class Bundle(NamedTuple):
    """A release bundle; `days` from the sample's day to the day it is planned for."""

    code: str
    name: str
    programmes: tuple[str, ...]
    modules: tuple[str, ...]
    days: int


class Review(NamedTuple):
    """A priority review; `due` and `held` are days from the sample's day, `held` None for one to come."""

    programme: str
    due: int
    held: int | None = None
    outcome: str = ""
    reason: str = ""


BUNDLES = (
    Bundle("CHARTS-FIRST", "Charts and medicines together", ("EPR",), ("Charts", "Medicines"), 22),
    Bundle("ONE-SUMMER", "Record and video visits in one release", ("EPR", "VIDEO"), ("Letters", "Video visits"), 74),
)
REVIEWS = (
    Review(
        "EPR",
        -178,
        -175,
        PriorityOutcome.CONTINUE.value,
        "The first hospital met its goal. Nothing else on the list helps as many wards.",
    ),
    Review("EPR", 24),
    Review(
        "VIDEO",
        -92,
        -92,
        PriorityOutcome.CONTINUE.value,
        "Patients ask for it, and it takes a tenth of the money. One site fewer than planned.",
    ),
    Review("VIDEO", 96),
)


@transaction.atomic
def add_extras(day: date, programmes: Iterable[Programme]) -> None:
    """Add to the sample programmes, built for a day, what their packs do not carry. What is there stays as it is."""
    by_code = {programme.code: programme for programme in programmes}
    with acting(None, REASON):
        name_people()
        add_bundles(day, by_code)
        add_reviews(day, by_code)
        add_everyday(day, by_code.values())
        # A pack knows the day on which a waiver was revoked, and not by whom: by whoever had given it.
        revoked = Waiver.objects.filter(programme__in=by_code.values(), state=WaiverState.REVOKED, revoked_by=None)
        revoked.update(revoked_by=F("decided_by"))


def name_people() -> int:
    """Make users of the sample's people whom the records know by address alone, so that they stand by their names.

    They can do nothing: they have no password and no membership. Returns how many were made.
    """
    unnamed = {person.label.lower(): person for person in Person.objects.filter(RESERVED, user=None)}
    staff = StaffMember.objects.filter(email__in=list(unnamed)).values_list("email", "name")
    names = {label: name_of(label) for label in unnamed} | dict(staff)
    made = User.objects.bulk_create(
        User(email=label, name=names[label], password=make_password(None)) for label in sorted(unnamed)
    )
    for user in made:
        unnamed[user.email].user = user
    Person.objects.bulk_update(unnamed.values(), ["user"])
    return len(made)


def add_bundles(day: date, programmes: Mapping[str, Programme]) -> None:
    """The bundles of which all programmes are there."""
    for bundle in BUNDLES:
        if not programmes.keys() >= set(bundle.programmes):
            continue
        planned_on = day + timedelta(days=bundle.days)
        described = {"name": bundle.name, "modules": list(bundle.modules), "planned_on": planned_on}
        row, made = ReleaseBundle.objects.get_or_create(code=bundle.code, defaults=described)
        if made:
            row.programmes.set(programmes[code] for code in bundle.programmes)


def add_reviews(day: date, programmes: Mapping[str, Programme]) -> None:
    """The reviews of programmes that have none; the programme's senior responsible owner held them."""
    reviewed = set(PriorityReview.objects.values_list("programme", flat=True))
    owners = Seat.objects.filter(site=None, role__code="sro", retired_at=None, programme__in=programmes.values())
    by = dict(owners.values_list("programme", "person"))
    PriorityReview.objects.bulk_create(
        PriorityReview(
            programme=programmes[each.programme],
            due_on=day + timedelta(days=each.due),
            held_on=None if each.held is None else day + timedelta(days=each.held),
            outcome=each.outcome,
            reason=each.reason,
            by_id=None if each.held is None else by.get(programmes[each.programme].pk),
        )
        for each in REVIEWS
        if each.programme in programmes and programmes[each.programme].pk not in reviewed
    )
