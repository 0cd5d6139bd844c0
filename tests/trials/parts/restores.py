"""Restores that must change nothing, or all: of damaged backups, and killed halfway; and backups of
a busy database.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from recommendations.operations.backup import BackupError, create, restore
from recommendations.operations.backup.archive import unpack
from recommendations.operations.backup.fingerprint import fingerprint_of

from .contents import Rows, difference, direct, engine_of, numbers, rows, schema
from .server import ROOT
from .torn import forked

RENEWED = {  # tables that a restore makes anew, and what matters in them
    "recommendations_contentversion": "number",
    "recommendations_contentchange": "number, entry",
    "django_session": "session_key",
}
CHANGED = "UPDATE auth_permission SET codename = codename || '-changed'"
LARGE = {  # more than SQLite keeps in memory: it writes into the file before the commit
    "sqlite": "UPDATE auth_permission SET name = name || hex(zeroblob(4000))",
    "postgresql": "UPDATE auth_permission SET name = 'changed'",
}
HELD = 0.3  # seconds that a transaction stays open under a backup


def is_file(settings: dict) -> bool:
    """Tell whether a database is a file."""
    return engine_of(settings).NAME == "sqlite"


@contextmanager
def empty(settings: dict, folder: Path, name: str) -> Iterator[dict]:
    """Make an empty database of the same kind as that of some settings, and yield its own."""
    if is_file(settings):
        yield settings | {"NAME": str(folder / f"{name}.sqlite3")}
        return
    name = f"{settings['NAME']}_{name}"
    with closing(direct(settings)) as server:
        server.autocommit = True
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        yield settings | {"NAME": name}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def change(settings: dict, statement: str = CHANGED) -> None:
    """Make a database another one."""
    with closing(direct(settings)) as live:
        live.execute(statement)
        live.commit()


# --- What a restore gives --------------------------------------------------


def differences(expected: dict, settings: dict) -> list[str]:
    """Return where a restored database differs from its fingerprint, but for what a restore
    renews.
    """
    with closing(direct(settings)) as database:
        now = fingerprint_of(database, engine_of(settings).TABLES)
    found = [
        f"{name} of the restored database differs"
        for name in ("sha256", "migrations")
        if now[name] != expected[name]
    ]
    tables = (expected["rows"].keys() | now["rows"].keys()) - RENEWED.keys()
    found += [
        f"{table} has {now['rows'].get(table)} rows, not {expected['rows'].get(table)}"
        for table in sorted(tables)
        if now["rows"].get(table) != expected["rows"].get(table)
    ]
    return found + not_renewed(settings, expected["content_version"])


def not_renewed(settings: dict, content_version: int) -> list[str]:
    """Return what a restore has not renewed: the content version, what each process asks for, and
    the sessions.
    """
    with closing(direct(settings)) as database:
        told = {
            name: [tuple(row) for row in database.execute(f"SELECT {columns} FROM {name}")]
            for name, columns in RENEWED.items()
        }
    [(number,)] = told["recommendations_contentversion"]
    found = [] if number > content_version else ["the content version was not raised"]
    if not any(
        since > content_version and entry is None
        for since, entry in told["recommendations_contentchange"]
    ):
        found.append("processes are not told to read everything anew")
    return found + (["sessions of the copy go on"] if told["django_session"] else [])


def unlike(own: dict, other: dict) -> list[str]:
    """Return where a database restored from a backup of another, as it still is, has other rows,
    rules or numbers.
    """
    found = [
        f"{name} has other rows" for name in difference(rows(own, RENEWED), rows(other, RENEWED))
    ]
    was, now = schema(own), schema(other)
    found += [f"the restored database lacks {each}" for each in was if each not in now]
    found += [f"the restored database has {each}" for each in now if each not in was]
    given, left = numbers(own), numbers(other)
    return found + [
        f"{name} would count on from {left.get(name)}"
        for name in given
        if left.get(name, 0) < given[name]
    ]


# --- Damaged ---------------------------------------------------------------


def damages(whole: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield files that are not that backup any more."""
    place = chance.randrange(len(whole))
    for name, start, length in (
        ("one byte", place, 1),
        ("some bytes", place, 64),
        ("the seal", 9, 1),
    ):
        part = bytes(byte ^ chance.randrange(1, 256) for byte in whole[start : start + length])
        yield f"{name} flipped at {start}", whole[:start] + part + whole[start + length :]
    yield f"cut at {place}", whole[:place]
    yield f"without its first {place + 1} bytes", whole[place + 1 :]
    yield "longer", whole + chance.randbytes(chance.randrange(1, 100))
    yield "two in one", whole + whole
    yield "nothing", b""
    yield "noise", chance.randbytes(len(whole) // 2)
    yield "a text", (ROOT / "fixtures/paris-2025/declaration.txt").read_bytes()
    yield "a picture", b"\x89PNG\r\n\x1a\n" + chance.randbytes(999)
    yield "a database", b"SQLite format 3\x00" + chance.randbytes(4080)


def taken(backup: Path, settings: dict, chance: random.Random) -> tuple[int, list[str]]:
    """Offer damaged backups to a database with data; return how many, and those that were taken or
    changed anything.
    """
    before, found, tried = rows(settings), [], 0
    bad = backup.with_name("damaged.backup")
    for name, data in damages(backup.read_bytes(), chance):
        bad.write_bytes(data)
        tried += 1
        try:
            restore(bad, settings, over_data=True)
            found.append(f"a damaged backup was taken: {name}")
        except BackupError as error:
            if not str(error).startswith(f"{bad} is damaged"):
                found.append(f"a damaged backup was refused as “{error}”: {name}")
        except Exception as error:
            found.append(f"a damaged backup ended in {error!r}: {name}")
        if rows(settings) != before:
            found.append(f"a damaged backup changed the database: {name}")
            before = rows(settings)
    return tried, found


# --- Killed ----------------------------------------------------------------


class Lines:
    """The lines of the product's backups that some work comes to, each once; it kills before one of
    them.
    """

    def __init__(self, kill_before: int = 0):
        self.kill_before, self.seen = kill_before, set()

    def __call__(self, frame: FrameType, event: str, argument: object):
        """Trace what is of the product (sys.settrace)."""
        if "/operations/backup/" not in frame.f_code.co_filename:
            return None
        if (
            event == "line"
            and (place := (frame.f_code.co_filename, frame.f_lineno)) not in self.seen
        ):
            self.seen.add(place)
            if len(self.seen) == self.kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
        return self

    def during(self, work: Callable[[], object]) -> int:
        """Do some work; returns how many lines there are."""
        former = sys.gettrace()
        sys.settrace(self)
        try:
            work()
        finally:
            sys.settrace(former)
        return len(self.seen)


def moments(
    work: Callable[[], object], chance: random.Random, lines: int | None
) -> Iterator[Callable[[], object]]:
    """Yield ways to do some work that end in a kill: before some of its lines, or before each and
    at random moments.
    """
    began, count = time.monotonic(), Lines().during(work)
    usual, every = time.monotonic() - began, range(1, count + 1)
    chosen = every if lines is None else sorted(chance.sample(every, min(lines, count)))
    for line in chosen:
        yield partial(Lines(line).during, work)
    for _each in chosen:
        yield partial(killed_after, chance.uniform(0, usual), work)


def killed_after(seconds: float, work: Callable[[], object]) -> None:
    """Do some work, and kill this process in the middle of it."""
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    work()


def half_restored(
    backup: Path, settings: dict, chance: random.Random, lines: int | None = None
) -> tuple[int, list[str]]:
    """Kill restores over a database that holds something else; return how many, and each that left
    neither.
    """
    expected, new = unpack(backup)["fingerprint"], rows(settings, RENEWED)
    change(settings)
    was, found, tried = rows(settings), [], 0
    work = moments(lambda: restore(backup, settings, over_data=True), chance, lines)
    for tried, killed in enumerate(work, start=1):
        if tried == 1:  # the first one was left alone, to learn from
            change(settings)
            was = rows(settings)
        forked(killed)
        now = rows(settings)
        if now == was:
            continue
        left = [f"{name} has rows of neither" for name in difference(new, without_renewed(now))]
        left = left or not_renewed(settings, expected["content_version"])
        found += [f"a restore killed halfway: {fault}" for fault in left]
        restore(backup, settings, over_data=True)
        change(settings)
        was = rows(settings)
    restore(backup, settings, over_data=True)
    return tried, found


def without_renewed(held: Rows) -> Rows:
    """Leave out what every restore makes anew."""
    return {name: values for name, values in held.items() if name not in RENEWED}


def half_made(
    folder: Path, settings: dict, chance: random.Random, lines: int | None = None
) -> tuple[int, list[str]]:
    """Kill backups; return how many, and each that left a file under its name that is not whole."""
    path, found, killed = folder / "half.backup", [], 0

    def work() -> None:
        path.unlink(missing_ok=True)
        create(path, settings)

    for one in moments(work, chance, lines):
        path.unlink(missing_ok=True)
        forked(one)
        killed += 1
        try:
            _known = unpack(path) if path.exists() else None
        except BackupError as error:
            found.append(f"a backup killed halfway left a file: {error}")
    return killed, found


# --- Busy ------------------------------------------------------------------


def busy(folder: Path, settings: dict) -> list[str]:
    """Back up a database while a transaction is open, and one whose last commit is in SQLite's log
    only.
    """
    found, in_file = [], is_file(settings)
    with closing(direct(settings)) as live:
        before = rows(settings, RENEWED)
        live.execute("PRAGMA cache_size = 1" if in_file else "SELECT 1")
        live.execute("BEGIN IMMEDIATE" if in_file else "SELECT 1")
        live.execute(LARGE[engine_of(settings).NAME])
        with ThreadPoolExecutor(1) as pool:
            made = pool.submit(create, folder / "open.backup", settings)
            threading.Event().wait(HELD)
            live.rollback()
        found += [
            f"of an open transaction: {each}"
            for each in comes_back(folder / "open.backup", made, settings, before)
        ]
        if in_file:
            live.execute("PRAGMA journal_mode = WAL")
            live.execute("PRAGMA wal_autocheckpoint = 0")
        live.execute(CHANGED)
        live.commit()
        after, path = rows(settings, RENEWED), folder / "log.backup"
        with ThreadPoolExecutor(1) as pool:
            made = pool.submit(create, path, settings)
        found += [
            f"of a commit a moment ago: {each}" for each in comes_back(path, made, settings, after)
        ]
    return found


def comes_back(path: Path, made, settings: dict, expected: Rows) -> list[str]:
    """Return where a backup, restored elsewhere, does not hold these rows."""
    try:
        made.result()
        with empty(settings, path.parent, path.stem) as other:
            restore(path, other)
            return [f"{name} has other rows" for name in difference(expected, rows(other, RENEWED))]
    except BackupError as error:
        return [f"the backup fails: {error}"]
