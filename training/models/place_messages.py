"""Mail about places on sessions, written down before it is sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.models import WaitingMessage
from rollout.models.constraints import choice_check
from training.choices import PlaceNews
from training.models.courses import Attendance


class PlaceMessage(WaitingMessage):
    """One message to a member of staff about a place of theirs on a session.

    Its id is the sequence number of the calendar entry that goes with it, so that a later message replaces an earlier
    one. `for_on` is the day of the session that a reminder is about, empty for everything else.
    """

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="messages")
    what = models.CharField(_("what it tells"), max_length=20, choices=PlaceNews)
    for_on = models.DateField(_("reminds of the day"), null=True, blank=True)

    class Meta:
        verbose_name = _("message about a place")
        verbose_name_plural = _("messages about places")
        ordering = ["-pk"]
        constraints = [
            choice_check("training_placemessage_what", "what", PlaceNews),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="training_placemessage_end"
            ),
            models.CheckConstraint(
                condition=models.Q(what=PlaceNews.REMINDER, for_on__isnull=False)
                | (~models.Q(what=PlaceNews.REMINDER) & models.Q(for_on=None)),
                name="training_placemessage_day",
            ),
            models.UniqueConstraint(
                fields=["attendance", "for_on"],
                condition=models.Q(for_on__isnull=False),
                name="training_placemessage_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="training_places_to_tell_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.what}"
