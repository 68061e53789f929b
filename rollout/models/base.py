"""What every record shares: who retired it, when it was last edited by hand, and its audit trail."""

from typing import TypeVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# Set to 'on' for the length of an import's transaction: its rows are not "edited by hand",
# and its audit is one run with before-images instead of an event a row.
IMPORTING = "rollout.importing"

ModelT = TypeVar("ModelT", bound=type[models.Model])


class Record(models.Model):
    """Something a person entered. It is never deleted: it is retired, and then void on every day.

    `edited_at` is the moment of the last change made by hand; empty means that an import wrote the row last, so that
    the next import may replace it without asking. The database keeps it (trigger `stamp_edit`).
    """

    edited_at = models.DateTimeField(_("last edited by hand"), null=True, editable=False, db_default=Now())
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    retired_reason = models.CharField(_("reason for retiring"), max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True


def tracked(*names_of_people: str):
    """Class decorator: every insert, update and delete of the model leaves an audit event, whoever writes it.

    An update or delete event holds the row as it was before, an insert event the row as it became; the context beside
    it holds who and why. `names_of_people` are the fields that could name a person: they stay out of the audit.
    Rows written by an import are left out here; the import keeps its own before-images.
    """

    not_importing = f"current_setting('{IMPORTING}', true) IS DISTINCT FROM 'on'"

    def decorate(model: ModelT) -> ModelT:
        stamp = pgtrigger.Trigger(
            name="stamp_edit",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(not_importing),
            func="NEW.edited_at = now(); RETURN NEW;",
        )
        if issubclass(model, Record):
            model = pgtrigger.register(stamp)(model)
        return pghistory.track(
            pghistory.InsertEvent(condition=pgtrigger.Condition(not_importing)),
            pghistory.UpdateEvent(
                row=pghistory.Old, condition=pgtrigger.Condition(f"OLD.* IS DISTINCT FROM NEW.* AND {not_importing}")
            ),
            pghistory.DeleteEvent(condition=pgtrigger.Condition(not_importing)),
            exclude=["edited_at", *names_of_people],
            model_name=f"{model.__name__}Audit",
            obj_field=pghistory.ObjForeignKey(related_name="audit"),
            append_only=True,
        )(model)

    return decorate
