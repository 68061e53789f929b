"""The evidence that a gate looks at, or looked at when its pack was frozen."""

from dataclasses import dataclass

from django.urls import reverse

from readiness.dashboards.evidence import file_words
from readiness.gates import GateFacts
from readiness.models import EvidenceFile
from rollout.models import Deployment


@dataclass(frozen=True)
class GateFile:
    """A file: its words, where it is opened, and whether it was taken out of the evidence since."""

    words: str
    href: str
    retired: bool


@dataclass(frozen=True)
class GateEvidence:
    """The evidence of one item: where the item is, its note, and its files."""

    text: str
    href: str
    note: str
    files: tuple[GateFile, ...]


def gate_evidence(facts: GateFacts, deployment: Deployment, *, opens: bool) -> list[GateEvidence]:
    """The evidence in a gate's facts, item by item; none to a reader who may not open (`opens`) it. One query."""
    if not opens:
        return []
    address = {"programme": deployment.programme.code, "site": deployment.site.code}
    wanted = [file.id for each in facts.evidence for file in each.files]
    found = EvidenceFile.objects.filter(pk__in=wanted, item__deployment=deployment).in_bulk() if wanted else {}
    return [
        GateEvidence(
            each.text,
            reverse("readiness:checklist-item", kwargs={**address, "item": each.code}),
            each.note,
            tuple(
                GateFile(
                    file_words(found[file.id]),
                    reverse("readiness:evidence-file", kwargs={**address, "item": each.code, "file": file.id}),
                    found[file.id].retired_at is not None,
                )
                for file in each.files
                if file.id in found
            ),
        )
        for each in facts.evidence
    ]
