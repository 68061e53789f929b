"""Evidence files: kept whole or not at all, told apart, retired and still there, within bounds."""

from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from readiness.models import ChecklistEvent, ChecklistItem, EvidenceChunk, EvidenceFile, Gate
from readiness.services import evidence
from readiness.services.evidence import add_evidence, answer_item, chunks_of, retire_evidence, was_in_a_pack
from readiness.services.gates import freeze_pack
from readiness.services.items import ItemChange, ItemChanged
from rollout.choices import FileKind
from rollout.models import AuditEntry, User
from rollout.services.refusals import Refused
from rollout.uploads import Upload
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> ChecklistItem:
    return make.make_blocker(make.make_deployment())


@pytest.fixture
def ana() -> User:
    return make.make_user(email="ana@example.org", name="Ana")


def upload(content: bytes = b"All done", name: str = "Ana Silva.txt") -> Upload:
    return Upload(name, FileKind.TEXT, content)


def test_file_is_kept_in_parts_and_comes_back_whole(item: ChecklistItem, ana: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence, "CHUNK", 3)

    file = add_evidence(item_id=item.pk, upload=upload(b"0123456789"), by=ana)

    file.refresh_from_db()
    assert (file.name, file.kind, file.size, str(file.uploaded_by)) == ("Ana Silva.txt", "txt", 10, "Ana")
    assert file.sha256 == sha256(b"0123456789").hexdigest()
    assert list(chunks_of(file)) == [b"012", b"345", b"678", b"9"]


def test_audit_says_who_and_which_bytes_and_no_name(item: ChecklistItem, ana: User):
    file = add_evidence(item_id=item.pk, upload=upload(), by=ana)
    retire_evidence(file_id=file.pk, reason="Wrong ward", by=ana)

    entries = list(AuditEntry.objects.filter(table="readiness_evidencefile").order_by("pk"))

    assert [(entry.action, entry.reason, entry.user) for entry in entries] == [
        ("insert", "evidence added", ana),
        ("update", "evidence retired", ana),
    ]
    assert entries[0].after["sha256"] == file.sha256
    assert "Silva" not in str([(entry.before, entry.after) for entry in entries])
    assert not AuditEntry.objects.filter(table="readiness_evidencechunk").exists()


def test_nothing_is_left_of_a_file_that_broke_off(item: ChecklistItem, ana: User, monkeypatch: pytest.MonkeyPatch):
    class FullDisk(Exception):
        pass

    def write(**_fields: object) -> None:
        raise FullDisk

    monkeypatch.setattr(EvidenceChunk.objects, "create", write)
    change = ItemChange("done", evidence="Folder 7")

    with pytest.raises(FullDisk):
        answer_item(item_id=item.pk, version=1, change=change, upload=upload(), by=ana)

    assert not EvidenceFile.objects.exists()
    assert not ChecklistEvent.objects.exists()


def test_answer_that_comes_too_late_brings_no_file(item: ChecklistItem, ana: User):
    answer_item(item_id=item.pk, version=1, change=ItemChange("in_progress"), upload=None, by=ana)

    with pytest.raises(ItemChanged):
        answer_item(item_id=item.pk, version=1, change=ItemChange("done"), upload=upload(), by=ana)

    assert not EvidenceFile.objects.exists()


def test_same_file_twice_is_told_and_may_come_again_once_retired(item: ChecklistItem, ana: User):
    first = add_evidence(item_id=item.pk, upload=upload(), by=ana)
    with pytest.raises(Refused, match="This file is there already, as Ana Silva"):
        add_evidence(item_id=item.pk, upload=upload(name="other.txt"), by=ana)

    retired = [retire_evidence(file_id=first.pk, reason=reason, by=ana) for reason in ("Wrong", "Sent twice")]
    again = add_evidence(item_id=item.pk, upload=upload(), by=ana)

    assert [file.retired_reason for file in retired] == ["Wrong", "Wrong"]
    assert list(EvidenceFile.objects.current()) == [again]
    assert list(chunks_of(first)) == [b"All done"]


def test_item_and_site_hold_so_much_and_no_more(item: ChecklistItem, ana: User, monkeypatch, settings):
    monkeypatch.setattr(evidence, "MOST", 2)
    monkeypatch.setattr(evidence, "MOST_EVER", 3)
    settings.EVIDENCE_LARGEST = 10
    first = add_evidence(item_id=item.pk, upload=upload(b"1"), by=ana)
    with pytest.raises(Refused, match="The files of this site come to"):
        add_evidence(item_id=item.pk, upload=upload(b"1234567890"), by=ana)
    add_evidence(item_id=item.pk, upload=upload(b"2"), by=ana)

    with pytest.raises(Refused, match="as many files as it can"):
        add_evidence(item_id=item.pk, upload=upload(b"3"), by=ana)
    retire_evidence(file_id=first.pk, reason="Old", by=ana)
    second = add_evidence(item_id=item.pk, upload=upload(b"3"), by=ana)
    retire_evidence(file_id=second.pk, reason="Old", by=ana)

    with pytest.raises(Refused, match="as many files as it can"):
        add_evidence(item_id=item.pk, upload=upload(b"4"), by=ana)


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"sha256": "x"}, {"kind": "exe"}, {"name": " "}], ids=lambda each: next(iter(each))
)
def test_database_refuses_what_is_no_file(item: ChecklistItem, wrong: dict):
    fields = {"item": item, "name": "a.txt", "kind": "txt", "size": 1, "sha256": "0" * 64, **wrong}

    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFile.objects.create(**fields)


def test_frozen_pack_keeps_what_evidence_there_was(item: ChecklistItem, ana: User):
    deployment = item.deployment
    gate = Gate.objects.create(programme=deployment.programme, code="GO", name="Go")
    change = ItemChange("done", evidence="Folder 7")
    answer_item(item_id=item.pk, version=1, change=change, upload=upload(), by=ana)
    first = EvidenceFile.objects.get()

    review = freeze_pack(gate=gate, deployment=deployment, by=ana)
    retire_evidence(file_id=first.pk, reason="Replaced", by=ana)
    later = add_evidence(item_id=item.pk, upload=upload(b"Better"), by=ana)

    review.refresh_from_db()
    assert review.pack["evidence"] == [
        {
            "code": item.code,
            "text": item.template_item.text,
            "note": "Folder 7",
            "files": [{"id": first.pk, "sha256": first.sha256}],
        }
    ]
    assert (was_in_a_pack(first), was_in_a_pack(later)) == (True, False)


def test_a_file_costs_one_statement_a_part(item: ChecklistItem, ana: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence, "CHUNK", 4)
    counts = []
    for content in (b"0000", b"0001", b"00020002"):
        with CaptureQueriesContext(connection) as asked:
            add_evidence(item_id=item.pk, upload=upload(content), by=ana)
        counts.append(len(asked))

    assert counts[2] == counts[1] + 1 <= 16
