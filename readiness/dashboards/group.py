"""The readiness group of a site: its chairs, its meetings, its actions, open ones first."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from rollout.models import Deployment, GroupAction, GroupMeeting, Person, ReadinessGroup

SHOWN = 50  # meetings, and actions that are done; the newest


@dataclass(frozen=True)
class Meeting:
    """A meeting and who came."""

    meeting: GroupMeeting
    came: tuple[Person, ...]


@dataclass(frozen=True)
class Group:
    """The group on a day; `record` is None where nobody has set one up."""

    record: ReadinessGroup | None
    meetings: tuple[Meeting, ...]
    open: tuple[GroupAction, ...]
    done: tuple[GroupAction, ...]
    day: date

    @property
    def late(self) -> int:
        """How many open actions are past their day."""
        return sum(1 for action in self.open if action.due_on and action.due_on < self.day)

    @property
    def chairs(self) -> tuple[tuple[str, Person | None], ...]:
        """The two chairs in words, and who they are."""
        record = self.record
        return (
            (gettext("Clinical chair"), record.clinical_chair if record else None),
            (gettext("Operational chair"), record.operational_chair if record else None),
        )

    @property
    def sentence(self) -> str:
        """How the group stands, naming nobody."""
        vacant = [words for words, person in self.chairs if person is None]
        said = [gettext("Vacant: %(chairs)s.") % {"chairs": ", ".join(vacant).lower()}] if vacant else []
        said += [self._met(), self._asked()]
        return " ".join(said)

    def _met(self) -> str:
        if not self.meetings:
            return gettext("No meeting is recorded yet.")
        days = (self.day - self.meetings[0].meeting.held_on).days
        if days <= 0:
            return gettext("The group met today.")
        return ngettext("The group last met %(days)d day ago.", "The group last met %(days)d days ago.", days) % {
            "days": days
        }

    def _asked(self) -> str:
        if not self.open:
            return gettext("No action is open.")
        words = ngettext("%(open)d action is open", "%(open)d actions are open", len(self.open))
        if not self.late:
            return f"{words % {'open': len(self.open)}}."
        late = ngettext("%(late)d of them is late.", "%(late)d of them are late.", self.late)
        return f"{words % {'open': len(self.open)}}; {late % {'late': self.late}}"


def group_of(deployment: Deployment, day: date) -> Group:
    """The group of a site; five queries, one where there is none."""
    groups = ReadinessGroup.objects.select_related("clinical_chair__user", "operational_chair__user")
    record = groups.filter(deployment=deployment, retired_at=None).first()
    if record is None:
        return Group(None, (), (), (), day)
    rows = record.meetings.filter(retired_at=None).prefetch_related("came__user")[:SHOWN]
    meetings = tuple(Meeting(meeting, tuple(meeting.came.all())) for meeting in rows)
    actions = record.actions.filter(retired_at=None).select_related("owner__user")
    done = actions.filter(done_on__isnull=False).order_by("-done_on", "-pk")[:SHOWN]
    return Group(record, meetings, tuple(actions.filter(done_on=None)), tuple(done), day)
