"""What a service does not do, said to people."""


class Refused(Exception):
    """What was asked for cannot be done as things stand, and nothing was changed. The text says why."""
