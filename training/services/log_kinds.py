"""What each kind of entry of the log says, and which service does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from rollout.audit import noting
from rollout.forms.patient_data import looks_like_nhs_number
from rollout.models import Deployment, SupportIssue, User, Ward
from rollout.services.support import raise_issue, takes_issues
from training.choices import EntryKind
from training.hours import Span, span_of
from training.permissions import keep_rota_of
from training.services.access_checks import LONGEST_DEVICE, record_access_check
from training.services.attendance import ON_A_SHEET, Seen, record_attendance
from training.services.log_bodies import Body, WrongValue
from training.services.log_places import NoSuchPlace, check_day, check_open, deployments_at
from training.services.log_reads import Reads
from training.services.shift_log import MOST_HELPED, Made, log_shift, mark_shift, put_back, typed_span

MOST_PEOPLE = 500
LONGEST_NUMBER = 40
LONGEST_REASON = 200


@dataclass(frozen=True)
class Sent:
    """An entry on its way to its service: under which id, what it says, when by our clock, and what its request read.

    Who says it is the `user` of the request.
    """

    reads: Reads
    client_id: UUID
    body: Body
    at: datetime

    @property
    def user(self) -> User:
        """Who says it."""
        return self.reads.user


def _ward(sent: Sent) -> Ward:
    return sent.reads.ward(sent.body.row("ward", gettext("Select a ward")))


def _without_patients(sent: Sent, name: str, words: str) -> str:
    """What the audit keeps of words that look like an NHS number. Raises WrongValue unless the entry says why."""
    if not looks_like_nhs_number(words):
        return ""
    reason = sent.body.text("not_a_patient", LONGEST_REASON)
    if not reason or looks_like_nhs_number(reason):
        raise WrongValue(
            name, gettext("This looks like an NHS number. Take patient details out, or say what the number is.")
        )
    return f"looks like an NHS number, but: {reason}"


def shift(sent: Sent) -> Made:
    """Another shift: ward, champion, day, and a pattern of the programme or times of its own."""
    body = sent.body
    ward = _ward(sent)
    staff_id, on = body.row("champion", gettext("Select a champion")), body.day("on")
    deployment, span = _when(sent, ward, on)
    helped, notes = body.count("helped", MOST_HELPED), body.text("notes")
    with noting(_without_patients(sent, "notes", notes)):
        return log_shift(
            client_id=sent.client_id,
            deployment=deployment,
            ward=ward,
            staff_id=staff_id,
            span=span,
            helped=helped,
            notes=notes,
            reads=sent.reads,
        )


def _when(sent: Sent, ward: Ward, on: date) -> tuple[Deployment, Span]:
    body = sent.body
    zone = ZoneInfo(ward.site.time_zone)
    missing = gettext("Select a shift")
    pattern_id = body.row_or_none("pattern", missing)
    if pattern_id is None:
        starts, ends = body.clock("starts"), body.clock("ends")
        next_day = body.yes_no_or_none("next_day", gettext("Say whether it ended the next day"))
        span = typed_span(on, starts, ends, next_day=bool(next_day), zone=zone)
        return sent.reads.deployment(ward, code=body.text("programme", 40)), span
    pattern = sent.reads.pattern(pattern_id)
    if pattern is None:
        raise WrongValue("pattern", missing)
    span = span_of(on, pattern.starts, pattern.ends, zone)
    return sent.reads.deployment(ward, programme_id=pattern.programme_id), span


def confirmed(sent: Sent) -> Made:
    """A planned shift is confirmed."""
    return mark_shift(shift_id=_shift_id(sent), kind=EntryKind.CONFIRMED, reads=sent.reads)


def worked(sent: Sent) -> Made:
    """A planned shift was worked, perhaps with how many were helped."""
    helped = sent.body.count("helped", MOST_HELPED)
    return mark_shift(shift_id=_shift_id(sent), kind=EntryKind.WORKED, helped=helped, reads=sent.reads)


def missed(sent: Sent) -> Made:
    """A planned shift was missed."""
    return mark_shift(shift_id=_shift_id(sent), kind=EntryKind.MISSED, reads=sent.reads)


def undo(sent: Sent) -> Made:
    """The last mark of a shift is taken back."""
    return put_back(shift_id=_shift_id(sent), reads=sent.reads)


def _shift_id(sent: Sent) -> int:
    return sent.body.row("shift", gettext("You cannot log this shift."))


def attendance(sent: Sent) -> Made:
    """Who came to a session."""
    missing = gettext("Say for each person whether they attended")
    states = [str(state) for state in ON_A_SHEET]
    seen = [
        Seen(
            # Who is not on the sheet is known by the employee number alone.
            staff_id=0 if each.text("number", LONGEST_NUMBER) else each.row("staff", missing),
            state=ON_A_SHEET[states.index(each.choice("state", states, missing))],
            passed=each.yes_no_or_none("passed", gettext("Say yes or no for passed")),
            was=each.text("was", 20),
            number=each.text("number", LONGEST_NUMBER),
        )
        for each in sent.body.parts("people", MOST_PEOPLE, missing)
    ]
    session_id = sent.body.row("session", gettext("Select a session"))
    return record_attendance(client_id=sent.client_id, session_id=session_id, seen=seen, by=sent.user)


def access(sent: Sent) -> Made:
    """A colleague's log-in: passed, or why not."""
    body = sent.body
    ward = _ward(sent)
    return record_access_check(
        deployment=sent.reads.deployment(ward, code=body.text("programme", 40)),
        ward=ward,
        staff_id=body.row("staff", gettext("Select a colleague")),
        passed=body.yes_or_no("passed", gettext("Select whether the log-in worked")),
        reason=body.text("reason", 20),
        device=body.text("device", LONGEST_DEVICE),
        at=sent.at,
        by=sent.user,
    )


