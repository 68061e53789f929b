"""The hazard log in the browser: entered, rated, accepted by who may, closed; and what it does to the score."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from readiness.models import Hazard, RescoreMark
from rollout.choices import Role
from rollout.models import AuditEntry, Deployment, Membership, Programme, SeatRole
from tests import factories as make
from tests.pages import table, text_of, words

LOG = "/p/EPR/hazards/"
NEW = "/p/EPR/new-hazard/"
FALL = {
    "text": "A dose is read from the wrong row",
    "likelihood": "4",
    "severity": "5",
    "mitigation": "Two people read",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def deployment(db: None) -> Deployment:
    site = make.make_site(code="S1", name="Aldermoor")
    return make.make_deployment(programme=make.make_programme(code="EPR", name="One record"), site=site)


@pytest.fixture
def manager(deployment: Deployment, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=deployment.programme))
    return client


def client_of(role: str, **scope: Any) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def signing(seat: str, **scope: Any) -> Client:
    return client_of(Role.SIGNATORY, seat_role=SeatRole.objects.get_or_create(code=seat)[0], **scope)


def make_hazard(programme: Programme, deployment: Deployment | None = None, **fields: Any) -> Hazard:
    values = {"code": f"H{Hazard.objects.count()}", "text": "A dose is missed", "likelihood": 4, "severity": 5}
    return Hazard.objects.create(
        programme=programme, deployment=deployment, raised_on=make.DAY, **{"mitigation": "Watched", **values, **fields}
    )


def test_first_hazard_lifts_the_cap_of_an_empty_log_and_is_entered_once(manager: Client, deployment: Deployment):
    empty = words(manager.get(LOG).text)
    RescoreMark.objects.all().delete()
    form = {**FALL, "site": "aldermoor", "once": str(manager.get(NEW).context["form"]["once"].value())}

    answers = [manager.post(NEW, form, follow=True) for _each in range(2)]

    hazard = Hazard.objects.get()
    assert "A hazard log is never empty" in empty
    assert [answer.redirect_chain for answer in answers] == [[(LOG, 302)]] * 2
    assert (hazard.code, hazard.deployment, hazard.rating) == ("HAZ-1", deployment, 20)
    assert RescoreMark.objects.filter(deployment=deployment).exists()
    assert "1 hazard is open. 1 of them is rated 15 or more and holds the score at 49." in words(answers[0].text)
    assert (
        table(answers[0].text, "hazard-table")[0][2] == "20: high likelihood × catastrophic harm Holds the score at 49"
    )


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"text": ""}, "Write what could happen"),
        ({"likelihood": "6"}, "Select how likely it is"),
        ({"severity": ""}, "Select how bad it would be"),
        ({"site": "Elsewhere"}, "There is no such site here where you keep the hazard log. Enter its code."),
        ({"text": "About patient 943 476 5919"}, "Why is this number not about a patient?"),
    ],
)
def test_wrong_hazard_is_refused_in_words(manager: Client, said: dict[str, str], error: str):
    answer = manager.post(NEW, {**FALL, **said})

    assert (answer.status_code, Hazard.objects.count()) == (422, 0)
    assert error in words(answer.text)


def test_site_lead_enters_hazards_of_the_own_site_alone(deployment: Deployment):
    make.make_deployment(programme=deployment.programme, site=make.make_site(code="S2"))
    lead = client_of(Role.SITE_LEAD, site=deployment.site)

    answers = [lead.post(NEW, {**FALL, "site": site}).status_code for site in ("", "S2", "S1")]

    assert answers == [422, 422, 302]
    assert Hazard.objects.get().deployment == deployment


def test_safety_officer_keeps_the_log_and_accepts_and_others_who_sign_do_not(deployment: Deployment):
    hazard = make_hazard(deployment.programme, deployment)
    page = f"{LOG}{hazard.code}/"
    officer = signing("clinical_safety_officer", programme=deployment.programme)
    other = signing("ccio", programme=deployment.programme)

    refused = [other.post(page, {"action": action}).status_code for action in ("accept", "close", "again")]
    entered = officer.post(NEW, {**FALL, "site": ""})
    accepted = officer.post(page, {"action": "accept"}, follow=True)

    hazard.refresh_from_db()
    assert refused == [403, 403, 403]
    assert entered.status_code == 302
    assert "The hazard is accepted in your name." in words(accepted.text)
    assert hazard.accepted_on is not None
    assert hazard.accepted_by.user == Membership.objects.get(seat_role__code="clinical_safety_officer").user
    assert {"accepted_on", "accepted_by_id"} <= set(
        AuditEntry.objects.filter(table="readiness_hazard", action="update").latest("pk").after or ()
    )


def test_manager_closes_and_opens_again_but_accepts_nothing(manager: Client, deployment: Deployment):
    hazard = make_hazard(deployment.programme, deployment)
    page = f"{LOG}{hazard.code}/"

    answers = [manager.post(page, {"action": action}).status_code for action in ("accept", "close")]
    closed = words(manager.get(page).text)
    answers += [manager.post(page, {"action": action}).status_code for action in ("again", "nothing")]

    hazard.refresh_from_db()
    assert answers == [403, 302, 302, 422]
    assert "Closed on" in closed and "Open it again" in closed
    assert hazard.closed_on is None


def test_hazard_without_a_mitigation_or_closed_is_not_accepted(deployment: Deployment):
    bare = make_hazard(deployment.programme, mitigation="")
    closed = make_hazard(deployment.programme, closed_on=make.DAY)
    officer = signing("sro", programme=deployment.programme)

    answers = [officer.post(f"{LOG}{each.code}/", {"action": "accept"}) for each in (bare, closed)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Write first what is done about it" in words(answers[0].text)
    assert "This hazard is closed" in words(answers[1].text)


@pytest.mark.parametrize(("likelihood", "stays"), [("5", False), ("4", True), ("2", True)])
def test_hazard_rated_higher_has_to_be_accepted_again(
    manager: Client, deployment: Deployment, likelihood: str, stays: bool
):
    hazard = make_hazard(deployment.programme, deployment, accepted_on=date(2026, 3, 1))
    page = f"{LOG}{hazard.code}/change/"
    mark = manager.get(page).context["form"]["mark"].value()

    answer = manager.post(page, {**FALL, "likelihood": likelihood, "mark": mark})

    hazard.refresh_from_db()
    assert answer.status_code == 302
    assert (hazard.accepted_on is not None) is stays


def test_later_of_two_changes_sees_both(manager: Client, deployment: Deployment):
    hazard = make_hazard(deployment.programme, deployment)
    page = f"{LOG}{hazard.code}/change/"
    mark = manager.get(page).context["form"]["mark"].value()
    Hazard.objects.update(mitigation="Somebody else's words")

    late = manager.post(page, {**FALL, "mark": mark})

    assert late.status_code == 409
    assert "Somebody else's words" in words(late.text)
    assert late.context["form"]["mitigation"].value() == "Two people read"


def test_log_is_filtered_sorted_and_a_file(manager: Client, deployment: Deployment):
    make_hazard(deployment.programme, deployment, text="A dose is missed")
    make_hazard(deployment.programme, text="Labels fade", likelihood=1, accepted_on=make.DAY)
    make_hazard(deployment.programme, text="Beds are mixed up", closed_on=make.DAY)

    def names(query: str) -> list[str]:
        return [row[0].rpartition(" ")[0] for row in table(manager.get(f"{LOG}?{query}").text, "hazard-table")]

    assert names("") == ["A dose is missed", "Labels fade", "Beds are mixed up"]
    assert names("sort=rating") == ["Labels fade", "A dose is missed", "Beds are mixed up"]
    assert [names(f"state={state}") for state in ("open", "accepted", "closed")] == [
        ["A dose is missed"], ["Labels fade"], ["Beds are mixed up"],
    ]  # fmt: skip
    assert names("site=S1&q=dose") == ["A dose is missed"]
    assert "No hazards match" in words(manager.get(f"{LOG}?q=nothing").text)
    part = manager.get(f"{LOG}?state=open", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "1 hazard matches" in words(part)
    file = text_of(manager.get(f"{LOG}?state=open&download=csv&table=hazards"))
    assert [line.split(",")[2] for line in file.splitlines()] == ["What could happen", "A dose is missed"]


def test_name_of_who_accepted_is_for_those_who_may_read_names(manager: Client, deployment: Deployment):
    hazard = make_hazard(deployment.programme, deployment)
    signing("sro", programme=deployment.programme).post(f"{LOG}{hazard.code}/", {"action": "accept"})
    name = Membership.objects.get(role=Role.SIGNATORY).user.name
    board = client_of(Role.BOARD_MEMBER, programme=deployment.programme)

    assert name in manager.get(LOG).text
    assert [name in board.get(page).text for page in (LOG, f"{LOG}{hazard.code}/")] == [False, False]


@pytest.mark.parametrize("number", [1, 3, 60])
def test_queries_do_not_grow_with_the_rows(
    number: int, manager: Client, deployment: Deployment, django_assert_num_queries: DjangoAssertNumQueries
):
    for each in range(number):
        make_hazard(deployment.programme, deployment, code=f"X{each}")

    with django_assert_num_queries(16):
        assert manager.get(LOG).status_code == 200
