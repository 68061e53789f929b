"""Whether bytes are plain text: no program, no web page, no cell that a spreadsheet would run."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from django.utils.translation import gettext_lazy as _

from rollout.uploads.refusal import Unfit

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE = re.compile(r"<(?:!doctype|html|script|iframe|svg|object|embed)\b|<\?(?:php|xml)", re.I)
# The start of a cell that a spreadsheet takes for a formula. Negative numbers and telephone numbers are none.
_FORMULA = re.compile(r"(?:^|[,;\t])[ ]*\"?[ ]*(?:[=@]|[+\-](?![\s\d.,(+\-]|$))", re.M)


def check_text(content: bytes, *, table: bool) -> None:
    """Raises Unfit for what is no plain text; of a `table` also where a cell begins like a formula."""
    text = _decoded(content)
    if text is None or _CONTROLS.search(text):
        raise Unfit(
            _("This kind of file is not taken. Send a PDF, a PNG or JPEG picture, .docx, .xlsx, .pptx, .csv or .txt.")
        )
    if _PAGE.search(text):
        raise Unfit(_("This is a web page, or holds a part of one. Save it as PDF."))
    if table and (found := _FORMULA.search(text)):
        line = text.count("\n", 0, found.start() + 1) + 1
        raise Unfit(
            _("Line %(line)s has a cell that a spreadsheet would take for a formula. Save it as .xlsx instead.")
            % {"line": line}
        )


def _decoded(content: bytes) -> str | None:
    """The text of UTF-8, UTF-16 with its mark, or what Windows writes in Western Europe; None for none of them."""
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and content.startswith(BOM_UTF8):
                return None
    return None
