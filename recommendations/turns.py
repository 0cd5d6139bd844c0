"""When more is asked than can be made: a few answers are made at once, a few wait, and the rest are told at once.

What is kept needs no turn, so that a flood of searches leaves readers of pages alone; and the line is empty a moment
after the flood, since nobody waits in it who has long gone.
"""

import threading
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .views.errors import unavailable

AT_ONCE, WAITING = 4, 8  # answers, in each process; `kb` gives it threads for more than both
TURN = 2.0  # seconds that anybody waits
PROBES = ("/livez", "/readyz")


def in_turn(get_response: Callable) -> Callable:
    """Make AT_ONCE answers at once; 503 for whoever finds the line full or waits too long in it."""
    places, turns = threading.BoundedSemaphore(AT_ONCE + WAITING), threading.BoundedSemaphore(AT_ONCE)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return get_response(request)
        if not places.acquire(blocking=False):
            return unavailable(request)
        try:
            if not turns.acquire(timeout=TURN):
                return unavailable(request)
            try:
                return get_response(request)
            finally:
                turns.release()
        finally:
            places.release()

    return middleware
