"""Every system check: its name on the template's form, its finding in words, where its records are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Check:
    """A question that the records answer.

    `says` is the finding in words over %(found)s and %(total)s, `none` the words where nothing was found. `indicator`
    names the indicator whose stored reading it is; `page` the page that shows its records otherwise, with `anchor`.
    `of_people`: the finding counts people, and small counts are not for everybody.
    """

    label: Any
    says: Any
    none: Any = ""
    indicator: str = ""
    page: str = "readiness:deployment-detail"
    anchor: str = ""
    of_people: bool = False

    def words(self, found: int, total: int) -> str:
        """The finding in a sentence."""
        said = self.says if found or not self.none else self.none
        return str(said) % {"found": found, "total": total}


CHECKS: Mapping[str, Check] = {
    "seat_filled": Check(
        _("The seat of the item is filled"),
        _("People who hold the seat today: %(found)s."),
        _("Nobody holds the seat today, neither at the site nor for the whole programme."),
        anchor="seats",
    ),
    "chairs_named": Check(
        _("The readiness group has both chairs"),
        _("%(found)s of %(total)s chairs of the readiness group are named."),
        anchor="seats",
    ),
    "disciplines_covered": Check(
        _("Every discipline of the programme is in the team"),
        _("%(found)s of %(total)s disciplines that the programme names are held by somebody today."),
        _("Nobody in the team brings a discipline that the programme names."),
        anchor="seats",
    ),
    "standard_decided": Check(
        _("A decision makes the system the standard"),
        _("Decisions that make it the standard, with the day from which they hold: %(found)s."),
        _("No decision says from which day this is the standard."),
        page="readiness:programme-detail",
        anchor="decisions",
    ),
    "targets_agreed": Check(
        _("Every measure has an agreed target for the site"),
        _("%(found)s of %(total)s measures have a target that the site has agreed to."),
        indicator="goals.targets",
    ),
    "baseline_recorded": Check(
        _("The starting point is assessed in every domain"),
        _("The starting point is assessed in %(found)s of %(total)s domains."),
    ),
    "measures_observed": Check(
        _("Every measure was observed before go-live"),
        _("%(found)s of %(total)s measures were observed here before the go-live."),
        _("No measure has been observed here before the go-live."),
    ),
    "curve_planned": Check(
        _("The training curve is planned"),
        _("The planned curve has %(found)s points."),
        _("No curve is planned."),
        page="readiness:deployment-training",
    ),
    "managers_trained": Check(
        _("All line managers are trained"),
        _("%(found)s of %(total)s courses that line managers need are completed."),
        _("No line manager has completed a course yet."),
        indicator="training.managers",
        of_people=True,
    ),
    "champions_named": Check(
        _("Every ward has a champion"),
        _("%(found)s of %(total)s wards have a champion today."),
        _("No ward has a champion today."),
        page="readiness:deployment-rota",
    ),
    "rota_filled": Check(
        _("Every slot of the champion rota is filled"),
        _("%(found)s of %(total)s slots of the go-live fortnight are filled."),
        _("No slot of the go-live fortnight is filled."),
        indicator="champions.cover",
    ),
    "hazard_log_kept": Check(
        _("The hazard log has entries"),
        _("Hazards in the log: %(total)s. Closed or accepted: %(found)s."),
        indicator="governance.hazards",
    ),
    "agreements_signed": Check(
        _("Every agreement is signed by everybody"),
        _("%(found)s of %(total)s signatures on agreements are in."),
        _("No signature on an agreement is in."),
    ),
    "two_dates": Check(
        _("The technical go-live is two weeks before the users'"),
        _("The technical go-live is %(found)s days before the users'; %(total)s are asked for."),
        _("The technical go-live is not before the users' go-live, or one of the dates is missing."),
    ),
    "log_in_tests": Check(
        _("Enough staff have passed their log-in test"),
        _("%(found)s of %(total)s staff have passed their latest log-in test."),
        _("Nobody has passed a log-in test yet."),
        indicator="technical.access",
        of_people=True,
    ),
    "command_rota": Check(
        _("Bronze, silver and gold are named for the go-live fortnight"),
        _("%(found)s of %(total)s days of bronze, silver and gold command are covered in the go-live fortnight."),
        _("Nobody is named for the go-live fortnight."),
    ),
    "funding_past_go_live": Check(
        _("Funding is secured for a year past go-live"),
        _("%(found)s of %(total)s days from the go-live on are covered by secured funding."),
        _("No day after the go-live is covered by secured funding."),
        page="readiness:programme-board",
    ),
    "no_collision": Check(
        _("No other change collides with the go-live"),
        _("%(found)s of %(total)s weeks around the go-live are free of a collision, or it is waived."),
        _("No week around the go-live is free of a collision, or there is no go-live date."),
    ),
    "devices_counted": Check(
        _("Every ward was counted and has the devices it needs"),
        _("%(found)s of %(total)s wards were counted and have every device they need."),
        _("No ward was counted that has every device it needs."),
        page="readiness:infrastructure",
    ),
    "wifi_counted": Check(
        _("Wi-Fi was measured on every ward and has no gap"),
        _("%(found)s of %(total)s wards were measured and have no gap in the Wi-Fi."),
        _("No ward was measured that has no gap in the Wi-Fi."),
        page="readiness:infrastructure",
    ),
    "sign_in_counted": Check(
        _("On every ward people can log in on every device"),
        _("%(found)s of %(total)s wards were counted and let people log in on every device."),
        _("No ward was counted that lets people log in on every device."),
        page="readiness:infrastructure",
    ),
    "printers_counted": Check(
        _("Every ward was counted and has the printers it needs"),
        _("%(found)s of %(total)s wards were counted and have every printer they need."),
        _("No ward was counted that has every printer it needs."),
        page="readiness:infrastructure",
    ),
}
