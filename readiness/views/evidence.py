"""An evidence file, to those who may open it: always as an attachment, under a name of ours."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from readiness.models import EvidenceFile
from readiness.services.evidence import chunks_of, was_in_a_pack
from readiness.views.items import keep_item, read_evidence
from rollout.choices import FileKind
from rollout.querysets.rights import Somebody
from rollout.requests import UserRequest
from rollout.uploads import CONTENT_TYPES
from rollout.views.access import find_deployment, permitted


def find_file(user: Somebody, programme: str, site: str, item: str, file: int) -> EvidenceFile:
    """The file of an address like /p/<programme>/s/<site>/checklist/<item>/files/<id>/, retired ones and items too."""
    deployment = find_deployment(user, programme, site)
    files = EvidenceFile.objects.visible_to(user).filter(item__deployment=deployment, item__code=item)
    found = get_object_or_404(files.select_related("item__owner__user"), pk=file)
    found.item.deployment = deployment
    return found


def open_file(user: Somebody, file: EvidenceFile) -> bool:
    """Those who may see the item's evidence; a retired file those who keep the item, or all if a gate looked at it."""
    if not read_evidence(user, file.item):
        return False
    return file.retired_at is None or keep_item(user, file.item) or was_in_a_pack(file)


@require_safe
@permitted(open_file, find_file)
def evidence_file(request: UserRequest, file: EvidenceFile) -> HttpResponseBase:
    """The bytes as they came, read part by part. Nothing of it is ever shown inside our pages."""
    kind = FileKind(file.kind)
    name = f"{file.item.code}-{file.pk}.{kind.value}"
    headers = {
        "Content-Type": CONTENT_TYPES[kind],
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.size),
        "X-Content-Type-Options": "nosniff",
        "X-Download-Options": "noopen",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    return StreamingHttpResponse(chunks_of(file), headers=headers)
