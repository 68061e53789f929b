"""What one may ask of checklist items."""

from datetime import date

from django.db import models
from django.db.models import Case, DateField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce

from readiness.choices import GoLive, ItemState
from rollout.querysets.rights import Somebody, deployments_in_scope, deployments_kept, rights_of

TO_DO = (ItemState.NOT_STARTED, ItemState.IN_PROGRESS, ItemState.BLOCKED)


class ChecklistItemQuerySet(models.QuerySet):
    """Items of the checklists of deployments."""

    def current(self) -> "ChecklistItemQuerySet":
        """Items that nobody retired."""
        return self.filter(retired_at=None)

    def visible_to(self, user: Somebody) -> "ChecklistItemQuerySet":
        """Items of the deployments that the user may know of."""
        return self.filter(deployments_in_scope(rights_of(user), "deployment__"))

    def kept_by(self, user: Somebody) -> "ChecklistItemQuerySet":
        """Items that the user may change: those of the deployments they keep, and those they own."""
        rights = rights_of(user)
        if rights.administrator:
            return self
        return self.filter(deployments_kept(rights, "deployment__") | Q(owner__user=user.pk))

    def with_due(self) -> "ChecklistItemQuerySet":
        """Adds `due`: the date set on the item, else counted back from its go-live; empty without either.

        For lists over many sites. The score counts with `readiness.indicators.checklists`; a test holds them together.
        """
        go_live = Case(
            When(
                template_item__golive=GoLive.TECHNICAL,
                then=Coalesce(
                    "deployment__actual_technical_go_live_on",
                    "deployment__technical_go_live_on",
                    "deployment__actual_go_live_on",
                    "deployment__go_live_on",
                ),
            ),
            default=Coalesce("deployment__actual_go_live_on", "deployment__go_live_on"),
            output_field=DateField(),
        )
        counted = ExpressionWrapper(go_live - F("template_item__due_days"), output_field=DateField())
        return self.annotate(due=Coalesce("due_on", counted))

    def owed(self, day: date) -> "ChecklistItemQuerySet":
        """Items still to be done on a day: not done and not left out, or done so long ago that it does not count."""
        valid_until = ExpressionWrapper(F("done_on") + F("template_item__valid_days"), output_field=DateField())
        stale = Q(state=ItemState.DONE, valid_until__lt=Value(day, DateField()))
        return self.annotate(valid_until=valid_until).filter(Q(state__in=TO_DO) | stale)
