"""Records for tests: plain functions with dull, valid defaults. A test states every value it relies on."""

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone

from readiness.choices import RunKind, RunState
from readiness.models import (
    Checklist,
    ChecklistItem,
    ChecklistTemplate,
    EvidenceFile,
    ReadinessScore,
    RecomputeFailure,
    RecomputeRun,
    ScoringModel,
    TemplateItem,
)
from readiness.scoring import CODES, Model, Reading, Situation, State, judge
from readiness.services.evidence import add_evidence
from readiness.services.scores import digest_of
from rollout.choices import FileKind, Role, SavedList, Stage
from rollout.models import (
    Comment,
    Deployment,
    Measure,
    Membership,
    Organisation,
    Programme,
    SavedView,
    SeatRole,
    Site,
    User,
    Ward,
    WardPhone,
    Wave,
)
from rollout.services.comments import add_comment
from rollout.uploads import Upload
from training.models import Posting, StaffMember

DAY = date(2026, 3, 14)
GO_LIVE = date(2026, 4, 24)  # 41 days after DAY
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def make_user(**fields: Any) -> User:
    """Somebody who may log in and holds no role. Without a password unless one is given: tests force the log-in."""
    number = next(_numbers)
    return User.objects.create(**{"email": f"user{number}@example.org", "name": f"User {number}", **fields})


def make_member(role: str, **fields: Any) -> User:
    """A user with one membership; `fields` is its scope, and `user` somebody who is there already."""
    user = fields.pop("user", None) or make_user()
    if role == Role.SIGNATORY:
        fields.setdefault("seat_role", SeatRole.objects.get_or_create(code="sro")[0])
    Membership.objects.create(user=user, role=role, **fields)
    return user


def make_organisation(**fields: Any) -> Organisation:
    number = next(_numbers)
    return Organisation.objects.create(**{"code": f"ORG{number}", "name": f"Trust {number}", **fields})


def make_site(**fields: Any) -> Site:
    number = next(_numbers)
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation()
    return Site.objects.create(**{"code": f"S{number}", "name": f"Hospital {number}", **fields})


def make_ward(**fields: Any) -> Ward:
    number = next(_numbers)
    fields["site"] = fields.get("site") or make_site()
    return Ward.objects.create(**{"code": f"W{number}", "name": f"Ward {number}", **fields})


def make_phone(ward: Ward, **fields: Any) -> WardPhone:
    """A phone that the ward enrolled, with a cookie that nobody knows."""
    defaults = {
        "name": "Ward phone",
        "secret": uuid4().hex * 2,
        "enrolled_by": fields.get("enrolled_by") or make_user(),
    }
    return WardPhone.objects.create(ward=ward, **(defaults | fields))


def make_programme(**fields: Any) -> Programme:
    number = next(_numbers)
    return Programme.objects.create(
        **{"code": f"P{number}", "name": f"Programme {number}", "state": "rolling_out", **fields}
    )


def make_wave(**fields: Any) -> Wave:
    """A wave behind those of the programme: numbers end at 999, so that they are not taken from the counter of all."""
    fields["programme"] = fields.get("programme") or make_programme()
    return Wave.objects.create(**{"number": Wave.objects.filter(programme=fields["programme"]).count() + 1, **fields})


def make_measure(**fields: Any) -> Measure:
    number = next(_numbers)
    fields["programme"] = fields.get("programme") or make_programme()
    return Measure.objects.create(**{"code": f"M{number}", "name": f"Measure {number}", **fields})


def make_view(**fields: Any) -> SavedView:
    """A saved view of the sites of a programme, of somebody new unless an owner is given."""
    number = next(_numbers)
    fields["programme"] = fields.get("programme") or make_programme()
    fields["owner"] = fields.get("owner") or make_user()
    return SavedView.objects.create(**{"list_name": SavedList.SITES, "name": f"View {number}", **fields})


def make_deployment(**fields: Any) -> Deployment:
    """A programme at a site, going live on GO_LIVE."""
    fields["programme"] = fields.get("programme") or make_programme()
    fields["site"] = fields.get("site") or make_site()
    return Deployment.objects.create(**{"stage": Stage.PREPARING, "go_live_on": GO_LIVE, **fields})


def make_deployments(number: int, *, programme: Programme, score: bool = True) -> list[Deployment]:
    """Many sites of one organisation, in bulk, with a score of DAY each unless told otherwise."""
    organisation = make_organisation()
    first = next(_numbers) * 100_000
    sites = Site.objects.bulk_create(
        Site(organisation=organisation, code=f"B{first + n}", name=f"Hospital {first + n}") for n in range(number)
    )
    deployments = Deployment.objects.bulk_create(
        Deployment(programme=programme, site=site, stage=Stage.PREPARING, go_live_on=GO_LIVE) for site in sites
    )
    if score and deployments:
        row = score_row(deployments[0])
        columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        ReadinessScore.objects.bulk_create(
            ReadinessScore(**{**columns, "deployment_id": deployment.pk}) for deployment in deployments
        )
    return deployments


