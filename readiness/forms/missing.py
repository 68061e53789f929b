"""The filters of who is missing, and what a booking is asked with."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from readiness.dashboards.missing import NO_GROUP
from readiness.forms.sites import ANY
from readiness.indicators.missing import Asked
from rollout.forms.once import OnceForm
from rollout.models import StaffGroup, Ward
from training.models import Course

BOOKED = (("yes", _("Booked, or on a waiting list")), ("no", _("Not booked")))
FILTERS = ("q", "course", "ward", "group", "booked", "managers", "expiring")


class MissingFilters(forms.Form):
    """Filters in the query string. A value that is none of the choices says so and filters nothing."""

    is_filter = True

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("A name or an employee number."),
        widget=forms.TextInput({"type": "search"}),
    )
    course = forms.ChoiceField(label=_("Course"), required=False)
    ward = forms.ChoiceField(label=_("Ward"), required=False)
    group = forms.ChoiceField(label=_("Staff group"), required=False)
    booked = forms.ChoiceField(label=_("Booked"), required=False, choices=[ANY, *BOOKED])
    managers = forms.BooleanField(label=_("Line managers only"), required=False)
    expiring = forms.BooleanField(label=_("Trained, but it runs out before go-live"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        courses: Iterable[Course],
        wards: Iterable[Ward],
        groups: Iterable[StaffGroup],
        ward_word: str,
    ) -> None:
        """Take the courses, wards and staff groups to choose from. One course alone is not asked about."""
        super().__init__(data)
        self.courses = {course.code: course for course in courses}
        self.wards = {ward.code: ward for ward in wards}
        self.groups = {group.code: group for group in groups}
        only = len(self.courses) == 1
        self._choose("course", _("Course"), ((code, _told(course)) for code, course in self.courses.items()))
        self._choose("ward", ward_word.capitalize(), ((code, ward.name) for code, ward in self.wards.items()))
        groups_told = ((code, str(group).capitalize()) for code, group in self.groups.items())
        self._choose("group", _("Staff group"), [*groups_told, (NO_GROUP, _("No staff group"))])
        if only:
            del self.fields["course"]
        self.order_fields(FILTERS)

    def _choose(self, name: str, label: Any, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[ANY, *choices])

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen and can be used."""
        self.is_valid()
        return self.cleaned_data

    def asked(self, *, wards: Iterable[int] | None) -> Asked:
        """The same as a question about pairs; `wards` are those that the reader may read names of, None for all."""
        choice = self.choice
        courses = list(self.courses.values()) if "course" not in self.fields else []
        if chosen := self.courses.get(choice.get("course", "")):
            courses = [chosen]
        within = None if wards is None else set(wards)
        if ward := self.wards.get(choice.get("ward", "")):
            within = {ward.pk} if within is None else within & {ward.pk}
        group = choice.get("group")
        groups = [0] if group == NO_GROUP else [self.groups[group].pk] if group else None
        return Asked(
            courses=[course.pk for course in courses] or None,
            wards=within,
            groups=groups,
            managers=choice.get("managers", False),
            booked={"yes": True, "no": False}.get(choice.get("booked", "")),
            lapsing=choice.get("expiring", False),
            champions=bool(courses) and courses[0].for_champions,
            words=choice.get("q", "").split(),
        )


def _told(course: Course) -> str:
    return gettext("%(course)s (champions)") % {"course": course.name} if course.for_champions else course.name


class BookForm(OnceForm):
    """The booking as the check page showed it; `mark` is of its outlook."""

    mark = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)


class CancelForm(forms.Form):
    """Why places are taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_("For the audit trail. Nobody is mailed it. Do not include patient details."),
    )
