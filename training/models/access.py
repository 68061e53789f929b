"""Log-in tests: can each member of staff sign in before the day?"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rollout.models import Programme, Record, Ward, tracked
from rollout.models.constraints import choice_check
from training.choices import AccessReason
from training.models.people import StaffMember


@tracked()
class AccessCheck(Record):
    """One try of one person to log in to a programme's product: passed, or why not."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="access_checks", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="access_checks")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="access_checks")
    checked_at = models.DateTimeField(_("checked at"))
    device = models.CharField(_("device"), max_length=120, blank=True)
    passed = models.BooleanField(_("passed"))
    reason = models.CharField(_("why not"), max_length=20, choices=AccessReason, blank=True)

    class Meta:
        verbose_name = _("log-in test")
        verbose_name_plural = _("log-in tests")
        ordering = ["-checked_at", "-pk"]
        constraints = [
            # Also the order in which the nightly run looks for the latest test of a person.
            models.UniqueConstraint(
                fields=["staff", "programme", "checked_at"], include=["passed"], name="training_accesscheck_key"
            ),
            choice_check("training_accesscheck_reason", "reason", AccessReason, blank=True),
            models.CheckConstraint(condition=Q(passed=False) | Q(reason=""), name="training_accesscheck_passed"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.checked_at:%Y-%m-%d}"
