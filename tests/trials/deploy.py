"""Deploy: new code under load, without a lost request.

Two instances of the site stand behind a proxy, as docs/operating.md describes it. Clients ask
without a pause while a migration runs, as `./kb manage prepare` runs it, and each instance is left
out by the proxy, restarted, and taken in again. A request is lost when it is not answered, or
answered with 5xx. A request that goes out on a connection that was used before, and finds it closed
before the first byte of an answer, is sent once more, as proxies do (RFC 9110, section 9.2.2).
While a migration waits to be run, /readyz says so; one that waits for a lock, which readers then
wait for too, gives up soon (PostgreSQL). A worker that is killed is followed by another. Before the
end, requests that take their time are under way when the server is told to stop (SIGTERM).
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

import psycopg
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from .parts.clients import Client, meanwhile
from .parts.desk import LOST, SECONDS, Desk
from .parts.proxy import Proxy
from .parts.server import ROOT, Site, site, until
from .parts.trial import conduct, progress

FULL = {"restarts": 10, "clients": 8}
ASKED = (
    "/",
    "/recommendations/?theme=skills",
    "/PARIS-2025-4",
    "/PARIS-2025-4.json",
    "/recommendations.csv",
    "/livez",
)
BODY = b"theme=dark&next=%2Fabout%2F"
FORM = (
    b"POST /appearance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
    b"application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
)

LONGEST = 300  # seconds in which a migration is done or gives up
OURS = "recommendations"
BUSY = "is too busy to be migrated, and is as it was: try again in a minute."
SETTINGS = """
from tech7kb.settings import *

MIGRATION_MODULES = {"recommendations": "trial_migrations"}
"""
PACKAGE = """
from recommendations import migrations

__path__ = [*migrations.__path__, *__path__]
"""
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recommendations", "{last}")]
    operations = [migrations.RunSQL("ALTER TABLE recommendations_theme ADD COLUMN trial_{number} integer")]
"""


@dataclass
class Load:
    """Clients that ask without a pause, as those of a proxy that keeps its connections; the odd
    ones keep none.
    """

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


def restart(instances: list[Site], proxy: Proxy) -> None:
    """Restart one instance after another while the proxy leads to the others."""
    for instance in instances:
        with proxy.without(instance.port):
            instance.restart()


class Release:
    """New code, in a folder of its own: that which is there, with one migration more each time."""

    def __init__(self, made: Site):
        self.made, self.folder = made, made.folder / "release"
        self.known = self.last = migrations()[-1]
        package = self.folder / "trial_migrations"
        package.mkdir(parents=True)
        (self.folder / "trial_settings.py").write_text(SETTINGS)
        (package / "__init__.py").write_text(PACKAGE)

    def add(self, number: int) -> None:
        """Write a migration of a table that everybody reads."""
        name = f"9{number:03}_trial"
        (self.folder / "trial_migrations" / f"{name}.py").write_text(
            MIGRATION.format(last=self.last, number=number)
        )
        self.last = name

    def prepare(self) -> subprocess.CompletedProcess:
        """Migrate, as somebody who brings new code does; raises subprocess.TimeoutExpired."""
        new = {"PYTHONPATH": str(self.folder), "DJANGO_SETTINGS_MODULE": "trial_settings"}
        environment = os.environ | self.made.environment | new
        command = [sys.executable, "manage.py", "prepare"]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST
        )


def migrations() -> list[str]:
    """Return the names of the site's own migrations that are applied, in their order."""
    applied = sorted(
        name for app, name in MigrationRecorder(connection).applied_migrations() if app == OURS
    )
    connection.close()
    return applied


def renew(release: Release, number: int, instances: list[Site], proxy: Proxy) -> list[str]:
    """Migrate and restart, and return what went wrong."""
    release.add(number)
    try:
        done = release.prepare()
        restart(instances, proxy)
    except (TimeoutError, subprocess.TimeoutExpired) as error:
        return [f"restart {number}: {error}"]
    if done.returncode or migrations()[-1] != release.last:
        return [f"restart {number}: the database was not migrated: {done.stderr[-300:]}"]
    return []


