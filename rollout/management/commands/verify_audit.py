"""`manage.py verify_audit`: prove that no entry of the audit trail was changed, removed or slipped in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rollout.services.sealing import verify_trail


class Command(BaseCommand):
    help = (
        "Read the whole audit trail and hold it against its seals. Prints the newest seal: kept elsewhere, it also "
        "proves that the seals themselves were not made anew. Exit code 1 where a seal is broken."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_trail()
        self.stdout.write(f"{verdict.entries} entries under {verdict.seals} seals, {verdict.unsealed} not sealed yet.")
        for seal in verdict.broken:
            self.stderr.write(
                f"Seal {seal.number} is broken (entries {seal.after_id + 1} to {seal.last_id}): {seal.what}."
            )
        if verdict.broken:
            raise CommandError("The audit trail was changed behind the back of the application.")
        if verdict.newest:
            self.stdout.write(f"Every seal is whole. The newest, number {verdict.seals}: {verdict.newest}")
