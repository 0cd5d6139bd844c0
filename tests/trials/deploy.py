"""`python -m tests.trials.deploy --reloads 10 --database sqlite`: new code under load, without a lost request.

A proxy's clients ask without a pause while the workers are replaced one after another (SIGHUP) and a migration runs. A
request is lost when it is not answered, or answered with 5xx. A request that goes out on a connection that was used
before, and finds it closed before the first byte of an answer, is sent once more, as proxies do (RFC 9110, section
9.2.2). Before the end, requests that take their time are under way when the server is told to stop (SIGTERM).
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, RemoteDisconnected

from django.db import connection

from .desk import LOST, SECONDS
from .server import ROOT, Site, processes, site, until

ASKED = ("/", "/recommendations/?theme=skills", "/PARIS-2025-4", "/PARIS-2025-4.json", "/recommendations.csv", "/livez")
CLOSED = (RemoteDisconnected, ConnectionResetError, BrokenPipeError)
BODY = b"theme=dark&next=%2Fabout%2F"
FORM = (
    b"POST /appearance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
)


@dataclass
class Load:
    """Clients that ask without a pause, as those of a proxy that keeps its connections."""

    port: int
    clients: int
    answers: Counter = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    again: int = 0
    is_over: bool = False

    def __enter__(self) -> "Load":
        self.threads = [threading.Thread(target=self.ask_on, args=(each,)) for each in range(self.clients)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def ask_on(self, client: int) -> None:
        """Ask for one address after another; every other client opens a connection for each."""
        kept, turn = None, client
        while not self.is_over:
            turn += 1
            kept = self.ask(kept, ASKED[turn % len(ASKED)])
            if kept and client % 2:
                kept.close()
                kept = None
        if kept:
            kept.close()

    def ask(self, kept: HTTPConnection | None, path: str) -> HTTPConnection | None:
        """Ask once, and once more where a kept connection was closed; returns the connection if it may be kept."""
        connection = kept or HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
        except CLOSED as error:
            connection.close()
            if kept:
                self.again += 1
                return self.ask(None, path)
            self.lost.append(f"{path}: {type(error).__name__}")
        except (OSError, HTTPException) as error:
            connection.close()
            self.lost.append(f"{path}: {type(error).__name__}")
        else:
            self.answers[response.status] += 1
            if response.status >= 500:
                self.lost.append(f"{path} answered {response.status}")
            if not response.will_close:
                return connection
            connection.close()
        return None


def workers(made: Site) -> set[int]:
    """Return the processes that answer."""
    return {pid for pid, facts in processes() if facts["parent"] == made.process.pid}


def reload(made: Site) -> None:
    """Have every worker replaced, and wait until no old one is left."""
    before = workers(made)
    made.process.send_signal(signal.SIGHUP)
    until(lambda: not workers(made) & before and len(workers(made)) >= len(before), "the workers were not replaced")


def migrate(number: int) -> None:
    """Change a table that everybody reads, and change it back the next time, as two migrations do."""
    change = f"ADD COLUMN trial_{number} integer" if number % 2 else f"DROP COLUMN trial_{number - 1}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE recommendations_theme {change}")
    connection.close()


def stop(made: Site, clients: int) -> list[str]:
    """Tell the server to stop while requests are under way, and return what became of those that were lost."""
    begun = [socket.create_connection(("127.0.0.1", made.port), timeout=SECONDS) for _ in range(clients)]
    for each in begun:
        each.sendall(FORM + BODY[:5])
    time.sleep(1)  # the server reads the form and waits for the rest
    made.process.terminate()
    time.sleep(1)
    lost = []
    for each in begun:
        with closing(each):
            try:
                each.sendall(BODY[5:])
                answer = each.recv(1000)
            except LOST as error:
                answer = type(error).__name__.encode()
            if not answer.startswith(b"HTTP/1.1 303"):
                lost.append(f"under way at SIGTERM: {answer[:60]!r}")
    if made.process.wait(SECONDS):
        lost.append(f"the server ended with {made.process.returncode}")
    return lost


def main() -> int:
    """Run the trial, and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reloads", type=int, default=1)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1, help="changes nothing: what is tried is the same each time")
    given = parser.parse_args()
    began = time.monotonic()
    with site(given.database) as made:
        made.start()
        with Load(made.port, given.clients) as load:
            for number in range(1, given.reloads + 1):
                migrate(number)
                prepared = subprocess.run(
                    [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=os.environ | made.environment, check=False
                )
                if prepared.returncode:
                    load.lost.append("manage.py prepare failed")
                reload(made)
                print(f"{number}/{given.reloads}: {len(load.lost)} lost", file=sys.stderr, flush=True)
        lost = load.lost + stop(made, 4)
    print("\n".join(lost))
    print(
        f"{given.database}: {given.reloads} reloads in {time.monotonic() - began:.0f} s under {given.clients} clients;"
        f" {load.answers.total()} answers, {load.again} asked once more on a new connection; 4 requests under way at"
        f" SIGTERM; {len(lost)} lost: {len(lost)} faults."
    )
    return 1 if lost or not load.answers else 0


if __name__ == "__main__":
    sys.exit(main())
