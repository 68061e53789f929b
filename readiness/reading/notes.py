"""What was noticed in a file, by code: `readiness.sheets.words` has the sentences."""

Note = tuple[str, dict[str, int | str]]


def note(code: str, **facts: int | str) -> Note:
    """One thing that a person should know of."""
    return code, facts
