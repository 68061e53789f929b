"""Who: staff, courses, champions, log-in tests."""

from training.models.access import AccessCheck
from training.models.champions import Champion, ChampionShift, ShiftPattern
from training.models.courses import Attendance, Course, TrainingPlan, TrainingPlanPoint, TrainingSession
from training.models.log_entries import LogEntry
from training.models.people import Absence, Posting, StaffMember
from training.models.place_messages import PlaceMessage
from training.models.refused_entries import RefusedEntry

__all__ = [
    "Absence",
    "AccessCheck",
    "Attendance",
    "Champion",
    "ChampionShift",
    "Course",
    "LogEntry",
    "PlaceMessage",
    "Posting",
    "RefusedEntry",
    "ShiftPattern",
    "StaffMember",
    "TrainingPlan",
    "TrainingPlanPoint",
    "TrainingSession",
]
