"""Every place where a kill could tear a step in two: before each statement that writes, one after
the other.

A step is done in a process of its own, without a server, and that process kills itself before its
first, second, … n-th statement that writes. Afterwards every table has either the rows it had, or
as many new ones as the whole step makes. In small only where a transaction has ended before:
nowhere else can anything be left behind.
"""

import os
import re
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test.client import Client

from recommendations.operations.database_outages import limit_waiting

from . import consistency
from .contents import difference, rows
from .cycle import Step
from .desk import Answer, Desk
from .server import Sqlite, until

READS = re.compile(
    r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|SET|SHOW|LOCK|EXPLAIN)\b",
    re.IGNORECASE,
)
APART = frozenset({"django_session"})  # what is saved with an answer, and is nobody's work
ASIDE = re.compile("|".join(APART))


class Inside(Desk):
    """Somebody at the site as this process has it, without a server."""

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> Answer:
        """Let this process answer; what breaks it is raised."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers |= {
            "Host": f"127.0.0.1:{self.port}",
            "Referer": f"http://127.0.0.1:{self.port}{path}",
        }
        client = Client(enforce_csrf_checks=True, headers=headers)
        response = client.generic(method, path, body, kind or "application/octet-stream")
        self.cookies |= {name: each.value for name, each in response.cookies.items()}
        return Answer(
            response.status_code,
            {name.lower(): each for name, each in response.items()},
            response.getvalue(),
        )


@dataclass
class Watch:
    """What is written, in which of the transactions of a step; it kills before one of these
    statements.
    """

    kill_before: int = 0
    written: list[int] = field(
        default_factory=list
    )  # for each statement that writes: the transactions ended before it

    @contextmanager
    def over_writes(self) -> Iterator["Watch"]:
        """Watch the connection of this thread."""
        commit, self.ended = connection.commit, 0

        def counted() -> None:
            commit()
            self.ended += 1

        connection.commit = counted
        try:
            with connection.execute_wrapper(self.statement):
                yield self
        finally:
            del connection.commit

    def statement(self, execute: Callable, sql: str, params, many: bool, context: dict):
        """Count, and kill where it is time to."""
        is_write = not READS.match(sql) and not ASIDE.search(sql)
        if is_write:
            self.written.append(self.ended)
            if len(self.written) == self.kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
        done = execute(sql, params, many, context)
        self.ended += is_write and not context["connection"].in_atomic_block
        return done

    def places(self, is_full: bool) -> list[int]:
        """Return the statements to kill before, counted from 1."""
        numbered = list(enumerate(self.written, start=1))
        return [
            number
            for number, ended in numbered
            if is_full or (number > 1 and ended > self.written[number - 2])
        ]


@dataclass
class Torn:
    """Kills at every place of one step after another."""

    database: object  # a Sqlite or a Cluster
    is_full: bool
    faults: list[str]
    tried: int = 0
    usual: dict[str, float] = field(
        default_factory=dict
    )  # seconds that a step of each kind takes when left alone

    def do(self, step: Step) -> Answer:
        """Do a step, the first of its kind also broken off wherever it writes; the database is as
        after it.
        """
        if step.name in self.usual:
            return step.send()
        with copies(self.database) as (keep, put_back):
            keep("before")
            before, began = self.rows(), time.monotonic()
            with Watch().over_writes() as watch:
                answer = step.send()
            self.usual[step.name] = time.monotonic() - began
            if places := watch.places(self.is_full):
                whole = difference(before, self.rows())
                keep("after")
                put_back("before")
                for place in places:
                    self.kill(step, place, before, whole, put_back)
                put_back("after")
        return answer

    def kill(self, step: Step, place: int, before: dict, whole: dict, put_back: Callable) -> None:
        """Break a step off, and look at what is left of it."""
        self.tried += 1
        if forked(lambda: self.broken_off(step, place)) != -signal.SIGKILL:
            self.faults.append(f"“{step.name}” has no place {place} the second time")
        left = difference(before, self.rows())
        if left and left != whole:
            missing = sorted(table for table in whole if left.get(table) != whole[table])
            self.faults.append(
                f"“{step.name}”, killed before its write {place}, left {', '.join(left)} and not "
                f"{', '.join(missing)}"
            )
        if left:
            put_back("before")

    def broken_off(self, step: Step, place: int) -> None:
        """Do a step until it kills this process."""
        with Watch(kill_before=place).over_writes():
            step.send()

    def rows(self) -> dict:
        """Read everything once nobody else is there."""
        if connection.vendor == "postgresql":
            until(
                lambda: consistency.rows(OTHERS) == [(0,)],
                "the killed process holds its connection",
            )
        return rows(connection.settings_dict, APART)


OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    "pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def forked(work: Callable[[], None]) -> int:
    """Do some work in a process of its own; returns its exit code, or the signal that ended it as a
    negative number.
    """
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def copies(database: object):
    """Give what keeps a copy of the whole database under a name, and what puts one back, while
    nobody is connected.
    """
    return in_files() if isinstance(database, Sqlite) else in_cluster()


@contextmanager
def in_files() -> Iterator[tuple[Callable, Callable]]:
    path = Path(connection.settings_dict["NAME"])
    made = {}

    def keep(name: str) -> None:
        connections.close_all()
        made[name] = path.with_name(f"{path.name}-{name}")
        shutil.copyfile(path, made[name])

    def put_back(name: str) -> None:
        connections.close_all()
        for ending in ("-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(made[name], path)

    yield keep, put_back
    for copy in made.values():
        copy.unlink()


@contextmanager
def in_cluster() -> Iterator[tuple[Callable, Callable]]:
    own = connection.settings_dict
    name_of = "{}_{}".format
    made = []

    def administer(*statements: str) -> None:
        connections.close_all()
        wrapper = DatabaseWrapper(own | {"NAME": "template1"}, alias="copies")
        with closing(psycopg.connect(**wrapper.get_connection_params(), autocommit=True)) as server:
            for statement in statements:
                server.execute(statement)

    def keep(name: str) -> None:
        made.append(name_of(own["NAME"], name))
        administer(f"CREATE DATABASE {made[-1]} TEMPLATE {own['NAME']} STRATEGY file_copy")

    def put_back(name: str) -> None:
        copy = name_of(own["NAME"], name)
        administer(
            f"DROP DATABASE {own['NAME']} WITH (FORCE)",
            f"CREATE DATABASE {own['NAME']} TEMPLATE {copy} STRATEGY file_copy",
        )

    yield keep, put_back
    administer(*(f"DROP DATABASE {each} WITH (FORCE)" for each in made))


def lasting() -> list[str]:
    """Return what keeps an acknowledged write from outlasting a power cut, on a connection as the
    server makes them.
    """
    reading, writing = os.pipe()
    forked(lambda: os.write(writing, "\n".join(settled()).encode()))
    os.close(writing)
    with open(reading) as told:
        return told.read().splitlines()


def settled() -> list[str]:
    """Ask this process's connection, made anew with the limits of one that serves."""
    limit_waiting()
    demanded = {
        "sqlite": {
            "PRAGMA synchronous": (2, 3),
            "PRAGMA journal_mode": ("delete", "wal"),
            "PRAGMA foreign_keys": (1,),
        },
        "postgresql": {"SHOW synchronous_commit": ("on",)},
    }[connection.vendor]
    found = []
    for question, good in demanded.items():
        [[told]] = consistency.rows(question)
        found += (
            []
            if told in good
            else [f"{question} tells {told}, not {good[0]}: what was acknowledged can be lost"]
        )
    return found
