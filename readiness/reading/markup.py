"""Looks through the XML of a workbook for what its reader does not tell, and for what is there to harm."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat

from readiness.reading import limits
from readiness.reading.cells import NO_VALUE
from readiness.reading.refusal import Unread

# Spreadsheets end here; whatever claims more was not written by one.
_LAST_COLUMN = 16_384
_LAST_ROW_OF = re.compile(r"(\d{1,7})\Z", re.ASCII)
_TRUE = ("1", "true")
Attributes = dict[str, str]


@dataclass
class Look:
    """What stands in a sheet beside its values. Rows and columns count from 0."""

    last_row: int = -1
    last_column: int = -1
    filled_rows: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False
    # The last row of each place where cells are merged.
    merged: list[int] = field(default_factory=list)
    # Characters that stand in the sheet itself, and how many cells name a text that the workbook keeps elsewhere.
    characters: int = 0
    shared: int = 0
    # Words of a cell that holds an error (#REF!), or NO_VALUE for a formula that nobody worked out.
    broken: dict[tuple[int, int], str] = field(default_factory=dict)


def parse(
    pieces: Iterable[bytes],
    start: Callable[[str, Attributes], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Go through one part. Raises Unread for what is no XML, and for definitions of its own, which may swell."""
    parser = _parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    _feed(parser, pieces)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_definitions
    return parser


def _feed(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unread("damaged") from None


def _refuse_definitions(*_: object) -> None:
    raise Unread("definitions")


def sheets_of(workbook: Iterable[bytes], relations: Iterable[bytes]) -> dict[str, str]:
    """The sheets of a workbook in their order, and the part that each stands in."""
    targets: dict[str, str] = {}
    named: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship":
            target = attributes.get("Target", "")
            inside = target.lstrip("/") if target.startswith(("/", "xl/")) else normpath(join("xl", target))
            targets[attributes.get("Id", "")] = inside

    def sheet(name: str, attributes: Attributes) -> None:
        if local(name) == "sheet" and "name" in attributes:
            if attributes["name"] in named:
                raise Unread("damaged")
            ids = [value for key, value in attributes.items() if local(key) == "id" and ":" in key]
            named[attributes["name"]] = ids[0] if ids else ""

    parse(workbook, sheet)
    parse(relations, relation)
    return {name: targets.get(each, "") for name, each in named.items()}


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def too_many_cells() -> Unread:
    """What is wrong with a sheet whose used part is too large."""
    return Unread("cells", most=limits.CELLS)


class _Sheet:
    """Handlers of one sheet's elements. What an element is called is looked up once, whatever its prefix."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.look = Look()
        self.row, self.column = -1, -1
        self.elements = self.rows = self.cells = 0
        self.row_filled = self.row_hidden = False
        self.hidden_columns: list[tuple[int, int]] = []
        self.kind = ""
        self.formula = False
        self.text: list[str] | None = None
        self.places: dict[str, int] = {}
        self.known: dict[str, Callable[[Attributes], None] | None] = {}
        self.handlers: dict[str, Callable[[Attributes], None]] = {
            "row": self.start_row,
            "c": self.start_cell,
            "f": self.start_formula,
            "v": self.start_value,
            "is": self.start_value,
            "col": self.start_column,
            "mergeCell": self.start_merged,
            "autoFilter": self.start_filter,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        self.elements += 1
        if self.elements > limits.ELEMENTS:
            raise too_many_cells()
        if name not in self.known:
            self.known[name] = self.handlers.get(local(name))
        if handler := self.known[name]:
            handler(attributes)

    def start_row(self, attributes: Attributes) -> None:
        self.end_cell()
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.rows += 1
        if not 0 <= self.row < limits.LAST_ROW or self.rows > limits.LAST_ROW:
            raise Unread("damaged")
        self.column = -1
        self.row_filled = False
        self.row_hidden = attributes.get("hidden") in _TRUE

    def start_cell(self, attributes: Attributes) -> None:
        if self.formula or self.text is not None or self.kind:
            self.end_cell()
        # An empty cell that is formatted belongs to the used part of a sheet too.
        self.cells += 1
        if self.cells > limits.CELLS:
            raise too_many_cells()
        reference = attributes.get("r")
        self.column = self.column_of(reference) if reference else self.column + 1
        self.kind = attributes.get("t", "")

    def column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        place = self.places.get(letters)
        if place is None:
            place = 0
            for letter in letters.upper():
                place = place * 26 + ord(letter) - 64
            if not letters.isalpha() or not letters.isascii() or not 0 < place <= _LAST_COLUMN:
                raise Unread("damaged")
            self.places[letters] = place = place - 1
        return place

    def start_formula(self, _: Attributes) -> None:
        self.formula = True

    def start_value(self, _: Attributes) -> None:
        look = self.look
        if self.column > look.last_column:
            look.last_column = self.column
            if self.column >= limits.COLUMNS:
                raise Unread("columns", row=self.row + 1, most=limits.COLUMNS)
        if not self.row_filled:
            self.row_filled = True
            look.filled_rows += 1
            look.hidden_rows += self.row_hidden
            look.last_row = max(look.last_row, self.row)
            if look.filled_rows > limits.XLSX_ROWS + limits.ABOVE:
                raise Unread("rows", most=limits.XLSX_ROWS)
        if self.kind == "s":
            look.shared += 1
        elif self.formula or self.kind == "e":
            self.text = []
            self.parser.CharacterDataHandler = self.text.append
        elif self.kind in ("inlineStr", "str"):
            self.parser.CharacterDataHandler = self.count_text

    def count_text(self, text: str) -> None:
        self.look.characters += len(text)
        if self.look.characters > limits.TEXT:
            raise Unread("text", most=limits.TEXT // limits.MB)

    def end_cell(self) -> None:
        """What a cell with a formula or an error came to, once all of it was seen."""
        text = "".join(self.text or ()).strip()
        self.count_text(text)
        if self.kind == "e":
            self.look.broken[self.row, self.column] = text or "#"
        elif self.formula and not text and self.kind != "str":
            self.look.broken[self.row, self.column] = NO_VALUE
        self.formula, self.text, self.kind = False, None, ""
        self.parser.CharacterDataHandler = None

    def start_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE and len(self.hidden_columns) < limits.COLUMNS:
            self.hidden_columns.append((int(attributes.get("min", 0)), int(attributes.get("max", 0))))

    def start_merged(self, attributes: Attributes) -> None:
        found = _LAST_ROW_OF.search(attributes.get("ref", ""))
        if not found or len(self.look.merged) >= limits.XLSX_ROWS:
            raise Unread("damaged")
        self.look.merged.append(int(found[1]))

    def start_filter(self, _: Attributes) -> None:
        self.look.filtered = True


def look_at(pieces: Iterable[bytes]) -> Look:
    """Go through a sheet. Raises Unread where it is larger than the limits: rows are counted, never believed."""
    parser = _parser()
    sheet = _Sheet(parser)
    parser.StartElementHandler = sheet.start
    _feed(parser, pieces)
    sheet.end_cell()
    look = sheet.look
    # Whoever hides all that is not used hides nothing.
    used = look.last_column + 1
    look.hidden_columns = sum(max(0, min(last, used) - first + 1) for first, last in sheet.hidden_columns)
    if (look.last_row + 1) * (look.last_column + 1) > limits.CELLS:
        raise too_many_cells()
    return look
