"""What a file is, by its content alone; its name must agree. Whatever could run, hide or be two things is refused."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rollout.choices import FileKind
from rollout.uploads.names import ending_of
from rollout.uploads.office import office_kind
from rollout.uploads.pictures import is_whole_jpeg, is_whole_png
from rollout.uploads.refusal import Unfit
from rollout.uploads.signatures import kind_of_old_office, signature_of
from rollout.uploads.texts import check_text

__all__ = ["CONTENT_TYPES", "Unfit", "kind_of"]

_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OFFICE}presentationml.presentation",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
}
ENDINGS = {"jpeg": FileKind.JPEG, **{kind.value: kind for kind in FileKind}}
_TAIL = 65_557  # bytes from the end within which the directory of a zip file begins, comment and all
# PDF names that make a reader run, fetch or unpack something.
_PDF_ACTS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")

# Kinds that are not taken, and how to send them instead.
_OTHERS: dict[str, Any] = {
    "program": _("This is a program. Programs are not taken."),
    "gif": _("This is a GIF picture. Save it as PNG."),
    "tiff": _("This is a TIFF picture. Save it as PDF or PNG."),
    "riff": _("This kind of picture or sound is not taken. Save a picture as PNG or JPEG."),
    "rich_text": _("This is a rich text file. Save it as .docx or PDF."),
    "packed": _("This is a packed file. Unpack it and send what is in it."),
    "film": _("This is a film, or a photo as some phones keep it. Save a photo as JPEG."),
    "protected": _("This file is protected by a password. Save it without one, and send it again."),
    "mail": _("This is a mail. Save it as PDF."),
    "old_office": _("This is an old Office file. Save it as .docx, .xlsx or .pptx, or as PDF."),
}
_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})


def kind_of(name: str, content: bytes) -> FileKind:
    """The kind of a file. Raises Unfit, whose text says to a person what is wrong with it and how to mend it."""
    ending = ending_of(name)
    if not content.strip():
        raise Unfit(_("The file is empty. Choose another one."))
    if ending in _MACROS:
        raise Unfit(_("Files with macros are not taken. Save it as .docx, .xlsx or .pptx, or as PDF."))
    found = _by_content(content) or _text_kind(ending, content)
    if ENDINGS.get(ending) != found:
        raise Unfit(
            _("By its content this is: %(kind)s. Its name says otherwise. Save it again, as .%(ending)s.")
            % {"kind": found.label, "ending": found.value}
        )
    return found


def _by_content(content: bytes) -> FileKind | None:
    """The kind that the first bytes tell, checked to the end; None for what may be text."""
    signature = signature_of(content)
    if signature == "zip":
        return office_kind(content)
    if signature in _CHECKS:
        check, kind = _CHECKS[signature]
        check(content)
        return kind
    if signature == "old_office":
        raise Unfit(_OTHERS[kind_of_old_office(content)])
    if signature:
        raise Unfit(_OTHERS[signature])
    return None


def _text_kind(ending: str, content: bytes) -> FileKind:
    if ending not in (FileKind.CSV, FileKind.TEXT):
        # Whatever cannot be text is refused by what it is first.
        check_text(content, table=False)
        return FileKind.TEXT
    check_text(content, table=ending == FileKind.CSV)
    return FileKind(ending)


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Unfit(_("The PDF is not whole. Save it again, and send it again."))
    _refuse_two_in_one(content)
    if any(name in content for name in _PDF_ACTS):
        raise Unfit(_("This PDF holds scripts or other files. Print it to a new PDF, and send that one."))


def _check_png(content: bytes) -> None:
    if not is_whole_png(content):
        raise Unfit(_("The picture is not whole, or something is hidden behind it. Save it again as PNG."))
    _refuse_two_in_one(content)


def _check_jpeg(content: bytes) -> None:
    if not is_whole_jpeg(content):
        raise Unfit(_("The picture is not whole. Save it again as JPEG."))
    _refuse_two_in_one(content)


def _refuse_two_in_one(content: bytes) -> None:
    """A file that other programs would read as a packed file or as a web page is not only what it begins with."""
    lowered = content[:1024].lower() + content[-_TAIL:].lower()
    if b"PK\x05\x06" in content[-_TAIL:] or any(each in lowered for each in (b"<script", b"<html", b"<?php")):
        raise Unfit(_("Something else is hidden in this file. Save it again with another program, and send that one."))


_CHECKS: dict[str, tuple[Callable[[bytes], None], FileKind]] = {
    "pdf": (_check_pdf, FileKind.PDF),
    "png": (_check_png, FileKind.PNG),
    "jpeg": (_check_jpeg, FileKind.JPEG),
}
