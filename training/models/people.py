"""Members of staff, where they are posted, when they are away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.models import Organisation, Record, StaffGroup, Ward, tracked
from rollout.models.constraints import choice_check, order_check
from training.choices import AbsenceKind
from training.querysets.people import LastingQuerySet, StaffMemberQuerySet


@tracked("name", "email", "number", "user_id")
class StaffMember(Record):
    """A member of staff, known by the employee number, which is unique in the organisation.

    Some time after the last programme has closed the row stays without name, address, log-in and number
    (`names_removed_at`): what counts the person goes on counting. So the audit trail has none of these columns either.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff")
    number = models.CharField(_("employee number"), max_length=40)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("email address"), max_length=254, blank=True)
    group = models.ForeignKey(StaffGroup, models.PROTECT, null=True, blank=True, related_name="staff")
    line_manager = models.BooleanField(_("line manager"), default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="staff_member"
    )
    names_removed_at = models.DateTimeField(_("name removed at"), null=True, blank=True, editable=False)

    objects = StaffMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["organisation_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="training_staffmember_number"),
            models.CheckConstraint(condition=~models.Q(number=""), name="training_staffmember_number_filled"),
            models.CheckConstraint(
                condition=models.Q(names_removed_at=None) | models.Q(name="", email="", user=None),
                name="training_staffmember_nameless",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Posting(Record):
    """A member of staff works on a ward from a day to a day, both included; an empty end means still."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="postings", db_index=False)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="postings")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    objects = LastingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["staff_id", "from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "ward", "from_on"], name="training_posting_key"),
            order_check("training_posting_order", "from_on", "to_on"),
        ]
        indexes = [
            models.Index(
                fields=["ward", "from_on"],
                include=["staff", "to_on"],
                condition=models.Q(retired_at=None),
                name="training_posting_of_ward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}/{self.ward_id}"


@tracked()
class Absence(Record):
    """A long absence of a member of staff, both days included; an empty end means until further notice."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="absences")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AbsenceKind, default=AbsenceKind.LEAVE)

    objects = LastingQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["staff_id", "from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "from_on"], name="training_absence_key"),
            order_check("training_absence_order", "from_on", "to_on"),
            choice_check("training_absence_kind", "kind", AbsenceKind),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.from_on}"
