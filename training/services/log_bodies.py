"""Reading what an entry of the log says: every value checked, and each refusal said in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.translation import gettext

from rollout.services.refusals import Refused

LARGEST_ID = 2**63 - 1
LONGEST = 4000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}", re.ASCII)
# What PostgreSQL does not keep, and what is no letter: NUL, lone surrogates.
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class WrongValue(Refused):
    """A value of an entry is missing or cannot be; `field` says which."""

    def __init__(self, field: str, words: str) -> None:
        """Keep the field to say it at."""
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Body:
    """What an entry says, by name, as it came: from JSON, or from a valid form. Names that it does not know it ignores.

    An absent value and null are the same. Every method raises WrongValue.
    """

    said: Mapping[str, Any]

    def row(self, name: str, missing: str) -> int:
        """The id of a record."""
        value = self.row_or_none(name, missing)
        if value is None:
            raise WrongValue(name, missing)
        return value

    def row_or_none(self, name: str, wrong: str) -> int | None:
        """The id of a record, None where there is none."""
        value = self.said.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 < value <= LARGEST_ID:
            raise WrongValue(name, wrong)
        return value

    def count(self, name: str, most: int) -> int | None:
        """A whole number from 0 to `most`, None where nothing was said."""
        value = self.said.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= most:
            raise WrongValue(name, gettext("Enter a whole number from 0 to %(most)s") % {"most": most})
        return value

    def text(self, name: str, longest: int = LONGEST, *, missing: str = "") -> str:
        """Words without the space around them; `missing` is said where there are none and there must be."""
        value = self.said.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str) or _NOT_TEXT.search(value):
            raise WrongValue(name, gettext("Write this in letters"))
        value = value.replace("\r\n", "\n").strip()
        if len(value) > longest:
            raise WrongValue(name, gettext("Write at most %(n)s characters") % {"n": longest})
        if missing and not value:
            raise WrongValue(name, missing)
        return value

    def choice(self, name: str, values: list[str], missing: str) -> str:
        """One of the values."""
        value = self.said.get(name)
        if not isinstance(value, str) or value not in values:
            raise WrongValue(name, missing)
        return value

    def yes_or_no(self, name: str, missing: str) -> bool:
        """True or false."""
        value = self.yes_no_or_none(name, missing)
        if value is None:
            raise WrongValue(name, missing)
        return value

    def yes_no_or_none(self, name: str, wrong: str) -> bool | None:
        """True or false, None where nothing was said."""
        value = self.said.get(name)
        if value is not None and not isinstance(value, bool):
            raise WrongValue(name, wrong)
        return value

    def day(self, name: str) -> date:
        """A date, written like 2026-03-14."""
        value = self.said.get(name)
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise WrongValue(name, gettext("Enter a date like 2026-03-14"))

    def clock(self, name: str) -> time:
        """A time of day, written like 07:30."""
        value = self.said.get(name)
        try:
            if isinstance(value, str) and _CLOCK.fullmatch(value):
                return time.fromisoformat(value)
        except ValueError:
            pass
        raise WrongValue(name, gettext("Enter a time like 07:30"))

    def parts(self, name: str, most: int, missing: str) -> list["Body"]:
        """A list of things said of several records, of at least one and at most `most`."""
        value = self.said.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            raise WrongValue(name, missing)
        if len(value) > most:
            raise WrongValue(name, gettext("Send at most %(n)s people at once") % {"n": most})
        return [Body(each) for each in value]
