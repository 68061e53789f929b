"""Where what we say and what we measure differ: greenest outside and reddest inside first."""

from collections.abc import Iterable

from readiness.dashboards.board.places import BEHIND, Place
from rollout.choices import DeclaredStatus

OUTSIDE: dict[str, int] = {DeclaredStatus.GREEN: 0, DeclaredStatus.AMBER: 1, DeclaredStatus.RED: 2}


def differing_places(places: Iterable[Place]) -> list[Place]:
    """Sites at which the declared word and the computed band do not agree.

    The furthest apart come first where the word is the better one; of two alike the older word comes first.
    """
    return sorted(
        (place for place in places if place.differing),
        key=lambda place: (
            OUTSIDE[place.declared_now or ""],
            BEHIND[place.band],
            str(place.declared_since or ""),
            place.site_name,
            place.pk,
        ),
    )
