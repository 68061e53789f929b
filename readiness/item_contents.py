"""What a template item says, apart from whose it is; and how two lists of items differ, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from readiness.checks import CHECKS
from readiness.choices import GoLive
from readiness.models import TemplateItem
from readiness.standard_template import standard_items
from rollout.choices import ReadinessDomain

# In the order of the form, with the name of the field there.
LABELS: Mapping[str, Any] = {
    "domain": _("Domain"),
    "text": _("What is to be done"),
    "help": _("Why it matters"),
    "weight": _("Weight"),
    "blocking": _("Blocking"),
    "golive": _("For which go-live"),
    "due_days": _("Due"),
    "valid_days": _("Shelf life"),
    "evidence_needed": _("Asks for evidence"),
    "seat": _("Seat"),
    "check_code": _("System check"),
}
ORDER = {domain: place for place, domain in enumerate(ReadinessDomain.values)}


@dataclass(frozen=True)
class Content:
    """An item's own words and rules; `seat` is the code of a seat role, "" for none. Days as in TemplateItem."""

    code: str
    domain: str
    text: str
    help: str
    weight: int
    blocking: bool
    due_days: int | None
    valid_days: int | None
    evidence_needed: bool
    seat: str
    golive: str
    check_code: str

    @property
    def due_words(self) -> str:
        """When it is due, in words."""
        words = words_of("due_days", self.due_days)
        technical = self.due_days is not None and self.golive == GoLive.TECHNICAL
        return gettext("%(days)s, the technical one") % {"days": words} if technical else words


@dataclass(frozen=True)
class FieldChange:
    """One thing that an item says otherwise, in words."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """An item that both lists have and that says something else."""

    before: Content
    after: Content

    @property
    def code(self) -> str:
        """The code that both share."""
        return self.after.code

    @property
    def fields(self) -> list[FieldChange]:
        """What differs, in the order of the form."""
        before, after = self.before, self.after
        return [
            FieldChange(label, words_of(name, getattr(before, name)), words_of(name, getattr(after, name)))
            for name, label in LABELS.items()
            if getattr(before, name) != getattr(after, name)
        ]


@dataclass(frozen=True)
class Difference:
    """What came, what went and what changed from one list of items to another, each in the order of the domains."""

    added: tuple[Content, ...]
    removed: tuple[Content, ...]
    changed: tuple[Changed, ...]

    @property
    def count(self) -> int:
        """How many items differ."""
        return len(self.added) + len(self.removed) + len(self.changed)

    @property
    def codes(self) -> list[str]:
        """The codes of the items that differ."""
        changed = (item.after for item in self.changed)
        return [item.code for item in (*self.added, *changed, *self.removed)]

    @property
    def words(self) -> str:
        """How much differs, in a sentence."""
        parts = (
            (self.added, ngettext("%(n)s added", "%(n)s added", len(self.added))),
            (self.changed, ngettext("%(n)s changed", "%(n)s changed", len(self.changed))),
            (self.removed, ngettext("%(n)s removed", "%(n)s removed", len(self.removed))),
        )
        said = [text % {"n": len(items)} for items, text in parts if items]
        return ", ".join(said) if said else gettext("nothing differs")


def content_of(item: TemplateItem) -> Content:
    """What an item says; its seat role is to be fetched with it."""
    named = {field.name: getattr(item, field.name) for field in fields(Content) if field.name != "seat"}
    return Content(**named, seat=item.seat_role.code if item.seat_role else "")


def contents_of(template_id: int | None) -> list[Content]:
    """The items of a template; none where there is no template. One query."""
    if template_id is None:
        return []
    return [content_of(item) for item in TemplateItem.objects.filter(template=template_id).select_related("seat_role")]


def standard_contents() -> list[Content]:
    """The items of the standard template."""
    return [
        Content(
            code=item.code,
            domain=item.domain,
            text=item.text,
            help=item.help,
            weight=item.weight,
            blocking=item.blocking,
            due_days=item.due_days,
            valid_days=item.valid_days,
            evidence_needed=item.evidence,
            seat=item.seat,
            golive=item.golive,
            check_code=item.check,
        )
        for item in standard_items()
    ]


def difference(before: Iterable[Content], after: Iterable[Content]) -> Difference:
    """What the second list has otherwise than the first."""
    old, new = ({item.code: item for item in items} for items in (before, after))
    return Difference(
        added=ordered(item for code, item in new.items() if code not in old),
        removed=ordered(item for code, item in old.items() if code not in new),
        changed=tuple(
            Changed(old[item.code], item)
            for item in ordered(new.values())
            if item.code in old and old[item.code] != item
        ),
    )


def ordered(items: Iterable[Content]) -> tuple[Content, ...]:
    """In the order of the domains, then by code."""
    return tuple(sorted(items, key=lambda item: (ORDER.get(item.domain, len(ORDER)), item.code)))


def _days_before(value: int | None) -> str:
    if value is None:
        return gettext("no due date")
    if value < 0:
        return ngettext("%(n)s day after go-live", "%(n)s days after go-live", -value) % {"n": -value}
    return ngettext("%(n)s day before go-live", "%(n)s days before go-live", value) % {"n": value}


def _shelf_life(value: int | None) -> str:
    return gettext("for good") if value is None else ngettext("%(n)s day", "%(n)s days", value) % {"n": value}


def _yes_no(value: bool) -> str:
    return gettext("yes") if value else gettext("no")


WORDS: Mapping[str, Callable[[Any], str]] = {
    "domain": lambda value: str(ReadinessDomain(value).label),
    "weight": lambda value: gettext("%(n)s of 5") % {"n": value},
    "blocking": _yes_no,
    "golive": lambda value: str(GoLive(value).label),
    "due_days": _days_before,
    "valid_days": _shelf_life,
    "evidence_needed": _yes_no,
    "seat": lambda value: value.replace("_", " ") if value else gettext("none"),
    "check_code": lambda value: str(CHECKS[value].label) if value in CHECKS else value or gettext("none"),
}


def words_of(name: str, value: Any) -> str:
    """What a field says, in words."""
    said = WORDS[name](value) if name in WORDS else str(value)
    return said or gettext("nothing")
