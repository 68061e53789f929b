"""The audit trail: one row for each record inserted, updated or deleted, written by the database; and its seals."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rollout.querysets.audit import AuditEntryQuerySet


class AuditEntry(models.Model):
    """One change of one row of a table: when, by whom, why, and what was there before and after.

    `before` and `after` hold the columns that changed (an insert has no before, a delete no after) and never a name of
    a person. Written by triggers, and by `rollout.audit.note_names` where what changed is such a name; the
    application's own role may read and add, never change or delete.
    Rows that an import writes are not here: its run and before-images are (`ImportRun`, `ImportChange`).
    """

    at = models.DateTimeField(_("at"), db_default=Now())
    table = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"))
    action = models.CharField(_("action"), max_length=6)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, db_default="")
    request_id = models.CharField(_("request"), max_length=64, blank=True, db_default="")

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=["insert", "update", "delete"]), name="rollout_auditentry_action"
            ),
        ]
        indexes = [
            models.Index(fields=["table", "row_id", "id"], name="rollout_auditentry_row"),
            models.Index(
                fields=["request_id", "id"], condition=~models.Q(request_id=""), name="rollout_auditentry_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.row_id}"


class AuditSeal(models.Model):
    """A chained hash over the entries after `after_id` up to `last_id`: whoever changes one of them later is found out.

    `digest` is the SHA-256 (64 hex digits) of the seal before it and of its entries, in the order of ids. Written by
    services.sealing; the application's own role may read and add, never change or delete.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    after_id = models.BigIntegerField(_("after entry"), unique=True)
    last_id = models.BigIntegerField(_("up to entry"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("sealed at"), db_default=Now())

    class Meta:
        verbose_name = _("seal of the audit trail")
        verbose_name_plural = _("seals of the audit trail")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(after_id__lt=models.F("last_id")), name="rollout_auditseal_order"
            ),
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="rollout_auditseal_hashed"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class AuditMark(models.Model):
    """How far the trail may be sealed once every transaction older than `transaction` has ended; one row.

    Entries get their ids before they are committed: an entry below `last_id` may still be on its way until then.
    """

    last_id = models.BigIntegerField(_("up to entry"), default=0)
    transaction = models.BigIntegerField(_("number of the transaction"), default=0)
    looked_at = models.DateTimeField(_("looked at"), db_default=Now())

    class Meta:
        verbose_name = _("mark in the audit trail")
        verbose_name_plural = _("marks in the audit trail")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="rollout_auditmark_one")]

    def __str__(self) -> str:
        return str(self.last_id)
