"""A server that does not answer is left alone for a while, so that few requests wait for it."""

import logging
import time
from collections.abc import Callable

PAUSE = 5.0  # seconds

_log = logging.getLogger(__name__)
_open_until: dict[str, float] = {}  # by what the log calls a server; in each process


class CircuitOpen(Exception):
    """A server did not answer just now, or is still left alone."""


def call[T](
    name: str,
    ask: Callable[[], T],
    failures: tuple[type[Exception], ...],
    pause: float = PAUSE,
) -> T:
    """Return a server's answer; raises CircuitOpen for a failure, and for a pause in seconds after.

    The log hears of it when the server goes and when it is back.
    """
    if time.monotonic() < _open_until.get(name, 0.0):
        raise CircuitOpen(name)
    try:
        answer = ask()
    except failures as error:
        if name not in _open_until:
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            _log.warning("%s does not answer, and the site goes on without it: %s", name, reason)
        _open_until[name] = time.monotonic() + pause
        raise CircuitOpen(name) from error
    if _open_until.pop(name, None) is not None:
        _log.warning("%s answers again.", name)
    return answer
