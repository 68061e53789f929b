"""Why a file is not taken."""


class Unfit(Exception):
    """A file that is not taken. The text says what is wrong with it, and how to mend it."""
