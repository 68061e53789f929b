"""Are we ready: checklists, waivers, hazards, gates, scores and the runs that work them out."""

from readiness.models.checklists import Checklist, ChecklistEvent, ChecklistItem, ChecklistTemplate, TemplateItem
from readiness.models.evidence import EvidenceChunk, EvidenceFile
from readiness.models.file_imports import (
    ColumnMapping,
    FileImport,
    FileImportLine,
    FileImportPart,
    FileImportProblem,
    FileImportProgress,
)
from readiness.models.gates import Condition, ConditionReminder, Gate, GateReview, SignOff
from readiness.models.reminders import ItemReminder, ShiftReminder
from readiness.models.runs import Heartbeat, RecomputeChunk, RecomputeFailure, RecomputeRun, RescoreMark
from readiness.models.safety import Hazard, Waiver
from readiness.models.scores import Alert, Forecast, ProgrammeScoring, ReadinessScore, ScoringModel

__all__ = [
    "Alert",
    "Checklist",
    "ChecklistEvent",
    "ChecklistItem",
    "ChecklistTemplate",
    "ColumnMapping",
    "Condition",
    "ConditionReminder",
    "EvidenceChunk",
    "EvidenceFile",
    "FileImport",
    "FileImportLine",
    "FileImportPart",
    "FileImportProblem",
    "FileImportProgress",
    "Forecast",
    "Gate",
    "GateReview",
    "Hazard",
    "Heartbeat",
    "ItemReminder",
    "ProgrammeScoring",
    "ReadinessScore",
    "RecomputeChunk",
    "RecomputeFailure",
    "RecomputeRun",
    "RescoreMark",
    "ScoringModel",
    "ShiftReminder",
    "SignOff",
    "TemplateItem",
    "Waiver",
]
