"""Office documents: zip files of a known build, told by their directory. Nothing large is unpacked."""

import io
import re
import zipfile
from collections.abc import Sequence
from zipfile import ZipInfo

from django.utils.translation import gettext_lazy as _

from rollout.choices import FileKind
from rollout.uploads.refusal import Unfit
from rollout.uploads.zips import DAMAGE, ends_with_directory, has_password, is_gapless, unpacks_to_more

PARTS = 5_000
UNPACKED = 300 * 1024 * 1024  # bytes
RATIO = 100
_READ = 1024 * 1024  # bytes unpacked of a part that is looked into
_MAIN = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}
_TYPES = "[Content_Types].xml"
# Parts that run, or hold another file that could; sheets and pictures inside a document are no such parts.
_RUNS = re.compile(
    r"vbaproject|vbadata|/activex/|macrosheets/|/embeddings/.*\.(?:bin|exe|msi|js|vbs|bat|cmd|ps1|hta|lnk)$"
    r"|\.(?:exe|dll|scr|msi|js|vbs|wsf|bat|cmd|ps1|hta|lnk|jar|html?|php|zip)$",
    re.I,
)


def office_kind(content: bytes) -> FileKind:
    """The kind of an office document. Raises Unfit for any other zip file, macros, passwords and bombs."""
    damaged = Unfit(_("The file is damaged, or something is hidden in it. Save it again, and send it again."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            _check_size(parts)
            names = {part.filename for part in parts}
            kinds = {kind for name, kind in _MAIN.items() if name in names}
            if _TYPES not in names or len(kinds) != 1:
                raise Unfit(_other_zip(names))
            if (
                not ends_with_directory(content)
                or len(names) != len(parts)
                or not is_gapless(content, parts, packed.start_dir)
            ):
                raise damaged
            _check_parts(packed, names)
            return kinds.pop()
    except DAMAGE as error:
        raise damaged from error


def _check_size(parts: Sequence[ZipInfo]) -> None:
    if len(parts) > PARTS or unpacks_to_more(parts, most=UNPACKED, ratio=RATIO):
        raise Unfit(_("Unpacked, this file is too large. Send a smaller one, or a PDF of it."))
    if has_password(parts):
        raise Unfit(_("This file is protected by a password. Save it without one, and send it again."))


def _other_zip(names: set[str]) -> object:
    if "mimetype" in names and "content.xml" in names:
        return _("This is an OpenDocument file. Save it as .docx, .xlsx or .pptx, or as PDF.")
    if "xl/workbook.bin" in names:
        return _("This is a binary workbook. Save it as .xlsx.")
    return _("This is a packed file. Unpack it and send what is in it.")


def _check_parts(packed: zipfile.ZipFile, names: set[str]) -> None:
    """No macros, no programs, no template from elsewhere."""
    settings = "word/_rels/settings.xml.rels"
    types = _read(packed, _TYPES)
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in names):
        raise Unfit(_("Files with macros are not taken. Save it as .docx, .xlsx or .pptx, or as PDF."))
    if any(_RUNS.search(name) for name in names):
        raise Unfit(_("Another file is embedded in this one. Send it as a file of its own, or send a PDF."))
    if settings in names and b'TargetMode="External"' in _read(packed, settings):
        raise Unfit(_("This document takes its template from elsewhere. Save it as PDF."))


def _read(packed: zipfile.ZipFile, name: str) -> bytes:
    """A part, as far as it is looked into: what it says of its size is not believed."""
    with packed.open(name) as part:
        return part.read(_READ)
