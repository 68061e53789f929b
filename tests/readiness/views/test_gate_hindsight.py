"""What came of a gate, on its page: dates, conditions, adoption, issues, reviews; and owners who meet conditions."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.choices import GateKind
from readiness.models import Condition, Gate, GateReview
from rollout.choices import Role
from rollout.models import Deployment, DeploymentChange, Observation, SiteTarget, SupportIssue
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import table, words
from tests.readiness.desk import alder, lead, manager, page, person

TODAY = date(2026, 6, 1)
HELD, LIVE = date(2026, 4, 20), date(2026, 5, 4)
GATE = "/p/EPR/s/ALD/gates/GO/"


@pytest.fixture
def review(db: None, frozen_clock: FrozenClock) -> GateReview:
    """A go with two conditions, before a go-live planned for 24 April that came on 4 May."""
    frozen_clock.move_to(datetime(2026, 6, 1, 12, tzinfo=UTC))
    site = alder()
    gate = Gate.objects.create(programme=site.programme, code="GO", name="Go/no-go", kind=GateKind.GO_LIVE, due_days=3)
    for days in (30, 90):
        Gate.objects.create(
            programme=site.programme, code=f"D{days}", name=f"Day {days}", kind=GateKind.REVIEW, due_days=-days
        )
    review = GateReview.objects.create(
        gate=gate, deployment=site, held_on=HELD, outcome="go_with_conditions", words="With care",
        pack={"day": "2026-04-20", "days_to_go": 4}, frozen_at=datetime(2026, 4, 20, 9, tzinfo=UTC),
    )  # fmt: skip
    for code, due_on, done_on in (("C1", HELD, HELD), ("C2", date(2026, 5, 20), None)):
        Condition.objects.create(review=review, code=code, text=f"Text {code}", due_on=due_on, done_on=done_on)
    return review


def go_live(review: GateReview) -> Deployment:
    """The site went live with ten staff; some of what was hoped for came, and a few issues."""
    site = review.deployment
    Deployment.objects.filter(pk=site.pk).update(actual_go_live_on=LIVE, stage="live")
    ward = make.make_ward(site=site.site)
    for _each in range(10):
        make.make_staff(ward)
    used = make.make_measure(programme=site.programme, name="Orders in the record", unit="%", target=80, headline=True)
    waits = make.make_measure(
        programme=site.programme, name="Waiting time", unit="minutes", target=30, direction="down"
    )
    make.make_measure(programme=site.programme, name="Never observed here", unit="%")
    SiteTarget.objects.create(measure=used, deployment=site, target=60)
    weeks = ((used, 3, 10), (used, 30, 45), (waits, 3, None))
    for measure, days, part in weeks:
        figures = {"value": 25} if part is None else {"numerator": part, "denominator": 60}
        Observation.objects.create(
            measure=measure,
            deployment=site,
            period="week",
            period_starts_on=LIVE + timedelta(days=days - 10),
            **figures,
        )
    for number, category in enumerate(("access", "access", "access", "system", "")):
        raised_at = datetime(2026, 5, 10, 9, tzinfo=UTC)
        SupportIssue.objects.create(
            client_id=uuid4(), deployment=site, raised_at=raised_at, category=category,
            resolved_at=raised_at + timedelta(days=1) if number else None,
        )  # fmt: skip
    SupportIssue.objects.create(
        client_id=uuid4(), deployment=site, raised_at=datetime(2026, 5, 3, 20, tzinfo=UTC), category="access"
    )
    return site


def test_before_the_go_live_it_says_what_is_still_to_come(review: GateReview):
    text = page(manager(review.deployment), GATE)

    said = words(text)
    assert "Go with conditions, on 20 April 2026" in said
    assert "Planned then for 24 April 2026. Not live yet." in said
    assert "1 of 2 met. 1 is late." in said
    assert (table(text, "adoption"), table(text, "issues")) == ([], [])


def test_after_the_go_live_it_shows_what_came(review: GateReview):
    site = go_live(review)
    GateReview.objects.create(
        gate=Gate.objects.get(code="D30"), deployment=site, held_on=TODAY, outcome="go", words="Keep the huddles"
    )

    text = page(manager(site), GATE)

    said = words(text)
    assert "Planned then for 24 April 2026. Went live on 4 May 2026, 10 days later." in said
    assert "Day 30 : Go, on 1 June 2026. Keep the huddles Day 90 : due in 62 days" in said
    assert table(text, "adoption") == [
        ["Orders in the record", "60%", "75% from 24 May 2026", "Target met"],
    ]
    assert table(text, "issues") == [
        ["Access", "3", "1", "30.0"],
        ["System", "1", "0", "10.0"],
        ["Without a category", "1", "0", "10.0"],
    ]
    assert "10 people work in the wards of this site that are in scope." in said


def test_target_not_met_says_so_and_lower_can_be_better(review: GateReview):
    site = go_live(review)
    SiteTarget.objects.update(target=90)
    Observation.objects.filter(measure__name="Waiting time").update(period_starts_on=LIVE)

    found = [[row[0], row[3]] for row in table(page(manager(site), GATE), "adoption")]

    assert found == [["Orders in the record", "Not met yet"], ["Waiting time", "Target met"]]


@pytest.mark.parametrize(("role", "told"), [(Role.BOARD_MEMBER, "Not known"), (Role.SIGNATORY, "100.0")])
def test_board_cannot_work_out_a_ward_of_few(review: GateReview, role: str, told: str):
    site = go_live(review)
    for each in site.site.wards.all()[:1]:
        each.postings.filter(pk__in=list(each.postings.values_list("pk", flat=True)[:7])).update(
            retired_at=review.frozen_at
        )

    text = page(make.make_member(role, programme=site.programme), GATE)

    assert table(text, "issues")[0][3] == told
    assert ("3 people work in the wards" in words(text)) == (role == Role.SIGNATORY)


def test_meeting_without_a_pack_takes_the_date_from_later_changes(review: GateReview):
    site = review.deployment
    older = GateReview.objects.create(gate=review.gate, deployment=site, held_on=date(2026, 5, 2), outcome="go")
    for days, before, after in (
        (0, "2026-04-30", "2026-05-03"),
        (5, "2026-05-03", "2026-05-09"),
        (9, "2026-05-09", ""),
    ):
        DeploymentChange.objects.create(
            deployment=site, at=datetime(2026, 5, 2 + days, 12, tzinfo=UTC), what="go_live", before=before, after=after
        )

    said = words(page(manager(site), f"{GATE}?review={older.held_on}"))

    assert "Planned then for 3 May 2026." in said


def test_owner_of_a_condition_says_that_it_is_met(review: GateReview):
    site = review.deployment
    owner = make.make_member(Role.WARD_MANAGER, ward=make.make_ward(site=site.site))
    other = make.make_member(Role.WARD_MANAGER, ward=make.make_ward(site=site.site))
    open_one = Condition.objects.get(code="C2")
    Condition.objects.filter(pk=open_one.pk).update(owner=person(owner))
    someone_elses = Condition.objects.create(review=review, code="C3", text="Other", due_on=TODAY, owner=person(other))
    said = {"action": "met", "condition": open_one.pk}

    def post(user, form) -> int:
        client = Client()
        client.force_login(user)
        return client.post(GATE, form).status_code

    assert page(owner, GATE).count('value="met"') == 1
    assert post(make.make_member(Role.TRAINER, programme=site.programme), said) == 403
    assert post(owner, {**said, "condition": someone_elses.pk}) == 422
    assert post(owner, said) == 302
    assert [each.done_on for each in Condition.objects.order_by("code")] == [HELD, TODAY, None]
    assert post(lead(site), {**said, "condition": someone_elses.pk}) == 302


def test_queries_do_not_grow_with_what_came(review: GateReview):
    site, client, counts = go_live(review), Client(), []
    client.force_login(manager(site))
    client.get(GATE)
    for number in (1, 3):
        for n in range(number):
            measure = make.make_measure(programme=site.programme)
            Observation.objects.create(
                measure=measure, deployment=site, period="week", period_starts_on=LIVE + timedelta(days=n), value=3
            )
            Condition.objects.create(review=review, code=f"N{number}-{n}", text="More", owner=person(make.make_user()))
        with CaptureQueriesContext(connection) as queries:
            client.get(GATE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 25, counts
