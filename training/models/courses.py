"""Courses, their sessions, who attended, and the curve a site plans to follow."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rollout.models import Deployment, Programme, Record, Site, StaffGroup, person_field, tracked
from rollout.models.constraints import choice_check, code_check, range_check
from training.choices import AttendanceState, CourseMode
from training.models.people import StaffMember
from training.querysets.courses import TrainingSessionQuerySet

# Beyond these nobody means it: places of a hall, and a hundred years.
MOST_PLACES = 10_000
MOST_DAYS = 36_500


@tracked()
class Course(Record):
    """What staff must learn for a programme. No groups: required of everybody.

    A completion lasts `valid_days` (empty: for ever); an `assessed` course counts only when passed; a course
    `for_champions` is asked of champions, whatever its groups, and of nobody else.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="courses")
    groups = models.ManyToManyField(StaffGroup, related_name="courses", blank=True)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    mode = models.CharField(_("mode"), max_length=20, choices=CourseMode, default=CourseMode.CLASSROOM)
    mandatory = models.BooleanField(_("mandatory"), default=False)
    valid_days = models.PositiveIntegerField(_("valid for days"), null=True, blank=True)
    for_champions = models.BooleanField(_("for champions"), default=False)
    assessed = models.BooleanField(_("assessed"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="training_course_code"),
            code_check("training_course_code_form"),
            choice_check("training_course_mode", "mode", CourseMode),
            range_check("training_course_valid_days", "valid_days", 0, MOST_DAYS, null=True),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class TrainingSession(Record):
    """A course held at a time, in a room or over a link, with places for `capacity` people (empty: no limit)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="training_sessions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="training_sessions")
    code = models.CharField(_("code"), max_length=40)
    room = models.CharField(_("room or link"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    trainer = person_field(_("trainer"))

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="training_session_code"),
            code_check("training_session_code_form"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="training_session_order"),
            range_check("training_session_capacity", "capacity", 0, MOST_PLACES, null=True),
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class Attendance(Record):
    """One person's place on a course on a day: booked, attended and so on; e-learning has no session.

    `passed` is empty where nothing was assessed. `client_id` comes from a phone's outbox and is empty elsewhere.
    `waiting_since` is when somebody was last put on the waiting list of a full session: the first moves up first. It is
    empty where an import put them there, and says nothing of any other state.
    """

    # Course and session are found through the key and the index below; an index of their own would only cost writes.
    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances", db_index=False)
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="attendances")
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, null=True, blank=True, related_name="attendances", db_index=False
    )
    on = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=20, choices=AttendanceState)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    client_id = models.UUIDField(_("device's own number"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "course",
                "staff",
                "on",
                models.functions.Coalesce("session", 0),
                name="training_attendance_key",
            ),
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(client_id__isnull=False), name="training_attendance_client"
            ),
            choice_check("training_attendance_state", "state", AttendanceState),
        ]
        indexes = [
            # What the nightly run reads: completions of a person, without the row itself.
            models.Index(
                fields=["staff", "course"],
                include=["on", "passed"],
                condition=Q(state="attended", retired_at=None),
                name="training_attendance_completed",
            ),
            models.Index(fields=["session"], condition=Q(session__isnull=False), name="training_attendance_session"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}/{self.course_id} {self.on}"


@tracked()
class TrainingPlan(Record):
    """The curve a deployment plans to follow, as points; without one it is a straight line to the target."""

    deployment = models.OneToOneField(Deployment, models.PROTECT, related_name="training_plan")
    words = models.TextField(_("in words"), blank=True)

    class Meta:
        verbose_name = _("training plan")
        verbose_name_plural = _("training plans")
        ordering = ["deployment_id"]

    def __str__(self) -> str:
        return str(self.deployment_id)


@tracked()
class TrainingPlanPoint(Record):
    """The share of pairs of person and course, 0 to 1, that a plan expects complete on a day."""

    plan = models.ForeignKey(TrainingPlan, models.PROTECT, related_name="points")
    on = models.DateField(_("day"))
    share = models.DecimalField(_("share trained"), max_digits=5, decimal_places=4)

    class Meta:
        verbose_name = _("point of a training plan")
        verbose_name_plural = _("points of training plans")
        ordering = ["plan_id", "on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "on"], name="training_planpoint_key"),
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="training_planpoint_0_1"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.share}"
