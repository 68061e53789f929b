"""What one request asks of the database once, however many entries it brings."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from rollout.models import Deployment, SupportIssue, User, Ward
from training.models import Attendance, Champion, ChampionShift, ShiftPattern
from training.services.log_places import deployment_at, find_ward


@dataclass
class Reads:
    """Places, patterns and champions of one request, each asked at its first entry, with the rights of that moment.

    It is made anew for each request, so that a right which was taken away holds no longer than the request that is
    under way. What was not found is asked again. `ids` are the `client_id`s of the request's entries.
    """

    user: User
    ids: Collection[UUID]
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def ward(self, ward_id: int) -> Ward:
        """A ward the user may log for, with its site. Raises NoSuchPlace."""
        key = (Ward, ward_id)
        if key not in self._kept:
            self._kept[key] = find_ward(self.user, ward_id)
        return self._kept[key]

    def deployment(self, ward: Ward, *, programme_id: int | None = None, code: str = "") -> Deployment:
        """The deployment of a programme at a ward; without one named, the only one. Raises NoSuchPlace."""
        key = (Deployment, ward.pk, programme_id, code)
        if key not in self._kept:
            self._kept[key] = deployment_at(ward, programme_id=programme_id, code=code)
        return self._kept[key]

    def pattern(self, pattern_id: int) -> ShiftPattern | None:
        """A pattern that is in use."""
        key = (ShiftPattern, pattern_id)
        if self._kept.get(key) is None:
            self._kept[key] = ShiftPattern.objects.filter(pk=pattern_id, retired_at=None).first()
        return self._kept[key]

    def champion_ids(self, programme_id: int, staff_id: int, *, own: bool) -> list[int]:
        """The records that make somebody a champion, on whichever days, as far as the user knows them.

        With `own` only where that somebody is the user.
        """
        key = (Champion, programme_id, staff_id, own)
        if not self._kept.get(key):
            rows = Champion.objects.current().visible_to(self.user).filter(programme=programme_id, staff=staff_id)
            self._kept[key] = list((rows.filter(staff__user=self.user) if own else rows).values_list("pk", flat=True))
        return self._kept[key]

    @cached_property
    def restored(self) -> frozenset[UUID]:
        """The ids that a record carries already: before the request, or though its sending is not known.

        The latter happens where a backup was restored in part.
        """
        shifts, *others = (
            model.objects.filter(client_id__in=self.ids).order_by().values_list("client_id", flat=True)
            for model in (ChampionShift, Attendance, SupportIssue)
        )
        return frozenset(shifts.union(*others, all=True))
