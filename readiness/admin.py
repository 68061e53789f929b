"""The records of readiness, read-only in the technical admin."""

from rollout.admin import register_models

register_models("readiness")
