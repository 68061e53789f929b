"""What the engine of packs says, in the words of somebody with a spreadsheet: what is wrong, and how to mend it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# By how the engine's words begin.
MENDING = (
    (
        "changed in the browser",
        _("Somebody changed this record here since. Leave the row out, or choose to take the file's values"),
    ),
    ("no such site", _("This programme has no site with this code. Use the code of one of its sites")),
    ("no such organisation", _("No organisation of this programme has this code")),
    ("no such ward", _("This site has no such ward. Add the ward first, or use its code")),
    ("no such member of staff", _("No member of staff has this number. Import the staff list first")),
    ("empty, but it is needed", _("This cell is empty. Fill it in")),
    ("this column is missing", _("A new row needs this column. Match a column to it")),
    ("not a code", _("A code has letters, digits, “-”, “_” and “.”, at most 40 of them, and no spaces")),
    ("longer than", _("This is too long. Shorten it")),
    ("this is a record of another programme", _("This belongs to another programme. Leave the row out")),
    ("something that looks like an NHS number", _("This looks like an NHS number. Take patient details out")),
    ("invisible characters", _("Invisible characters were left out")),
    ("a changed value of a record that another", _("Another programme uses this record too, and sees the change")),
    ("a year far from now", _("A year far from now")),
)
TAKEN_OUT = _("This record was taken out here. Put it back first, or leave the row out")
HANGS_ON_REJECTED = _("This row needs another row that is rejected. Mend that one")
ALIKE = _("The same as an earlier row: it counts once")


def mended(words: str) -> str:
    """What is wrong, as a sentence without its full stop."""
    if words.startswith("the same key as row"):
        row = words.removeprefix("the same key as row ").partition(",")[0]
        return gettext("Row %(row)s has the same key and other values. Keep one of the two") % {"row": row}
    for beginning, said in MENDING:
        if words.startswith(beginning):
            return str(said)
    return words[:1].upper() + words[1:]


def shown(value: str) -> str:
    """A cell of a pack as people read it."""
    if not value:
        return gettext("nothing")
    if value in ("true", "false"):
        return gettext("yes") if value == "true" else gettext("no")
    try:
        return date_format(date.fromisoformat(value), "j F Y") if len(value) == 10 and value[4] == "-" else value
    except ValueError:
        return value


def before_after(label: object, before: str, after: str) -> str:
    """One changed value: "Name: Elm → Elm ward"."""
    return f"{label}: {shown(before)} → {shown(after)}"
