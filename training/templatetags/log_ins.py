"""What the page of an account says of the member of staff that somebody is."""

from typing import Any

from django import template

from rollout.models import User
from training.dashboards.log_ins import linking_of
from training.models import StaffMember

register = template.Library()


@register.inclusion_tag("training/own_employee_number.html")
def own_employee_number(user: User) -> dict[str, Any]:
    """Say whose records the log-in opens, and who linked it. Two queries at most."""
    staff = StaffMember.objects.current().filter(user=user).select_related("organisation").first()
    return {"staff": staff, "linking": linking_of(staff) if staff else None}
