"""Programme packs: one format in and out. The two doors are `import_pack` and `export_pack`."""

from readiness.packs.exporting import ExportReport, ProgrammeUnknown, export_pack
from readiness.packs.importing import import_pack
from readiness.packs.report import Fates, ImportReport, PackRefused, Problem

__all__ = [
    "ExportReport",
    "Fates",
    "ImportReport",
    "PackRefused",
    "Problem",
    "ProgrammeUnknown",
    "export_pack",
    "import_pack",
]
