"""What a service does not do, said to people."""


class Refused(Exception):
    """What was asked for cannot be done as things stand, and nothing was changed. The text says why.

    `field` is the field of the form that it is said at; None where it is no single one.
    """

    field: str | None = None


class CodeTaken(Refused):
    """There is a record with this code already; to be said at the field."""

    field = "code"
