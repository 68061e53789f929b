"""The import wizard up to the check: which imports there are, the file, its sheet, its columns."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards.file_imports import imports_of, last_headers, last_order
from readiness.forms.file_imports import ColumnsForm, NewImportForm, SheetForm
from readiness.imports.books import book_of, columns_of
from readiness.imports.kinds import ImportKind
from readiness.imports.matching import propose
from readiness.imports.registry import BY_CODE
from readiness.models import FileImport
from readiness.services.file_imports import begin_import, choose_sheet, match_columns
from readiness.sheets import SheetRefused, limits_words
from readiness.tasks import import_after_commit
from readiness.views.frame import programme_frame
from readiness.views.trail import crumb_programmes, crumb_settings
from rollout.errors import TooManyRequests
from rollout.htmx import render_page
from rollout.models import Programme
from rollout.permissions import manage_programme
from rollout.querysets.rights import Somebody
from rollout.rates import hold_to_rate
from rollout.requests import UserRequest
from rollout.services.once import done_once
from rollout.services.refusals import Refused
from rollout.views.access import find_programme, permitted

PER_PAGE = 50
COLUMNS = (
    {"label": _("File")},
    {"label": _("What it holds")},
    {"label": _("State")},
    {"label": _("Rows")},
    {"label": _("By")},
    {"label": _("Begun")},
)
GONE = _("The file was removed, since it may name people. Choose it again.")


def find_import(user: Somebody, programme: str, number: int) -> FileImport:
    """The import of an address like /p/<programme>/imports/<number>/."""
    imports = FileImport.objects.visible_to(user).filter(programme=find_programme(user, programme))
    return get_object_or_404(imports.select_related("programme", "by", "run"), pk=number)


def manage_import(user: Somebody, file_import: FileImport) -> bool:
    """Those who manage the import's programme; nobody else finds it."""
    return manage_programme(user, file_import.programme)


def address(file_import: FileImport, name: str = "import-detail") -> str:
    """Where a step of an import is."""
    return reverse(f"readiness:{name}", kwargs={"programme": file_import.programme.code, "number": file_import.pk})


@require_safe
@permitted(manage_programme, find_programme)
def import_list(request: UserRequest, programme: Programme) -> HttpResponse:
    """The imports of a programme: of files, and of packs."""
    page, rows = imports_of(programme, request.GET.get("page"), PER_PAGE)
    context = programme_frame(request, programme, "settings") | {
        "trail": [crumb_programmes(), crumb_settings(programme)],
        "page": page,
        "rows": rows,
        "columns": COLUMNS,
    }
    return render_page(request, "readiness/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_programme, find_programme)
def import_new(request: UserRequest, programme: Programme) -> HttpResponse:
    """The first step: what is imported, and from which file."""
    form = NewImportForm(request.POST, request.FILES) if request.method == "POST" else NewImportForm()
    if form.is_bound and form.is_valid():
        try:
            return redirect(begin(request, programme, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except TooManyRequests as busy:
            form.add_error(None, str(busy))
            answer = new_page(request, programme, form, busy.status)
            answer["Retry-After"] = str(busy.retry_after)
            return answer
    return new_page(request, programme, form, 422 if form.is_bound else 200)


def new_page(request: UserRequest, programme: Programme, form: NewImportForm, status: int) -> HttpResponse:
    """The page of the first step."""
    context = {
        "form": form,
        "limits": limits_words(),
        "title": _("Choose a file"),
        "button": _("Continue"),
        "caption": programme.name,
        "back": reverse("readiness:import-list", kwargs={"programme": programme.code}),
        "back_label": _("Imports"),
    }
    return render_page(request, "readiness/import_new.html", context, status=status)


def begin(request: UserRequest, programme: Programme, form: NewImportForm) -> str:
    """Keep the file once, and say where the next step is. Raises Refused, and TooManyRequests for the sixth an hour."""
    file = form.cleaned_data["file"]

    def do() -> str:
        hold_to_rate(request.user.pk, "import")
        begun = begin_import(
            programme_id=programme.pk,
            kind=form.cleaned_data["kind"],
            name=file.name,
            content=file.content,
            by=request.user,
        )
        return address(begun, "import-sheet")

    return done_once(user=request.user, key=form.cleaned_data["once"], body=form.said, do=do)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_import, find_import)
def import_sheet(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """The second step: where the table stands."""
    try:
        book = book_of(file_import)
    except (SheetRefused, Refused):
        return redirect(address(file_import))
    form = SheetForm(request.POST if request.method == "POST" else None, book=book, row=file_import)
    if form.is_bound and form.is_valid():
        try:
            choose_sheet(import_id=file_import.pk, by=request.user, **form.cleaned_data)
            return redirect(address(file_import, "import-columns"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    several = len(book.sheets) > 1
    notes = [*book.notes, *(f"{each.name}: {note}" if several else note for each in book.sheets for note in each.notes)]
    context = {
        "form": form,
        "notes": notes,
        "title": _("Where is the table?"),
        "button": _("Continue"),
        "caption": file_import.name,
        "back": reverse("readiness:import-new", kwargs={"programme": file_import.programme.code}),
        "back_label": _("Choose another file"),
    }
    return render_page(request, "readiness/import_sheet.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(manage_import, find_import)
def import_columns(request: UserRequest, file_import: FileImport) -> HttpResponse:
    """The third step: which column is what, and the choices of the kind."""
    kind = BY_CODE.get(file_import.kind)
    if kind is None or not file_import.sheet:
        return redirect(address(file_import, "import-sheet" if kind else "import-detail"))
    try:
        form = columns_form(request, file_import, kind)
    except (SheetRefused, Refused):
        return redirect(address(file_import))
    make_options = partial(kind.options, programme=file_import.programme)
    options = make_options(request.POST) if form.is_bound else make_options(initial=file_import.options or None)
    if form.is_bound and all([form.is_valid(), options.is_valid()]):
        try:
            match_columns(
                import_id=file_import.pk,
                fields=form.matched,
                headers=[column.header for column in form.columns],
                day_first=form.day_first,
                options=options.said,
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            import_after_commit()
            return redirect(address(file_import))
    return columns_page(request, file_import, form, options)


def columns_form(request: UserRequest, file_import: FileImport, kind: ImportKind) -> ColumnsForm:
    """The form of the columns, filled with what was matched, or with a proposal. Raises SheetRefused."""
    columns = columns_of(file_import)
    matched = file_import.columns.get("fields")
    if matched is None:
        matched = propose(kind.fields, [column.header for column in columns], last_headers(file_import))
    data = request.POST if request.method == "POST" else None
    asked = last_order(file_import) | file_import.day_first
    return ColumnsForm(data, kind=kind, columns=columns, proposed=matched, asked=asked)


def columns_page(request: UserRequest, file_import: FileImport, form: ColumnsForm, options: Any) -> HttpResponse:
    """The page of the columns; those that nothing is matched to are named."""
    chosen = {str(form[each.name].value() or "") for each in form.kind.fields}
    unread = [column for column in form.columns if str(column.place) not in chosen]
    context = {
        "form": form,
        "options": options,
        "unread": unread,
        "told": file_import.told,
        "title": _("Match the columns"),
        "button": _("Check the rows"),
        "caption": file_import.name,
        "back": address(file_import, "import-sheet"),
        "back_label": _("Where is the table?"),
    }
    return render_page(request, "readiness/import_columns.html", context, status=422 if form.is_bound else 200)
