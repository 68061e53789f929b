"""The records of training, read-only in the technical admin."""

from rollout.admin import register_models

register_models("training")
