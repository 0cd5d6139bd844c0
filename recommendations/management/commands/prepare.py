"""`manage.py prepare`: migrates, loads the fixture and collects static files as far as needed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import NotSupportedError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import LockNotAvailable

from recommendations.operations.earlier import ADVICE, is_earlier

FIXTURE = settings.BASE_DIR / "fixtures" / "paris-2025"
STAMP = settings.VAR_DIR / "static.sha256"


class Command(BaseCommand):
    """Runs at each start, so every step is safe to repeat and says in one line what stops it."""

    help = (
        "Migrate the database, load the first declaration and collect static files, as far as "
        "needed."
    )
    requires_system_checks = []  # some ask the database, which has to be reached first

    def handle(self, **options):
        """Run the three steps; raises CommandError when the database or a folder fails."""
        try:
            connection.ensure_connection()
            self.check()
            if is_earlier(MigrationRecorder(connection).applied_migrations()):
                raise CommandError(f"The database {place()} {ADVICE}")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("loaddeclaration", str(FIXTURE), verbosity=0)
        except (OperationalError, NotSupportedError) as error:
            raise CommandError(refusal(error)) from error
        try:
            collect_static()
        except OSError as error:
            raise CommandError(
                f"Cannot write {error.filename or settings.STATIC_ROOT}: {error.strerror}."
            ) from error


def refusal(error: Exception) -> str:
    """Say why the database was not prepared; a migration gives up rather than block readers."""
    if isinstance(error.__cause__, LockNotAvailable):
        return (
            f"The database {place()} is too busy to be migrated, and is as it was: try again in "
            "a minute."
        )
    return f"The database {place()} does not answer: {first_line(error)}"


def place() -> str:
    """Name the database without its user or password, for a message that may end in a log."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{database['NAME']} at {database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"


def first_line(error: Exception) -> str:
    """Shorten a driver's error, which explains itself over several lines."""
    return str(error).strip().partition("\n")[0]


def collect_static() -> None:
    """Collect and compress static files, unless nothing changed since the last time."""
    fingerprint = static_fingerprint()
    collected = (
        (settings.STATIC_ROOT / "staticfiles.json").exists()
        and STAMP.exists()
        and STAMP.read_text()
    )
    if collected != fingerprint:
        call_command("collectstatic", interactive=False, verbosity=0)
        STAMP.write_text(fingerprint)


def static_fingerprint() -> str:
    """Hash what collectstatic would take and the lock file, which pins the compressors."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            digest.update(f"\n{path}\n".encode())
            digest.update(Path(storage.path(path)).read_bytes())
    return digest.hexdigest()
