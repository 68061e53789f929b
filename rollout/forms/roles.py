"""Giving roles: who, which role, for which part of the world. Only the fields that the role needs are asked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollout.choices import Role
from rollout.forms.account import NewPassword
from rollout.forms.once import OnceForm
from rollout.forms.records import RecordForm, choice_of, text_field
from rollout.models import Organisation, Programme, SeatRole, Site, User, Ward
from rollout.querysets.rights import rights_of
from rollout.services.roles import PERSON

ADDRESS = {
    "required": _("Enter an email address"),
    "invalid": _("Enter an email address in the right form, like name@example.org"),
}
# What a manager gives within a programme; a role without a programme or site is an administrator's to give.
OF_MANAGERS = (
    Role.PROGRAMME_MANAGER,
    Role.SITE_LEAD,
    Role.WARD_MANAGER,
    Role.TRAINER,
    Role.SIGNATORY,
    Role.BOARD_MEMBER,
)
DOES: Mapping[str, Any] = {
    Role.ADMINISTRATOR: _("Sees and does everything: people, organisations, system health."),
    Role.PROGRAMME_MANAGER: _("Runs a programme: its sites, waves, templates, goals, decisions."),
    Role.SITE_LEAD: _("Runs a site: its checklist, wards, staff and sessions, in every programme there."),
    Role.WARD_MANAGER: _("Keeps the champions, shifts and attendance of a ward."),
    Role.CHAMPION: _("Confirms and logs their own shifts. Sees no other people."),
    Role.TRAINER: _("Keeps a programme's sessions, bookings and attendance."),
    Role.SIGNATORY: _("Signs gates in the name of a seat. Sees no names of staff."),
    Role.BOARD_MEMBER: _("Reads dashboards, board papers and decisions. Sees no names of staff."),
}


def roles_to_give(user: User) -> list[Role]:
    """The roles that somebody may give: all for administrators."""
    return list(Role) if rights_of(user).administrator else list(OF_MANAGERS)


class RoleChoice(forms.Form):
    """Which role it is to be; goes along in the address."""

    role = choice_of(_("Which role?"), [], _("Select a role"))

    def __init__(self, data: Any = None, *, by: User) -> None:
        """Offer the roles that may be given."""
        super().__init__(data)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, f"{role.label} – {DOES[role]}") for role in roles_to_give(by)]


class GiveRoleForm(OnceForm):
    """The scope of a role. Everything it may name is what the giver may know of and give within."""

    def __init__(self, data: Any = None, *, role: Role, by: User, **options: Any) -> None:
        """Ask for what the role needs."""
        super().__init__(data, **options)
        self.role, self.by, self.rights = role, by, rights_of(by)
        for name in NEEDS[role]:
            if name != "organisation" or self.rights.administrator:
                self.fields[name] = self._field(name)

    def _field(self, name: str) -> forms.Field:
        if name == "programme":
            either = self.rights.administrator and self.role in (Role.BOARD_MEMBER, Role.SIGNATORY)
            return forms.TypedChoiceField(
                label=_("Programme"),
                coerce=int,
                empty_value=None,
                required=not either,
                choices=[("", _("Select a programme")), *self._programmes()],
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a programme")),
            )
        return {
            "site": lambda: text_field(
                _("Site"),
                200,
                missing="" if self.role == Role.SIGNATORY else _("Enter the code or the name of a site"),
                help_text=_("Its code or its whole name.")
                if self.role != Role.SIGNATORY
                else _("Its code or its whole name. Leave empty to sign for every site of the programme."),
            ),
            "ward": lambda: text_field(
                _("Ward"), 200, missing=_("Enter the code or the name of a ward"), help_text=_("Its code or its name.")
            ),
            "seat_role": lambda: text_field(
                _("Seat"),
                60,
                missing=_("Enter the seat in whose name the person signs"),
                help_text=_("Such as SRO or clinical safety officer, as the gates name it."),
            ),
            "organisation": lambda: text_field(
                _("Organisation"), 200, help_text=_("Its code or its whole name, or select a programme instead.")
            ),
        }[name]()

    def _programmes(self) -> list[tuple[int, str]]:
        rows = Programme.objects.current()
        if not self.rights.administrator:
            rows = rows.filter(pk__in=self.rights.managed)
        return [(row.pk, row.name) for row in rows]

    def clean_site(self) -> Site | None:
        """A site that the giver's programmes are at, by code or name."""
        written = self.cleaned_data["site"]
        if not written:
            return None
        sites = Site.objects.current()
        if not self.rights.administrator:
            at = Q(deployments__programme__in=self.rights.managed, deployments__retired_at=None)
            sites = sites.filter(at).distinct()
        return one_of(sites, written, gettext("Enter the code of a site that you know, such as ALD-1"))

    def clean_seat_role(self) -> SeatRole:
        """A seat that is known."""
        written = self.cleaned_data["seat_role"]
        code = "_".join(written.split()).lower()
        found = SeatRole.objects.filter(Q(code__iexact=code) | Q(name__iexact=written)).order_by("pk").first()
        if found is None:
            raise ValidationError(gettext("There is no such seat. Enter one that a gate names, such as SRO"))
        return found

    def clean_organisation(self) -> Organisation | None:
        """An organisation, by code or name."""
        written = self.cleaned_data["organisation"]
        if not written:
            return None
        known = Organisation.objects.current()
        return one_of(known, written, gettext("Enter the code of an organisation that you know"))

    def clean(self) -> dict[str, Any]:
        """The ward is one of the site; a board is of an organisation or of a programme."""
        said = super().clean() or {}
        site, ward = said.get("site"), said.get("ward")
        if site and ward:
            try:
                said["ward"] = one_of(
                    Ward.objects.current().filter(site=site), ward, gettext("Enter the code of a ward of this site")
                )
            except ValidationError as error:
                self.add_error("ward", error)
        one = {"organisation", "programme"}
        if one <= self.fields.keys() and not self.errors and bool(said.get("organisation")) == bool(said["programme"]):
            self.add_error("programme", gettext("Name an organisation or select a programme, one of the two"))
        if self.role == Role.SIGNATORY and not self.errors and not (said.get("programme") or said.get("site")):
            self.add_error("programme", gettext("Select a programme, or enter a site"))
        return said

    @property
    def scope(self) -> dict[str, int | None]:
        """The scope of a valid form, as the service takes it."""
        said = self.cleaned_data
        ids = {
            f"{name}_id": getattr(said.get(name), "pk", None) for name in ("organisation", "site", "ward", "seat_role")
        }
        if self.role == Role.WARD_MANAGER:
            ids["site_id"] = None
        return {**ids, "programme_id": said.get("programme")}