def waiting(port: int, last: str) -> list[str]:
    """Take a migration for one that is not applied yet, and return what is wrong with what the site
    then says.
    """
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(OURS, last)
    try:
        answers = [(path, Desk(port).get(path)) for path in ("/readyz", "/livez")]
    finally:
        recorder.record_applied(OURS, last)
        connection.close()
    said = {path: (answer.status, answer.text) for path, answer in answers}
    wanted = {"/readyz": (503, "migrations waiting\n"), "/livez": (200, "ok\n")}
    return [
        f"{path} answers {said[path]}, not {wanted[path]}, while a migration waits"
        for path in said
        if said[path] != wanted[path]
    ]


def locked_out(release: Release) -> list[str]:
    """Hold a table that the next migration changes, as a report does; return what is wrong with how
    it gives up.
    """
    release.add(999)
    before = migrations()
    with psycopg.connect(release.made.database.url) as held:
        held.execute("LOCK TABLE recommendations_theme IN ACCESS SHARE MODE")
        try:
            done = release.prepare()
        except subprocess.TimeoutExpired:
            return [f"a migration that waits for a lock still waits after {LONGEST} s"]
    said = done.stderr.strip().splitlines() or [""]
    if not done.returncode or BUSY not in said[-1]:
        return [f"a migration that waits for a lock ended with {done.returncode}: {said[-1][:300]}"]
    return ["a migration that gave up is partly applied"] if migrations() != before else []


def followed(made: Site) -> list[str]:
    """Kill a worker, and return a fault where no other takes its place."""
    before = made.workers()
    os.kill(min(before), signal.SIGKILL)
    try:
        until(
            lambda: made.workers() - before and made.is_ready(), "a killed worker is not followed"
        )
    except TimeoutError as error:
        return [str(error)]
    return []


def stop(made: Site, clients: int) -> list[str]:
    """Tell the server to stop while requests are under way, and return what became of those that
    were lost.
    """
    begun = []
    try:
        for _ in range(clients):
            begun.append(socket.create_connection(("127.0.0.1", made.port), timeout=SECONDS))
            begun[-1].sendall(FORM + BODY[:5])
    except LOST as error:
        return [f"before SIGTERM nobody answers: {type(error).__name__}"]
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
    try:
        if made.process.wait(SECONDS):
            lost.append(f"the server ended with {made.process.returncode}")
    except subprocess.TimeoutExpired:
        lost.append(f"the server did not end within {SECONDS} s")
    return lost


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--restarts", type=int, default=1)
    parser.add_argument("--clients", type=int, default=2)


def deploy(given: Namespace, instances: list[Site], load: Load, proxy: Proxy) -> None:
    """Deploy release after release while clients ask."""
    release = Release(instances[0])
    with meanwhile(*(partial(load.ask_on, number) for number in range(given.clients))):
        for number in range(1, given.restarts + 1):
            load.lost += renew(release, number, instances, proxy)
            progress(f"{number}/{given.restarts} restarts", load.lost)
        load.lost += waiting(instances[0].port, release.known)
        if instances[0].database.is_killable:
            load.lost += locked_out(release)


def tried(given: Namespace, faults: list[str]) -> str:
    """Deploy under load, and return in words what was answered."""
    with site(given.database) as made:
        other = made.beside()
        try:
            made.start()
            other.start()
            proxy = Proxy([made.port, other.port])
            with proxy.serve():
                load = Load(proxy.port, lost=faults)
                deploy(given, [made, other], load, proxy)
            faults += [*followed(made), *stop(made, 4)]
        finally:
            other.kill()
    if not load.answers:
        faults.append("nobody asked anything, so that nothing was tried")
    return (
        f"{given.restarts} restarts of two instances under {given.clients} clients;"
        f" {load.answers.total()} answers, {load.again} asked once more on a new connection;"
        f" 4 requests under way at SIGTERM; {len(faults)} lost"
    )


if __name__ == "__main__":
    sys.exit(conduct("deploy", __doc__, options, FULL, tried))
