"""Several threads that want the same thing at the same moment: one makes it, the others wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SingleFlight:
    """What is being made at this moment in this process, by key."""

    def __init__(self) -> None:
        self.made: dict[str, threading.Event] = {}
        self.lock = threading.Lock()

    @contextmanager
    def making(self, key: str) -> Iterator[threading.Event | None]:
        """Yield None to whoever is to make something, and others the event that it is made."""
        with self.lock:
            event = self.made.get(key)
            if event is None:
                self.made[key] = threading.Event()
        try:
            yield event
        finally:
            if event is None:
                with self.lock:
                    self.made.pop(key).set()
