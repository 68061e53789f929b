"""What happened at a site, of every kind, in one list: newest first, a page at a time."""

from readiness.dashboards.timeline.entries import Entry, months, timeline_table
from readiness.dashboards.timeline.reading import KINDS, Kind, Timeline, kinds_with_counts

__all__ = ["KINDS", "Entry", "Kind", "Timeline", "kinds_with_counts", "months", "timeline_table"]
