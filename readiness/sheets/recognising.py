"""What a file is, by its content: CSV or XLSX. Whatever else it is, is refused by its kind, with what to do."""

import io
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from readiness.reading import limits
from readiness.reading.kinds import CSV, XLSX
from readiness.reading.refusal import Unread
from rollout.uploads.signatures import kind_of_old_office, signature_of
from rollout.uploads.zips import DAMAGE, ends_with_directory, has_password, is_gapless, unpacks_to_more

_PICTURES = frozenset({"png", "jpeg", "gif", "tiff"})
_MEDIA = frozenset({"riff", "film"})
_TYPES = "[Content_Types].xml"
_TYPES_LENGTH = 2**20  # bytes
# How texts begin that are no tables.
_BEGINNINGS = (
    (b"<!doctype html", "page"),
    (b"<html", "page"),
    (b"<table", "page"),
    (b"<?xml", "xml"),
    (b"{", "json"),
    (b"[{", "json"),
)
_SAMPLE = 2**16  # bytes looked at for what no text has
_CONTROLS = bytes({*range(0x20)} - {0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A})


def kind_of_sheet(content: bytes) -> str:
    """CSV or XLSX. Raises Unread for any other file, and for a workbook that its directory shows to be hostile."""
    if not content.strip():
        raise Unread("empty")
    signature = signature_of(content)
    if signature == "zip":
        _check_workbook(content)
        return XLSX
    if signature == "old_office":
        raise Unread(kind_of_old_office(content))
    if signature:
        raise Unread("picture" if signature in _PICTURES else "media" if signature in _MEDIA else signature)
    _check_text(content)
    return CSV


def _check_text(content: bytes) -> None:
    if len(content) > limits.CSV_BYTES:
        raise Unread("csv_large", most=limits.CSV_BYTES // limits.MB)
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return
    sample = content[:_SAMPLE]
    start = sample.removeprefix(BOM_UTF8).lstrip()[:20].lower()
    for beginning, kind in _BEGINNINGS:
        if start.startswith(beginning):
            raise Unread(kind)
    strange = len(sample) - len(sample.translate(None, _CONTROLS))
    if strange * 50 > len(sample):
        raise Unread("not_text")


def _check_workbook(content: bytes) -> None:
    if len(content) > limits.XLSX_BYTES:
        raise Unread("xlsx_large", most=limits.XLSX_BYTES // limits.MB)
    try:
        _check_directory(content)
    except DAMAGE:
        raise Unread("damaged") from None


def _check_directory(content: bytes) -> None:
    if not ends_with_directory(content):
        raise Unread("damaged")
    if not ends_with_directory(content, limits.PARTS):
        raise Unread("parts", most=limits.PARTS)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        names = {part.filename for part in parts}
        if unpacks_to_more(parts, most=limits.UNPACKED, ratio=limits.RATIO):
            small = sum(part.file_size for part in parts) <= limits.UNPACKED
            raise Unread("bomb") if small else Unread("unpacked", most=limits.UNPACKED // limits.MB)
        if has_password(parts):
            raise Unread("protected")
        _check_names(names)
        if b"macroEnabled" in _types(packed) or any("vbaproject" in name.lower() for name in names):
            raise Unread("macros")
        usual = all(part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
        if not usual or len(names) != len(parts) or not is_gapless(content, parts, packed.start_dir):
            raise Unread("damaged")


def _check_names(names: set[str]) -> None:
    """Which kind of packed file it is, by the names of its parts."""
    if "mimetype" in names and "content.xml" in names:
        raise Unread("ods")
    if any(name.lower().endswith(".iwa") or name.endswith("Index.zip") for name in names):
        raise Unread("numbers")
    if "xl/workbook.bin" in names:
        raise Unread("xlsb")
    if {"word/document.xml", "ppt/presentation.xml"} & names:
        raise Unread("other_office")
    if not {_TYPES, "xl/workbook.xml"} <= names:
        raise Unread("packed")


def _types(packed: zipfile.ZipFile) -> bytes:
    with packed.open(_TYPES) as part:
        return part.read(_TYPES_LENGTH)
