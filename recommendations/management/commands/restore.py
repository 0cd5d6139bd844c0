"""`manage.py restore FILE`: the site as it was when a backup was made."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ...operations.backup import BackupError, restore
from .backup import summary


class Command(BaseCommand):
    help = "Replace the database by a backup. The former database is kept."
    requires_system_checks = []  # the database may be gone

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace a database that has data")

    def handle(self, *, file: Path, yes: bool, verbosity: int, **options) -> None:
        """Restore, then migrate a backup of an earlier release; raises CommandError."""
        try:
            fingerprint, former = restore(file, over_data=yes)
        except BackupError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        call_command("migrate", interactive=False, verbosity=0)
        if verbosity:
            self.stdout.write(f"Restored {summary(fingerprint)} from {file}.")
            if former:
                self.stdout.write(f"The former database is kept: {former}.")
