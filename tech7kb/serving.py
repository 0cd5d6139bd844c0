"""`python -m tech7kb.serving`: granian, whose old workers stay until those that follow them have
loaded the site.

granian itself ends an old worker some seconds after it has started the new one, ready or not: on a
slow machine nobody would answer, and code that does not load would end the site.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from granian import cli, server
from granian.log import logger

LONGEST = 120.0  # seconds that a new worker may take to load the site


@dataclass(frozen=True)
class Loading:
    """Loads the site in a worker, which then tells its parent."""

    load: Callable[[], Callable]
    teller: Connection

    def __call__(self) -> Callable:
        """Return the site; whoever waits at the other end hears of it, or that the worker died of
        it.
        """
        application = self.load()
        self.teller.send_bytes(b"loaded")
        return application


def has_loaded(ear: Connection) -> bool:
    """Wait until a worker has loaded the site, and tell whether it has, in time."""
    try:
        return ear.poll(LONGEST) and bool(ear.recv_bytes())
    except EOFError:
        return False


class Server(server.Server):
    """granian's server, but for how workers follow one another."""

    def _respawn_workers(self, workers, spawn_target, target_loader, delay=0) -> None:
        """Let a new worker follow each that answers still; where one does not load, the old ones
        stay.

        `delay` is in seconds, from when the new one has loaded; none is given for workers that have
        died.
        """
        if not delay:
            super()._respawn_workers(workers, spawn_target, target_loader)
            return
        for number in workers:
            new = (
                None
                if self.interrupt_signal
                else self._followed(number, spawn_target, target_loader)
            )
            if not new:
                return
            old, self.wrks[number] = self.wrks[number], new
            time.sleep(delay)  # what has loaded listens in a moment
            self._end(old)

    def _followed(self, number, spawn_target, target_loader):
        """Start a worker and return it once it has loaded the site; None where it does not."""
        ear, teller = Pipe(duplex=False)
        new = self._spawn_worker(number, spawn_target, Loading(target_loader, teller))
        new.interrupt_by_parent = (
            True  # until it has loaded, its death is not one that anybody has to make good
        )
        new.start()
        teller.close()
        with ear:
            if has_loaded(ear):
                new.interrupt_by_parent = False
                return new
        logger.error("A new worker did not load the site: the old ones stay")
        new.kill()
        return None

    def _end(self, old) -> None:
        """Let an old worker finish what it is answering, and kill it where it does not."""
        old.terminate()
        old.join(self.workers_kill_timeout)
        if old.is_alive():
            logger.warning(f"Killing old worker-{old.idx + 1} after it refused to gracefully stop")
            old.kill()
            old.join()


if __name__ == "__main__":
    cli.Server = Server
    cli.entrypoint()
