"""What stood of a deployment on a past day, read from its changes: nothing is kept beside them."""

from datetime import date

from django.db.models import DateField, DateTimeField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from rollout.choices import ChangeWhat, Stage
from rollout.models import Deployment, DeploymentChange


def changes_of_each(what: ChangeWhat) -> QuerySet:
    """The changes of one kind, for a queryset of deployments, each with its day at the site as `on`."""
    at_the_site = Func(F("deployment__site__time_zone"), F("at"), function="timezone", output_field=DateTimeField())
    changes = DeploymentChange.objects.filter(deployment=OuterRef("pk"), what=what, retired_at=None)
    return changes.annotate(on=Cast(at_the_site, DateField()))


def with_stage(deployments: QuerySet, day: date | None) -> QuerySet:
    """Annotate `stage_now`: the stage, as of a day of the site if one is given.

    It is what the last change by that day came to, else what the first change after it began with. A deployment whose
    stage never changed keeps the present one.
    """
    if day is None:
        return deployments.annotate(stage_now=F("stage"))
    changes = changes_of_each(ChangeWhat.STAGE)
    by_then = changes.filter(on__lte=day, after__in=Stage.values).order_by("-at", "-pk")
    since = changes.filter(on__gt=day, before__in=Stage.values).order_by("at", "pk")
    return deployments.annotate(
        stage_now=Coalesce(Subquery(by_then.values("after")[:1]), Subquery(since.values("before")[:1]), F("stage"))
    )


def stage_on(deployment: Deployment, day: date | None) -> Stage:
    """The stage of one deployment, as of a day of the site if one is given. At most one query."""
    if day is None:
        return Stage(deployment.stage)
    rows = with_stage(Deployment.objects.filter(pk=deployment.pk), day)
    return Stage(rows.values_list("stage_now", flat=True).get())
