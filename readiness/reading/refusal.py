"""Why a file is not read."""


class Unread(Exception):
    """A file that cannot be read: a code that `readiness.sheets.words` has a sentence for, and what to put into it."""

    def __init__(self, code: str, **facts: int | str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)
