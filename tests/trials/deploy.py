"""Deploy: new code under load, without a lost request.

A proxy's clients ask without a pause while the workers are replaced one after another (SIGHUP) and a migration runs. A
request is lost when it is not answered, or answered with 5xx. A request that goes out on a connection that was used
before, and finds it closed before the first byte of an answer, is sent once more, as proxies do (RFC 9110, section
9.2.2). Before the end, requests that take their time are under way when the server is told to stop (SIGTERM).
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from django.db import connection

from .clients import Client, meanwhile
from .desk import LOST, SECONDS
from .server import ROOT, Site, site, until
from .trial import conduct, progress

FULL = {"reloads": 10}
ASKED = ("/", "/recommendations/?theme=skills", "/PARIS-2025-4", "/PARIS-2025-4.json", "/recommendations.csv", "/livez")
BODY = b"theme=dark&next=%2Fabout%2F"
FORM = (
    b"POST /appearance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
)


@dataclass
class Load:
    """Clients that ask without a pause, as those of a proxy that keeps its connections; the odd ones keep none."""

    port: int
    answers: Counter = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    again: int = 0

    def ask_on(self, number: int, over: threading.Event) -> None:
        """Ask for one address after another; every other client opens a connection for each."""
        client = Client(self.port, SECONDS)
        for turn in count(number):
            self.ask(client, ASKED[turn % len(ASKED)])
            if number % 2:
                client.close()
            if over.is_set():
                break
        client.close()
        self.again += client.again

    def ask(self, client: Client, path: str) -> None:
        """Ask once, and note what was lost."""
        try:
            status = client.get(path)
        except LOST as error:
            self.lost.append(f"{path}: {type(error).__name__}")
            return
        self.answers[status] += 1
        if status >= 500:
            self.lost.append(f"{path} answered {status}")


def reload(made: Site) -> None:
    """Have every worker replaced, and wait until no old one is left."""
    before = made.workers()
    made.process.send_signal(signal.SIGHUP)
    until(lambda: not made.workers() & before and len(made.workers()) >= len(before), "the workers were not replaced")


def migrate(number: int) -> None:
    """Change a table that everybody reads, and change it back the next time, as two migrations do."""
    change = f"ADD COLUMN trial_{number} integer" if number % 2 else f"DROP COLUMN trial_{number - 1}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE recommendations_theme {change}")
    connection.close()


def renew(made: Site, number: int) -> None:
    """Migrate, prepare and reload, as somebody who brings new code does."""
    migrate(number)
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=ROOT, env=os.environ | made.environment, check=True)
    reload(made)


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


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--reloads", type=int, default=1)
    parser.add_argument("--clients", type=int, default=8)


def tried(given: Namespace, faults: list[str]) -> str:
    """Deploy under load, and return in words what was answered."""
    with site(given.database) as made:
        made.start()
        load = Load(made.port, lost=faults)
        with meanwhile(*(partial(load.ask_on, number) for number in range(given.clients))):
            for number in range(1, given.reloads + 1):
                renew(made, number)
                progress(f"{number}/{given.reloads} reloads", faults)
        faults += stop(made, 4)
    if not load.answers:
        faults.append("nobody asked anything, so that nothing was tried")
    return (
        f"{given.reloads} reloads under {given.clients} clients; {load.answers.total()} answers, {load.again} asked"
        f" once more on a new connection; 4 requests under way at SIGTERM; {len(faults)} lost"
    )


if __name__ == "__main__":
    sys.exit(conduct("deploy", __doc__, options, FULL, tried))
