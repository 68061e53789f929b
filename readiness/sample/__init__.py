"""The sample programmes: invented records in the form of a programme pack, telling stories worth looking at.

Pure standard library: building the packs needs no database.
"""

from readiness.sample.build import PROGRAMMES, SEED, build_sample
from readiness.sample.stories import STORIES, Story, describe_sample

__all__ = ["PROGRAMMES", "SEED", "STORIES", "Story", "build_sample", "describe_sample"]
