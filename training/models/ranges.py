"""Range functions used in constraints. Migrations import this module: its names stay."""

from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db.models import Func


class Int8Range(Func):
    """A range of one id: with it an exclusion constraint compares ids without an extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()


class TsTzRange(Func):
    """From one moment up to, but not including, another."""

    function = "tstzrange"
    output_field = DateTimeRangeField()
