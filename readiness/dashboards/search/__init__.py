"""Search over what a person may see: sites, wards, programmes, items, pilots, hazards, decisions and pages."""

from readiness.dashboards.search.asked import MOST_CHARACTERS, Asked, asked
from readiness.dashboards.search.found import FEW, PER_PAGE, Group, Hit, found, found_of_kind
from readiness.dashboards.search.items import sites_with_item

__all__ = [
    "FEW",
    "MOST_CHARACTERS",
    "PER_PAGE",
    "Asked",
    "Group",
    "Hit",
    "asked",
    "found",
    "found_of_kind",
    "sites_with_item",
]
