"""What is the fault of the database or the disk and not of this program: away, locked, read-only,
full, too slow.
"""

import errno
import sqlite3

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, InternalError, OperationalError
from psycopg.errors import ReadOnlySqlTransaction

RETRY_AFTER = 5  # seconds within which the site is back once a fault has ended
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def is_outage(error: BaseException | None) -> bool:
    """Tell whether an error ends by itself when the database or the disk is well again; a wrong
    statement never does.

    SQLite calls a wrong statement an OperationalError too, and tells it by its code
    (sqlite.org/rescode.html).
    """
    match error:
        case (
            SessionInterrupted() | UpdateError()
        ):  # a session that could not be saved, whatever stopped it
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
