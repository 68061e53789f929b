"""What every record shares: who retired it, when it was last edited by hand, and its audit trail."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

ModelT = TypeVar("ModelT", bound=type[models.Model])

# Models with an audit trail, and the columns left out of it because they could name a person.
# The triggers themselves stand in the migrations (`rollout.sql`); a test holds the two against each other.
AUDITED: dict[type[models.Model], tuple[str, ...]] = {}


class Record(models.Model):
    """Something a person entered. It is never deleted: it is retired, and then void on every day.

    `edited_at` is the moment of the last change made by hand; empty means that an import wrote the row last, so that
    the next import may replace it without asking. The database keeps it (trigger `stamp_edit`).
    """

    edited_at = models.DateTimeField(_("last edited by hand"), null=True, editable=False, db_default=Now())
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    retired_reason = models.CharField(_("reason for retiring"), max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True


def tracked(*names_of_people: str) -> Callable[[ModelT], ModelT]:
    """Class decorator: every insert, update and delete of the model leaves an `AuditEntry`, whoever writes it.

    `names_of_people` are the columns that could name a person: they stay out of the audit.
    """

    def decorate(model: ModelT) -> ModelT:
        AUDITED[model] = names_of_people
        return model

    return decorate
