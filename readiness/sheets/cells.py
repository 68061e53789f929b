"""What stands in a cell."""

from datetime import date, datetime, time

Cell = str | int | float | bool | date | datetime | time


class Broken(str):
    """A cell whose value nobody knows: the text is its error (#REF!), or "" for a formula that was never worked out."""


def text_of(cell: Cell) -> str:
    """A cell as a person would read it: dates and times in ISO form, whole numbers without a point."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return (
            cell.date().isoformat()
            if midnight
            else cell.isoformat(sep=" ", timespec="minutes" if not cell.second else "seconds")
        )
    if isinstance(cell, time):
        return cell.isoformat("seconds" if cell.second else "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
