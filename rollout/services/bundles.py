"""Release bundles: programmes and modules that go live together."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import ReleaseBundle, User
from rollout.services.edits import RecordChanged, held, mark_of, save_edit
from rollout.services.refusals import CodeTaken, Refused

# `among` are the ids of the programmes that go together, of those that the person manages.
BUNDLE = ("name", "modules", "planned_on", "among")


def seen_bundle(bundle: ReleaseBundle, managed: Collection[int]) -> ReleaseBundle:
    """The bundle, which says from then on which of the managed programmes it holds. One query."""
    here = bundle.programmes.filter(pk__in=managed)
    vars(bundle)["among"] = sorted(here.values_list("pk", flat=True))
    return bundle


def add_bundle(
    *, code: str, name: str, modules: Sequence[str], planned_on: date | None, programmes: Collection[int], by: User
) -> ReleaseBundle:
    """Bundle programmes, by id. Raises CodeTaken, and Refused without any."""
    with acting(by, "release bundle added"):
        if not programmes:
            raise Refused(gettext("A release bundle holds at least one programme."))
        try:
            with transaction.atomic():
                bundle = ReleaseBundle.objects.create(
                    code=code, name=name, modules=list(modules), planned_on=planned_on
                )
        except IntegrityError as error:
            if "rollout_releasebundle_code" not in str(error):
                raise
            words = gettext("There is a release bundle with the code %(code)s already. Choose another code.")
            raise CodeTaken(words % {"code": code}) from None
        bundle.programmes.set(programmes)
        return bundle


def change_bundle(
    *,
    bundle_id: int,
    mark: str,
    name: str,
    modules: Sequence[str],
    planned_on: date | None,
    programmes: Collection[int],
    managed: Collection[int],
    by: User,
) -> ReleaseBundle:
    """Change a bundle. Of its programmes only those among `managed` come and go; others stay as they are.

    Raises RecordChanged, and Refused where no programme would be left in it.
    """
    with held(ReleaseBundle.objects.filter(retired_at=None), bundle_id, by, "release bundle changed") as bundle:
        seen_bundle(bundle, managed)
        values = {"name": name, "modules": list(modules), "planned_on": planned_on}
        wanted = sorted(set(programmes) & set(managed))
        among: list[int] = vars(bundle)["among"]
        if wanted != among:
            if mark_of(bundle, BUNDLE) != mark:
                raise RecordChanged(bundle)
            bundle.programmes.add(*(set(wanted) - set(among)))
            bundle.programmes.remove(*(set(among) - set(wanted)))
            if not bundle.programmes.exists():
                raise Refused(gettext("A release bundle holds at least one programme."))
        save_edit(bundle, mark=mark, names=BUNDLE, values=values)
        return bundle


def retire_bundle(*, bundle_id: int, by: User) -> ReleaseBundle:
    """Take a bundle out: nothing goes live together any more. Taken out twice is taken out once."""
    with held(ReleaseBundle.objects.all(), bundle_id, by, "release bundle taken out") as bundle:
        if bundle.retired_at is None:
            bundle.retired_at, bundle.retired_by = timezone.now(), by
            bundle.save(update_fields=["retired_at", "retired_by"])
        return bundle


def restore_bundle(*, bundle_id: int, by: User) -> ReleaseBundle:
    """Put a bundle back that was taken out."""
    with held(ReleaseBundle.objects.all(), bundle_id, by, "release bundle put back") as bundle:
        if bundle.retired_at is not None:
            bundle.retired_at, bundle.retired_by = None, None
            bundle.save(update_fields=["retired_at", "retired_by"])
        return bundle
