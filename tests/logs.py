"""Log records that nobody expected fail the test."""

import logging


class ErrorGuard(logging.Handler):
    """Keeps every record of level ERROR; `expect` names a logger whose errors belong to the test."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []
        self.expected: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def expect(self, logger: str) -> None:
        """Errors of this logger belong to the test."""
        self.expected.add(logger)

    def of(self, logger: str) -> list[logging.LogRecord]:
        """The errors of one logger so far."""
        return [record for record in self.records if record.name == logger]

    def check(self) -> None:
        """Raises AssertionError for the first error that was not expected."""
        strange = [record for record in self.records if record.name not in self.expected]
        assert not strange, f"the test logged an error: {strange[0].name}: {strange[0].getMessage()}"
