"""Two organisations that must not see each other, each complete, and everybody who may come to their pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.utils import timezone

from readiness.models import (
    ChecklistItem,
    ChecklistTemplate,
    FileImport,
    FileImportLine,
    FileImportProblem,
    Gate,
    GateReview,
    Hazard,
    RecomputeRun,
    SignOff,
    TemplateItem,
    Waiver,
)
from readiness.services.file_imports import begin_import
from readiness.services.item_events import add_events
from rollout import sessions
from rollout.audit import acting
from rollout.choices import ChangeWhat, DeclaredStatus, Role
from rollout.models import (
    Agreement,
    Decision,
    Deployment,
    DeploymentChange,
    EngagementEvent,
    GroupAction,
    GroupMeeting,
    Organisation,
    OtherChange,
    Person,
    Pilot,
    PriorityReview,
    Programme,
    ReadinessGroup,
    ReleaseBundle,
    SavedView,
    Seat,
    SeatRole,
    Signature,
    Site,
    User,
    Ward,
)
from tests import factories as make
from training.models import (
    Absence,
    Attendance,
    Champion,
    ChampionShift,
    Course,
    LogEntry,
    RefusedEntry,
    ShiftPattern,
    StaffMember,
    TrainingSession,
)


@dataclass
class Tenant:
    """One organisation with a programme at one site, every text of it carrying a marker word."""

    marker: str
    organisation: Organisation
    programme: Programme
    site: Site
    ward: Ward
    deployment: Deployment
    person: StaffMember
    run: RecomputeRun
    view: SavedView
    item: ChecklistItem
    act: str
    gate: Gate
    member: User

    def scope(self, role: str) -> dict[str, Any]:
        """What a membership of the role names here."""
        return {
            Role.PROGRAMME_MANAGER: {"programme": self.programme},
            Role.SITE_LEAD: {"site": self.site},
            Role.WARD_MANAGER: {"ward": self.ward},
            Role.TRAINER: {"programme": self.programme},
            Role.SIGNATORY: {"programme": self.programme},
            Role.BOARD_MEMBER: {"organisation": self.organisation},
        }[Role(role)]

    def address(self, name: str) -> dict[str, Any]:
        """The parts of an address, as far as a route of that name needs them."""
        parts: dict[str, Any] = {
            "programme": self.programme.code,
            "site": self.site.code,
            "run": self.run.pk,
            "item": self.item.code,
            "step": "status",
            "gate": self.gate.code,
            "act": self.act,
        }
        parts |= rows_of(self.deployment, own="site" not in ADDRESS_PARTS.get(name, ()))
        at_a_site = "site" in ADDRESS_PARTS.get(name, ())
        parts["kind"], parts["record"] = ("item", self.item.pk) if at_a_site else ("programme", self.programme.pk)
        parts["file"] = self.item.files.get().pk
        parts["view"] = self.view.pk
        parts["session"] = self.programme.training_sessions.earliest("pk").pk
        parts["ward"] = self.ward.pk
        parts["phone"] = self.ward.phones.get().pk
        parts["organisation"] = self.organisation.pk
        parts["user_id"] = self.member.pk
        parts["place"] = self.site.pk
        parts["wave"] = self.deployment.wave_id
        parts["bundle"] = f"B{self.programme.pk}"
        parts["measure"] = self.programme.measures.get().code
        parts["hazard"] = self.programme.hazards.get().code
        parts["course"] = self.programme.courses.earliest("pk").code
        parts["indicator"] = "training.completion"
        parts["event"] = self.programme.engagement_events.earliest("pk").pk
        parts["champion"] = self.programme.champions.earliest("pk").pk
        parts["shift"] = self.programme.champion_shifts.earliest("pk").pk
        parts["refused"] = self.programme.refused_entries.earliest("pk").pk
        parts["staff"], parts["posting"] = self.person.pk, self.person.postings.earliest("pk").pk
        parts["absence"] = self.person.absences.earliest("pk").pk
        parts["pattern"] = self.programme.shift_patterns.earliest("pk").pk
        parts["version"] = DRAFT
        parts["number"] = self.programme.file_imports.get().pk
        return {part: parts[part] for part in ADDRESS_PARTS.get(name, ())}


def rows_of(deployment: Deployment, *, own: bool) -> dict[str, Any]:
    """Rows of a tenant's team: its seat (`own`: the programme's own), a meeting and an action of its group."""
    seats = Seat.objects.filter(programme=deployment.programme, site=None if own else deployment.site)
    group = deployment.readiness_group
    return {
        "seat": seats.earliest("pk").pk,
        "meeting": group.meetings.get().pk,
        "action": group.actions.get().pk,
    }


# The version of each tenant's draft template.
DRAFT = 9
# What the addresses of our routes are made of.
ADDRESS_PARTS: dict[str, tuple[str, ...]] = {
    "rollout:person-detail": ("user_id",),
    "rollout:person-edit": ("user_id",),
    "rollout:role-new": ("user_id",),
    "rollout:organisation-detail": ("organisation",),
    "rollout:site-new": ("organisation",),
    "rollout:site-detail": ("place",),
    "rollout:ward-new": ("place",),
    "rollout:ward-detail": ("ward",),
    "rollout:organisation-close": ("organisation",),
    "rollout:site-close": ("place",),
    "rollout:ward-close": ("ward",),
    "rollout:phone-revoke": ("phone",),
    "training:log-sheet": ("session",),
    "readiness:session-attendance": ("programme", "session"),
    "readiness:session-numbers": ("programme", "session"),
    "readiness:course-numbers": ("programme", "course"),
    "readiness:everyone-attended": ("programme",),
    "readiness:attendance-missing": ("programme",),
    "readiness:session-door": ("programme", "session"),
    "readiness:session-kiosk": ("programme", "session"),
    "training:check-in": ("session",),
    "training:log-at-ward": ("ward",),
    "readiness:programme-detail": ("programme",),
    "readiness:programme-settings": ("programme",),
    "readiness:programme-edit": ("programme",),
    "readiness:programme-state": ("programme",),
    "readiness:programme-left-out": ("programme",),
    "readiness:course-list": ("programme",),
    "readiness:course-new": ("programme",),
    "readiness:course-detail": ("programme", "course"),
    "readiness:course-retire": ("programme", "course"),
    "readiness:course-restore": ("programme", "course"),
    "readiness:session-list": ("programme",),
    "readiness:session-new": ("programme",),
    "readiness:session-detail": ("programme", "session"),
    "readiness:session-change": ("programme", "session"),
    "readiness:session-cancel": ("programme", "session"),
    "readiness:session-restore": ("programme", "session"),
    "readiness:session-again": ("programme", "session"),
    "readiness:measure-list": ("programme",),
    "readiness:measure-new": ("programme",),
    "readiness:measure-detail": ("programme", "measure"),
    "readiness:programme-status": ("programme",),
    "readiness:priority-review": ("programme",),
    "readiness:priority-plan": ("programme",),
    "readiness:bundle-detail": ("bundle",),
    "readiness:wave-list": ("programme",),
    "readiness:wave-new": ("programme",),
    "readiness:wave-detail": ("programme", "wave"),
    "readiness:site-interest": ("programme", "site"),
    "readiness:programme-board": ("programme",),
    "readiness:programme-decisions": ("programme",),
    "readiness:hazard-list": ("programme",),
    "readiness:hazard-new": ("programme",),
    "readiness:hazard-detail": ("programme", "hazard"),
    "readiness:hazard-change": ("programme", "hazard"),
    "readiness:decision-new": ("programme",),
    "readiness:deployment-new": ("programme",),
    "readiness:site-new": ("programme",),
    "readiness:deployment-out": ("programme", "site"),
    "readiness:deployment-out-list": ("programme",),
    "readiness:deployment-scope": ("programme", "site"),
    "readiness:ward-new": ("programme", "site"),
    "readiness:ward-detail": ("programme", "site", "ward"),
    "readiness:template-list": ("programme",),
    "readiness:template-adopt": ("programme",),
    "readiness:template-detail": ("programme", "version"),
    "readiness:template-add": ("programme", "version"),
    "readiness:template-standard": ("programme", "version"),
    "readiness:template-publish": ("programme", "version"),
    "readiness:template-item": ("programme", "version", "item"),
    "readiness:template-discard": ("programme", "version"),
    "readiness:template-restore": ("programme", "version"),
    "readiness:template-remove": ("programme", "version", "item"),
    "readiness:gate-settings": ("programme",),
    "readiness:gate-new": ("programme",),
    "readiness:gate-change": ("programme", "gate"),
    "readiness:gate-retire": ("programme", "gate"),
    "readiness:checklist-adopt": ("programme", "site"),
    "readiness:infrastructure": ("programme", "site"),
    "readiness:infrastructure-ward": ("programme", "site", "ward"),
    "readiness:baseline": ("programme", "site"),
    "readiness:baseline-new": ("programme", "site"),
    "readiness:resource-plan": ("programme",),
    "readiness:resource-need": ("programme",),
    "readiness:seat-list": ("programme",),
    "readiness:seat-new": ("programme",),
    "readiness:seat-detail": ("programme", "seat"),
    "readiness:deployment-team": ("programme", "site"),
    "readiness:team-seat-new": ("programme", "site"),
    "readiness:team-seat-detail": ("programme", "site", "seat"),
    "readiness:group-chairs": ("programme", "site"),
    "readiness:meeting-new": ("programme", "site"),
    "readiness:meeting-detail": ("programme", "site", "meeting"),
    "readiness:action-new": ("programme", "site"),
    "readiness:action-detail": ("programme", "site", "action"),
    "readiness:deployment-list": ("programme",),
    "readiness:view-list": ("programme",),
    "readiness:item-view-list": ("programme",),
    "readiness:view-detail": ("programme", "view"),
    "readiness:deployment-detail": ("programme", "site"),
    "readiness:deployment-timeline": ("programme", "site"),
    "readiness:deployment-why": ("programme", "site"),
    "readiness:indicator-records": ("programme", "site", "indicator"),
    "readiness:deployment-plan": ("programme", "site", "step"),
    "readiness:waiver-list": ("programme", "site"),
    "readiness:gate-list": ("programme", "site"),
    "readiness:gate-detail": ("programme", "site", "gate"),
    "readiness:item-list": ("programme",),
    "readiness:item-change": ("programme",),
    "readiness:item-remind": ("programme",),
    "readiness:programme-recent": ("programme",),
    "readiness:deployment-recent": ("programme", "site"),
    "readiness:site-change": ("programme",),
    "readiness:act-undo": ("programme", "act"),
    "readiness:checklist": ("programme", "site"),
    "readiness:checklist-item": ("programme", "site", "item"),
    "readiness:item-row": ("programme", "site", "item"),
    "readiness:evidence-file": ("programme", "site", "item", "file"),
    "readiness:programme-comments": ("programme", "kind", "record"),
    "readiness:deployment-comments": ("programme", "site", "kind", "record"),
    "readiness:programme-training": ("programme",),
    "readiness:deployment-training": ("programme", "site"),
    "readiness:training-missing": ("programme", "site"),
    "readiness:training-book": ("programme", "site"),
    "readiness:session-book": ("programme", "session"),
    "readiness:session-places": ("programme", "session"),
    "readiness:training-seats": ("programme", "site"),
    "readiness:training-plan": ("programme", "site"),
    "readiness:training-plan-own": ("programme", "site"),
    "readiness:refused-list": ("programme",),
    "readiness:refused-detail": ("programme", "refused"),
    "readiness:programme-access": ("programme",),
    "readiness:access": ("programme", "site"),
    "readiness:access-people": ("programme", "site"),
    "readiness:access-drill": ("programme", "site"),
    "readiness:programme-rota": ("programme",),
    "readiness:deployment-rota": ("programme", "site"),
    "readiness:champion-list": ("programme", "site"),
    "readiness:champion-new": ("programme", "site"),
    "readiness:champion-detail": ("programme", "site", "champion"),
    "readiness:champion-stand-down": ("programme", "site", "champion"),
    "readiness:rota-copy": ("programme", "site"),
    "readiness:rota-print": ("programme", "site"),
    "readiness:ward-poster": ("programme", "site", "ward"),
    "readiness:rota-hours": ("programme", "site"),
    "readiness:held-own": (),
    "readiness:staff-list": ("programme", "site"),
    "readiness:staff-detail": ("programme", "site", "staff"),
    "readiness:staff-held": ("programme", "site", "staff"),
    "readiness:staff-log-in": ("programme", "site", "staff"),
    "readiness:staff-log-in-new": ("programme", "site", "staff"),
    "readiness:staff-log-in-unlink": ("programme", "site", "staff"),
    "readiness:staff-posting": ("programme", "site", "staff", "posting"),
    "readiness:staff-absence-new": ("programme", "site", "staff"),
    "readiness:staff-absence": ("programme", "site", "staff", "absence"),
    "readiness:programme-retention": ("programme",),
    "readiness:retention-now": ("programme",),
    "readiness:pattern-list": ("programme",),
    "readiness:pattern-new": ("programme",),
    "readiness:pattern-detail": ("programme", "pattern"),
    "readiness:pattern-retire": ("programme", "pattern"),
    "readiness:champion-events": ("programme", "site"),
    "readiness:champion-event-new": ("programme", "site"),
    "readiness:champion-event-retire": ("programme", "site", "event"),
    "readiness:shift-list": ("programme", "site"),
    "readiness:shift-new": ("programme", "site"),
    "readiness:shift-detail": ("programme", "site", "shift"),
    "readiness:shift-cancel": ("programme", "site", "shift"),
    "readiness:shift-restore": ("programme", "site", "shift"),
    "readiness:own-shift-confirm": ("shift",),
    "readiness:own-shift-decline": ("shift",),
    "readiness:import-list": ("programme",),
    "readiness:import-new": ("programme",),
    "readiness:import-detail": ("programme", "number"),
    "readiness:import-sheet": ("programme", "number"),
    "readiness:import-columns": ("programme", "number"),
    "readiness:import-load": ("programme", "number"),
    "readiness:import-undo": ("programme", "number"),
    "readiness:import-step": ("programme", "number"),
    "readiness:run-list": ("programme",),
    "readiness:run-detail": ("programme", "run"),
    "readiness:health-run": ("run",),
}


def make_tenant(marker: str) -> Tenant:
    """A tenant whose every text holds the marker. Its codes do not: a page repeats the address it was asked for."""
    organisation = make.make_organisation(name=f"{marker} Trust")
    site = make.make_site(organisation=organisation, name=f"{marker} Hospital")
    ward = make.make_ward(site=site, name=f"{marker} ward")
    programme = make.make_programme(name=f"{marker} programme", goal=f"{marker} goal")
    make.make_measure(programme=programme, name=f"{marker} measure", headline=True)
    wave = make.make_wave(programme=programme, name=f"{marker} wave")
    deployment = make.make_deployment(
        programme=programme,
        site=site,
        wave=wave,
        declared_status=DeclaredStatus.GREEN,
        declared_on=make.DAY,
        declared_words=f"{marker} words",
    )
    item = make.make_blocker(deployment, text=f"{marker} item")
    draft = ChecklistTemplate.objects.create(programme=programme, version=DRAFT)
    TemplateItem.objects.create(template=draft, code=item.code, domain="continuity", text=f"{marker} draft")
    make.make_evidence(item, name=f"{marker} file.txt", content=f"{marker} evidence".encode())
    gate = Gate.objects.create(programme=programme, code="GO", name=f"{marker} gate", due_days=3)
    make.make_comment(item, deployment=deployment, text=f"{marker} comment", author=f"{marker} author")
    make.make_comment(programme, text=f"{marker} word", author=f"{marker} author")
    make.make_score(deployment, situation={"overdue_blockers": 1})
    make_story(deployment, marker)
    make_surroundings(deployment, marker)
    person = make.make_staff(ward, name=f"{marker} person")
    Absence.objects.create(staff=person, from_on=make.DAY, kind="other")
    make_training(deployment, ward, person, marker)
    make_import(programme, marker)
    make.make_phone(ward, name=f"{marker} phone")
    run = make.make_run(programme=programme, by=make.make_user(name=f"{marker} asker"), failed=1, total=2, done=1)
    make.make_failure(run, deployment, error=f"{marker}Error")
    return Tenant(
        marker=marker,
        organisation=organisation,
        programme=programme,
        site=site,
        ward=ward,
        deployment=deployment,
        person=person,
        run=run,
        view=make.make_view(programme=programme, name=f"{marker} view", query=f"q={marker}", shared=True),
        item=item,
        act=make_act(item),
        gate=gate,
        member=make.make_member(Role.TRAINER, programme=programme, user=make.make_user(name=f"{marker} member")),
    )


def make_import(programme: Programme, marker: str) -> None:
    """An import of a file that was checked: its sheet, its columns, a line and a problem hold the marker."""
    content = f"Site,Ward,{marker} heading\nS1,W1,{marker} cell\n".encode()
    by = make.make_user(name=f"{marker} importer")
    begun = begin_import(programme_id=programme.pk, kind="wards", name=f"{marker}.csv", content=content, by=by)
    FileImport.objects.filter(pk=begun.pk).update(
        sheet=marker,
        header_row=1,
        columns={"fields": {"site": 0, "code": 1}, "headers": ["Site", "Ward", f"{marker} heading"]},
        state="checked",
        counts={"new": 1, "rejected": 1, "problems": 1},
        notes=[f"{marker} note"],
        digest="0" * 64,
    )
    FileImportLine.objects.create(file_import=begun, number=2, fate="rejected", label=f"{marker} row", cells=[marker])
    FileImportProblem.objects.create(file_import=begun, number=2, column=f"{marker} heading", words=f"{marker} wrong")


def make_act(item: ChecklistItem) -> str:
    """What one request changed of an item, to be undone; the id of that request."""
    act, somebody = uuid4().hex, make.make_user()
    with acting(None, request_id=act):
        add_events([(item, {"state": "in_progress"})], by=somebody)
    return act


def make_story(deployment: Deployment, marker: str) -> None:
    """What happened to a deployment, who sits where, what stands in its way: records that name people and reasons."""
    programme, site = deployment.programme, deployment.site
    person = Person.objects.create(label=f"{marker} holder")
    seat = Seat.objects.create(
        programme=programme, site=site, role=SeatRole.objects.create(code=f"lead-{marker}"), person=person
    )
    DeploymentChange.objects.create(
        deployment=deployment,
        at=timezone.now(),
        what=ChangeWhat.GO_LIVE,
        before="2026-03-20",
        after="2026-04-24",
        reason=f"{marker} reason",
        by=person,
    )
    Decision.objects.create(
        programme=programme, deployment=deployment, code="D1", kind="standard", text=f"{marker} decision",
        from_on=make.DAY, by=person,
    )  # fmt: skip
    gate = Gate.objects.create(programme=programme, code="STORY", name=f"{marker} gate")
    gate.seats.add(seat.role)
    GateReview.objects.create(gate=gate, deployment=deployment, held_on=make.DAY, outcome="go", words=f"{marker} words")
    Hazard.objects.create(
        programme=programme, deployment=deployment, code="H1", text=f"{marker} hazard", likelihood=4, severity=5,
        raised_on=make.DAY,
    )  # fmt: skip
    agreement = Agreement.objects.create(
        programme=programme, deployment=deployment, code="A1", kind="sharing", text=f"{marker} agreement"
    )
    Signature.objects.create(agreement=agreement, organisation=site.organisation)
    Waiver.objects.create(
        programme=programme, deployment=deployment, code="V1", subject="agreement_unsigned", reason=f"{marker} waiver",
        state="approved", decided_on=make.DAY, until_on=make.DAY + timedelta(days=3),
    )  # fmt: skip


def make_surroundings(deployment: Deployment, marker: str) -> None:
    """What stands around a deployment: team, signatures, other changes, bundles, reviews, pilots, events."""
    programme, site = deployment.programme, deployment.site
    person, day = Person.objects.get(label=f"{marker} holder"), make.DAY
    group = ReadinessGroup.objects.create(deployment=deployment, clinical_chair=person)
    meeting = GroupMeeting.objects.create(group=group, held_on=day, words=f"{marker} notes")
    meeting.came.add(person)
    GroupAction.objects.create(group=group, text=f"{marker} action", owner=person, due_on=day)
    role = SeatRole.objects.create(code=f"sro-{marker}")
    Seat.objects.create(programme=programme, role=role, person=person)
    review = GateReview.objects.get(deployment=deployment)
    SignOff.objects.create(review=review, seat_role=role, person=person, answer="no", words=f"{marker} dissent")
    OtherChange.objects.create(
        programme=programme,
        site=site,
        code="O1",
        text=f"{marker} move",
        from_on=make.GO_LIVE,
        to_on=make.GO_LIVE,
        load=2,
    )
    ReleaseBundle.objects.create(code=f"B{programme.pk}", name=f"{marker} bundle").programmes.add(programme)
    PriorityReview.objects.create(programme=programme, due_on=day, reason=f"{marker} priority", by=person)
    Pilot.objects.create(programme=programme, site=site, code="P1", question=f"{marker} question", starts_on=day)
    event = EngagementEvent.objects.create(
        programme=programme, code="E1", kind="forum", held_on=day, people=3, words=f"{marker} forum"
    )
    event.sites.add(site)


def make_training(deployment: Deployment, ward: Ward, person: StaffMember, marker: str) -> None:
    """What somebody must learn, a session to come, and a champion's shift on the first day after go-live begins."""
    programme, site = deployment.programme, deployment.site
    course = Course.objects.create(programme=programme, code="C1", name=f"{marker} course", valid_days=30)
    TrainingSession.objects.create(
        programme=programme, course=course, site=site, code="T1", room=f"{marker} room",
        starts_at=timezone.now() + timedelta(days=3), ends_at=timezone.now() + timedelta(days=3, hours=1),
    )  # fmt: skip
    Attendance.objects.create(course=course, staff=person, on=make.DAY - timedelta(days=3), state="attended")
    ShiftPattern.objects.create(programme=programme, name=f"{marker} shift", starts=time(7), ends=time(15))
    refusal = {"kind": "issue", "body_hash": "0" * 64, "answer": "refused", "words": f"{marker} refusal"}
    sent = LogEntry.objects.create(client_id=uuid4(), user=make.make_user(name=f"{marker} writer"), **refusal)
    RefusedEntry.objects.create(
        entry=sent, programme=programme, site=site, ward=ward, said_at=timezone.now(), body={"words": f"{marker} entry"}
    )
    Champion.objects.create(programme=programme, staff=person, from_on=make.DAY - timedelta(days=9))
    starts_at = datetime.combine(make.GO_LIVE, time(7), UTC)
    ChampionShift.objects.create(
        client_id=uuid4(), programme=programme, staff=person, ward=ward, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8), planned_on=make.DAY - timedelta(days=2),
    )  # fmt: skip


