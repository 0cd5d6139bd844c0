"""SQLite: copies by its backup API (sqlite.org/backup.html)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from .archive import BackupError
from .fingerprint import VERSION, fingerprint_of, renew, scalar

NAME, DatabaseError = "sqlite", sqlite3.Error
LOCK_TIMEOUT = 20  # seconds
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def connect(database: dict) -> sqlite3.Connection:
    """Connect without Django."""
    return sqlite3.connect(database["NAME"], timeout=LOCK_TIMEOUT, isolation_level=None)


def dump(database: dict, to: Path) -> dict:
    """Copy the database as of one moment, and return the fingerprint of the copy."""
    with closing(connect(database)) as live, closing(connect({"NAME": to})) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file
        return fingerprint_of(copy, TABLES)


def prove(dump: Path, expected: dict) -> None:
    """Check every page, every reference and the fingerprint of a copy; raises BackupError."""
    with closing(connect({"NAME": dump})) as copy:
        is_intact = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        broken = copy.execute("PRAGMA foreign_key_check").fetchall()
        if not is_intact or broken or fingerprint_of(copy, TABLES) != expected:
            raise BackupError("The backup is not sound: make or use another.")


def replace(database: dict, dump: Path, expected: dict, former: str) -> str:
    """Put a proved copy in the database's place; return the path of the former database, or "".

    The lock is taken before the former database is copied, so no acknowledged write is lost. Other
    connections stay open and read the new contents with their next query.
    """
    with closing(connect(database)) as live, closing(connect({"NAME": dump})) as copy:
        live.execute("PRAGMA locking_mode = EXCLUSIVE")
        live.execute("BEGIN EXCLUSIVE")
        live.execute("COMMIT")  # in this mode the lock stays
        kept, version = "", 0
        if live.execute(TABLES).fetchone():
            kept, version = f"{database['NAME']}.{former}", scalar(live, VERSION)
            os.close(os.open(kept, os.O_CREAT | os.O_EXCL, 0o600))
            with closing(connect({"NAME": kept})) as target:
                live.backup(target)
        renew(copy, version)
        copy.backup(live)
    return kept
