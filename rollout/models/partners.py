"""Who else is in it: partners and what they promised, agreements, money, other changes at a site."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rollout.models.base import Record, tracked
from rollout.models.constraints import code_check, not_negative, order_check, range_check
from rollout.models.deployments import Deployment
from rollout.models.organisations import Organisation, Site
from rollout.models.programmes import Programme


@tracked()
class Partner(Record):
    """A supplier or another body that has promised something. Its code is unique everywhere."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="rollout_partner_code"),
            code_check("rollout_partner_code_form"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class PartnerAssessment(Record):
    """What a partner answered a programme about change skills, training and getting data out, and its agreed role."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="assessments")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="partner_assessments")
    change_skills = models.TextField(_("change skills"), blank=True)
    change_skills_on = models.DateField(_("change skills answered on"), null=True, blank=True)
    training = models.TextField(_("training"), blank=True)
    training_on = models.DateField(_("training answered on"), null=True, blank=True)
    data_exit = models.TextField(_("getting data out"), blank=True)
    data_exit_on = models.DateField(_("data exit answered on"), null=True, blank=True)
    partner_role = models.TextField(_("role"), blank=True)
    role_agreed_on = models.DateField(_("role agreed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("partner assessment")
        verbose_name_plural = _("partner assessments")
        ordering = ["partner_id", "programme_id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "programme"], name="rollout_partnerassessment_key"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}/{self.programme_id}"


@tracked()
class Commitment(Record):
    """What a partner promised a deployment, or the whole programme, by a day, and when it was delivered."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="commitments")
    deployment = models.ForeignKey(Deployment, models.PROTECT, null=True, blank=True, related_name="commitments")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="commitments")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("what"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_commitment_code"),
            code_check("rollout_commitment_code_form"),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Agreement(Record):
    """A paper that several organisations sign for a deployment, such as one on sharing data."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="agreements")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="agreements")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    text = models.TextField(_("what it says"), blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_agreement_code"),
            code_check("rollout_agreement_code_form"),
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class Signature(Record):
    """One organisation's signature that an agreement asks for, and the day it was given."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signatures")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["agreement_id", "organisation_id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="rollout_signature_key")]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.organisation_id}"


@tracked()
class FundingLine(Record):
    """Money for a part of a programme from one day to another, and when it was secured. In the house's currency."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="funding_lines")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("what for"))
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    secured_on = models.DateField(_("secured on"), null=True, blank=True)

    class Meta:
        verbose_name = _("funding line")
        verbose_name_plural = _("funding lines")
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_fundingline_code"),
            code_check("rollout_fundingline_code_form"),
            order_check("rollout_fundingline_order", "from_on", "to_on"),
            not_negative("rollout_fundingline_amount", "amount"),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class OtherChange(Record):
    """A change at a site from outside the programmes, and how much it asks of people, 1 (a little) to 3 (a go-live)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="other_changes")
    site = models.ForeignKey(Site, models.PROTECT, related_name="other_changes")
    code = models.CharField(_("code"), max_length=40)
    text = models.TextField(_("what"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    load = models.PositiveSmallIntegerField(_("load"))

    class Meta:
        verbose_name = _("other change")
        verbose_name_plural = _("other changes")
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rollout_otherchange_code"),
            code_check("rollout_otherchange_code_form"),
            order_check("rollout_otherchange_order", "from_on", "to_on"),
            range_check("rollout_otherchange_load_1_3", "load", 1, 3),
        ]

    def __str__(self) -> str:
        return self.text
