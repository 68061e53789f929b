"""One import: its check row by row, its progress, what came of it; loading it, undoing it, giving it up."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.choices import FILE_IMPORT_WORK, FileImportState, LineFate
from readiness.dashboards.file_imports import (
    COLOURS,
    FATE_COLOURS,
    causes_of,
    finding,
    mark_of,
    progress_of,
    quarters_of,
    rejected_table,
    step_in_words,
)
from readiness.forms.file_imports import LoadForm, kind_of
from readiness.models import FileImport
from readiness.services.file_imports import ask_to_load, ask_to_undo, changes, check_again, give_up
from readiness.tasks import import_after_commit
from readiness.views.file_imports import PER_PAGE, address, find_import, manage_import
from rollout.audit import noting
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.requests import UserRequest
from rollout.services.refusals import Refused
from rollout.views.access import permitted
from rollout.views.questions import Question, ask

LINE_COLUMNS = (
    {"label": _("Row")},
    {"label": _("What becomes of it")},
    {"label": _("Record")},
    {"label": _("In words")},
)


@require_safe
@permitted(manage_import, find_import)
def import_detail(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """How an import stands: its progress while the worker is at it, else what was found or what came of it."""
    tables = {"rejected": lambda: rejected_table(file_import)}
    if (file := download_answer(request, tables)) is not None:
        return file
    progress = progress_of(file_import)
    mark, under_way = mark_of(file_import, progress), file_import.state in FILE_IMPORT_WORK
    if wants_part(request) and request.GET.get("seen") == mark:
        return HttpResponseNotModified()
    context = around(file_import) | {
        "under_way": under_way,
        "mark": mark,
        "step": step_in_words(progress),
        "progress": progress,
        "part": wants_part(request),
        "paused": request.GET.get("live") == "off",
        "quarters": quarters_of(progress),
        "announced": request.GET.get("quarters", "0"),
    }
    if not under_way:
        context |= found(request, file_import)
    return render_page(request, "readiness/import_detail.html", context, partial="import")


def around(file_import: FileImport) -> dict[str, Any]:
    """What every page of an import shows."""
    return {
        "row": file_import,
        "kind": kind_of(file_import),
        "programme": file_import.programme,
        "colour": COLOURS.get(file_import.state, "grey"),
        "counts": [(label, file_import.counts.get(fate, 0), fate) for fate, label in LineFate.choices],
        "finding": finding(file_import.counts),
        "changes": changes(file_import),
        "rejected": file_import.counts.get(LineFate.REJECTED, 0),
        "back": reverse("readiness:import-list", kwargs={"programme": file_import.programme.code}),
        "may_check": bool(file_import.columns)
        and file_import.forgotten_at is None
        and file_import.state in (FileImportState.CHECKED, FileImportState.FAILED),
    }


def found(request: UserRequest, file_import: FileImport) -> dict[str, Any]:
    """The rows of a check, 50 a page, of one fate or all; and what is wrong, by cause."""
    fate = request.GET.get("fate", "")
    lines = file_import.lines.order_by("number")
    if fate in LineFate.values:
        lines = lines.filter(fate=fate)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    causes, more_causes = causes_of(file_import) if file_import.counts.get("problems") else ([], 0)
    rows = [(line, line.get_fate_display(), FATE_COLOURS[LineFate(line.fate)]) for line in page.object_list]
    return {
        "page": page,
        "lines": rows,
        "fate": fate,
        "causes": causes,
        "more_causes": more_causes,
        "columns": LINE_COLUMNS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_import, find_import)
def import_load(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """The last question: whether what was checked is loaded."""
    if file_import.state != FileImportState.CHECKED or not changes(file_import):
        return redirect(address(file_import))
    question = Question(
        title=_("Load the file?"),
        caption=file_import.name,
        lead=finding(file_import.counts),
        button=_("Load"),
        back=address(file_import),
        back_label=_("The check"),
        told=_("Loading has begun."),
    )

    def make(data: Any) -> LoadForm:
        return LoadForm(data, row=file_import)

    def act(form: LoadForm) -> str:
        said = form.cleaned_data
        good = said["rows"] == "good"
        with noting(said.get("not_a_patient", "")):
            ask_to_load(import_id=file_import.pk, digest=said["digest"], good_rows_only=good, by=request.user)
        import_after_commit()
        return address(file_import)

    return ask(request, question, make=make, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_import, find_import)
def import_undo(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """Undoing a loaded import."""
    if file_import.state != FileImportState.LOADED:
        return redirect(address(file_import))
    question = Question(
        title=_("Undo this import?"),
        caption=file_import.name,
        lead=_(
            "Rows it added are taken out. Rows it changed are put back, where nobody changed them since. "
            "Names and addresses of people stay as they are now."
        ),
        button=_("Undo this import"),
        back=address(file_import),
        back_label=_("The import"),
        told=_("Undoing has begun."),
    )

    def act(form: forms.Form) -> str:
        ask_to_undo(import_id=file_import.pk, by=request.user)
        import_after_commit()
        return address(file_import)

    return ask(request, question, make=forms.Form, act=act)


@require_POST
@permitted(manage_import, find_import)
def import_step(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """Check the file again, or give the import up; what may not be done is said on its page."""
    service = {"check": check_again, "stop": give_up}.get(request.POST.get("action", ""))
    try:
        if service is None:
            raise Refused(str(_("Say what to do with the import.")))
        service(import_id=file_import.pk, by=request.user)
    except Refused as refusal:
        context = around(file_import) | found(request, file_import) | {"refusal": str(refusal), "under_way": False}
        context |= {"mark": "", "step": "", "progress": None, "part": False, "paused": False}
        return render_page(request, "readiness/import_detail.html", context, status=422)
    import_after_commit()
    return redirect(address(file_import))
