"""The honest starting point of a site: assessed domain by domain on a day, kept, and never written over."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import BaselineAssessment, Deployment, User
from rollout.services.deployments import today_at
from rollout.services.people import person_of
from rollout.services.refusals import Refused


def assess_baseline(
    *, deployment_id: int, assessed_on: date, levels: Mapping[str, tuple[int, str]], by: User
) -> list[BaselineAssessment]:
    """Keep an assessment of a day: for each domain a level, 1 (nothing) to 5 (in place), and words.

    The same once more changes nothing. Raises Refused for a day that has another assessment, for a day to come, and
    where no domain is assessed.
    """
    with acting(by, "starting point assessed"):
        deployment = Deployment.objects.select_for_update(no_key=True, of=("self",)).select_related("site")
        held = deployment.get(pk=deployment_id)
        if not levels:
            raise Refused(gettext("Assess one domain at least."))
        if assessed_on > today_at(held):
            raise Refused(gettext("The day of the assessment must not be in the future."))
        there = BaselineAssessment.objects.filter(deployment=held, assessed_on=assessed_on)
        known = {row.domain: (row.level, row.words) for row in there}
        if known == dict(levels):
            return list(there)
        if known:
            raise Refused(gettext("There is another assessment of that day. Choose another day: the first one stays."))
        somebody = person_of(by)
        return BaselineAssessment.objects.bulk_create(
            BaselineAssessment(
                deployment=held, domain=domain, level=level, words=words, assessed_on=assessed_on, by=somebody
            )
            for domain, (level, words) in levels.items()
        )
