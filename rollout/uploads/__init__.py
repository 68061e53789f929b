"""Files that people send: read within bounds, named harmlessly, and known by their content alone."""

from rollout.uploads.handler import Received
from rollout.uploads.kinds import CONTENT_TYPES, Unfit, kind_of
from rollout.uploads.names import harmless_name
from rollout.uploads.sizes import size_words
from rollout.uploads.upload import Upload

__all__ = ["CONTENT_TYPES", "Received", "Unfit", "Upload", "harmless_name", "kind_of", "size_words"]
