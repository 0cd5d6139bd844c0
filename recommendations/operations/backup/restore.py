"""Putting a backup back: everything that can be wrong with it is found before the database is
touched.
"""

import tempfile
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .archive import manifest_of, unpack
from .engines import ENGINES, kind_of
from .errors import BackupError
from .fingerprint import Facts

UNTOUCHED = "Nothing was changed."


def opened(path: Path, kind: str) -> tuple[dict, Facts]:
    """Return what a backup says of itself; raises BackupError where it is not for this code and
    this kind.
    """
    manifest = manifest_of(path)
    if manifest["engine"] != kind:
        raise BackupError(
            f"{path} holds a database of the kind {manifest['engine']}, and DATABASE_URL names "
            f"{kind}."
        )
    found = Facts(**{field.name: manifest[field.name] for field in fields(Facts)})
    known = MigrationLoader(None).disk_migrations
    unknown = [name for name in map(tuple, found.migrations) if name not in known]
    if unknown:
        name = ".".join(unknown[0])
        raise BackupError(
            f"{path} was made by a newer release (it has {name}): install that one first."
        )
    return manifest, found


def restore(
    path: Path, database: dict | None = None, *, over_data: bool = False
) -> tuple[Facts, str]:
    """Make the site what it was when a backup was made; returns what that holds, and where the
    former database is.

    Raises BackupError, and then the database is as it was.
    """
    database = database or connection.settings_dict
    engine = ENGINES[kind_of(database)](database)
    try:
        manifest, found = opened(path, kind_of(database))
        if engine.has_data and not over_data:
            raise BackupError(
                "The database has data: say --yes to replace it; the former one is kept."
            )
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as folder:
            dump = Path(folder) / "dump"
            unpack(path, manifest, dump)
            engine.prove(dump, found)
            former = engine.replace(dump, found, f"before-{datetime.now(UTC):%Y%m%dt%H%M%S%fz}")
    except BackupError as error:
        raise BackupError(f"{error} {UNTOUCHED}") from error
    except OSError as error:
        raise BackupError(
            f"Cannot write in {settings.VAR_DIR}: {error.strerror}. {UNTOUCHED}"
        ) from error
    except engine.ERRORS as error:
        raise BackupError(
            f"The database refuses: {str(error).strip().partition('\n')[0]}. {UNTOUCHED}"
        ) from error
    return found, former
