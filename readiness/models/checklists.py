"""Checklists: the template a programme publishes, each deployment's copy, and every event on an item."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from readiness.choices import Assurance, GoLive, ItemState
from readiness.querysets.checklists import ChecklistItemQuerySet
from rollout.choices import ReadinessDomain
from rollout.models import Deployment, Programme, Record, SeatRole, person_field, tracked
from rollout.models.constraints import choice_check, code_check, range_check


@tracked()
class ChecklistTemplate(Record):
    """A version of a programme's checklist. Once published neither it nor its items change: a new version does.

    A draft may be thrown away: it is retired and keeps its number, which no other version gets.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="checklist_templates")
    version = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = person_field(_("published by"))

    class Meta:
        verbose_name = _("checklist template")
        verbose_name_plural = _("checklist templates")
        ordering = ["programme_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="readiness_template_version"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(published_at=None, retired_at=None),
                name="readiness_template_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


@tracked()
class TemplateItem(models.Model):
    """A thing to have done before go-live.

    `due_days` counts back from the go-live (or the technical one); `valid_days` is the shelf life of having done it;
    `check_code` names the system check that proves it, if one does.
    """

    template = models.ForeignKey(ChecklistTemplate, models.PROTECT, related_name="items")
    code = models.CharField(_("code"), max_length=40)
    domain = models.CharField(_("domain"), max_length=20, choices=ReadinessDomain)
    text = models.CharField(_("what"), max_length=300)
    help = models.TextField(_("help"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=3)
    blocking = models.BooleanField(_("blocking"), default=False)
    due_days = models.IntegerField(_("due days before go-live"), null=True, blank=True)
    valid_days = models.PositiveIntegerField(_("shelf life in days"), null=True, blank=True)
    evidence_needed = models.BooleanField(_("asks for evidence"), default=False)
    seat_role = models.ForeignKey(SeatRole, models.PROTECT, null=True, blank=True, related_name="template_items")
    golive = models.CharField(_("for which go-live"), max_length=10, choices=GoLive, default=GoLive.USER)
    check_code = models.CharField(_("system check that proves it"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("template item")
        verbose_name_plural = _("template items")
        ordering = ["template_id", "domain", "code"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="readiness_templateitem_code"),
            code_check("readiness_templateitem_code_form"),
            choice_check("readiness_templateitem_domain", "domain", ReadinessDomain),
            choice_check("readiness_templateitem_golive", "golive", GoLive),
            range_check("readiness_templateitem_weight_1_5", "weight", 1, 5),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Checklist(Record):
    """The checklist of one deployment: a template, adopted item by item."""

    deployment = models.OneToOneField(Deployment, models.PROTECT, related_name="checklist")
    template = models.ForeignKey(ChecklistTemplate, models.PROTECT, related_name="checklists")

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["deployment_id"]

    def __str__(self) -> str:
        return str(self.deployment_id)


@tracked()
class ChecklistItem(Record):
    """One item of one deployment's checklist, as it stands now; its events are the history and what the score reads.

    `deployment` and `code` repeat what checklist and template item say, so that a code stands once in a checklist.
    `version` counts the changes: a save made from an older version is told so instead of overwriting.
    """

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="checklist_items", db_index=False)
    template_item = models.ForeignKey(TemplateItem, models.PROTECT, related_name="checklist_items")
    code = models.CharField(_("code"), max_length=40)
    state = models.CharField(_("state"), max_length=20, choices=ItemState, default=ItemState.NOT_STARTED)
    assurance = models.CharField(_("assurance"), max_length=10, choices=Assurance, blank=True)
    owner = person_field(_("owner"))
    due_on = models.DateField(_("due on"), null=True, blank=True, help_text=_("Empty: counted from the go-live date."))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["checklist_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "code"], name="readiness_checklistitem_code"),
            choice_check("readiness_checklistitem_state", "state", ItemState),
            choice_check("readiness_checklistitem_assurance", "assurance", Assurance, blank=True),
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class ChecklistEvent(Record):
    """What happened to an item at a moment: a new state, a higher assurance, another owner or due date.

    Empty means unchanged. `due_default` puts the due date back to being counted from the go-live date. Where a change
    is undone, `owner_removed` and `evidence_removed` leave the item without an owner or evidence again. Where a site
    takes a version of the template over, `adopted_version` is its number and `adopted_changes` says what became of the
    item: the columns of the template item that say something else, or one of `Adoption`.
    """

    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="events", db_index=False)
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="checklist_events")
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=20, choices=ItemState, blank=True)
    assurance = models.CharField(_("assurance"), max_length=10, choices=Assurance, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_default = models.BooleanField(_("due date from the go-live again"), default=False)
    owner = person_field(_("owner"))
    owner_removed = models.BooleanField(_("without an owner again"), default=False, db_default=False)
    evidence = models.TextField(_("evidence"), blank=True)
    evidence_removed = models.BooleanField(_("without evidence again"), default=False, db_default=False)
    reason = models.TextField(_("reason"), blank=True)
    by = person_field(_("by"))
    check_code = models.CharField(_("system check that said so"), max_length=60, blank=True, db_default="")
    adopted_version = models.PositiveIntegerField(_("version of the template taken over"), null=True, blank=True)
    adopted_changes = ArrayField(
        models.CharField(max_length=20), verbose_name=_("what became other by it"), default=list, db_default=[]
    )

    class Meta:
        verbose_name = _("checklist event")
        verbose_name_plural = _("checklist events")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "at"], name="readiness_checklistevent_key"),
            choice_check("readiness_checklistevent_state", "state", ItemState, blank=True),
            choice_check("readiness_checklistevent_assurance", "assurance", Assurance, blank=True),
            models.CheckConstraint(
                condition=Q(due_default=False) | Q(due_on=None), name="readiness_checklistevent_due"
            ),
            models.CheckConstraint(
                condition=Q(owner_removed=False) | Q(owner=None), name="readiness_checklistevent_owner"
            ),
            models.CheckConstraint(
                condition=Q(evidence_removed=False) | Q(evidence=""), name="readiness_checklistevent_evidence"
            ),
            models.CheckConstraint(
                condition=Q(adopted_version=None, adopted_changes=[])
                | ~(Q(adopted_version=None) | Q(adopted_changes=[])),
                name="readiness_checklistevent_adopted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deployment", "item", "at"],
                include=["state", "assurance", "due_on", "due_default"],
                condition=Q(retired_at=None),
                name="readiness_event_of_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at:%Y-%m-%d}"
