"""Who is to do something: the owner or the seat, by name for those who may read it."""

from dataclasses import dataclass

from django.utils.translation import gettext

from readiness.dashboards.site.reader import Reader
from readiness.dashboards.site.records import Named
from readiness.dashboards.site.seats import Seats


@dataclass(frozen=True)
class Who:
    """The role in words, and the name where the reader may see one. Either may be empty."""

    role: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Return "SRO – Ada Marsh", or as much of it as there is."""
        return " – ".join(part for part in (self.role, self.person) if part)


def owner_of(record: Named, seats: Seats, reader: Reader) -> Who:
    """The owner of a record, else whoever holds the seat that answers for it."""
    if record.person_id is not None:
        role = seats.roles.get(record.person_id, "") or record.seat
        if reader.names:
            return Who(role, record.person)
        return Who(role or gettext("Its owner"))
    if record.seat:
        return seat_of(record.seat_code, record.seat, seats, reader)
    return Who(gettext("No owner yet"))


def seat_of(code: str, words: str, seats: Seats, reader: Reader) -> Who:
    """Whoever holds a seat, at the site or for the programme."""
    holders = seats.held(code)
    return Who(words, ", ".join(holder.person for holder in holders) if reader.names else "")
