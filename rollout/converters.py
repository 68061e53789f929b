"""Parts of addresses; the packages that use them register them."""

from django.urls.converters import IntConverter, StringConverter


class Code(StringConverter):
    """The code of a programme or site, as the database allows it: letters, digits, "-", "_" and ".", 1 to 40."""

    regex = "[A-Za-z0-9_.-]{1,40}"


class RowId(IntConverter):
    """The id of a row: a whole number above 0 that the database can hold, written in one way only."""

    regex = "[1-9][0-9]{0,17}"
