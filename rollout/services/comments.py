"""What people say about records."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import acting
from rollout.models import Comment, Deployment, User
from rollout.services.people import person_of
from rollout.services.refusals import Refused


def add_comment(*, subject: Model, deployment: Deployment | None, text: str, by: User) -> Comment:
    """Keep what somebody says about a record; `deployment` is where, None for a record of the whole programme.

    A form that sends it goes through `done_once`: the same words may be said twice on purpose.
    """
    with acting(by, "comment added"):
        person_of(by)  # by which pages know the author's seat
        kind = ContentType.objects.get_for_model(subject)
        return Comment.objects.create(
            subject_type=kind, subject_id=subject.pk, deployment=deployment, author=by, text=text
        )


def retire_comment(*, comment_id: int, by: User) -> Comment:
    """Strike one's own comment through. One that is retired stays as it is. Raises Refused for somebody else's."""
    with acting(by, "comment retired"):
        comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
        if comment.author_id != by.pk:
            raise Refused(gettext("Only the person who wrote a comment can strike it through."))
        if comment.retired_at is None:
            comment.retired_at, comment.retired_by = timezone.now(), by
            comment.save(update_fields=["retired_at", "retired_by"])
        return comment
