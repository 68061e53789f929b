"""Words that a programme brings with it: staff groups, seats, disciplines. Each is made when it is first named."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.Model):
    """A word of a list that grows as people name new ones; `code` is what the programme pack holds."""

    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code.replace("_", " ")


class StaffGroup(Vocabulary):
    """A profession: nurse, doctor, allied health, admin, manager. Of rollout, since events and pulses speak of it."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("staff group")
        verbose_name_plural = _("staff groups")
        constraints = [models.UniqueConstraint(fields=["code"], name="rollout_staffgroup_code")]


class SeatRole(Vocabulary):
    """A named role that a person holds for a programme or a site: SRO, clinical safety officer, site lead."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("seat role")
        verbose_name_plural = _("seat roles")
        constraints = [models.UniqueConstraint(fields=["code"], name="rollout_seatrole_code")]


class Discipline(Vocabulary):
    """What a member of the team brings: nursing, pharmacy, integration, change management."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")
        constraints = [models.UniqueConstraint(fields=["code"], name="rollout_discipline_code")]
