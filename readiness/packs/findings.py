"""Collects what is wrong or odd while a pack is read: everything is counted, the first of each file are kept."""

from collections import Counter
from dataclasses import replace

from readiness.packs.report import SHOWN, PackRefused, Problem

# Between the parts of a row's key.
KEY_SEPARATOR = "\x1f"
KEPT_A_FILE = 100
WARNED_A_FILE = 20
# With more bad rows than this, what hangs on them is not sorted out any more: the pack is refused without.
MOST_DROPPED = 10_000


class Findings:
    """Problems and warnings of one import, and the keys of rows that are left out because of a problem.

    The first `kept` problems of each file are kept, all are counted. With more than `most_dropped` bad rows what hangs
    on them is not sorted out.
    """

    def __init__(self, *, kept: int = KEPT_A_FILE, most_dropped: int = MOST_DROPPED) -> None:
        self.kept = kept
        self.most_dropped = most_dropped
        self.problems: list[Problem] = []
        self.count = 0
        self.dropped: set[tuple[str, str]] = set()
        self._kept: Counter[str] = Counter()
        self._warned: Counter[str] = Counter()
        self._warnings: list[Problem] = []

    def add(self, *problems: Problem, unseen: int = 0) -> None:
        """Note problems; `unseen` more of them were counted but not fetched."""
        self.count += len(problems) + unseen
        for problem in problems:
            self._kept[problem.file] += 1
            if self._kept[problem.file] <= self.kept:
                self.problems.append(problem)

    def warn(self, *problems: Problem, unseen: int = 0) -> None:
        """Note what is odd but possible."""
        for problem in problems:
            self._warned[problem.file] += 1
            if self._warned[problem.file] <= WARNED_A_FILE:
                self._warnings.append(problem)
        if unseen:
            self._warned[problems[0].file] += unseen

    def drop(self, file: str, key: list[str]) -> None:
        """A row with this key is left out: what names it is not to blame."""
        if len(self.dropped) <= self.most_dropped:
            self.dropped.add((file, KEY_SEPARATOR.join(key)))

    @property
    def too_many(self) -> bool:
        """Whether so many rows are bad that looking further would only repeat it."""
        return len(self.dropped) > self.most_dropped

    @property
    def odd(self) -> list[Problem]:
        """The warnings that were kept."""
        return self._warnings

    def warnings(self) -> list[str]:
        """The warnings as sentences; how many more there are, by file."""
        lines = [str(warning) for warning in self._warnings]
        lines += [
            f"{file}: {count - WARNED_A_FILE:,} more warnings"
            for file, count in self._warned.items()
            if count > WARNED_A_FILE
        ]
        return lines

    def fill(self, values: dict[tuple[str, int, str], str]) -> None:
        """Say in each problem what stands in its cells."""
        self.problems = [
            replace(
                problem,
                cells=tuple(
                    (name, values.get((problem.file, problem.row or 0, name), value) if value is None else value)
                    for name, value in problem.cells
                ),
            )
            for problem in self.problems
        ]

    def refusal(self, order: list[str]) -> PackRefused:
        """The refusal with all of this in it: by file in the given order, then by row."""
        places = {file: place for place, file in enumerate(order)}
        ordered = sorted(self.problems, key=lambda p: (places.get(p.file, -1), p.file, p.row or 0))
        return PackRefused(ordered[:SHOWN], self.count)
