"""Programme packs: one format in and out. The two doors are `import_pack` and `export_pack`."""

from readiness.packs.importing import import_pack
from readiness.packs.report import Fates, ImportReport, PackRefused, Problem

__all__ = ["Fates", "ImportReport", "PackRefused", "Problem", "import_pack"]
