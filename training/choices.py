"""Closed lists of values of who is trained, who champions, who can log in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CourseMode(TextChoices):
    CLASSROOM = "classroom", _("Classroom")
    E_LEARNING = "e-learning", _("E-learning")
    SANDBOX = "sandbox", _("Sandbox")


class AttendanceState(TextChoices):
    BOOKED = "booked", _("Booked")
    WAITING = "waiting", _("Waiting")
    ATTENDED = "attended", _("Attended")
    DID_NOT_ATTEND = "did_not_attend", _("Did not attend")
    CANCELLED = "cancelled", _("Cancelled")


# Who has a place on a session, or had one: what a room's places are counted by.
PLACES_TAKEN = (AttendanceState.BOOKED, AttendanceState.ATTENDED, AttendanceState.DID_NOT_ATTEND)
# What a sheet has said: it cannot be unsaid by moving or cancelling the session.
RECORDED = (AttendanceState.ATTENDED, AttendanceState.DID_NOT_ATTEND)


class PlaceNews(TextChoices):
    """What a message about a place on a session tells."""

    BOOKED = "booked", _("Booked")
    WAITING = "waiting", _("On the waiting list")
    MOVED_UP = "moved_up", _("A place has become free")
    CHANGED = "changed", _("The session has changed")
    MOVED = "moved", _("Moved to another session")
    CANCELLED = "cancelled", _("Cancelled")
    REMINDER = "reminder", _("The day before")


class AbsenceKind(TextChoices):
    LEAVE = "leave", _("Leave")
    SECONDMENT = "secondment", _("Secondment")
    OTHER = "other", _("Other")


class ChampionLevel(TextChoices):
    CHAMPION = "champion", _("Champion")
    SUPER_USER = "super_user", _("Super user")
    AMBASSADOR = "ambassador", _("Ambassador")


class ShiftState(TextChoices):
    PLANNED = "planned", _("Planned")
    CONFIRMED = "confirmed", _("Confirmed")
    WORKED = "worked", _("Worked")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


# A live shift holds its person: nobody has two of them at once.
LIVE_SHIFT_STATES = (ShiftState.PLANNED, ShiftState.CONFIRMED, ShiftState.WORKED)
# A shift that is still to come, as far as anybody has said: it can be confirmed, moved and cancelled.
CANCELLABLE_SHIFT_STATES = (ShiftState.PLANNED, ShiftState.CONFIRMED)


class AccessReason(TextChoices):
    NO_ACCOUNT = "no_account", _("No account")
    WRONG_ROLE = "wrong_role", _("Wrong role")
    CARD = "card", _("Card")
    DEVICE = "device", _("Device")
    OTHER = "other", _("Other")


class EntryKind(TextChoices):
    """What an entry of the log says; the middle four speak of a shift of the rota."""

    SHIFT = "shift", _("Another shift")
    CONFIRMED = "confirmed", _("Shift confirmed")
    WORKED = "worked", _("Shift worked")
    MISSED = "missed", _("Shift missed")
    UNDO = "undo", _("Shift put back")
    ATTENDANCE = "attendance", _("Attendance")
    ACCESS = "access", _("Log-in test")
    ISSUE = "issue", _("Issue")


class EntryAnswer(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class RefusedOutcome(TextChoices):
    """What became of an entry that was refused at its arrival."""

    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")
    LAPSED = "lapsed", _("Lapsed")
