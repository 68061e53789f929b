"""Sites that were taken out of a programme, as its managers see them."""

from rollout.models import Deployment, Programme


def sites_taken_out(programme: Programme) -> list[Deployment]:
    """The deployments that were taken out, the newest first, with their sites and who did. One query."""
    gone = Deployment.objects.filter(programme=programme, retired_at__isnull=False)
    return list(gone.select_related("site", "retired_by").order_by("-retired_at", "pk"))
