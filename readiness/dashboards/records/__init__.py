"""The records behind each count of a score: the same units that were counted, told one by one or summed."""

from readiness.dashboards.records.behind import Behind, Choice, behind
from readiness.dashboards.records.cells import Cell, cells_of, shown_columns
from readiness.dashboards.records.listing import Listing, Place, Row, Viewer, viewer_of

__all__ = [
    "Behind",
    "Cell",
    "Choice",
    "Listing",
    "Place",
    "Row",
    "Viewer",
    "behind",
    "cells_of",
    "shown_columns",
    "viewer_of",
]
