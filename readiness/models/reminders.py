"""Messages that remind of items and shifts, written down before they are sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from readiness.models.checklists import ChecklistItem
from rollout.models import Programme, WaitingMessage
from training.models import ChampionShift


class ItemReminder(WaitingMessage):
    """One message to one person about checklist items of theirs that are not done, because somebody asked for it.

    `for_on` is the day it was asked for; nobody is reminded of the same item twice on one.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="item_reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="item_reminders")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    for_on = models.DateField(_("of the day"))
    items = models.ManyToManyField(ChecklistItem, related_name="reminders")

    class Meta:
        verbose_name = _("reminder of items")
        verbose_name_plural = _("reminders of items")
        ordering = ["-for_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="readiness_itemreminder_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="readiness_items_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.for_on}"


class ShiftReminder(WaitingMessage):
    """One message to a champion about a shift that begins within a day, written down before it is sent."""

    shift = models.OneToOneField(ChampionShift, models.CASCADE, related_name="reminder")

    class Meta:
        verbose_name = _("reminder of a shift")
        verbose_name_plural = _("reminders of shifts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="readiness_shiftreminder_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="readiness_shifts_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return str(self.shift_id)
