"""Where and when: organisations, programmes, deployments and what happens around them."""

from rollout.models.audit import AuditEntry, AuditMark, AuditSeal
from rollout.models.base import AUDITED, Record, tracked
from rollout.models.deployments import (
    BaselineAssessment,
    CommandRota,
    Deployment,
    DeploymentChange,
    DeploymentWard,
    GroupAction,
    GroupMeeting,
    ReadinessGroup,
)
from rollout.models.engagement import Communication, EngagementEvent, PulseFollowUp, PulseResponse, Story
from rollout.models.imports import ImportChange, ImportRun
from rollout.models.infrastructure import WardCount
from rollout.models.measures import Measure, Observation, SiteTarget
from rollout.models.memberships import Membership
from rollout.models.messages import WaitingMessage
from rollout.models.organisations import Organisation, Site, Ward
from rollout.models.partners import (
    Agreement,
    Commitment,
    FundingLine,
    OtherChange,
    Partner,
    PartnerAssessment,
    Signature,
)
from rollout.models.phones import WardPhone
from rollout.models.pilots import Lesson, Pilot, PilotMeasure, Requirement
from rollout.models.programmes import (
    Decision,
    PortfolioFollow,
    PriorityReview,
    Programme,
    ReleaseBundle,
    ResourceNeed,
    Seat,
    TierLimit,
    Wave,
)
from rollout.models.sign_in import LoginAttempt, SignIn
from rollout.models.submissions import Submission
from rollout.models.support import SituationReport, SupportIssue
from rollout.models.users import Person, User, person_field
from rollout.models.vocabulary import Discipline, SeatRole, StaffGroup
from rollout.models.working import BoardPaper, CalendarToken, Comment, LastLook, NotificationChoice, SavedView

__all__ = [
    "AUDITED",
    "Agreement",
    "AuditEntry",
    "AuditMark",
    "AuditSeal",
    "BaselineAssessment",
    "BoardPaper",
    "CalendarToken",
    "CommandRota",
    "Comment",
    "Commitment",
    "Communication",
    "Decision",
    "Deployment",
    "DeploymentChange",
    "DeploymentWard",
    "Discipline",
    "EngagementEvent",
    "FundingLine",
    "GroupAction",
    "GroupMeeting",
    "ImportChange",
    "ImportRun",
    "LastLook",
    "Lesson",
    "LoginAttempt",
    "Measure",
    "Membership",
    "NotificationChoice",
    "Observation",
    "Organisation",
    "OtherChange",
    "Partner",
    "PartnerAssessment",
    "Person",
    "Pilot",
    "PilotMeasure",
    "PortfolioFollow",
    "PriorityReview",
    "Programme",
    "PulseFollowUp",
    "PulseResponse",
    "ReadinessGroup",
    "Record",
    "ReleaseBundle",
    "Requirement",
    "ResourceNeed",
    "SavedView",
    "Seat",
    "SeatRole",
    "SignIn",
    "Signature",
    "Site",
    "SiteTarget",
    "SituationReport",
    "StaffGroup",
    "Story",
    "Submission",
    "SupportIssue",
    "TierLimit",
    "User",
    "WaitingMessage",
    "Ward",
    "WardCount",
    "WardPhone",
    "Wave",
    "person_field",
    "tracked",
]
