"""The catalogue in use: of the content version as of now, made once in each process and brought up to date."""

import threading

from ..models import ContentVersion
from .building import build, renew
from .holding import Catalogue

_lock = threading.Lock()
_last: Catalogue | None = None


def current() -> Catalogue:
    """Return the catalogue of the content version as of now, or of a newer one."""
    global _last
    number = ContentVersion.now()
    if _last is None or _last.number < number:
        with _lock:
            if _last is None:
                _last = build(number)
            elif _last.number < number:
                _last = renew(_last, number)
    return _last


def forget() -> None:
    """Make the next catalogue from nothing."""
    global _last
    _last = None
