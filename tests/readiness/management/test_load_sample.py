"""The sample loaded through the door of every pack, scored, and held against the score of its files alone."""

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from readiness.checks import findings
from readiness.choices import RunKind, RunState
from readiness.models import ReadinessScore, RecomputeRun, Waiver
from readiness.sample import STORIES, build_sample
from readiness.sample.everyday import MEETINGS
from readiness.services.demonstration import LOGINS, Login
from readiness.services.proofs import by_today
from readiness.services.sample_everyday import CHAIRS, COUNTS, CURVE, START
from readiness.services.scores import models_of
from rollout.models import (
    BaselineAssessment,
    Deployment,
    GroupAction,
    GroupMeeting,
    ImportRun,
    Membership,
    Person,
    PriorityReview,
    Programme,
    ReadinessGroup,
    ReleaseBundle,
    ResourceNeed,
    User,
    WardCount,
)
from tests.readiness.sample.scoring_oracle import score_pack
from training.models import StaffMember, TrainingPlan


@pytest.fixture
def data_folder(settings, tmp_path) -> Path:
    settings.ROLLOUT_DATA = tmp_path / "data"
    settings.PORT = 8123
    return settings.ROLLOUT_DATA


def load() -> str:
    said = StringIO()
    call_command("load_sample", stdout=said)
    return said.getvalue()


def password_in(said: str) -> str:
    found = re.search(r"password (\S+) as", said)
    assert found
    return found[1]


def first_page(login: Login, said: str) -> int:
    """What the page answers that the command names beside a log-in."""
    named = re.search(rf"{re.escape(login.email)} .* http://localhost:8123(/\S*)", said)
    client = Client()
    client.force_login(User.objects.get(email=login.email))
    return client.get(named[1]).status_code if named else 0


def test_sample_loads_once_and_scores_as_its_files_say(db, data_folder, tmp_path):
    today = timezone.localdate()

    said = load()

    assert set(Programme.objects.values_list("code", flat=True)) == {"EPR", "VIDEO"}
    assert ImportRun.objects.filter(warnings=[]).count() == 2
    assert "http://localhost:8123/" in said
    assert all(login.email in said for login in LOGINS)
    assert User.objects.get(email="site.lead@example.org").check_password(password_in(said))
    assert StaffMember.objects.get(email="champion@example.org").user.email == "champion@example.org"
    for folder in build_sample(tmp_path, today):
        assert_scored_like_files(folder, today)

    again = load()
    logins = [login.email for login in LOGINS]

    assert ImportRun.objects.count() == 2
    assert set(User.objects.exclude(memberships=None)) == set(User.objects.filter(email__in=logins))
    assert not any(user.has_usable_password() for user in User.objects.exclude(email__in=logins))
    assert Membership.objects.count() == 11
    assert password_in(again) == password_in(said)
    assert "loaded before" in again
    assert not Person.objects.filter(user=None).exists()
    assert {str(person) for person in Person.objects.select_related("user") if "@" in str(person)} == set()
    assert dict(ReleaseBundle.objects.annotate(n=Count("programmes")).values_list("code", "n")) == {
        "CHARTS-FIRST": 1,
        "ONE-SUMMER": 2,
    }
    assert list(Waiver.objects.filter(state="revoked").values_list("revoked_by", flat=True).distinct()) != [None]
    reviews = PriorityReview.objects.order_by("programme__code", "due_on")
    assert [(row.programme.code, row.outcome, row.by is not None) for row in reviews] == [
        (code, outcome, bool(outcome)) for code in ("EPR", "VIDEO") for outcome in ("continue", "")
    ]
    assert_everyday_agrees_with_the_checklists()
    assert {login.email: first_page(login, said) for login in LOGINS} == {login.email: 200 for login in LOGINS}
    history = RecomputeRun.objects.filter(kind=RunKind.HISTORY).order_by("programme__code", "first_day")
    assert [(run.programme.code, run.first_day, run.last_day, run.state) for run in history] == [
        (code, today - timedelta(days=first), today - timedelta(days=last), state)
        for code in ("EPR", "VIDEO")
        for first, last, state in ((180, 2, RunState.WAITING), (1, 0, RunState.DONE))
    ]


def assert_scored_like_files(folder: Path, day: date) -> None:
    """The product's scores of the day are those worked out from the files, and keep what the stories promise."""
    rows = ReadinessScore.objects.filter(deployment__programme__code=folder.name, day=day, superseded_at=None)
    found = {row.deployment.site.code: row for row in rows.select_related("deployment__site")}
    wanted = score_pack(folder, day)
    assert {site: (row.band, row.caps) for site, row in found.items()} == {
        site: (score.band, score.caps) for site, score in wanted.items()
    }
    for site, score in wanted.items():
        assert float(found[site].score) == pytest.approx(float(score.score), abs=0.01), site
    told = {story.site: (story.band, story.cap) for story in STORIES if story.programme == folder.name and story.band}
    assert {site: (found[site].band, "".join(found[site].caps)) for site in told} == told


def assert_everyday_agrees_with_the_checklists() -> None:
    """Groups, starting points, counts and plans are there once, and prove just those items that the packs call done."""
    every = (ReadinessGroup, GroupMeeting, GroupAction, BaselineAssessment, WardCount, ResourceNeed, TrainingPlan)
    counts = {model.__name__: model._default_manager.count() for model in every}
    ids = list(Deployment.objects.current().values_list("pk", flat=True))
    found = [
        finding
        for day, there in by_today(ids)
        for _id, model, members in models_of(there)
        for finding in findings(model, ids=sorted(members), day=day)
        if finding.code in {CHAIRS, START, CURVE, *COUNTS.values()}
    ]

    assert all(counts.values()), counts
    assert (
        counts["GroupMeeting"]
        == counts["GroupAction"]
        == len(MEETINGS) * ReadinessGroup.objects.exclude(clinical_chair=None).count()
    )
    assert {finding.code for finding in found} == {CHAIRS, START, CURVE, *COUNTS.values()}
    assert [finding for finding in found if finding.holds != (finding.state == "done")] == []
    assert TrainingPlan.objects.exclude(words="").count() == 3
    assert not GroupMeeting.objects.filter(held_on__gte=timezone.localdate()).exists()


def test_sample_stays_out_of_a_real_installation(db, settings, data_folder):
    settings.LOCAL = False

    with pytest.raises(CommandError, match="real installation"):
        load()

    assert not Programme.objects.exists()
    assert not data_folder.exists()


def test_sample_leaves_another_programme_of_its_name_alone(db, data_folder):
    for code in ("EPR", "VIDEO"):
        Programme.objects.create(code=code, name="Ours")

    with pytest.raises(CommandError, match="not the sample's"):
        load()

    assert not User.objects.exists()
    assert not ImportRun.objects.exists()
