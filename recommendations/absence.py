"""A server that does not answer is left out for a while, so that not every request waits for it."""

import logging
import time
from collections.abc import Callable

PAUSE = 5.0  # seconds

_log = logging.getLogger(__name__)
_left_out: dict[str, float] = {}  # until when, by what the log calls a server; in each process


class Away(Exception):
    """A server did not answer just now, or is still left out."""


def ask[T](
    name: str,
    question: Callable[[], T],
    failures: tuple[type[Exception], ...],
    pause: float = PAUSE,
) -> T:
    """Return a server's answer; raises Away where it fails in one of these ways, or is left out
    since it did.
    """
    if time.monotonic() < _left_out.get(name, 0.0):
        raise Away(name)
    try:
        answer = question()
    except failures as error:
        leave_out(name, error, pause)
        raise Away(name) from error
    if _left_out.pop(name, None) is not None:
        _log.warning("%s answers again.", name)
    return answer


def leave_out(name: str, error: Exception, pause: float = PAUSE) -> None:
    """Ask a server nothing for a pause in seconds; the log hears of it once until it is back."""
    if name not in _left_out:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        _log.warning("%s does not answer, and the site goes on without it: %s", name, reason)
    _left_out[name] = time.monotonic() + pause
