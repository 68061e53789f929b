"""Sizes of files in words."""

from django.utils.translation import gettext

KB = 1024


def size_words(size: int) -> str:
    """A number of bytes in the unit people use: "820 bytes", "120 KB", "3.4 MB"."""
    if size < KB:
        return gettext("%(n)s bytes") % {"n": size}
    if size < KB * KB:
        return gettext("%(n)s KB") % {"n": size // KB}
    return gettext("%(n)s MB") % {"n": f"{size / KB / KB:.1f}".removesuffix(".0")}
