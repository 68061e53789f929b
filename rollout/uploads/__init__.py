"""Files that people send: read within bounds, named harmlessly, and known by their content alone."""

from rollout.uploads.handler import Received
from rollout.uploads.kinds import Unfit, kind_of
from rollout.uploads.names import harmless_name

__all__ = ["Received", "Unfit", "harmless_name", "kind_of"]
