"""The starting point of a site: assessed as it is, kept, and read beside today."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollout.choices import ReadinessDomain, Role
from rollout.models import BaselineAssessment, Deployment, User
from rollout.services.baselines import assess_baseline
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
PAGE, NEW = "/p/EPR/s/ALD/baseline/", "/p/EPR/s/ALD/baseline/new/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder Hospital"))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead(site: Deployment) -> Client:
    return client_of(make.make_member(Role.SITE_LEAD, site=site.site))


def said(day: str = "2026-03-01", **levels: str) -> dict[str, str]:
    return {"assessed_on": day, "leadership": "2", "leadership_words": "Two seats empty", **levels}


def test_assessments_stand_side_by_side_and_beside_today(site: Deployment, lead: Client):
    make.make_score(site)
    empty = words(lead.get(PAGE).text)
    lead.post(NEW, said(training="1"))
    kept = lead.post(NEW, said("2026-03-14", leadership="4", leadership_words=""), follow=True)

    rows = {row[0]: row[1:] for row in table(kept.text, "baseline")}
    assert "No assessment yet" in empty
    assert "The assessment is kept." in words(kept.text)
    assert len(rows) == 11
    assert rows["Leadership"][:2] == ["2 of 5 Two seats empty", "4 of 5"]
    assert rows["Training"][:2] == ["1 of 5", "Not assessed"]
    assert rows["Leadership"][2].endswith("%")


@pytest.mark.parametrize(
    ("levels", "error"),
    [
        ({"leadership": "", "leadership_words": ""}, "Assess one domain at least"),
        ({"leadership": ""}, "Select a level from 1 to 5"),
        ({"training": "6"}, "Select a level from 1 to 5"),
        ({"assessed_on": "2026-03-16"}, "The day of the assessment must not be in the future."),
        ({"assessed_on": "March"}, "Enter a date like 2026-03-14"),
        ({"leadership_words": "See 943 476 5919"}, "looks like an NHS number"),
    ],
)
def test_wrong_entry_says_how_to_mend_it(site: Deployment, lead: Client, levels: dict, error: str):
    answer = lead.post(NEW, {**said(), **levels})

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert not BaselineAssessment.objects.exists()


def test_first_assessment_of_a_day_stays(site: Deployment, lead: Client):
    lead.post(NEW, said())

    same, other = lead.post(NEW, said()), lead.post(NEW, said(leadership="5"))

    assert (same.status_code, other.status_code) == (302, 422)
    assert "the first one stays" in words(other.text)
    assert BaselineAssessment.objects.get().level == 2


def test_service_refuses_nothing_assessed(site: Deployment):
    with pytest.raises(Refused):
        assess_baseline(deployment_id=site.pk, assessed_on=date(2026, 3, 1), levels={}, by=make.make_user())


def test_board_reads_and_does_not_assess(site: Deployment, lead: Client):
    lead.post(NEW, said())
    board = client_of(make.make_member(Role.BOARD_MEMBER, programme=site.programme))

    assert (board.get(PAGE).status_code, board.get(NEW).status_code, board.post(NEW, said()).status_code) == (
        200,
        403,
        403,
    )


def test_many_assessments_show_the_first_and_the_newest(site: Deployment, lead: Client):
    by = make.make_user()
    counts = []
    for day in range(1, 9):
        assess_baseline(
            deployment_id=site.pk,
            assessed_on=date(2026, 3, day),
            levels={domain.value: (1, "") for domain in ReadinessDomain},
            by=by,
        )
        with CaptureQueriesContext(connection) as queries:
            text = words(lead.get(PAGE).text)
        counts.append(len(queries))

    assert "2 assessments between the first and the newest are not shown." in text
    assert "1 March 2026 4 March 2026" in text
    assert counts[1] == counts[-1] <= 25
