"""Days as commands take them."""

from argparse import ArgumentTypeError
from datetime import date


def a_day(text: str) -> date:
    """A day such as 2026-03-29. Raises ArgumentTypeError, which says so, for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-03-29") from None
