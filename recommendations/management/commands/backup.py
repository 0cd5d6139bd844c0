"""`manage.py backup [PLACE]`: the whole database in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...operations.backup import BackupError, create


class Command(BaseCommand):
    help = (
        "Back up the whole database to a new file, also while the site is in use. The file contains"
        " drafts and accounts, but not the secret key."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "place", nargs="?", type=Path, help="a new file, or a folder (VAR_DIR/backups)"
        )

    def handle(self, *, place: Path | None, verbosity: int, **options) -> None:
        """Raises CommandError, so that a failure ends with exit code 1 and a message."""
        try:
            path, fingerprint = create(place)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"Backed up {summary(fingerprint)} to {path}.")


def summary(fingerprint: dict) -> str:
    """Return in words what a backup holds."""
    entries = fingerprint["rows"]["recommendations_recommendation"]
    versions = fingerprint["rows"]["recommendations_version"]
    return f"{entries} entries and {versions} versions"
