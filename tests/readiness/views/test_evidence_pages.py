"""Evidence on an item's page: files sent with the answer, opened by those who may, and only as attachments."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from readiness.models import ChecklistItem, EvidenceFile, Gate
from readiness.services.evidence import retire_evidence
from readiness.services.gates import freeze_pack
from rollout.choices import Role
from rollout.models import Deployment, Person, User
from tests import factories as make
from tests.clock import FrozenClock
from tests.files import GOOD, PDF
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def item(frozen_clock: FrozenClock) -> ChecklistItem:
    frozen_clock.move_to(NOW)
    programme = make.make_programme(code="EPR")
    deployment = make.make_deployment(programme=programme, site=make.make_site(code="ALD", name="Alder"))
    return make.make_blocker(deployment, text="Downtime plan tried", evidence_needed=True)


@pytest.fixture
def page(item: ChecklistItem) -> str:
    return f"/p/EPR/s/ALD/checklist/{item.code}/"


@pytest.fixture
def ana(item: ChecklistItem) -> User:
    programme = item.deployment.programme
    return make.make_member(Role.PROGRAMME_MANAGER, programme=programme, user=make.make_user(name="Ana"))


@pytest.fixture
def manager(ana: User, client: Client) -> Client:
    client.force_login(ana)
    return client


def member(role: str, **scope: object) -> Client:
    client = Client()
    client.force_login(make.make_member(role, **scope))
    return client


def form(name: str = "plan.pdf", content: bytes = PDF, **said: object) -> dict:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    usual = {"state": "done", "evidence": "", "reason": "", "owner": "", "due_on": "", "version": 1, "once": uuid4()}
    return {**usual, "file": file, **said}


def test_answer_and_file_are_saved_together_and_told(item: ChecklistItem, page: str, manager: Client):
    answer = manager.post(page, form("O\u2019Brien \u202etest.pdf"), follow=True)

    file = EvidenceFile.objects.get()
    text = words(answer.text)
    assert answer.redirect_chain == [(page, 302)]
    assert (file.name, file.kind, file.size) == ("O\u2019Brien test.pdf", "pdf", len(PDF))
    assert f"Evidence O\u2019Brien test.pdf (PDF, {len(PDF)} bytes)" in text
    assert f'href="{page}files/{file.pk}/"' in answer.text
    assert "Ana, programme manager Evidence file added: O\u2019Brien test.pdf" in text
    assert ChecklistItem.objects.get().state == "done"


def test_every_kind_can_be_sent_and_opened(page: str, manager: Client):
    for name, content in GOOD.items():
        sent = manager.post(page, form(name, content, state="in_progress", version=ChecklistItem.objects.get().version))
        assert sent.status_code == 302, name

    found = {file.name: b"".join(manager.get(f"{page}files/{file.pk}/").streaming_content) for file in
             EvidenceFile.objects.all()}  # fmt: skip
    assert found == GOOD


def test_form_sent_twice_keeps_one_file_and_other_bytes_under_its_key_are_refused(page: str, manager: Client):
    key = uuid4()

    answers = [manager.post(page, form(once=key)) for _ in range(2)]
    other = manager.post(page, form(content=PDF + b"\n", once=key))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert other.status_code == 422
    assert "sent before with other words" in words(other.text)
    assert EvidenceFile.objects.count() == 1


def test_same_file_in_another_form_is_told(page: str, manager: Client):
    manager.post(page, form())

    again = manager.post(page, form(name="other.pdf", version=2))

    assert again.status_code == 422
    assert "This file is there already, as plan.pdf." in words(again.text)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"name": "plan.pdf", "content": b"MZ\x90\x00"}, "This is a program."),
        ({"name": "plan.png", "content": b"<html><script>alert(1)</script>"}, "This is a web page"),
        ({"name": "plan.pdf", "content": b""}, "The file is empty. Choose another one."),
        ({"name": "plan.csv", "content": b"a\n=1+1\n"}, "Line 2 has a cell"),
    ],
)
def test_wrong_file_is_refused_at_its_field_and_nothing_typed_is_lost(
    page: str, manager: Client, sent: dict, error: str
):
    answer = manager.post(page, form(**sent, owner="typed@example.org"))

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert 'value="typed@example.org"' in answer.text
    assert answer.text.count("<title>Error:") == 1
    assert not EvidenceFile.objects.exists()
    assert ChecklistItem.objects.get().state == "not_started"


def test_file_that_is_too_large_is_told_in_words(page: str, manager: Client, settings):
    settings.UPLOAD_LARGEST = 1024 * 1024

    answer = manager.post(page, form("plan.txt", b"x" * (1024 * 1024 + 1), evidence="Folder 7"))

    assert answer.status_code == 422
    assert "The file is larger than 1 MB. Send a smaller one, or give a link to it." in words(answer.text)
    assert "Folder 7" in answer.text


def test_request_beyond_all_measure_is_answered_calmly(page: str, manager: Client, settings, logged_errors):
    settings.UPLOAD_REQUEST = 1024
    logged_errors.expect("django.security.RequestDataTooBig")

    answer = manager.post(page, form("plan.txt", b"x" * 2000))

    assert answer.status_code == 413
    assert "Send less at once: a smaller file or a shorter text." in words(answer.text)


def test_other_error_asks_to_choose_the_file_again(page: str, manager: Client):
    answer = manager.post(page, form(state="blocked"))

    assert answer.status_code == 422
    assert "Choose the file again: a page cannot keep it" in words(answer.text)


def test_log_in_that_ended_keeps_what_was_typed_and_asks_for_the_file_again(page: str, ana: User, client: Client):
    ana.set_password(make.PASSWORD)
    ana.save()
    asked = client.post(page, form(evidence="Folder 7"))
    kept = re.findall('name="kept" value="([^"]+)"', asked.text)[0]

    logged_in = client.post("/log-in/", {"email": ana.email, "password": make.PASSWORD, "kept": kept})
    fields = dict(re.findall('<input type="hidden" name="([^"]+)" value="([^"]*)">', logged_in.text))
    answer = client.post(page, fields)

    assert (asked.status_code, answer.status_code) == (401, 422)
    assert "What you typed is kept, but not the file." in words(asked.text)
    assert "Choose the file again: a page cannot keep it" in words(answer.text)
    assert "Folder 7" in answer.text
    assert ChecklistItem.objects.get().state == "not_started"


def test_late_answer_gets_both_versions_and_asks_for_the_file_again(page: str, manager: Client):
    manager.post(page, form(evidence="Folder 7"))

    answer = manager.post(page, form(content=PDF + b"\n", state="in_progress", evidence="Folder 8"))

    assert answer.status_code == 409
    assert "Evidence Saved meanwhile: Folder 7 Yours: Folder 8" in words(answer.text)
    assert "Choose the file again: a page cannot keep it" in words(answer.text)
    assert EvidenceFile.objects.count() == 1


def test_download_is_an_attachment_under_our_own_name(item: ChecklistItem, page: str, manager: Client):
    manager.post(page, form("a; filename=b.pdf"))
    file = EvidenceFile.objects.get()

    answers = [getattr(manager, method)(f"{page}files/{file.pk}/") for method in ("get", "head")]

    for answer in answers:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{item.code}-{file.pk}.pdf"'
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Length"] == str(len(PDF))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b"".join(answers[0].streaming_content) == PDF
    assert answers[1].content == b""


def test_retired_file_stays_in_the_history_and_with_those_who_keep_the_item(
    item: ChecklistItem, page: str, manager: Client
):
    signatory = member(Role.SIGNATORY, programme=item.deployment.programme)
    manager.post(page, form())
    file = EvidenceFile.objects.get()
    before = signatory.get(f"{page}files/{file.pk}/").status_code

    without = manager.post(page, {"action": "retire", "file": file.pk, "retire-reason": ""})
    answer = manager.post(page, {"action": "retire", "file": file.pk, "retire-reason": "Wrong ward"}, follow=True)
    again = manager.post(page, {"action": "retire", "file": file.pk, "retire-reason": "Wrong ward"})

    text = words(answer.text)
    assert (before, without.status_code, again.status_code) == (200, 422, 422)
    assert "Retired: plan.pdf. It stays in the history." in text
    assert "Evidence Asked for, none recorded" in text
    assert f"Evidence file retired: plan.pdf (PDF, {len(PDF)} bytes) Reason: Wrong ward" in text
    assert "<s>" in answer.text
    assert "There is no such file any more." in words(again.text)
    assert manager.get(f"{page}files/{file.pk}/").status_code == 200
    assert signatory.get(f"{page}files/{file.pk}/").status_code == 403


def test_retired_file_of_a_frozen_pack_stays_open_to_who_signs(item: ChecklistItem, page: str, ana: User):
    deployment = item.deployment
    gate = Gate.objects.create(programme=deployment.programme, code="GO", name="Go")
    file = make.make_evidence(item)
    freeze_pack(gate=gate, deployment=deployment, by=ana)
    retire_evidence(file_id=file.pk, reason="Replaced", by=ana)
    signatory = member(Role.SIGNATORY, programme=deployment.programme)
    board = member(Role.BOARD_MEMBER, programme=deployment.programme)

    pages = [words(each.get("/p/EPR/s/ALD/gates/GO/").text) for each in (signatory, board)]

    assert signatory.get(f"{page}files/{file.pk}/").status_code == 200
    assert "1 item of the checklist has a note or a file. This is what there was when the pack was frozen." in pages[0]
    assert "report.txt (Text, 8 bytes) taken out of the evidence since" in pages[0]
    assert "report.txt" not in pages[1]


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        (Role.PROGRAMME_MANAGER, "programme", 200),
        (Role.SITE_LEAD, "site", 200),
        (Role.SIGNATORY, "programme", 200),
        (Role.SIGNATORY, "site", 200),
        (Role.BOARD_MEMBER, "programme", 403),
        (Role.TRAINER, "programme", 403),
        (Role.WARD_MANAGER, "ward", 403),
        (Role.SITE_LEAD, "other", 404),
    ],
)
def test_file_opens_to_those_who_vouch_for_it(item: ChecklistItem, page: str, role: Role, scope: str, status: int):
    deployment: Deployment = item.deployment
    scopes = {
        "programme": {"programme": deployment.programme},
        "site": {"site": deployment.site},
        "ward": {"ward": make.make_ward(site=deployment.site)},
        "other": {"site": make.make_site()},
    }
    file = make.make_evidence(item, name="Bo Ek.txt")
    reader = member(role, **scopes[scope])

    assert reader.get(f"{page}files/{file.pk}/").status_code == status
    if status == 403:
        text = reader.get(page).text
        assert "1 file, for those who keep the checklist or sign for the site" in words(text)
        assert "Bo Ek" not in text


def test_owner_of_an_item_opens_its_files(item: ChecklistItem, page: str):
    ward = make.make_ward(site=item.deployment.site)
    owner = make.make_member(Role.WARD_MANAGER, ward=ward)
    ChecklistItem.objects.update(owner=Person.objects.create(label=owner.email, user=owner))
    file = make.make_evidence(item)
    client = Client()
    client.force_login(owner)

    assert client.get(f"{page}files/{file.pk}/").status_code == 200


def test_file_has_one_address(item: ChecklistItem, page: str, manager: Client):
    file = make.make_evidence(item)
    other = make.make_blocker(make.make_deployment(programme=item.deployment.programme))

    elsewhere = [f"{page}files/{file.pk + 1}/", f"{page}files/0/", page.replace(item.code, "X") + f"files/{file.pk}/"]
    site = other.deployment.site.code
    elsewhere.append(f"/p/EPR/s/{site}/checklist/{other.code}/files/{file.pk}/")

    assert [manager.get(address).status_code for address in elsewhere] == [404] * 4


def test_what_looks_like_an_nhs_number_needs_a_reason(page: str, manager: Client):
    said = {"state": "in_progress", "evidence": "Call 943 476 5919", "file": ""}

    refused = manager.post(page, {**form(), **said})
    saved = manager.post(page, {**form(), **said, "not_a_patient": "The number of the help desk"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "Why is this number not about a patient?" in words(refused.text)
    assert ChecklistItem.objects.get().evidence == "Call 943 476 5919"
