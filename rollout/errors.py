"""Refusals that any view may raise and the frame answers calmly, as page, part or JSON."""


class Refusal(Exception):
    """Something that cannot be done now. The text is shown to the person, so it says what to do."""

    status = 400


class Conflict(Refusal):
    """What was sent no longer fits what is stored: somebody else was there first."""

    status = 409


class TooManyRequests(Refusal):
    """The person or client has used up what it may ask for; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        """Keep the words and how long to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The service cannot answer for a while; `retry_after` is in seconds."""

    status = 503

    def __init__(self, message: str = "", *, retry_after: int = 30) -> None:
        """Keep the words and how long to wait."""
        super().__init__(message)
        self.retry_after = retry_after
