"""What a file is by its first bytes alone. What to say of it is for those who take files, or do not."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"MZ\x90", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"RIFF", "riff"),
    (b"{\\rtf", "rich_text"),
    (b"\x1f\x8b", "packed"),
    (b"7z\xbc\xaf", "packed"),
    (b"Rar!", "packed"),
)


def signature_of(content: bytes) -> str:
    """The kind that the first bytes tell: pdf, png, jpeg, zip, old_office, program, gif …; "" where they tell none."""
    for first, kind in _SIGNATURES:
        if content.startswith(first):
            return kind
    return "film" if content[4:8] == b"ftyp" else ""


def kind_of_old_office(content: bytes) -> str:
    """What an old Office container holds: "protected" (any Office file with a password), "mail" or "old_office"."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "protected"
    return "mail" if "__substg1.0_".encode("utf-16-le") in content else "old_office"
