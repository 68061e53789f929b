"""Words that a programme brings with it: staff groups, seats, disciplines. Each is made when it is first named."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Codes of seats that are abbreviations, in whole or in their first part; pages spell them out once.
SHORT = {"sro": "SRO", "ccio": "CCIO", "cnio": "CNIO", "ig": "IG"}


def seat_words(code: str, name: str = "") -> str:
    """The name of a seat, else its code as a person would write it: "ig_lead" is "IG lead"."""
    if name or not code:
        return name
    first, *rest = code.split("_")
    return " ".join([SHORT.get(first, first.capitalize()), *rest])


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

    def __str__(self) -> str:
        return seat_words(self.code, self.name)


class Discipline(Vocabulary):
    """What a member of the team brings: nursing, pharmacy, integration, change management."""

    class Meta(Vocabulary.Meta):
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")
        constraints = [models.UniqueConstraint(fields=["code"], name="rollout_discipline_code")]
