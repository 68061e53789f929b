"""Planning a training session, moving one, holding one again."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollout.forms.once import OnceForm
from rollout.forms.patient_data import NoPatientData
from rollout.forms.people import person_field, written_for
from rollout.forms.records import RecordForm, known_day, text_field
from rollout.models import Deployment
from rollout.services.refusals import Refused
from training.choices import CourseMode
from training.forms.rota import A_DAY, offer, one_of
from training.hours import Span
from training.models import Course, TrainingSession
from training.services.session_series import MOST_AT_ONCE, SeriesPlan
from training.services.sessions import MOST_PLACES, SESSION, check_span, zone_at
from training.services.typed_times import typed_moments

LONGEST_ROOM = 300
MOST_ALIKE = 5  # sites named to whoever typed a part of a name
PLACES = _("Enter a whole number from 1 to 1,000, or leave it empty where there is no limit")


def time_field(label: Any, example: str, **options: Any) -> forms.TimeField:
    """A time by the clock."""
    words = _("Enter a time like %(example)s") % {"example": example}
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), words),
        **options,
    )


class SessionFields(NoPatientData):
    """When a session is, where, for how many, and who holds it. Its times are by the clock of `zone`."""

    zone: ZoneInfo
    span: Span

    on = known_day(_("Day"), missing=A_DAY)
    starts = time_field(_("From"), "09:00", help_text=_("By the clock of the site."))
    ends = time_field(_("To"), "11:00")
    ends_on = known_day(_("Last day"), help_text=_("Only for a session that ends on another day, such as at night."))
    room = text_field(_("Room or link"), LONGEST_ROOM)
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("How many people can be booked. Whoever comes after that waits. Empty: there is no limit."),
        widget=forms.TextInput({"size": "4", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PLACES),
    )
    trainer = person_field(
        _("Trainer"), help_text=_("An email address or a name. With the address, the session is in their calendar.")
    )

    def clean(self) -> dict[str, Any]:
        """The times are whole, in order, and shown once by the clocks."""
        said = super().clean() or {}
        if all(said.get(name) for name in ("on", "starts", "ends")) and not {"ends_on", "site"} & self.errors.keys():
            try:
                self.span = self.span_of(said)
            except Refused as refused:
                self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        return said

    def span_of(self, said: dict[str, Any]) -> Span:
        """From when until when. Raises WrongTimes for times that no session has."""
        span = typed_moments(said["on"], said["starts"], said.get("ends_on") or said["on"], said["ends"], self.zone)
        check_span(span)
        return span

    def told(self, *names: str) -> dict[str, Any]:
        """What a valid form says of a session, as the services take it."""
        said = self.cleaned_data
        return {"span": self.span, **{name: said[name] for name in ("room", "capacity", "trainer", *names)}}


class NewSessionForm(OnceForm, SessionFields):
    """A session that is not planned yet, of one of the programme's courses that are taught."""

    course = one_of(_("Course"), _("Select a course"))
    site = text_field(_("Site"), 200, help_text=_("Its code or its whole name."))
    field_order = ("course", "site", "on", "starts", "ends", "ends_on", "room", "capacity", "trainer")

    def __init__(
        self,
        data: Any = None,
        *,
        courses: QuerySet[Course],
        sites: QuerySet[Deployment],
        anywhere: bool,
        **options: Any,
    ) -> None:
        """Offer these courses; `anywhere`: a session may be for all sites of the programme."""
        super().__init__(data, **options)
        taught = courses.filter(active=True, retired_at=None).exclude(mode=CourseMode.E_LEARNING)
        offer(
            self,
            "course",
            [("", _("Select a course")), *((each.pk, each.name) for each in taught.order_by("name", "pk"))],
        )
        self.sites, self.zone = sites, ZoneInfo(settings.TIME_ZONE)
        field = self.fields["site"]
        field.required = not anywhere
        field.error_messages["required"] = gettext("Enter the site")
        if anywhere:
            field.help_text = _("Its code or its whole name. Leave it empty for a session over a link for every site.")

    def clean_site(self) -> int | None:
        """The id of the site that is meant, whose clock holds; None for every site."""
        written = " ".join(self.cleaned_data["site"].split())
        if not written:
            return None
        meant = self.sites.filter(Q(site__code__iexact=written) | Q(site__name__iexact=written)).select_related("site")
        found = list(meant.order_by("pk")[:2])
        found = [each for each in found if each.site.code == written] or found
        if len(found) != 1:
            several = gettext("More than one site has this name. Enter its code")
            nowhere = gettext("There is no such site here where you plan sessions. Enter its code")
            raise forms.ValidationError(several if found else f"{nowhere} {self.near(written)}".strip())
        self.zone = ZoneInfo(found[0].site.time_zone)
        return found[0].site_id

    def near(self, written: str) -> str:
        """The sites in whose names a part that was typed stands, in brackets; empty where there is none."""
        alike = self.sites.filter(site__name__icontains=written).order_by("site__name", "pk")
        named = [f"{name}: {code}" for name, code in alike.values_list("site__name", "site__code")[:MOST_ALIKE]]
        return f"({', '.join(named)})" if named else ""

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        return {"course_id": self.cleaned_data["course"], "site_id": self.cleaned_data["site"], **self.told()}


