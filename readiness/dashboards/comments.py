"""What people said about a record, as its page shows it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from readiness.dashboards.who import people_of
from readiness.models import ChecklistItem, Gate, Waiver
from rollout.forms.comments import CommentForm
from rollout.models import Comment, Decision, Deployment, Programme, User
from rollout.permissions import discuss_deployment, discuss_programme, places_with_names

ROWS = 50  # comments on a page
# Records that people comment on: the word of each in addresses.
KINDS: dict[type[Model], str] = {
    Programme: "programme",
    Deployment: "site",
    ChecklistItem: "item",
    Gate: "gate",
    Waiver: "waiver",
    Decision: "decision",
}


@dataclass(frozen=True)
class CommentRow:
    """A comment and its author, as far as the reader may know who it is."""

    comment: Comment
    by: str
    own: bool


@dataclass(frozen=True)
class Thread:
    """The comments on a record, a page of them, the newest first; `form` adds one, at `href`."""

    href: str
    rows: tuple[CommentRow, ...]
    page: Page
    form: CommentForm

    @property
    def count(self) -> int:
        """How many there are on all pages, with those struck through."""
        return self.page.paginator.count


@dataclass(frozen=True)
class Closed:
    """The comments on a record that a page shows only when asked: where they are, and how many are not struck out."""

    href: str
    count: int | None


def closed_on(
    record: Model,
    user: User,
    *,
    programme: Programme,
    deployment: Deployment | None = None,
    counted: bool = True,
) -> Closed | None:
    """The way to the comments on a record, None for who may read none. One query where they are `counted`."""
    if not (discuss_deployment(user, deployment) if deployment else discuss_programme(user, programme)):
        return None
    count = comments_on(record, deployment).filter(retired_at=None).count() if counted else None
    return Closed(address_of(record, programme, deployment), count)


def address_of(record: Model, programme: Programme, deployment: Deployment | None) -> str:
    """Where a record's comments stand by themselves, and are added."""
    parts: dict[str, Any] = {"programme": programme.code, "kind": KINDS[type(record)], "record": record.pk}
    if deployment is None:
        return reverse("readiness:programme-comments", kwargs=parts)
    return reverse("readiness:deployment-comments", kwargs=parts | {"site": deployment.site.code})


def comments_on(record: Model, deployment: Deployment | None) -> "QuerySet[Comment]":
    """Every comment on a record, at a deployment where it is looked at there."""
    kind = ContentType.objects.get_for_model(record)
    return Comment.objects.filter(subject_type=kind, subject_id=record.pk, deployment=deployment)


def own_comments(record: Model, deployment: Deployment | None, user: User) -> list[int]:
    """The ids of what the user said about a record. One query."""
    return list(comments_on(record, deployment).filter(author=user).values_list("pk", flat=True))


def thread_on(
    record: Model,
    user: User,
    *,
    programme: Programme,
    deployment: Deployment | None = None,
    number: Any = 1,
    form: CommentForm | None = None,
) -> Thread | None:
    """The comments on a record for a reader, None for who may read none. At most seven queries.

    `deployment` is the record's, or where a record of the whole programme is looked at, such as a gate.
    """
    if not (discuss_deployment(user, deployment) if deployment else discuss_programme(user, programme)):
        return None
    comments = comments_on(record, deployment)
    page = Paginator(comments.select_related("author").order_by("-written_at", "-pk"), ROWS).get_page(number)
    site = deployment.site_id if deployment else None
    users = [comment.author_id for comment in page.object_list]
    people = people_of((), programme, places_with_names(user, programme), users=users)
    rows = tuple(
        CommentRow(
            comment,
            gettext("You") if comment.author_id == user.pk else people.words(people.of_user(comment.author_id), site),
            comment.author_id == user.pk,
        )
        for comment in page.object_list
    )
    return Thread(address_of(record, programme, deployment), rows, page, form or CommentForm())
