"""How long a log-in lasts: 15 minutes without a sign of life, 30 on an enrolled device, 12 hours at most.

A person enrols a device as their own; a ward enrols a phone that its people share.

The session itself holds when it began and when the person was last seen, in seconds since 1970.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

IDLE_SECONDS = 15 * 60
IDLE_SECONDS_ENROLLED = 30 * 60
LONGEST_SECONDS = 12 * 3600
WARN_SECONDS = 2 * 60
# Writing the session at every request would cost an UPDATE a page; half a minute is near enough.
TOUCH_SECONDS = 30

STARTED, SEEN, OWN_DEVICE, SHARED_DEVICE = "started_at", "seen_at", "own_device", "shared_device"
WARD_PHONE = "ward_phone"


@dataclass(frozen=True)
class SessionLimits:
    """The limits of one log-in as they stand now. Templates read seconds_left, warn_seconds and shared_device."""

    started_at: float
    seen_at: float
    own_device: bool
    shared_device: bool
    ward_phone: bool = False
    warn_seconds: int = WARN_SECONDS

    @property
    def idle_seconds(self) -> int:
        """How long nothing may happen before the log-in ends."""
        return IDLE_SECONDS_ENROLLED if self.own_device or self.ward_phone else IDLE_SECONDS

    @property
    def ends_at(self) -> float:
        """When the log-in ends whatever the person does."""
        return self.started_at + LONGEST_SECONDS

    @property
    def seconds_left(self) -> int:
        """Seconds until the log-in ends if nothing happens; 0 or less once it has."""
        return int(min(self.seen_at + self.idle_seconds, self.ends_at) - now())


def now() -> float:
    """Return the present moment in seconds since 1970."""
    return timezone.now().timestamp()


def start(session: SessionBase, *, own_device: bool, shared_device: bool, ward_phone: bool = False) -> None:
    """Begin the clocks of a new log-in. On a device that nobody enrolled it ends with the browser, too."""
    session[STARTED] = session[SEEN] = now()
    session[OWN_DEVICE] = own_device
    session[SHARED_DEVICE] = shared_device
    session.set_expiry(LONGEST_SECONDS if own_device else 0)
    if ward_phone:
        move_to_phone(session)


def move_to_phone(session: SessionBase) -> None:
    """Let a log-in go on as one on a ward's phone: shared, and as long as on a person's own device."""
    session[OWN_DEVICE] = False
    session[SHARED_DEVICE] = session[WARD_PHONE] = True
    session.set_expiry(LONGEST_SECONDS)


def limits_of(session: SessionBase) -> SessionLimits:
    """Return the limits of a session; one that was opened elsewhere begins now."""
    instant = now()
    return SessionLimits(
        started_at=session.setdefault(STARTED, instant),
        seen_at=session.setdefault(SEEN, instant),
        own_device=session.get(OWN_DEVICE, False),
        shared_device=session.get(SHARED_DEVICE, False),
        ward_phone=session.get(WARD_PHONE, False),
    )


def touch(session: SessionBase) -> None:
    """Note that the person is there, unless that was noted a moment ago."""
    instant = now()
    if instant - session[SEEN] >= TOUCH_SECONDS:
        session[SEEN] = instant
