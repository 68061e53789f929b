"""Closed lists of values of checklists, gates and scores."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    BLOCKED = "blocked", _("Blocked")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Assurance(TextChoices):
    DECLARED = "declared", _("Declared by its owner")
    SEEN = "seen", _("Seen by someone else")
    PROVED = "proved", _("Proved by a system")


class Adoption(TextChoices):
    """What became of an item, where that is not a change of what it says."""

    ADDED = "added", _("New in the checklist")
    RETURNED = "returned", _("In the checklist again")
    GONE = "gone", _("No longer in the checklist")


class GoLive(TextChoices):
    TECHNICAL = "technical", _("Technical go-live")
    USER = "user", _("Go-live")


class WaiverState(TextChoices):
    ASKED = "asked", _("Asked")
    APPROVED = "approved", _("Approved")
    DENIED = "denied", _("Denied")
    REVOKED = "revoked", _("Revoked")


class GateKind(TextChoices):
    CHECKPOINT = "checkpoint", _("Checkpoint")
    TECHNICAL = "technical", _("Technical go/no-go")
    GO_LIVE = "go_live", _("Go/no-go")
    REVIEW = "review", _("Review")


class GateOutcome(TextChoices):
    GO = "go", _("Go")
    GO_WITH_CONDITIONS = "go_with_conditions", _("Go with conditions")
    NO_GO = "no_go", _("No go")
    DEFER = "defer", _("Defer")


# The outcomes with which a site goes on from a gate.
PASSED = (GateOutcome.GO, GateOutcome.GO_WITH_CONDITIONS)


class Answer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    WITH_CONDITIONS = "with_conditions", _("Yes, with conditions")


class Band(TextChoices):
    READY = "ready", _("Ready")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    OFF_TRACK = "off_track", _("Off track")
    PAUSED = "paused", _("Paused")
    UNSCHEDULED = "unscheduled", _("No date")


class RunKind(TextChoices):
    NIGHTLY = "nightly", _("Nightly")
    ASKED = "asked", _("Asked for")
    HISTORY = "history", _("History")


class RunState(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    INCOMPLETE = "incomplete", _("Done, some sites failed")


class ChunkState(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked after three tries")


class RevisionReason(TextChoices):
    LATE = "late", _("Late records")
    CORRECTED = "corrected", _("Corrected records")
    PLAN = "plan", _("Plan changed")


class ForecastTarget(TextChoices):
    TRAINING = "training", _("Training")
    READINESS = "readiness", _("Readiness")


class FileImportState(TextChoices):
    """How far an import of a file has come. Those in FILE_IMPORT_WORK are the worker's turn."""

    CHOSEN = "chosen", _("File chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, not loaded")
    LOADING = "loading", _("Being loaded")
    LOADED = "loaded", _("Loaded")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")
    GIVEN_UP = "given_up", _("Given up")


FILE_IMPORT_WORK = (FileImportState.CHECKING, FileImportState.LOADING, FileImportState.UNDOING)
FILE_IMPORT_ENDS = (
    FileImportState.LOADED,
    FileImportState.UNDONE,
    FileImportState.FAILED,
    FileImportState.GIVEN_UP,
)


class LineFate(TextChoices):
    """What becomes of a row of an imported file; MISSING are those that a whole list names no more."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Same")
    REJECTED = "rejected", _("Rejected")
    MISSING = "missing", _("Missing")
