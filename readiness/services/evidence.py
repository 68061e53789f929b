"""Evidence files of checklist items: added with the answer they belong to, retired with a reason, never deleted."""

from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext

from readiness.models import Checklist, ChecklistItem, EvidenceChunk, EvidenceFile, GateReview
from readiness.services.items import ItemChange, change_item
from rollout.audit import acting
from rollout.models import User
from rollout.services.people import person_of
from rollout.services.refusals import Refused
from rollout.uploads import Upload, size_words

MOST = 20  # files of an item in force
MOST_EVER = 60  # the same with the retired ones, which are kept
CHUNK = 512 * 1024  # bytes of a part


def answer_item(*, item_id: int, version: int, change: ItemChange, upload: Upload | None, by: User) -> None:
    """Say how an item stands, and add the file that shows it: both or neither. Raises what the two raise."""
    with acting(by, "checklist item changed"):
        if upload is not None:
            _hold_checklist(item_id)
        change_item(item_id=item_id, version=version, change=change, by=by)
        if upload is not None:
            add_evidence(item_id=item_id, upload=upload, by=by)


def add_evidence(*, item_id: int, upload: Upload, by: User) -> EvidenceFile:
    """Keep a file as evidence of an item, row and bytes in one transaction.

    Raises Refused for a file that the item holds already, and where the item or the site holds too much.
    """
    with acting(by, "evidence added"):
        checklist = _hold_checklist(item_id)
        digest = sha256(upload.content).hexdigest()
        files = EvidenceFile.objects.filter(item=item_id)
        if there := files.current().filter(sha256=digest).first():
            raise Refused(gettext("This file is there already, as %(name)s.") % {"name": there.name})
        if files.current().count() >= MOST or files.count() >= MOST_EVER:
            raise Refused(gettext("This item holds as many files as it can. Put the evidence into one file."))
        _check_room(checklist, len(upload.content))
        file = EvidenceFile.objects.create(
            item_id=item_id,
            name=upload.name,
            kind=upload.kind,
            size=len(upload.content),
            sha256=digest,
            uploaded_by=person_of(by),
        )
        view = memoryview(upload.content)
        for number, start in enumerate(range(0, file.size, CHUNK)):
            EvidenceChunk.objects.create(file=file, number=number, content=view[start : start + CHUNK])
        return file


def retire_evidence(*, file_id: int, reason: str, by: User) -> EvidenceFile:
    """Take a file out of an item's evidence; it stays in the history. One that is retired stays as it is."""
    with acting(by, "evidence retired"):
        file = EvidenceFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file_id)
        if file.retired_at is None:
            file.retired_at, file.retired_by, file.retired_reason = timezone.now(), by, reason
            file.save(update_fields=["retired_at", "retired_by", "retired_reason"])
        return file


def _hold_checklist(item_id: int) -> Checklist:
    """The item's checklist, held until the transaction ends: files of one site are counted one after the other."""
    items = ChecklistItem.objects.filter(pk=item_id).values("checklist")
    return Checklist.objects.select_for_update(of=("self",), no_key=True).get(pk__in=items)


def _check_room(checklist: Checklist, size: int) -> None:
    """Raises Refused where the files of the site would come to more than EVIDENCE_LARGEST bytes."""
    held = EvidenceFile.objects.filter(item__checklist=checklist).aggregate(held=Sum("size"))["held"] or 0
    if held + size > settings.EVIDENCE_LARGEST:
        most = size_words(settings.EVIDENCE_LARGEST)
        raise Refused(gettext("The files of this site come to %(most)s already. Give a link instead.") % {"most": most})


def chunks_of(file: EvidenceFile) -> Iterator[bytes]:
    """The bytes of a file in order, one part in memory at a time. One query, read as it is needed."""
    parts = EvidenceChunk.objects.filter(file=file).order_by("number").values_list("content", flat=True)
    return (bytes(part) for part in parts.iterator(chunk_size=1))


def was_in_a_pack(file: EvidenceFile) -> bool:
    """Whether a frozen gate pack names the file: then it stays open to those who read the pack."""
    named = {"evidence": [{"files": [{"id": file.pk}]}]}
    return GateReview.objects.filter(deployment=file.item.deployment_id, pack__contains=named).exists()
