"""Restoring a backup: it is checked and proved before the database changes."""

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ..earlier import ADVICE, FIRST
from . import postgresql, sqlite
from .archive import KIND, BackupError, unpack


def restore(
    path: Path, database: dict | None = None, *, over_data: bool = False
) -> tuple[dict, str]:
    """Replace the database by a backup.

    Returns the backup's fingerprint, and where the former database is kept, if there was one.
    Raises BackupError, and then the database is as it was.
    """
    database = database or connection.settings_dict
    engine = sqlite if database["ENGINE"].endswith("sqlite3") else postgresql
    former = f"before_{datetime.now(UTC):%Y%m%dt%H%M%S%fz}"
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as folder:
            dump = Path(folder) / "dump"
            manifest = unpack(path, dump)
            check(path, manifest, KIND.format(engine=engine.NAME))
            with closing(engine.connect(database)) as live:
                if live.execute(engine.TABLES).fetchone() and not over_data:
                    raise BackupError("The database has data: add --yes to replace it.")
            fingerprint = manifest["fingerprint"]
            engine.prove(dump, fingerprint)
            return fingerprint, engine.replace(database, dump, fingerprint, former)
    except (OSError, engine.DatabaseError) as error:
        raise BackupError(f"Cannot restore {path}: {str(error).partition('\n')[0]}") from error


def check(path: Path, manifest: dict, kind: str) -> None:
    """Raise BackupError if a backup is not of this kind or needs another release."""
    if manifest["kind"] != kind:
        raise BackupError(f"{path} is a {manifest['kind']}: this site needs a {kind}.")
    if ".".join(FIRST) in manifest["fingerprint"]["migrations"]:
        raise BackupError(f"{path} {ADVICE}")
    known = {".".join(name) for name in MigrationLoader(None).disk_migrations}
    for name in manifest["fingerprint"]["migrations"]:
        if name not in known:
            raise BackupError(
                f"{path} has the migration {name}, which this release does not: "
                "restore it with the release that made it."
            )