def issue(sent: Sent) -> Made:
    """Something that is wrong on a ward."""
    body = sent.body
    ward = _ward(sent)
    words = body.text("words", missing=gettext("Say what is wrong"))
    stops_work = body.yes_or_no("stops_work", gettext("Select whether it stops work"))
    zone = ZoneInfo(ward.site.time_zone)
    deployment = _listening(sent, ward)
    if not keep_rota_of(sent.user, deployment, ward.pk):
        raise NoSuchPlace(gettext("You cannot log for this ward."))
    check_open(sent.user, deployment)
    check_day(sent.user, deployment, sent.at.astimezone(zone).date())
    with noting(_without_patients(sent, "words", words)):
        made = raise_issue(
            client_id=sent.client_id,
            deployment=deployment,
            ward=ward,
            words=words,
            stops_work=stops_work,
            raised_at=sent.at,
            today=timezone.localdate(timezone=zone),
            by=sent.user,
        )
    return Made(SupportIssue._meta.db_table, made.pk)


def _listening(sent: Sent, ward: Ward) -> Deployment:
    """The deployment that an issue is of: the one named, else the one that went live last of those that take issues."""
    if code := sent.body.text("programme", 40):
        return sent.reads.deployment(ward, code=code)
    today = timezone.localdate(timezone=ZoneInfo(ward.site.time_zone))
    rows = list(deployments_at([ward]))
    listening = [row for row in rows if takes_issues(row, today)]
    if not listening:
        raise NoSuchPlace(gettext("Nothing is live on this ward, or goes live soon. Ask the site lead."))
    return max(listening, key=lambda row: (row.go_live is not None, row.go_live or today, row.pk))


HANDLERS: Mapping[EntryKind, Callable[[Sent], Made]] = {
    EntryKind.SHIFT: shift,
    EntryKind.CONFIRMED: confirmed,
    EntryKind.WORKED: worked,
    EntryKind.MISSED: missed,
    EntryKind.UNDO: undo,
    EntryKind.ATTENDANCE: attendance,
    EntryKind.ACCESS: access,
    EntryKind.ISSUE: issue,
}