# Everybody who may come ----------------------------------------------------------------------------------------------

SCOPED = (
    Role.BOARD_MEMBER,
    Role.SIGNATORY,
    Role.TRAINER,
    Role.WARD_MANAGER,
    Role.SITE_LEAD,
    Role.PROGRAMME_MANAGER,
)
# Nobody of these has a log-in that counts; no page takes a token yet.
WITHOUT = ("anonymous", "deactivated", "expired", "read_token", "write_token")
WITH = (
    "no_membership",
    *(f"{role}_own" for role in SCOPED),
    *(f"{role}_other" for role in SCOPED),
    "champion",
    "administrator",
)
ACTORS = (*WITHOUT, *WITH)


class Company:
    """The actors, each with a log-in of their own that any number of clients may use."""

    def __init__(self, own: Tenant, other: Tenant) -> None:
        self.users: dict[str, User] = {"no_membership": make.make_user(), "deactivated": make.make_user()}
        self.users["expired"] = make.make_user()
        for role in SCOPED:
            self.users[f"{role}_own"] = make.make_member(role, **own.scope(role))
            self.users[f"{role}_other"] = make.make_member(role, **other.scope(role))
        self.users["champion"] = make.make_member(Role.CHAMPION)
        self.users["administrator"] = make.make_member(Role.ADMINISTRATOR)
        self.cookies = {name: self._log_in(user) for name, user in self.users.items()}
        User.objects.filter(pk=self.users["deactivated"].pk).update(is_active=False)

    def _log_in(self, user: User) -> Any:
        client = Client()
        client.force_login(user)
        if user is self.users["expired"]:
            session = client.session
            session[sessions.STARTED] = session[sessions.SEEN] = 0
            session.save()
        return client.cookies

    def client(self, actor: str, **options: Any) -> Client:
        """A browser, or a program, of an actor."""
        headers = {"Authorization": f"Bearer {actor}"} if actor.endswith("_token") else {}
        client = Client(headers=headers, **options)
        if actor in self.cookies:
            client.cookies = self.cookies[actor].copy()
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request does inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Ask = Callable[..., Any]
