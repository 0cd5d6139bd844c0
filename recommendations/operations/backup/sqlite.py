"""A database in a file, copied and put back by SQLite's backup API (sqlite.org/backup.html)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from .errors import BackupError
from .fingerprint import NUMBER, Facts, facts, renew, single

STEP = 2000  # pages copied at a time, 8 MB; between two steps others may write
RESTARTS = 3  # how often a write by others may send a copy back to its beginning
PAUSE = 0.01  # seconds between two steps
PATIENCE = 20  # seconds until a lock that others hold is given up


class Disturbed(Exception):
    """Others write so often that a copy in steps does not come to its end."""


class Sqlite:
    """The database that settings name, or another file."""

    ERRORS = (sqlite3.Error,)

    def __init__(self, settings: dict):
        self.path = Path(settings["NAME"])

    @property
    def has_data(self) -> bool:
        """Whether there is anything to lose."""
        if not self.path.exists():
            return False
        with closing(self.connect()) as live:
            return bool(tables(live))

    def dump(self, to: Path) -> Facts:
        """Copy the database as of one moment, and return what it holds."""
        if not self.path.exists():
            raise BackupError(f"There is no database {self.path}.")
        os.close(os.open(to, os.O_CREAT | os.O_EXCL, 0o600))
        with closing(self.connect()) as live, closing(sqlite3.connect(to)) as copy:
            copied(live, copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the site keeps
            return facts(copy.execute, tables(copy))

    def prove(self, dump: Path, expected: Facts) -> None:
        """Let SQLite check every page and reference, and compare what is in it; raises
        BackupError.
        """
        with closing(sqlite3.connect(dump)) as copy:
            wrong = [each for (each,) in copy.execute("PRAGMA integrity_check") if each != "ok"]
            wrong += map(str, copy.execute("PRAGMA foreign_key_check"))
            if not wrong and facts(copy.execute, tables(copy)) != expected:
                wrong = ["it does not hold what was counted"]
        if wrong:
            raise BackupError(f"The copy of the database is not sound: {wrong[0]}.")

    def replace(self, dump: Path, expected: Facts, name: str) -> str:
        """Put a proved dump in the database's place, in one transaction, and return where the
        former one is now.

        The lock is held from before the former one is copied, so nothing that was acknowledged is
        in neither. Processes of the site keep their connections, and read what is new with their
        next query.
        """
        with (
            closing(self.connect()) as live,
            closing(sqlite3.connect(dump, isolation_level=None)) as restored,
        ):
            live.execute("PRAGMA locking_mode = EXCLUSIVE")
            live.execute("BEGIN EXCLUSIVE")
            live.execute("COMMIT")  # in this mode, that does not let go
            held = tables(live)
            former = self.kept(live, name) if held else ""
            renew(
                restored.execute,
                single(live.execute(NUMBER)) if "recommendations_contentversion" in held else 0,
            )
            restored.backup(live)
        return former

    def kept(self, live: sqlite3.Connection, name: str) -> str:
        """Copy the former database into a file beside it."""
        path = self.path.with_name(f"{self.path.name}.{name}")
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
        return str(path)

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)


def copied(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy in steps, and if others write too often for that, in one go, during which
    writers wait.
    """
    left, restarts = None, 0

    def count(status: int, remaining: int, total: int) -> None:
        nonlocal left, restarts
        restarts += left is not None and remaining >= left
        left = remaining
        if restarts > RESTARTS:
            raise Disturbed

    try:
        source.backup(target, pages=STEP, progress=count, sleep=PAUSE)
    except Disturbed:
        source.backup(target)


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all tables."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in found]
