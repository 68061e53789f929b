"""What an import found and did: problems, warnings, and what became of each file's rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# So many problems are shown; all of them are counted.
SHOWN = 200
VALUE_LENGTH = 60


def shown(value: str) -> str:
    """A value as it may be printed: one line, no control characters, not too long."""
    cut = value if len(value) <= VALUE_LENGTH else value[: VALUE_LENGTH - 1] + "…"
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in cut)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `cells` are the columns it is about with what stands in them.

    `row` counts as a spreadsheet does: the header is row 1. None: it is about the file.
    """

    file: str
    words: str
    row: int | None = None
    cells: tuple[tuple[str, str | None], ...] = ()

    def __str__(self) -> str:
        place = shown(self.file) if self.row is None else f"{shown(self.file)} row {self.row}"
        named = (shown(name) if value is None else f"{shown(name)} '{shown(value)}'" for name, value in self.cells)
        return f"{', '.join([place, *named])}: {self.words}"


@dataclass
class Fates:
    """What became of the rows of one file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts as the log of imports keeps them."""
        return {"new": self.new, "changed": self.changed, "same": self.same, "retired": self.retired}


@dataclass
class ImportReport:
    """What an import did: rows by file and fate, warnings (odd but possible), notes, and the words it created."""

    programme: str = ""
    fates: dict[str, Fates] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    created: dict[str, list[str]] = field(default_factory=dict)
    people_created: int = 0

    @property
    def changed_anything(self) -> bool:
        """Whether the import wrote anything but its own log."""
        return any(fates.new or fates.changed for fates in self.fates.values())

    def lines(self) -> list[str]:
        """The report in words, a line each."""
        lines = [f"Warning: {warning}" for warning in self.warnings] + self.notes
        for words, codes in self.created.items():
            lines.append(f"New {words}: {', '.join(codes)}")
        if self.people_created:
            lines.append(f"New people named in records: {self.people_created}")
        for file, fates in self.fates.items():
            counts = [f"{count:,} {fate}" for fate, count in fates.as_dict().items() if count]
            lines.append(f"{file}: {', '.join(counts) or 'no rows'}")
        lines.append("Loaded." if self.changed_anything else "Nothing to change.")
        return lines


class PackRefused(Exception):
    """The pack was not loaded, none of it. `problems` are the first ones, `count` is how many there are."""

    def __init__(self, problems: Iterable[Problem], count: int | None = None) -> None:
        self.problems = tuple(problems)
        self.count = len(self.problems) if count is None else count
        super().__init__(f"{self.count} problems")

    def lines(self) -> list[str]:
        """Every problem that is shown, a line each, and how many more there are."""
        lines = [str(problem) for problem in self.problems]
        if more := self.count - len(self.problems):
            lines.append(f"… and {more:,} more problems.")
        return lines
