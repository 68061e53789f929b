"""Closed lists of values, shared by models, constraints, forms and tests. The codes are those of the programme pack."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SiteKind(TextChoices):
    HOSPITAL = "hospital", _("Hospital")
    CLINIC = "clinic", _("Clinic")
    PRACTICE = "practice", _("Practice")
    CARE_HOME = "care_home", _("Care home")
    COMMUNITY = "community", _("Community")
    OTHER = "other", _("Other")


class Approach(TextChoices):
    BIG_BANG = "big_bang", _("Big bang")
    MODULAR = "modular", _("Modular")


class ProgrammeState(TextChoices):
    PLANNING = "planning", _("Planning")
    PILOTING = "piloting", _("Piloting")
    ROLLING_OUT = "rolling_out", _("Rolling out")
    EMBEDDING = "embedding", _("Embedding")
    CLOSED = "closed", _("Closed")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")


class Stage(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    PREPARING = "preparing", _("Preparing")
    TECHNICAL_LIVE = "technical_live", _("Technical live")
    LIVE = "live", _("Live")
    HYPERCARE = "hypercare", _("Hypercare")
    EMBEDDED = "embedded", _("Embedded")
    DEFERRED = "deferred", _("Deferred")
    STOPPED = "stopped", _("Stopped")


class DeclaredStatus(TextChoices):
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")


class ChangeWhat(TextChoices):
    STAGE = "stage", _("Stage")
    GO_LIVE = "go_live", _("Go-live")
    TECHNICAL_GO_LIVE = "technical_go_live", _("Technical go-live")
    WAVE = "wave", _("Wave")
    DECLARED_STATUS = "declared_status", _("Declared status")


class DecisionKind(TextChoices):
    SCALE = "scale", _("Scale")
    GO = "go", _("Go")
    NO_GO = "no_go", _("No go")
    DEFER = "defer", _("Defer")
    PAUSE = "pause", _("Pause")
    STOP = "stop", _("Stop")
    STANDARD = "standard", _("Standard")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class PriorityOutcome(TextChoices):
    CONTINUE = "continue", _("Continue")
    PAUSE = "pause", _("Pause")
    STOP = "stop", _("Stop")


class PilotOutcome(TextChoices):
    UNDECIDED = "undecided", _("Undecided")
    SCALE = "scale", _("Scale")
    ITERATE = "iterate", _("Iterate")
    STOP = "stop", _("Stop")


class Direction(TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")


class Period(TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


class EngagementKind(TextChoices):
    WORKSHOP = "workshop", _("Workshop")
    DEMO = "demo", _("Demo")
    FLOOR_WALK = "floor_walk", _("Floor walk")
    VISIT = "visit", _("Visit")
    FORUM = "forum", _("Forum")
    BRIEFING = "briefing", _("Briefing")
    SANDBOX = "sandbox", _("Sandbox")


class StorySource(TextChoices):
    STAFF = "staff", _("Staff")
    PATIENT = "patient", _("Patient")


class IssueCategory(TextChoices):
    ACCESS = "access", _("Access")
    EQUIPMENT = "equipment", _("Equipment")
    SYSTEM = "system", _("System")
    TRAINING = "training", _("Training")
    PROCESS = "process", _("Process")
    OTHER = "other", _("Other")


class Tier(TextChoices):
    BRONZE = "bronze", _("Bronze")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    SITE_LEAD = "site_lead", _("Site lead")
    WARD_MANAGER = "ward_manager", _("Ward manager")
    CHAMPION = "champion", _("Champion")
    TRAINER = "trainer", _("Trainer")
    SIGNATORY = "signatory", _("Signatory")
    BOARD_MEMBER = "board_member", _("Board member")


class ReadinessDomain(TextChoices):
    """The eleven domains, in the order in which they are always shown."""

    LEADERSHIP = "leadership", _("Leadership")
    GOALS = "goals", _("Goals")
    ENGAGEMENT = "engagement", _("Engagement")
    TRAINING = "training", _("Training")
    CHAMPIONS = "champions", _("Champions")
    GOVERNANCE = "governance", _("Governance")
    TECHNICAL = "technical", _("Technical")
    CONTINUITY = "continuity", _("Continuity")
    PARTNERSHIPS = "partnerships", _("Partnerships")
    RESOURCING = "resourcing", _("Resourcing")
    PILOTS = "pilots", _("Pilots")


class ImportState(TextChoices):
    RUNNING = "running", _("Running")
    LOADED = "loaded", _("Loaded")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class PaperState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class PaperPurpose(TextChoices):
    DECISION = "decision", _("Decision")
    ASSURANCE = "assurance", _("Assurance")
    INFORMATION = "information", _("Information")


class Channel(TextChoices):
    PAGE = "page", _("In the page list")
    EMAIL = "email", _("Email")
    CALENDAR = "calendar", _("Calendar")


class MessageKind(TextChoices):
    """The kinds of mail that the program sends by itself or because somebody asks for it."""

    GATE_CONDITION = "gate_condition", _("Conditions of gates that you own: before they are due, and each week after")
    CHECKLIST_ITEM = "checklist_item", _("Checklist items that you own: when somebody asks for a reminder")
    CHAMPION_SHIFT = "champion_shift", _("Your shifts as a champion: the day before")
    TRAINING_PLACE = "training_place", _("Your places on training sessions: booked, changed, and the day before")


class SavedList(TextChoices):
    """The lists whose filters, order and columns a person can keep."""

    SITES = "sites", _("Sites")
    ITEMS = "items", _("Checklist items")


class FileKind(TextChoices):
    """Kinds of files that people may add; the value is the ending of the name."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG picture")
    JPEG = "jpg", _("JPEG picture")
    DOCX = "docx", _("Word document")
    XLSX = "xlsx", _("Excel workbook")
    PPTX = "pptx", _("PowerPoint presentation")
    CSV = "csv", _("CSV table")
    TEXT = "txt", _("Text")


class Infrastructure(TextChoices):
    """What is counted on each ward before a go-live."""

    DEVICES = "devices", _("Devices")
    WIFI = "wifi", _("Places with Wi-Fi")
    SIGN_IN = "sign_in", _("Devices that people can log in on")
    PRINTERS = "printers", _("Printers")
