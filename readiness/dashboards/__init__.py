"""Reads for the pages: querysets and small dataclasses over stored scores. Nothing here writes, nothing judges anew."""
