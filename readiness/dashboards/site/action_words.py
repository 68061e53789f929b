"""An action in the words of a site's page: its record, who is to act, what it wins and what it lifts."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import Named
from readiness.dashboards.site.seats import Seats
from readiness.dashboards.site.who import Who, owner_of, seat_of
from readiness.explain import ActionGroup, ActionKind, cap_words
from readiness.scoring import Model
from readiness.scoring.document import number_text
from rollout.choices import Role
from rollout.models.vocabulary import seat_words
from rollout.templatetags.formats import points as signed_points

# Who acts where the record names nobody: the role whose work it is.
BY_ROLE: Mapping[ActionKind, Role] = {
    ActionKind.TRAIN_CHAMPION: Role.WARD_MANAGER,
    ActionKind.ADD_CHAMPION: Role.WARD_MANAGER,
    ActionKind.FILL_SLOT: Role.WARD_MANAGER,
    ActionKind.TEST_LOGIN: Role.WARD_MANAGER,
    ActionKind.REACH_GROUP: Role.SITE_LEAD,
    ActionKind.AGREE_TARGET: Role.SITE_LEAD,
    ActionKind.DECIDE_PILOT: Role.PROGRAMME_MANAGER,
    ActionKind.SECURE_PILOT: Role.PROGRAMME_MANAGER,
}
BY_SEAT: Mapping[ActionKind, str] = {
    ActionKind.TRAIN_PERSON: "trainer",
    ActionKind.CLOSE_HAZARD: "clinical_safety_officer",
}


def points_words(gain: Fraction) -> str:
    """A gain with one decimal, and words for what would be rounded away; "" for none."""
    if not gain:
        return ""
    return gettext("less than +0.1") if gain < Fraction(1, 20) else signed_points(gain)


def record_words(group: ActionGroup, behind: Sequence[Named]) -> str:
    """The record the action is on, where its words do not name it already."""
    best = group.best
    if best.code.startswith("checklist.") or not behind:
        return ""
    if best.kind is ActionKind.FILL_SLOT:
        ward, pattern = behind
        day = date_format(best.unit.key[1], "j F Y")
        return gettext("%(ward)s, %(day)s, %(shift)s") % {"ward": ward.text, "day": day, "shift": pattern.text}
    return behind[0].text


def who_acts(group: ActionGroup, behind: Sequence[Named], seats: Seats, reader: Reader) -> Who:
    """The owner of the record, else whose work it is."""
    best = group.best
    if best.code.startswith("checklist."):
        return owner_of(behind[0], seats, reader)
    if best.kind is ActionKind.DELIVER_COMMITMENT:
        return Who(behind[0].note)
    if best.kind is ActionKind.SIGN_AGREEMENT:
        return Who(", ".join(sorted(each.text for each in behind[1:])))
    if behind and behind[0].person_id is not None:
        return owner_of(behind[0], seats, reader)
    if best.kind in BY_SEAT:
        code = BY_SEAT[best.kind]
        return seat_of(code, seat_words(code), seats, reader)
    return Who(str(BY_ROLE[best.kind].label))


def lift_words(model: Model, group: ActionGroup) -> list[str]:
    """What doing it does to the caps that hold the score down, in words."""
    best, told = group.best, []
    for cap in best.lifts:
        told.append(gettext("Lifts “held at %(limit)s”: %(why)s") % _cap(model, cap))
    for cap in best.total_lifts:
        if cap not in best.lifts:
            words = ngettext(
                "Done %(count)s time, lifts “held at %(limit)s”: %(why)s",
                "All %(count)s together lift “held at %(limit)s”: %(why)s",
                group.count,
            )
            told.append(words % {"count": group.count, **_cap(model, cap)})
    for cap in best.eases:
        if cap not in (*best.lifts, *best.total_lifts):
            told.append(gettext("Takes away one reason for “held at %(limit)s”: %(why)s") % _cap(model, cap))
    return told


def _cap(model: Model, cap: str) -> dict[str, str]:
    return {"limit": str(number_text(model.caps[cap])), "why": cap_words(cap)}