class SessionForm(RecordForm, SessionFields):
    """A session that is planned."""

    marked = SESSION

    def __init__(self, data: Any = None, row: Any = None, **options: Any) -> None:
        """Read the times by the clock of its site."""
        super().__init__(data, row, **options)
        self.zone = zone_at(self.row)

    @classmethod
    def standing(cls, row: TrainingSession) -> dict[str, Any]:
        """As the session stands, by the clock of its site."""
        starts, ends = (at.astimezone(zone_at(row)) for at in (row.starts_at, row.ends_at))
        return {
            "on": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "ends_on": ends.date() if ends.date() != starts.date() else None,
            "room": row.room,
            "capacity": row.capacity,
            "trainer": written_for(row.trainer),
        }

    def span_of(self, said: dict[str, Any]) -> Span:
        """Times that nobody touched stay as they are, also where an import brought ones that cannot be typed."""
        stands = self.standing(self.row)
        typed = (said["on"], said["starts"], said.get("ends_on") or said["on"], said["ends"])
        starts, ends = (stands[name].replace(second=0, microsecond=0) for name in ("starts", "ends"))
        if typed == (stands["on"], starts, stands["ends_on"] or stands["on"], ends):
            return Span(self.row.starts_at, self.row.ends_at)
        return super().span_of(said)

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the service takes it."""
        return self.told()


class AgainForm(forms.Form):
    """On which day a session is held again, or from when until when once a week, as an address names them."""

    first = known_day(_("On which day is it held again?"), missing=A_DAY)
    until = known_day(
        _("Then every week until"), help_text=_("Leave it empty to hold it once more. The hours stay as they are.")
    )

    def clean(self) -> dict[str, Any]:
        """The days are in order, and not so many that it must be a slip of the pen."""
        said = super().clean() or {}
        first, until = said.get("first"), said.get("until")
        if first and until and until < first:
            self.add_error("until", gettext("The last day must not be before the first"))
        elif first and until and (until - first).days // 7 >= MOST_AT_ONCE:
            words = ngettext(
                "At most %(n)s session at once. Choose an earlier day",
                "At most %(n)s sessions at once. Choose an earlier day",
                MOST_AT_ONCE,
            )
            self.add_error("until", words % {"n": MOST_AT_ONCE})
        return said

    def plan(self, session: TrainingSession) -> SeriesPlan:
        """What a valid form asks for."""
        first: date = self.cleaned_data["first"]
        last: date = self.cleaned_data["until"] or first
        days = tuple(first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1))
        return SeriesPlan(session, days)
