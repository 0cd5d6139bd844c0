"""How long a process that serves waits for the database, as readers wait behind it. Commands may
take their time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LOCKED = 5  # seconds that SQLite tries again while somebody else holds the file
# seconds until a PostgreSQL that says nothing at all is given up; it ends its own statements sooner
SILENT = 20
QUESTION = 3  # seconds for the one question that every reader waits for
STATEMENTS = "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"

_limit: ContextVar[float] = ContextVar("limit", default=SILENT)


@contextmanager
def little() -> Iterator[None]:
    """Wait no longer than QUESTION for what PostgreSQL is asked within."""
    token = _limit.set(QUESTION)
    try:
        yield
    finally:
        _limit.reset(token)


def limit_waiting() -> None:
    """Set the limits for every connection that this process will make."""
    for database in connections.settings.values():
        options = database["OPTIONS"]
        if database["ENGINE"].endswith("postgresql"):
            options["options"] = f"{STATEMENTS} {options.get('options', '')}".strip()
        else:
            # A file that is away must be missed: by itself SQLite makes an empty database in its
            # place.
            database["NAME"] = f"{Path(database['NAME']).absolute().as_uri()}?mode=rw"
            options["timeout"] = LOCKED
    connection_created.connect(give_up_silent, dispatch_uid="patience")


def give_up_silent(connection: BaseDatabaseWrapper, **kwargs) -> None:
    """Bound each wait on a new connection: a server that is frozen, or cut off, keeps no limits of
    its own.
    """
    if connection.vendor == "postgresql":
        made = connection.connection
        wait = made.wait
        made.wait = lambda steps, **options: wait(steps, **{"timeout": _limit.get()} | options)
