"""Making a backup: beside its place, proved, and only then under its name."""

import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from ..release import RELEASE
from .archive import manifest_of, pack, unpack
from .engines import ENGINES, kind_of
from .errors import BackupError
from .fingerprint import Facts

STAMP = "last-backup"  # in VAR_DIR: its time is that of the last backup that was proved


def back_up(place: Path | None = None, database: dict | None = None) -> tuple[Path, Facts]:
    """Write a backup to a new file, or under the moment's name into a folder; returns its path and
    what is in it.

    Without a place it goes to `backups` in VAR_DIR. Raises BackupError where the database or the
    disk refuses; then there is no file.
    """
    database = database or connection.settings_dict
    engine = ENGINES[kind_of(database)](database)
    now = datetime.now(UTC)
    usual = settings.VAR_DIR / "backups"
    place = place or usual
    path = (
        place / f"tech7kb-{now:%Y%m%dT%H%M%SZ}.zip" if place == usual or place.is_dir() else place
    )
    if path.exists():
        raise BackupError(f"{path} is there already.")
    try:
        usual.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
            found = proved(
                engine, Path(folder), {"made_at": now.isoformat(), "engine": kind_of(database)}
            )
            (Path(folder) / "backup").rename(path)
        keep(path.parent)
        (settings.VAR_DIR / STAMP).write_text(f"{now.isoformat()}\n")
    except OSError as error:
        raise BackupError(f"Cannot write {path}: {error.strerror}.") from error
    except engine.ERRORS as error:
        raise BackupError(
            f"The database refuses: {str(error).strip().partition('\n')[0]}."
        ) from error
    return path, found


def proved(engine, folder: Path, manifest: dict) -> Facts:
    """Make a backup in a folder, and take it apart again to prove what came out."""
    found = engine.dump(folder / "dump")
    manifest |= {"release": RELEASE, **asdict(found)}
    pack(manifest, folder / "dump", folder / "backup")
    (folder / "dump").unlink()
    unpack(folder / "backup", manifest_of(folder / "backup"), folder / "proof")
    engine.prove(folder / "proof", found)
    return found


def keep(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
