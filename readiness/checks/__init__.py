"""System checks: what proves a checklist item from records that are there anyway. Each check stands here once.

`CHECKS` says what each check asks and how its finding reads; `findings` asks for many sites at once.
"""

from readiness.checks.catalogue import CHECKS, Check
from readiness.checks.found import Finding, findings

__all__ = ["CHECKS", "Check", "Finding", "findings"]
