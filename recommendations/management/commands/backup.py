"""`manage.py backup [PLACE]`: the whole database in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from recommendations.operations.backup import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Write the whole database, as of one moment and while the site serves, to a new file, and "
        "prove it."
        " The file holds drafts and accounts; the secret key is not in it."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "place", nargs="?", type=Path, help="a new file, or a folder; else backups in VAR_DIR"
        )

    def handle(self, *, place: Path | None, verbosity: int, **options) -> None:
        """Raises CommandError with one sentence."""
        try:
            path, found = back_up(place)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            entries = found.counts["recommendations_recommendation"]
            versions = found.counts["recommendations_version"]
            self.stdout.write(f"{path}: {entries} entries, {versions} versions; proved.")