# The fields each role needs, in order; `scope` makes of them what the membership's constraint asks.
NEEDS: Mapping[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (),
    Role.PROGRAMME_MANAGER: ("programme",),
    Role.SITE_LEAD: ("site",),
    Role.WARD_MANAGER: ("site", "ward"),
    Role.CHAMPION: (),
    Role.TRAINER: ("programme",),
    Role.SIGNATORY: ("seat_role", "programme", "site"),
    Role.BOARD_MEMBER: ("organisation", "programme"),
}


def one_of(rows: Any, written: str, missing: str) -> Any:
    """The row of that code, else the only one of that name. Raises ValidationError."""
    found = rows.filter(code__iexact=written).first()
    named = [] if found else list(rows.filter(name__iexact=written)[:2])
    if found is None and len(named) != 1:
        raise ValidationError(missing)
    return found or named[0]


class NewPersonForm(GiveRoleForm):
    """Somebody who is to log in, with their first role."""

    email = forms.EmailField(label=_("Email address"), max_length=254, error_messages=ADDRESS)
    name = text_field(_("Name"), 200, missing=_("Enter a name"))


class PersonForm(RecordForm):
    """How a person is called, and the address they log in with."""

    marked = PERSON

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages=ADDRESS,
        help_text=_("The person logs in with it from now on, and gets mail there. Their password stays."),
    )
    name = text_field(_("Name"), 200, missing=_("Enter a name"))


class PeopleFilters(forms.Form):
    """Whom to look for. A value that is none of the choices filters nothing."""

    is_filter = True

    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *Role.choices])
    gone = forms.BooleanField(label=_("May not log in"), required=False)

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data


class FirstPasswordForm(NewPassword):
    """The first password, twice."""
