"""Organisations, their sites, the sites' wards."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from rollout.choices import SiteKind
from rollout.models.base import Record, tracked
from rollout.models.constraints import choice_check, code_check
from rollout.querysets.organisations import OrganisationQuerySet, SiteQuerySet, WardQuerySet


def validate_time_zone(value: str) -> None:
    """Refuse what is not the name of an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(_("Enter a time zone such as Europe/London."), code="time_zone")


class ZoneTime(models.Func):
    """A fixed moment read in a zone: PostgreSQL refuses a zone it does not know while it works this out."""

    template = "timezone(%(expressions)s::timestamptz)"
    output_field = models.DateTimeField()

    def __init__(self, zone, **extra):
        super().__init__(zone, models.Value("2000-01-01T00:00:00Z"), **extra)


@tracked()
class Organisation(Record):
    """A body that runs sites or signs agreements: a trust, a supplier's customer, a council."""

    code = models.CharField(_("code"), max_length=40, help_text=_("Its ODS code, or one of your own."))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="rollout_organisation_code"),
            code_check("rollout_organisation_code_form"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Site(Record):
    """A place where people work: a hospital, a clinic. Its time zone decides when its day ends."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=SiteKind, default=SiteKind.HOSPITAL)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/London", validators=[validate_time_zone]
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="rollout_site_code"),
            code_check("rollout_site_code_form"),
            choice_check("rollout_site_kind", "kind", SiteKind),
            models.CheckConstraint(
                condition=IsNull(ZoneTime("time_zone"), False),
                name="rollout_site_time_zone",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Ward(Record):
    """A part of a site with staff of its own; the programme chooses the word shown (ward, team, practice)."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="wards")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)

    objects = WardQuerySet.as_manager()

    class Meta:
        verbose_name = _("ward")
        verbose_name_plural = _("wards")
        ordering = ["site_id", "code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="rollout_ward_site_code"),
            code_check("rollout_ward_code_form"),
        ]

    def __str__(self) -> str:
        return self.name
