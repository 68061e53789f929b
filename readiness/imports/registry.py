"""The kinds of import there are, in the order in which they are offered."""

from readiness.imports.kinds import ImportKind
from readiness.imports.plain import PlainKind
from readiness.imports.staff_list import StaffList
from readiness.packs.tables import COURSES, WARDS

KINDS: tuple[ImportKind, ...] = (StaffList(), PlainKind(WARDS), PlainKind(COURSES))
BY_CODE = {kind.code: kind for kind in KINDS}
