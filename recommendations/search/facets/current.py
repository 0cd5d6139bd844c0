"""The catalogue in use: of the content version as of now, made once in each process and brought up
to date.
"""

import logging
import threading

from django.db import DatabaseError, connection

from recommendations.models import ContentChange, ContentVersion

from .build import build, renew
from .index import Catalogue

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_last: Catalogue | None = None


def current() -> Catalogue:
    """Return the catalogue of the content version as of now, or of a newer one.

    A standby that was promoted may be behind what this process has seen.
    """
    global _last
    held, number = (
        _last,
        ContentVersion.now(),
    )  # in this order, so that only a database that is behind tells less
    if held is None or held.number != number:
        with _lock:
            if _last is not held:
                number = ContentVersion.now()
            if _last is None or _last.number > number:
                _last = build(number)
            elif _last.number < number:
                _last = (
                    renew(_last, number) if ContentChange.reaches(_last.number) else build(number)
                )
            held = _last
    return held


def prepare() -> None:
    """Make the catalogue before the first reader asks; where the database is away, that reader's
    request makes it.
    """
    try:
        current()
    except DatabaseError as error:
        _log.warning("The catalogue was not made at the start: %s", error)
    finally:
        connection.close()  # readers are answered in other threads, with connections of their own


def forget() -> None:
    """Make the next catalogue from nothing."""
    global _last
    _last = None
