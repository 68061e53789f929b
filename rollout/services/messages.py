"""Which messages a person wants."""

from collections.abc import Collection

from rollout.audit import acting
from rollout.choices import Channel, MessageKind
from rollout.models import NotificationChoice, User


def wanted_mail(user: User) -> set[MessageKind]:
    """The kinds of mail that a person gets: all but those they said they do not want."""
    refused = NotificationChoice.objects.filter(
        user=user, channel=Channel.EMAIL, wanted=False, kind__in=MessageKind.values
    )
    return set(MessageKind) - {MessageKind(kind) for kind in refused.values_list("kind", flat=True)}


def choose_mail(*, user: User, wanted: Collection[MessageKind]) -> None:
    """Say which kinds of mail the person wants; what stands so already is not written again."""
    with acting(user, "own messages chosen"):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before = wanted_mail(user)
        changed = [kind for kind in MessageKind if (kind in wanted) != (kind in before)]
        NotificationChoice.objects.bulk_create(
            [
                NotificationChoice(user=user, kind=kind, channel=Channel.EMAIL, wanted=kind in wanted)
                for kind in changed
            ],
            update_conflicts=True,
            update_fields=["wanted"],
            unique_fields=["user", "kind", "channel"],
        )
