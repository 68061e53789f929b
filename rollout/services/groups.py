"""The readiness group of a site: its two chairs, its meetings, and what it asked people to do by when."""

from collections.abc import Iterable
from datetime import date
from hashlib import blake2b

from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Deployment, GroupAction, GroupMeeting, Person, ReadinessGroup, User
from rollout.services.edits import RecordChanged, mark_of, save_edit
from rollout.services.people import person_named
from rollout.services.refusals import Refused

CHAIRS = ("clinical_chair_id", "operational_chair_id")
ACTION = ("text", "owner_id", "due_on", "done_on")
# The mark of a group that was not there yet when the form was opened.
NOTHING = "0" * 16


def chairs_mark(group: ReadinessGroup | None) -> str:
    """A mark of who chairs the group; a group that is not there yet has none."""
    return mark_of(group, CHAIRS) if group else NOTHING


def meeting_mark(meeting: GroupMeeting) -> str:
    """A mark of a meeting: its day, its notes, who came."""
    came = sorted(meeting.came.values_list("pk", flat=True))
    return blake2b(f"{mark_of(meeting, ('held_on', 'words'))}{came}".encode(), digest_size=8).hexdigest()


def name_chairs(
    *, deployment_id: int, mark: str, clinical_chair: str, operational_chair: str, by: User
) -> ReadinessGroup:
    """Name the two chairs, by e-mail address or name; an empty one is vacant. Raises RecordChanged.

    Raises Refused where one person is to be both: the group is led by a clinician and a manager together.
    """
    with acting(by, "chairs of the readiness group named"):
        before = _group(deployment_id)
        clinical, operational = person_named(clinical_chair), person_named(operational_chair)
        if clinical is not None and clinical == operational:
            raise Refused(gettext("The two chairs are two people: one leads the clinical side, one the operations."))
        if before and (before.clinical_chair, before.operational_chair) == (clinical, operational):
            return before
        if chairs_mark(before) != mark:
            raise RecordChanged(before)
        group = before or ReadinessGroup(deployment_id=deployment_id)
        group.clinical_chair, group.operational_chair, group.retired_at = clinical, operational, None
        group.save()
        return group


def record_meeting(*, deployment_id: int, held_on: date, came: Iterable[str], words: str, by: User) -> GroupMeeting:
    """Write a meeting down. Raises Refused where one of that day is recorded already."""
    with acting(by, "meeting of the readiness group recorded"):
        group = _group(deployment_id) or ReadinessGroup.objects.create(deployment_id=deployment_id)
        if GroupMeeting.objects.filter(group=group, held_on=held_on).exists():
            raise Refused(gettext("A meeting of that day is recorded already. Select it to change it."))
        meeting = GroupMeeting.objects.create(group=group, held_on=held_on, words=words)
        meeting.came.set(_people(came))
        return meeting


def change_meeting(
    *, meeting_id: int, mark: str, held_on: date, came: Iterable[str], words: str, by: User
) -> GroupMeeting:
    """Write down better what a meeting was. Raises RecordChanged, and Refused for a day that another meeting has."""
    with acting(by, "meeting of the readiness group changed"):
        meeting = GroupMeeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting_id)
        people = _people(came)
        same_people = {person.pk for person in people} == set(meeting.came.values_list("pk", flat=True))
        if (meeting.held_on, meeting.words) == (held_on, words) and same_people:
            return meeting
        if meeting_mark(meeting) != mark:
            raise RecordChanged(meeting)
        others = GroupMeeting.objects.filter(group=meeting.group_id, held_on=held_on).exclude(pk=meeting_id)
        if others.exists():
            raise Refused(gettext("Another meeting is recorded on that day."))
        meeting.held_on, meeting.words = held_on, words
        meeting.save(update_fields=["held_on", "words"])
        meeting.came.set(people)
        return meeting


def add_action(*, deployment_id: int, text: str, owner: str, due_on: date | None, by: User) -> GroupAction:
    """Write down what the group asks somebody to do."""
    with acting(by, "action of the readiness group added"):
        group = _group(deployment_id) or ReadinessGroup.objects.create(deployment_id=deployment_id)
        return GroupAction.objects.create(group=group, text=text, owner=person_named(owner), due_on=due_on)


def change_action(
    *, action_id: int, mark: str, text: str, owner: str, due_on: date | None, done_on: date | None, by: User
) -> GroupAction:
    """Change an action, or say that it is done. Raises RecordChanged."""
    with acting(by, "action of the readiness group changed"):
        action = GroupAction.objects.select_for_update(of=("self",), no_key=True).get(pk=action_id)
        wanted = {"text": text, "owner": person_named(owner), "due_on": due_on, "done_on": done_on}
        save_edit(action, mark=mark, names=ACTION, values=wanted)
        return action


def _group(deployment_id: int) -> ReadinessGroup | None:
    """The group, while the site's row is held: two who begin one at once come one after the other."""
    Deployment.objects.select_for_update(no_key=True, of=("self",)).get(pk=deployment_id)
    return (
        ReadinessGroup.objects.select_related("clinical_chair", "operational_chair")
        .filter(deployment=deployment_id)
        .first()
    )


def _people(written: Iterable[str]) -> list[Person]:
    """Those named, each once."""
    found = [person for name in written if (person := person_named(name)) is not None]
    return list({person.pk: person for person in found}.values())
