"""The waves of a programme, in their order; which sites go in which; who asked to start, and when."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext, ngettext

from rollout.audit import acting
from rollout.models import Deployment, Programme, User, Wave
from rollout.services.deployments import held_deployment, today_at
from rollout.services.edits import RecordChanged, held, save_edit
from rollout.services.many_plans import save_plans
from rollout.services.refusals import Refused
from rollout.services.retiring import put_back, take_out

WAVE = ("name", "starts_on", "ends_on")
INTEREST = ("interest_on",)
MOST_WAVES = 999


def add_wave(*, programme_id: int, name: str, starts_on: date | None, ends_on: date | None, by: User) -> Wave:
    """Add a wave after the last one; numbers of retired waves are not given again. Raises Refused beyond 999."""
    with acting(by, "wave added"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        last = Wave.objects.filter(programme=programme_id).aggregate(last=Max("number"))["last"] or 0
        if last >= MOST_WAVES:
            raise Refused(gettext("A programme has at most %(n)s waves.") % {"n": MOST_WAVES})
        return Wave.objects.create(
            programme_id=programme_id, number=last + 1, name=name, starts_on=starts_on, ends_on=ends_on
        )


def change_wave(*, wave_id: int, mark: str, name: str, starts_on: date | None, ends_on: date | None, by: User) -> Wave:
    """Rename a wave, or move its window. Raises RecordChanged."""
    with held(Wave.objects.filter(retired_at=None), wave_id, by, "wave changed") as wave:
        values = {"name": name, "starts_on": starts_on, "ends_on": ends_on}
        save_edit(wave, mark=mark, names=WAVE, values=values)
        return wave


def move_wave(*, wave_id: int, seen: int, up: bool, by: User) -> Wave:
    """Let a wave change places with the one before or after it. `seen` is its number when the person pressed.

    Where it has another number by now it was moved already, and stays. The first does not go up, nor the last down.
    """
    with acting(by, "waves put in order"):
        wave = Wave.objects.get(pk=wave_id, retired_at=None)
        Programme.objects.select_for_update(no_key=True).get(pk=wave.programme_id)
        wave.refresh_from_db()
        if wave.number != seen:
            return wave
        waves = Wave.objects.filter(programme=wave.programme_id)
        others = waves.filter(retired_at=None)
        nearest = (
            others.filter(number__lt=seen).order_by("-number")
            if up
            else others.filter(number__gt=seen).order_by("number")
        ).first()
        if nearest is None:
            return wave
        # A number is held by one wave at a time: this one waits behind all others while the two change places.
        behind = (waves.aggregate(last=Max("number"))["last"] or 0) + 1
        for moved, number in ((wave.pk, behind), (nearest.pk, seen), (wave.pk, nearest.number)):
            waves.filter(pk=moved).update(number=number)
        wave.refresh_from_db()
        return wave


def retire_wave(*, wave_id: int, by: User) -> Wave:
    """Take an empty wave out; it stays in the history. Raises Refused while sites are in it."""
    with held(Wave.objects.all(), wave_id, by, "wave taken out") as wave:
        sites = Deployment.objects.current().filter(wave=wave).count()
        if sites:
            words = ngettext(
                "%(n)s site is in this wave. Put it into another one first.",
                "%(n)s sites are in this wave. Put them into another one first.",
                sites,
            )
            raise Refused(words % {"n": sites})
        take_out(wave, by=by, reason="")
        return wave


def bring_back_wave(*, wave_id: int, by: User) -> Wave:
    """Put a wave back that was taken out, under the number it had: numbers are never given again."""
    with held(Wave.objects.all(), wave_id, by, "wave put back") as wave:
        put_back(wave)
        return wave


def put_into_wave(
    *, programme_id: int, seen: Mapping[int, int | None], wave_id: int | None, reason: str, by: User
) -> int:
    """Put sites into a wave (None: into none); how many changed. Each change is kept with the reason.

    `seen` says of each deployment in which wave it was when the form was opened. Raises RecordChanged, with those
    that are elsewhere by now, and changes none of them then; a site that is in the wave already stays as it is.
    """
    with acting(by, "sites put into a wave"):
        deployments = Deployment.objects.current().filter(programme=programme_id, pk__in=seen)
        rows = list(
            deployments.select_for_update(of=("self",), no_key=True).select_related("site", "wave").order_by("pk")
        )
        moving = [row for row in rows if row.wave_id != wave_id]
        if elsewhere := [row for row in moving if row.wave_id != seen[row.pk]]:
            raise RecordChanged(elsewhere)
        if wave_id is not None:
            Wave.objects.get(pk=wave_id, programme=programme_id, retired_at=None)
        save_plans([(row, {"wave_id": wave_id}) for row in moving], by=by, reason=reason)
        return len(moving)


def register_interest(*, deployment_id: int, mark: str, interest_on: date | None, by: User) -> Deployment:
    """Keep on which day a site asked to start; None takes that back. Volunteers start first.

    Raises RecordChanged, and Refused for a day to come.
    """
    with held_deployment(deployment_id, by, "interest registered") as deployment:
        if interest_on and interest_on > today_at(deployment):
            raise Refused(gettext("The day must not be in the future."))
        save_edit(deployment, mark=mark, names=INTEREST, values={"interest_on": interest_on})
        return deployment
