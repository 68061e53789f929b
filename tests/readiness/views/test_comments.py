"""Comments on any record: said once, by name only where names may be read, struck through by who said them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistItem, Gate, Waiver
from rollout.choices import Role
from rollout.models import AuditEntry, Comment, Decision, Deployment, Programme, User
from rollout.services.comments import retire_comment
from rollout.services.refusals import Refused
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def deployment(frozen_clock: FrozenClock) -> Deployment:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR", name="One record")
    return make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder"))


@pytest.fixture
def programme(deployment: Deployment) -> Programme:
    return deployment.programme


@pytest.fixture
def item(deployment: Deployment) -> ChecklistItem:
    return make.make_blocker(deployment, text="Downtime plan tried")


@pytest.fixture
def ana(programme: Programme) -> User:
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme, user=make.make_user(name="Ana"))


@pytest.fixture
def manager(ana: User, client: Client) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def page(item: ChecklistItem) -> str:
    return f"/p/EPR/s/ALD/checklist/{item.code}/"


@pytest.fixture
def thread(item: ChecklistItem) -> str:
    return f"/p/EPR/s/ALD/comments/item/{item.pk}/"


def member(role: str, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def said(text: str = "The printer is here", **more: object) -> dict:
    return {"comment-text": text, "comment-once": uuid4(), **more}


def test_comment_leads_back_to_the_record_and_stands_there(page: str, thread: str, manager: Client):
    answer = manager.post(thread, said("One\n<b>two</b>"), follow=True)

    assert answer.redirect_chain == [(f"{page}#comments", 302)]
    assert "Your comment is added." in words(answer.text)
    assert "9am on 15 March 2026 · You One" in words(answer.text)
    assert "&lt;b&gt;two&lt;/b&gt;" in answer.text


def test_part_is_the_comments_alone_and_says_what_was_done(thread: str, manager: Client):
    answer = manager.post(thread, said(), headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "The printer is here" in answer.text
    assert '<div id="status" hx-swap-oob="innerHTML">Your comment is added.</div>' in answer.text


def test_comment_sent_twice_is_said_once(thread: str, manager: Client):
    body = said()

    answers = [manager.post(thread, body).status_code for _ in range(2)]
    other = manager.post(thread, {**body, "comment-text": "Other words"})

    assert answers == [302, 302]
    assert other.status_code == 422
    assert "sent before with other words" in words(other.text)
    assert "Other words" in other.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Write a comment"),
        (" \n", "Write a comment"),
        ("x" * 2001, "at most 2000 characters"),
        ("a\0b", "Null characters are not allowed"),
        ("Mrs Smith, 943 476 5919", "This looks like an NHS number"),
    ],
)
def test_wrong_comment_is_told_and_kept(thread: str, manager: Client, text: str, error: str, headers: dict):
    answer = manager.post(thread, said(text), headers=headers)

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert text.strip()[:50].replace("\0", "") in answer.text.replace("\0", "")
    assert not Comment.objects.exists()


def test_number_that_is_no_patients_is_kept_with_its_reason_in_the_audit(thread: str, manager: Client, ana: User):
    manager.post(thread, said("Order 943 476 5919", **{"comment-not_a_patient": "It is an order"}))

    entry = AuditEntry.objects.get(table="rollout_comment")
    assert (entry.reason, entry.user) == ("comment added; looks like an NHS number, but: It is an order", ana)
    assert "943" not in str(entry.after)


def test_own_comment_is_struck_through_and_stays(thread: str, item: ChecklistItem, manager: Client):
    manager.post(thread, said())
    other = make.make_comment(item, deployment=item.deployment, text="Not yet")
    own = Comment.objects.earliest("pk")

    struck = manager.post(thread, {"action": "retire", "comment": own.pk}, follow=True)
    refused = manager.post(thread, {"action": "retire", "comment": other.pk})

    assert "<s><p>The printer is here</p></s>" in struck.text
    assert "Struck through at 9am on 15 March 2026" in words(struck.text)
    assert refused.status_code == 422
    assert "There is no such comment here." in words(refused.text)
    assert list(Comment.objects.filter(retired_at=None)) == [other]
    with pytest.raises(Refused):
        retire_comment(comment_id=other.pk, by=own.author)
    assert retire_comment(comment_id=own.pk, by=own.author).retired_at == NOW


def test_author_is_a_name_to_some_and_a_role_to_others(
    page: str, deployment: Deployment, item: ChecklistItem, manager: Client, ana: User
):
    manager.post(f"/p/EPR/s/ALD/comments/item/{item.pk}/", said())

    lead, trainer = member(Role.SITE_LEAD, site=deployment.site), member(Role.TRAINER, programme=deployment.programme)
    board = member(Role.BOARD_MEMBER, programme=deployment.programme)

    assert "9am on 15 March 2026 · Ana, programme manager The printer is here" in words(lead.get(page).text)
    assert "9am on 15 March 2026 · Programme manager The printer is here" in words(trainer.get(page).text)
    assert "Ana" not in trainer.get(page).text
    assert "The printer is here" not in board.get(page).text
    assert "Add comment" not in board.get(page).text


def test_each_kind_of_record_has_its_comments(
    programme: Programme, deployment: Deployment, item: ChecklistItem, manager: Client
):
    day = NOW.date()
    gate = Gate.objects.create(programme=programme, code="GO", name="Go")
    waiver = Waiver.objects.create(
        programme=programme, deployment=deployment, code="W1", subject=item.code, reason="Soon", until_on=day
    )
    here = Decision.objects.create(
        programme=programme, deployment=deployment, code="D1", kind="standard", text="Here", from_on=day
    )
    everywhere = Decision.objects.create(programme=programme, code="D2", kind="standard", text="All", from_on=day)
    records = {
        f"/p/EPR/comments/programme/{programme.pk}/": programme,
        f"/p/EPR/comments/decision/{everywhere.pk}/": everywhere,
        f"/p/EPR/s/ALD/comments/site/{deployment.pk}/": deployment,
        f"/p/EPR/s/ALD/comments/item/{item.pk}/": item,
        f"/p/EPR/s/ALD/comments/gate/{gate.pk}/": gate,
        f"/p/EPR/s/ALD/comments/waiver/{waiver.pk}/": waiver,
        f"/p/EPR/s/ALD/comments/decision/{here.pk}/": here,
    }

    for address, record in records.items():
        answer = manager.post(address, said(address), follow=True)
        assert (answer.status_code, address in answer.text or address in manager.get(address).text) == (200, True)
        comment = Comment.objects.get(text=address)
        assert comment.subject_type == ContentType.objects.get_for_model(record)
        assert (comment.subject, comment.deployment) == (record, deployment if "/s/" in address else None)


def test_comments_of_a_gate_are_those_of_the_site(programme: Programme, deployment: Deployment, manager: Client):
    gate = Gate.objects.create(programme=programme, code="GO", name="Go")
    make.make_deployment(programme=programme, site=make.make_site(code="OAK"))
    manager.post(f"/p/EPR/s/ALD/comments/gate/{gate.pk}/", said("Only here"))

    pages = [manager.get(f"/p/EPR/s/{site}/gates/GO/").text for site in ("ALD", "OAK")]

    assert ["Only here" in text for text in pages] == [True, False]


@pytest.mark.parametrize("kind", ["programme", "site", "item", "gate", "waiver", "decision", "user"])
def test_record_of_another_place_is_not_found(kind: str, deployment: Deployment, item: ChecklistItem, manager: Client):
    other = make.make_blocker(make.make_deployment(programme=deployment.programme))

    for record in (other.pk, other.deployment_id, 987_654_321, 0):
        if (kind, record) not in (("item", item.pk), ("site", deployment.pk), ("programme", deployment.programme_id)):
            assert manager.get(f"/p/EPR/s/ALD/comments/{kind}/{record}/").status_code == 404
            assert manager.get(f"/p/EPR/comments/{kind}/{record}/").status_code == 404


def test_database_refuses_a_comment_that_says_nothing(item: ChecklistItem, ana: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_comment(item, deployment=item.deployment, text="  ")


def test_queries_do_not_depend_on_the_number_of_comments(page: str, thread: str, item: ChecklistItem, manager: Client):
    counts = []
    for number in (1, 2, 52):
        while Comment.objects.count() < number:
            make.make_comment(item, deployment=item.deployment)
        for address in (page, thread):
            manager.get(address)
            with CaptureQueriesContext(connection) as asked:
                text = manager.get(address).text
            counts.append(len(asked))

    assert counts[0] == counts[2] == counts[4] <= 25
    assert counts[1] == counts[3] == counts[5] <= 25
    assert "Page 2" in text
    assert "Show all 52 comments" in manager.get(page).text
