"""Who may do what, where: a user, a role, a scope."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rollout.choices import Role
from rollout.models.base import tracked
from rollout.models.constraints import choice_check, order_check
from rollout.models.organisations import Organisation, Site, Ward
from rollout.models.programmes import Programme
from rollout.models.vocabulary import SeatRole
from rollout.querysets.memberships import MembershipQuerySet

# The scope each role is given for; a role may have several memberships, one a scope.
SCOPES: dict[str, tuple[tuple[str, ...], ...]] = {
    Role.ADMINISTRATOR: ((),),
    Role.PROGRAMME_MANAGER: (("programme",),),
    Role.SITE_LEAD: (("site",),),
    Role.WARD_MANAGER: (("ward",),),
    Role.CHAMPION: ((),),
    Role.TRAINER: (("programme",),),
    Role.SIGNATORY: (("programme", "seat_role"), ("site", "seat_role"), ("programme", "site", "seat_role")),
    Role.BOARD_MEMBER: (("organisation",), ("programme",)),
}
_SCOPE_FIELDS = ("organisation", "programme", "site", "ward", "seat_role")


def _scope_condition() -> Q:
    """The scope fields filled are exactly one of the sets that the role allows."""
    condition = Q()
    for role, scopes in SCOPES.items():
        for scope in scopes:
            filled = {f"{field}__isnull": field not in scope for field in _SCOPE_FIELDS}
            condition |= Q(role=role, **filled)
    return condition


@tracked()
class Membership(models.Model):
    """A right: this user holds this role for this scope, until `ended_at`. A membership is ended, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="memberships")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="memberships")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="memberships")
    seat_role = models.ForeignKey(SeatRole, models.PROTECT, null=True, blank=True, related_name="memberships")
    started_at = models.DateTimeField(_("from"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user_id", "role", "pk"]
        constraints = [
            choice_check("rollout_membership_role", "role", Role),
            models.CheckConstraint(condition=_scope_condition(), name="rollout_membership_scope"),
            order_check("rollout_membership_order", "started_at", "ended_at"),
            models.UniqueConstraint(
                "user",
                "role",
                *(models.functions.Coalesce(field, 0) for field in _SCOPE_FIELDS),
                condition=Q(ended_at=None),
                name="rollout_membership_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
