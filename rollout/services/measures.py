"""The measures of a programme, and which of them is the headline."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Measure, Programme, User
from rollout.services.edits import held, save_edit
from rollout.services.refusals import CodeTaken, Refused

MEASURE = (
    "name",
    "unit",
    "portfolio",
    "direction",
    "baseline",
    "target",
    "target_date",
    "dip_depth",
    "dip_weeks",
    "headline",
)


def add_measure(*, programme_id: int, code: str, headline: bool, by: User, **values: Any) -> Measure:
    """Add a measure; the first of a programme is its headline, whatever is asked. Raises CodeTaken."""
    with acting(by, "measure added"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        others = Measure.objects.filter(programme=programme_id, retired_at=None)
        headline = headline or not others.filter(headline=True).exists()
        if headline:
            others.filter(headline=True).update(headline=False)
        try:
            with transaction.atomic():
                return Measure.objects.create(programme_id=programme_id, code=code, headline=headline, **values)
        except IntegrityError as error:
            if "rollout_measure_code" not in str(error):
                raise
            words = gettext("There is a measure with the code %(code)s already. Choose another code.")
            raise CodeTaken(words % {"code": code}) from None


def change_measure(*, measure_id: int, mark: str, by: User, headline: bool, **values: Any) -> Measure:
    """Change a measure. One that becomes the headline takes the place of the one that was.

    Raises RecordChanged, and Refused where the programme would be left without a headline.
    """
    with _held(measure_id, by, "measure changed") as measure:
        if measure.retired_at is not None:
            raise Refused(gettext("Somebody took this measure out meanwhile. Put it back first."))
        if measure.headline and not headline:
            raise Refused(gettext("Make another measure the headline: then this one is it no more."))
        if headline and not measure.headline:
            _others(measure).filter(headline=True).update(headline=False)
        save_edit(measure, mark=mark, names=MEASURE, values={**values, "headline": headline})
        return measure


def retire_measure(*, measure_id: int, by: User) -> Measure:
    """Take a measure out; what was observed of it stays. Raises Refused for the headline while there are others."""
    with _held(measure_id, by, "measure taken out") as measure:
        if measure.retired_at is not None:
            return measure
        if measure.headline and _others(measure).exists():
            raise Refused(gettext("This is the headline measure. Make another one the headline first."))
        measure.retired_at, measure.retired_by = timezone.now(), by
        measure.save(update_fields=["retired_at", "retired_by"])
        return measure


def restore_measure(*, measure_id: int, by: User) -> Measure:
    """Put a measure back that was taken out; it is the headline again only where there is none."""
    with _held(measure_id, by, "measure put back") as measure:
        if measure.retired_at is not None:
            measure.retired_at, measure.retired_by = None, None
            measure.headline = not _others(measure).filter(headline=True).exists()
            measure.save(update_fields=["retired_at", "retired_by", "headline"])
        return measure


def _others(measure: Measure) -> QuerySet[Measure]:
    return Measure.objects.filter(programme=measure.programme_id, retired_at=None).exclude(pk=measure.pk)


@contextmanager
def _held(measure_id: int, by: User, reason: str) -> Iterator[Measure]:
    """The measure, held with its programme: one headline at a time, so that no two pass it on at once."""
    with acting(by, reason):
        Programme.objects.select_for_update(no_key=True).get(measures=measure_id)
        with held(Measure.objects.all(), measure_id, by, reason) as measure:
            yield measure
