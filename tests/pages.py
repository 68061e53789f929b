"""Reading a page as a person would: tables as rows of words."""

import re
from html.parser import HTMLParser
from typing import Any

HIDDEN = {"nhsuk-u-visually-hidden", "app-unseen"}


def text_of(answer: Any) -> str:
    """The text of an answer, also of one that is a file and can be read but once."""
    if not answer.streaming:
        return str(answer.text)
    if "kept_text" not in vars(answer):
        vars(answer)["kept_text"] = answer.getvalue().decode()
    return str(vars(answer)["kept_text"])


class _Table(HTMLParser):
    """The rows of the table with an id; words meant for screen readers alone, and details, are left out."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.rows: list[list[str]] = []
        self.inside = False
        self.skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "table":
            self.inside = found.get("id") == self.wanted
        if not self.inside:
            return
        if self.skipping or tag in ("details", "svg", "i") or HIDDEN.intersection((found.get("class") or "").split()):
            self.skipping.append(tag)
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if self.skipping[-1] == tag:
                self.skipping.pop()
        elif tag == "table":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipping and self.rows and self.rows[-1] and (words := " ".join(data.split())):
            cell = self.rows[-1][-1]
            self.rows[-1][-1] = f"{cell} {words}" if cell else words


def table(text: str, wanted: str) -> list[list[str]]:
    """The body rows of a table, cell by cell; empty where the page has no such table."""
    parser = _Table(wanted)
    parser.feed(text)
    return parser.rows[1:]


def column(text: str, wanted: str, number: int = 0) -> list[str]:
    """One column of a table."""
    return [row[number] for row in table(text, wanted)]


class _Words(HTMLParser):
    """Everything between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(text: str) -> str:
    """All of a page's words, without its markup."""
    parser = _Words()
    parser.feed(text)
    return " ".join(" ".join(parser.found).split())


def undated(text: str) -> str:
    """The words of a page without the moment at which it would be printed."""
    return re.sub(r"Printed on .*? – ", "", words(text))
