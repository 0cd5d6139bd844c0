"""Outages of database and disk: which errors they raise, and how long a server waits for them."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, InternalError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.errors import ReadOnlySqlTransaction

RETRY_AFTER = 5  # seconds within which the site is back once an outage has ended
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}

LOCKED = 5  # seconds that SQLite tries again while somebody else holds the file
SILENT = 20  # seconds until a PostgreSQL that says nothing at all is given up
SHORT = 3  # seconds for the one question that every reader waits for
STATEMENTS = "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"

_timeout: ContextVar[float] = ContextVar("timeout", default=SILENT)


def is_outage(error: BaseException | None) -> bool:
    """Tell whether an error ends by itself when the database or the disk is well again.

    A wrong statement never does; SQLite calls it an OperationalError too, and tells it by its code
    (sqlite.org/rescode.html).
    """
    match error:
        case SessionInterrupted() | UpdateError():  # a session that could not be saved
            return is_outage(error.__context__)
        case OperationalError():
            return getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
        case InternalError():
            return isinstance(error.__cause__, ReadOnlySqlTransaction)
        case InterfaceError():
            return True
        case OSError():
            return error.errno in DISK
    return False


@contextmanager
def short_timeout() -> Iterator[None]:
    """Wait SHORT seconds at most for what PostgreSQL is asked within."""
    token = _timeout.set(SHORT)
    try:
        yield
    finally:
        _timeout.reset(token)


def limit_waiting() -> None:
    """Set the time limits of a process that serves; commands may take their time."""
    for database in connections.settings.values():
        options = database["OPTIONS"]
        if database["ENGINE"].endswith("postgresql"):
            options["options"] = f"{STATEMENTS} {options.get('options', '')}".strip()
        else:
            # By itself SQLite makes an empty database in the place of a file that is away.
            database["NAME"] = f"{Path(database['NAME']).absolute().as_uri()}?mode=rw"
            options["timeout"] = LOCKED
    connection_created.connect(give_up_silent, dispatch_uid="give_up_silent")


def give_up_silent(connection: BaseDatabaseWrapper, **kwargs) -> None:
    """Bound each wait on a new connection: a frozen server does not end its own statements."""
    if connection.vendor == "postgresql":
        made = connection.connection
        wait = made.wait
        made.wait = lambda steps, **options: wait(steps, **{"timeout": _timeout.get()} | options)
