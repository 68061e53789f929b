"""Names of files as people's machines have them, made harmless. Nothing is ever stored or served under such a name."""

import unicodedata

LONGEST = 200
# Control and format characters (also those that turn the direction of text), surrogates, private and unassigned ones.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def harmless_name(name: str) -> str:
    """The last part of a path, composed, in one line, without invisible characters, at most 200 characters long.

    The ending stays. A name of which nothing is left is called "file".
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    spaced = "".join(" " if each.isspace() else each for each in last)
    shown = "".join(each for each in spaced if unicodedata.category(each) not in _INVISIBLE)
    plain = " ".join(shown.split()).strip(". ")
    if len(plain) > LONGEST:
        stem, dot, ending = plain.rpartition(".")
        ending = (dot + ending)[:20] if stem else ""
        plain = plain[: LONGEST - len(ending)] + ending
    return plain or "file"


def ending_of(name: str) -> str:
    """What stands after the last dot, in lower case; "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""
