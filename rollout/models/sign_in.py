"""Log-ins: the tries that slow guessing down, and the sessions that a person can end."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rollout.models.phones import WardPhone
from rollout.querysets.sign_in import SignInQuerySet


class LoginAttempt(models.Model):
    """One try at an e-mail address and password that was worth checking. Refused tries leave no row.

    `account`, `address` and `device` are keyed hashes (64 hex digits), never the address itself; `device` is empty
    where the browser brought no device cookie. Written by services.sign_in, which also forgets old rows.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    account = models.CharField(_("account"), max_length=64)
    address = models.CharField(_("network address"), max_length=64)
    device = models.CharField(_("device"), max_length=64, blank=True)
    trusted = models.BooleanField(_("from a device or address that logged in before"), default=False)
    succeeded = models.BooleanField(_("succeeded"), default=False)

    class Meta:
        verbose_name = _("log-in attempt")
        verbose_name_plural = _("log-in attempts")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__regex="^[0-9a-f]{64}$", address__regex="^[0-9a-f]{64}$")
                & models.Q(device__regex="^([0-9a-f]{64})?$"),
                name="rollout_loginattempt_hashed",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "at"], name="rollout_loginattempt_account"),
            models.Index(fields=["address", "at"], name="rollout_loginattempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class SignIn(models.Model):
    """One log-in of a user, and the session that it opened; `ended_at` is empty while it may still be in use.

    Kept apart from the session store so that all sessions of a person can be found and ended without reading each.
    `phone` is the ward's phone that it was on, if any.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(_("session"), max_length=40, unique=True, editable=False)
    shared_device = models.BooleanField(_("shared device"), default=False)
    phone = models.ForeignKey(WardPhone, models.PROTECT, null=True, blank=True, related_name="sign_ins")
    started_at = models.DateTimeField(_("logged in at"), db_default=Now(), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="rollout_signin_order",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(ended_at=None), name="rollout_signin_open"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
