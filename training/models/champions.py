"""Champions and the shifts on which they help their colleagues."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from rollout.models import Programme, Record, Ward, person_field, tracked
from rollout.models.constraints import choice_check, not_negative, order_check
from training.choices import LIVE_SHIFT_STATES, ChampionLevel, ShiftState
from training.models.people import StaffMember
from training.models.ranges import Int8Range, TsTzRange
from training.querysets.champions import ChampionQuerySet, ChampionShiftQuerySet


@tracked()
class Champion(Record):
    """A member of staff who helps colleagues with a programme, from a day to a day, both included.

    `protected_hours` are the hours a week set aside for it.
    """

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="champions")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="champions")
    level = models.CharField(_("level"), max_length=20, choices=ChampionLevel, default=ChampionLevel.CHAMPION)
    volunteered = models.BooleanField(_("volunteered"), null=True, blank=True)
    protected_hours = models.DecimalField(
        _("protected hours a week"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    nominated_by = person_field(_("nominated by"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    objects = ChampionQuerySet.as_manager()

    class Meta:
        verbose_name = _("champion")
        verbose_name_plural = _("champions")
        ordering = ["programme_id", "staff_id", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "staff", "from_on"], name="training_champion_key"),
            choice_check("training_champion_level", "level", ChampionLevel),
            order_check("training_champion_order", "from_on", "to_on"),
            not_negative("training_champion_hours", "protected_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.staff_id}"


@tracked()
class ShiftPattern(Record):
    """A shift of a programme by the site's clock; one that ends at or before its start ends the next day."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="shift_patterns")
    name = models.CharField(_("name"), max_length=40)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    minimum = models.PositiveSmallIntegerField(_("champions needed"), default=1)

    class Meta:
        verbose_name = _("shift pattern")
        verbose_name_plural = _("shift patterns")
        ordering = ["programme_id", "starts", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="training_shiftpattern_name"),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="training_shiftpattern_minimum"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked("notes")
class ChampionShift(Record):
    """A champion's time on a ward. `ended_on` is the day on which it was missed or cancelled; the notes
    of a cancelled one say why its champion declined.

    The champion is the member of staff within the programme; the shift stands even when the championship has ended.
    `client_id` is made on the device, so that a shift logged without signal arrives once. Times are kept in UTC.
    """

    client_id = models.UUIDField(_("device's own number"), unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="champion_shifts")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="champion_shifts")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="champion_shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    state = models.CharField(_("state"), max_length=20, choices=ShiftState, default=ShiftState.PLANNED)
    planned_on = models.DateField(_("planned on"))
    ended_on = models.DateField(_("missed or cancelled on"), null=True, blank=True)
    staff_helped = models.PositiveSmallIntegerField(_("staff helped"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    objects = ChampionShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("champion shift")
        verbose_name_plural = _("champion shifts")
        ordering = ["starts_at", "pk"]
        constraints = [
            choice_check("training_championshift_state", "state", ShiftState),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + timedelta(hours=24)),
                name="training_championshift_length",
                violation_error_message=_("A shift ends after it starts, and within 24 hours."),
            ),
            ExclusionConstraint(
                name="training_championshift_overlap",
                expressions=[
                    (Int8Range(F("staff_id"), F("staff_id"), Value("[]")), RangeOperators.OVERLAPS),
                    (TsTzRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=LIVE_SHIFT_STATES, retired_at=None),
                violation_error_message=_("This person already has a shift at that time."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ward", "programme", "starts_at"],
                include=["ends_at", "staff", "planned_on", "state", "ended_on"],
                condition=Q(retired_at=None),
                name="training_shift_of_ward",
            ),
        ]

    def __str__(self) -> str:
        return str(self.client_id)
