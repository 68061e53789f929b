"""Words that people bring: seats and disciplines, each made when it is first named."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q

from rollout.models import Discipline, SeatRole

WordT = TypeVar("WordT", SeatRole, Discipline)


def word_named(kind: type[WordT], written: str) -> WordT | None:
    """The word that a form names by its code or its name; None where nothing is written.

    A new one is made: "Infection control lead" is kept as `infection_control_lead`, with its spelling beside it where
    the code alone would not give it back. To be called inside a transaction that says who acts.
    """
    words = " ".join(written.split())
    if not words:
        return None
    code = words.replace(" ", "_").lower()
    known = kind._default_manager.filter(Q(code__iexact=code) | Q(name__iexact=words)).order_by("pk").first()
    if known is not None:
        return known
    plain = code.replace("_", " ").capitalize()
    made, _new = kind._default_manager.get_or_create(
        code=code, defaults={"name": "" if words in (code, plain) else words}
    )
    return made


def seat_roles(codes: Iterable[str]) -> dict[str, int]:
    """The id of the seat of each code, made where it is new. To be called inside a transaction that says who acts."""
    wanted = sorted(set(codes))
    SeatRole.objects.bulk_create((SeatRole(code=code) for code in wanted), ignore_conflicts=True)
    return dict(SeatRole.objects.filter(code__in=wanted).values_list("code", "pk"))


def seats_offered() -> list[tuple[int, str]]:
    """Every seat that is known, by its words, as choices of a form. One query."""
    return sorted(((role.pk, str(role)) for role in SeatRole.objects.all()), key=lambda each: each[1].lower())
