"""Clients that keep a connection, and work that goes on while something else happens."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, RemoteDisconnected

from .desk import LOST

CLOSED = (RemoteDisconnected, ConnectionResetError, BrokenPipeError)

Work = Callable[[threading.Event], None]  # is given what tells it to stop


class Client:
    """A client that keeps its connection, as a browser or a proxy does."""

    def __init__(self, port: int, patience: float):
        self.connection, self.again = HTTPConnection("127.0.0.1", port, timeout=patience), 0

    def get(self, path: str) -> int:
        """Ask, and return the status once the whole answer is there; raises what LOST lists.

        What goes out on a connection that was used before, and finds it closed before the first
        byte of an answer, is sent once more, as proxies do (RFC 9110, section 9.2.2).
        """
        is_kept = self.connection.sock is not None
        try:
            return self._ask(path)
        except CLOSED:
            if not is_kept:
                raise
            self.again += 1
            return self._ask(path)

    def _ask(self, path: str) -> int:
        try:
            self.connection.request("GET", path)
            response = self.connection.getresponse()
            response.read()
        except LOST:
            self.close()
            raise
        if response.will_close:
            self.close()
        return response.status

    def close(self) -> None:
        """Hang up; the next request makes a new connection."""
        self.connection.close()


@contextmanager
def meanwhile(*works: Work) -> Iterator[None]:
    """Let each work go on in a thread of its own until the block ends."""
    over = threading.Event()
    threads = [threading.Thread(target=work, args=(over,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
