"""Around the records: views people save, comments, choices of messages, calendar feeds, board papers."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rollout.choices import Channel, PaperPurpose, PaperState, SavedList
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check
from rollout.models.programmes import Programme
from rollout.models.users import person_field
from rollout.querysets.views import SavedViewQuerySet


@tracked()
class SavedView(Record):
    """A list of a programme with its filters, order and columns, kept by a user for themselves or for the programme.

    `query` holds what the list's form knows, in one order and one spelling, without page, days and columns. A view
    that is `is_default` opens first: an own one for its owner, a shared one for all who have none of their own.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="saved_views")
    list_name = models.CharField(_("list"), max_length=60, choices=SavedList)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("address query"), max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("columns"), default=list, blank=True)
    shared = models.BooleanField(_("shared with the programme"), default=False)
    is_default = models.BooleanField(_("opens first"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["programme_id", "list_name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                "list_name",
                "owner",
                Lower("name"),
                condition=Q(retired_at=None, shared=False),
                name="rollout_savedview_own_name",
            ),
            models.UniqueConstraint(
                "programme",
                "list_name",
                Lower("name"),
                condition=Q(retired_at=None, shared=True),
                name="rollout_savedview_shared_name",
            ),
            models.UniqueConstraint(
                fields=["programme", "list_name", "owner"],
                condition=Q(is_default=True, retired_at=None, shared=False),
                name="rollout_savedview_own_default",
            ),
            models.UniqueConstraint(
                fields=["programme", "list_name"],
                condition=Q(is_default=True, retired_at=None, shared=True),
                name="rollout_savedview_shared_default",
            ),
            choice_check("rollout_savedview_list", "list_name", SavedList),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="rollout_savedview_named"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked("text")
class Comment(Record):
    """What a user said about any record; of a record of the whole programme, such as a gate, at which deployment."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    deployment = models.ForeignKey(
        "rollout.Deployment", models.PROTECT, null=True, blank=True, related_name="comments", db_index=False
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="rollout_comment_subject")]
        constraints = [models.CheckConstraint(condition=Q(text__regex=r"\S"), name="rollout_comment_said")]

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class NotificationChoice(models.Model):
    """Which kind of message a user wants over which channel."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    kind = models.CharField(_("kind of message"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    wanted = models.BooleanField(_("wanted"), default=True)

    class Meta:
        verbose_name = _("notification choice")
        verbose_name_plural = _("notification choices")
        ordering = ["user_id", "kind", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="rollout_notificationchoice_key"),
            choice_check("rollout_notificationchoice_channel", "channel", Channel),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.channel}"


class LastLook(models.Model):
    """When a user last said that they have seen what changed: the list of changes begins there."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="last_look")
    looked_at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("last look at what changed")
        verbose_name_plural = _("last looks at what changed")
        ordering = ["user_id"]

    def __str__(self) -> str:
        return str(self.user_id)


class CalendarToken(models.Model):
    """The secret part of a user's calendar address, kept as a SHA-256 hash; replacing it stops the old one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_tokens")
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(stopped_at=None), name="rollout_calendartoken_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class BoardPaper(Record):
    """A paper for a board meeting: a draft made from records, then published with figures that never change again."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="board_papers")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    meeting_on = models.DateField(_("meeting on"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=PaperPurpose)
    author_role = models.CharField(_("author's role"), max_length=120, blank=True)
    by = person_field(_("author"))
    recommendation = models.TextField(_("recommendation"), blank=True)
    asked = models.TextField(_("what is asked"), blank=True)
    narratives = models.JSONField(_("narratives"), default=dict, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PaperState, default=PaperState.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("board paper")
        verbose_name_plural = _("board papers")
        ordering = ["-meeting_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="rollout_boardpaper_number"),
            choice_check("rollout_boardpaper_purpose", "purpose", PaperPurpose),
            choice_check("rollout_boardpaper_state", "state", PaperState),
            models.CheckConstraint(
                condition=Q(state=PaperState.DRAFT, published_at=None)
                | Q(state=PaperState.PUBLISHED, published_at__isnull=False),
                name="rollout_boardpaper_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title
