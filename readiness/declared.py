"""When what was declared and what is computed agree: one home of the rule."""

from readiness.choices import Band
from rollout.choices import DeclaredStatus

# What each declared colour agrees with. Paused and unscheduled are compared with nothing.
AGREES: dict[str, frozenset[str]] = {
    DeclaredStatus.GREEN: frozenset({Band.READY, Band.ON_TRACK}),
    DeclaredStatus.AMBER: frozenset({Band.AT_RISK}),
    DeclaredStatus.RED: frozenset({Band.OFF_TRACK}),
}
COMPARED = frozenset().union(*AGREES.values())


def differs(status: str, band: str) -> bool:
    """Whether a declared colour and a computed band do not agree; nothing declared agrees with everything."""
    return status in AGREES and band in COMPARED and band not in AGREES[status]
