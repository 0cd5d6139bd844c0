"""What a database holds, in figures that a copy of it has to have too; and what is renewed when a
copy takes over.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Execute = Callable[[str], Iterable[tuple]]  # runs a statement and gives its rows

PROVED = (
    "SELECT recommendation_id, number, hash FROM recommendations_version ORDER BY "
    "recommendation_id, number",
    "SELECT id, sha256 FROM recommendations_source ORDER BY id",
    "SELECT source_id, number, sha256 FROM recommendations_formertext ORDER BY source_id, number",
)
NUMBER = "SELECT number FROM recommendations_contentversion"


@dataclass(frozen=True)
class Facts:
    """A database in figures: rows by table, migrations, content version, and a SHA-256 of all
    versions and texts.
    """

    counts: dict[str, int]
    migrations: list[list[str]]
    content_version: int
    digest: str


def facts(execute: Execute, tables: Iterable[str]) -> Facts:
    """Read the figures of a database that has these tables."""
    counts = {table: single(execute(f'SELECT count(*) FROM "{table}"')) for table in sorted(tables)}  # noqa: S608
    migrations = [
        list(row) for row in execute("SELECT app, name FROM django_migrations ORDER BY id")
    ]
    digest = hashlib.sha256()
    for statement in PROVED:
        for row in execute(statement):
            digest.update(f"{row}\n".encode())
    return Facts(counts, migrations, single(execute(NUMBER)), digest.hexdigest())


def renew(execute: Execute, content_version: int) -> None:
    """Make a copy the site, after one that gave out content versions up to this one.

    Copies of pages that others keep are known by a content version, so no number may come a second
    time, not even one that a lost database gave out: microseconds since 1970 are ahead of every
    count of changes. The record of changed entries begins anew, by which each process sees that it
    has to read everything again. Sessions end: among those of the copy are some that were ended
    since.
    """
    number = max(content_version, single(execute(NUMBER)), time.time_ns() // 1000) + 1
    execute(f"UPDATE recommendations_contentversion SET number = {number}")  # noqa: S608
    execute("DELETE FROM recommendations_contentchange")
    execute(f"INSERT INTO recommendations_contentchange (number, entry) VALUES ({number}, NULL)")  # noqa: S608
    execute("DELETE FROM django_session")


def single(rows: Iterable[tuple]) -> int:
    """Return the one value of the one row."""
    ((value,),) = rows
    return value
