"""The facet index of the present content version, made once in each process and kept up to date."""

import logging
import threading

from django.db import DatabaseError, connection

from recommendations.models import ContentChange, ContentVersion

from .build import build, renew
from .index import FacetIndex

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_last: FacetIndex | None = None


def current() -> FacetIndex:
    """Return the index of the present content version, or one made again if that went back.

    A standby that was promoted may be behind what this process has seen.
    """
    global _last
    index = _last  # read before the number, so that only a database that is behind has a lower one
    number = ContentVersion.now()
    if index is None or index.number != number:
        with _lock:
            if _last is not index:  # another thread has made one meanwhile
                number = ContentVersion.now()
            index = _last = _next(_last, number)
    return index


def _next(last: FacetIndex | None, number: int) -> FacetIndex:
    """Return the index of a content version, from the last one if that is possible."""
    if last is not None and last.number == number:
        return last
    if last is not None and last.number < number and ContentChange.reaches(last.number):
        return renew(last, number)
    return build(number)


def prepare() -> None:
    """Make the index before the first reader asks; without a database, that request makes it."""
    try:
        current()
    except DatabaseError as error:
        _log.warning("The facet index was not made at the start: %s", error)
    finally:
        connection.close()  # readers are answered in other threads, with connections of their own


def forget() -> None:
    """Make the next index from nothing."""
    global _last
    _last = None
