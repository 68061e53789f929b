"""Where what we say and what we measure differ: greenest outside and reddest inside first."""

from collections.abc import Iterable

from readiness.choices import Band
from readiness.dashboards.board.places import Place
from rollout.choices import DeclaredStatus

# Furthest behind first.
BEHIND: dict[str, int] = {Band.OFF_TRACK: 0, Band.AT_RISK: 1, Band.ON_TRACK: 2, Band.READY: 3}
OUTSIDE: dict[str, int] = {DeclaredStatus.GREEN: 0, DeclaredStatus.AMBER: 1, DeclaredStatus.RED: 2}


def differing_places(places: Iterable[Place]) -> list[Place]:
    """Sites at which word and band differ, in order.

    The furthest apart come first where the word is the better one; of two alike the older word comes first.
    """
    return sorted(
        places,
        key=lambda place: (
            OUTSIDE[place.declared_now or ""],
            BEHIND[place.band],
            str(place.declared_since or ""),
            place.site_name,
            place.pk,
        ),
    )
