"""Every table as a file: CSV and XLSX of what a page shows, with its filters and its reader's rights."""

from rollout.downloads.answers import download_answer
from rollout.downloads.tables import Column, Kind, Table

__all__ = ["Column", "Kind", "Table", "download_answer"]
