"""Creating a backup: it is written beside its place, proved, and only then given its name."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import postgresql, sqlite
from .archive import KIND, BackupError, pack, unpack


def create(place: Path | None = None, database: dict | None = None) -> tuple[Path, dict]:
    """Write a backup to a new file or into a folder, by default VAR_DIR/backups.

    Returns its path and its fingerprint. Raises BackupError, and then leaves no file.
    """
    database, now = database or connection.settings_dict, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    engine = sqlite if database["ENGINE"].endswith("sqlite3") else postgresql
    path = place or settings.VAR_DIR / "backups"
    try:
        if place is None:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_dir():
            path /= f"tech7kb-{now}.backup"
        if path.exists():
            raise BackupError(f"{path} already exists: choose another name.")
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as name:
            folder = Path(name)
            found = engine.dump(database, folder / "dump")
            kind = KIND.format(engine=engine.NAME)
            pack({"kind": kind, "fingerprint": found}, folder / "dump", folder / "backup")
            unpack(folder / "backup", folder / "dump")
            engine.prove(folder / "dump", found)
            (folder / "backup").rename(path)
    except (OSError, engine.DatabaseError) as error:
        raise BackupError(f"Cannot back up to {path}: {str(error).partition('\n')[0]}") from error
    return path, found
