"""`manage.py restore FILE`: the site as it was when a backup was made."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.operations.backup import BackupError, restore


class Command(BaseCommand):
    help = (
        "Put back a file that `backup` wrote: it is proved first, and the former database is kept."
    )
    requires_system_checks = []  # the database may be gone

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace a database that has data")

    def handle(self, *, file: Path, yes: bool, verbosity: int, **options) -> None:
        """Bring a database of an older release up to this one; raises CommandError with one
        sentence.
        """
        try:
            found, former = restore(file, over_data=yes)
        except BackupError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        if verbosity:
            entries = found.counts["recommendations_recommendation"]
            versions = found.counts["recommendations_version"]
            self.stdout.write(f"Restored {file}: {entries} entries, {versions} versions.")
            if former:
                self.stdout.write(f"The former database is kept: {former}.")
