"""Who may log in, and how a person is named in a record."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rollout.models.base import tracked
from rollout.querysets.users import UserQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):
    """Makes users; addresses are kept as written and compared without regard to case."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@tracked("email", "name", "password", "last_login")
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who may log in, by e-mail address. Rights come from memberships, not from Django's permissions."""

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("may read the technical admin"), default=False)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)
    password_changed_at = models.DateTimeField(
        _("changed their own password at"), null=True, blank=True, editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="rollout_user_email", violation_error_message=_("This address is already used.")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


@tracked("label")
class Person(models.Model):
    """A person named in a record: `label` is an e-mail address or a name as written.

    `user` is filled where the address belongs to somebody who can log in; records point here, so that
    the record follows the user when the address changes. How a person is written, wherever names may be read, is
    `str` of this: the user's name, else their address, else the label; SQL that writes people says the same.
    """

    label = models.CharField(_("email address or name"), max_length=254)
    user = models.ForeignKey("rollout.User", models.PROTECT, null=True, blank=True, related_name="people")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["label"], name="rollout_person_label"),
            models.CheckConstraint(condition=~models.Q(label=""), name="rollout_person_label_filled"),
        ]
        indexes = [models.Index(Lower("label"), name="rollout_person_lower")]

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.label


def person_field(verbose_name: "StrOrPromise", **options: Any) -> models.ForeignKey:
    """A column that names a person: empty, or a `Person`."""
    usual: dict[str, Any] = {"null": True, "blank": True, "related_name": "+", "verbose_name": verbose_name}
    return models.ForeignKey("rollout.Person", models.PROTECT, **(usual | options))
