"""When more is asked than can be made: a few answers are made at once, a few wait, and the rest are
told at once.

What is kept needs no turn, so that a flood of searches leaves readers of pages alone; and the line
is empty a moment after the flood, since nobody waits in it who has long gone. One client takes half
of the places at most, so that no script shuts out all others.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from recommendations.accounts.client_ip import client_address
from recommendations.views.errors import unavailable

AT_ONCE, WAITING = 4, 8  # answers, in each process; `kb` gives it threads for more than both
TURN = 2.0  # seconds that anybody waits
PROBES = ("/livez", "/readyz")


class Places:
    """So many places in this process, of which one client may hold half.

    Only behind proxies that are declared is it known who is one client: behind any other, all have
    its address.
    """

    def __init__(self, most: int) -> None:
        self.most, self.taken, self.changed = most, Counter(), threading.Condition()

    @contextmanager
    def one(self, request: HttpRequest, wait: float = 0.0) -> Iterator[bool]:
        """Hold a place inside, after waiting for one some seconds; the value tells whether there
        was one.
        """
        client = client_address(request) if settings.TRUSTED_PROXIES else None
        with self.changed:
            has_place = self.changed.wait_for(lambda: self.has_room(client), wait)
            self.taken[client] += has_place
        try:
            yield has_place
        finally:
            with self.changed:
                self.taken[client] -= has_place
                self.taken += Counter()  # forgets who holds none
                self.changed.notify_all()

    def has_room(self, client: str | None) -> bool:
        """Tell whether one more may have a place."""
        has_share = client is None or self.taken[client] < self.most // 2
        return has_share and self.taken.total() < self.most


def in_turn(get_response: Callable) -> Callable:
    """Make AT_ONCE answers at once; 503 for whoever finds the line full or waits too long in it."""
    line, turns = Places(AT_ONCE + WAITING), Places(AT_ONCE)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return get_response(request)
        with line.one(request) as has_place:
            if has_place:
                with turns.one(request, TURN) as has_turn:
                    if has_turn:
                        return get_response(request)
            return unavailable(request)

    return middleware
