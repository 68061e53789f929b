"""Names in capitals and mistyped postcodes, set right. Pure functions of text."""

import re

# The part of a postcode before the gap, and the part after it.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_WORD = re.compile(r"[A-Z0-9]+(?:'[A-Z]+)*")
_SMALL = re.compile(r"AND|AT|BY|FOR|IN|LE|OF|ON|THE|TO|UNDER|UPON|WITH")
_INITIALS = re.compile(
    r"BLT|CAMHS|CDC|CEME|CLCH|CMHT|CSSD|CUH|EMI|FKA|FMC|FT|GIC|GSTT|HCP?|HDFT|HQ|IAPT|ICASH|ICT|IVF|LD|LIFT|MHU?|MRC"
    r"|NEE|NELFT|NHS|PCC|PCT|PLK|PTS|QE|RDPC|SMLG|SSD|VII"
)


def tidy_name(text: str) -> str:
    """The name with single blanks, in sentence form where it came all in capitals."""
    text = " ".join(text.split())
    text = text.replace("( ", "(").replace(" )", ")")
    return _WORD.sub(_recase, text) if text.isupper() else text


def _recase(found: re.Match[str]) -> str:
    word = found.group()
    if _INITIALS.fullmatch(word) or any(letter.isdigit() for letter in word):
        return word
    if found.start() and _SMALL.fullmatch(word):
        return word.lower()
    head, *tails = word.split("'")
    # O'Brien keeps its second capital, St Mary's has none.
    return "'".join([head.capitalize(), *(tail.capitalize() if len(head) == 1 else tail.lower() for tail in tails)])


def tidy_postcode(text: str) -> str | None:
    """The postcode in capitals with one blank inside; None where it is missing or is no postcode."""
    found = _POSTCODE.fullmatch("".join(text.split()).upper())
    return " ".join(found.groups()) if found else None
