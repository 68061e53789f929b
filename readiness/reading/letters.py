"""Letters as they are kept: composed, and without what nobody sees."""

import unicodedata


def composed(text: str) -> tuple[str, bool]:
    """The text in composed letters (NFC) without invisible characters, and whether some were left out."""
    if text.isascii() and text.isprintable():
        return text, False
    kept = "".join(mark for mark in text if not _invisible(mark))
    return unicodedata.normalize("NFC", kept), len(kept) < len(text)


def _invisible(mark: str) -> bool:
    # Joiners stay: they shape letters and emoji.
    return mark not in "\t\n\r\u200c\u200d" and unicodedata.category(mark) in ("Cc", "Cf")
