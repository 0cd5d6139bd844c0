"""What a database holds, as figures that a copy of it must match."""

import hashlib
import time

VERSION = "SELECT number FROM recommendations_contentversion"
DIGESTED = (
    "SELECT recommendation_id, number, hash FROM recommendations_version ORDER BY 1, 2",
    "SELECT id, sha256 FROM recommendations_source ORDER BY 1",
    "SELECT source_id, number, sha256 FROM recommendations_formertext ORDER BY 1, 2",
)


def fingerprint_of(connection, tables: str) -> dict:
    """Return migrations, rows of each table, content version, and a SHA-256 of versions and texts.

    `tables` is a statement that lists the names of tables.
    """
    names = [name for (name,) in connection.execute(tables).fetchall()]
    migrations = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
    digest = hashlib.sha256()
    for statement in DIGESTED:
        for row in connection.execute(statement):
            digest.update(f"{row}\n".encode())
    return {
        "migrations": [".".join(row) for row in migrations],
        "rows": {name: scalar(connection, f'SELECT count(*) FROM "{name}"') for name in names},  # noqa: S608
        "content_version": scalar(connection, VERSION),
        "sha256": digest.hexdigest(),
    }


def renew(connection, former_version: int) -> None:
    """Raise the content version above every one in use before a restore, and end all sessions.

    Caches know pages by content version, so one of the lost database must not come again;
    microseconds since 1970 exceed any count of changes.
    """
    number = max(former_version, scalar(connection, VERSION), time.time_ns() // 1000) + 1
    for statement in (
        f"UPDATE recommendations_contentversion SET number = {number}",  # noqa: S608
        "DELETE FROM recommendations_contentchange",
        f"INSERT INTO recommendations_contentchange (number, entry) VALUES ({number}, NULL)",  # noqa: S608
        "DELETE FROM django_session",
    ):
        connection.execute(statement)


def scalar(connection, statement: str) -> int:
    """Return the only value of the only row."""
    ((value,),) = connection.execute(statement)
    return value