def make_staff(ward: Ward, **fields: Any) -> StaffMember:
    """A member of staff, posted to a ward since 2025."""
    number = next(_numbers)
    described = {"organisation": ward.site.organisation, "number": str(number), "name": f"Person {number}"}
    person = StaffMember.objects.create(**{**described, **fields})
    Posting.objects.create(staff=person, ward=ward, from_on=date(2025, 1, 1))
    return person


def make_evidence(item: ChecklistItem, *, name: str = "report.txt", content: bytes = b"All done") -> EvidenceFile:
    """A text file as evidence of an item."""
    upload = Upload(name, FileKind.TEXT, content)
    return add_evidence(item_id=item.pk, upload=upload, by=make_user())


def make_comment(
    subject: Any, *, deployment: Deployment | None = None, text: str = "Well done", author: str = "Ana"
) -> Comment:
    """What somebody of that name said about a record."""
    return add_comment(subject=subject, deployment=deployment, text=text, by=make_user(name=author))


def make_blocker(deployment: Deployment, *, text: str = "Test the downtime plan", **fields: Any) -> ChecklistItem:
    """A blocking checklist item that nobody has begun, due on the day before DAY."""
    number = next(_numbers)
    version = ChecklistTemplate.objects.filter(programme=deployment.programme).aggregate(last=Max("version"))["last"]
    template = ChecklistTemplate.objects.create(programme=deployment.programme, version=(version or 0) + 1)
    due_days = (GO_LIVE - DAY).days + 1
    described = {"code": f"I{number}", "domain": "continuity", "text": text, "blocking": True, "due_days": due_days}
    item = TemplateItem.objects.create(template=template, **{**described, **fields})
    ChecklistTemplate.objects.filter(pk=template.pk).update(published_at=timezone.now())
    checklist = Checklist.objects.create(deployment=deployment, template=template)
    return ChecklistItem.objects.create(checklist=checklist, deployment=deployment, template_item=item, code=item.code)


# Scores --------------------------------------------------------------------------------------------------------------


def scoring_model() -> ScoringModel:
    """The scoring model the product ships with."""
    return ScoringModel.objects.get(version="2026.1")


def reading(code: str, numerator: int | Fraction, denominator: int, state: State = State.KNOWN) -> Reading:
    """What one indicator reads, with the target of the shipped model."""
    return Reading(code, state, numerator, denominator, Model.from_json(scoring_model().document).target(code))


def score_row(
    deployment: Deployment,
    *,
    day: date = DAY,
    share: int = 60,
    readings: Mapping[str, Reading] | None = None,
    situation: Mapping[str, Any] | None = None,
    **fields: Any,
) -> ReadinessScore:
    """A score as the nightly run would store it, not yet written.

    Every indicator counts `share` of 100 unless `readings` says otherwise; `situation` holds counts of what caps.
    """
    row = scoring_model()
    model = Model.from_json(row.document)
    given = {code: Reading(code, State.KNOWN, share, 100, model.target(code)) for code in CODES}
    judged = judge(
        model,
        {**given, **(readings or {})},
        Situation(
            day=day,
            go_live_on=deployment.go_live,
            stage=deployment.stage,
            programme_state=deployment.programme.state,
            **(situation or {}),
        ),
    ).stored()
    worked_out = datetime(day.year, day.month, day.day, 2, 10, tzinfo=UTC) + timedelta(days=1)
    described = {
        "deployment": deployment,
        "day": day,
        "model": row,
        "computed_at": worked_out,
        "score": judged.score,
        "raw": judged.raw,
        "expected": judged.expected,
        "coverage": judged.coverage,
        "days_to_go": judged.days,
        "band": judged.band,
        "caps": list(judged.caps),
        "domains": judged.domains_json(),
        "indicators": judged.indicators_json(),
        "digest": digest_of(judged),
    }
    return ReadinessScore(**{**described, **fields})


def make_score(deployment: Deployment, **fields: Any) -> ReadinessScore:
    """A score as the nightly run would store it; see `score_row`."""
    row = score_row(deployment, **fields)
    row.save()
    return row


def make_run(**fields: Any) -> RecomputeRun:
    """A nightly run of DAY that is done, of a new programme unless one is given (None: of all)."""
    if "programme" not in fields:
        fields["programme"] = make_programme()
    began = datetime(2026, 3, 15, 0, 15, tzinfo=UTC)
    described = {
        "kind": RunKind.NIGHTLY,
        "first_day": DAY,
        "last_day": DAY,
        "state": RunState.DONE,
        "queued_at": began,
        "started_at": began,
        "ended_at": began + timedelta(seconds=42),
    }
    return RecomputeRun.objects.create(**{**described, **fields})


def make_failure(run: RecomputeRun, deployment: Deployment, **fields: Any) -> RecomputeFailure:
    """A deployment that could not be scored by a run."""
    return RecomputeFailure.objects.create(
        run=run, deployment=deployment, **{"day": run.first_day, "error": "DataError", **fields}
    )
