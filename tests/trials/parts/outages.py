"""The faults of a database and of a disk, each really made and ended: nothing here pretends.

What needs a mount is made in a mount namespace of the trial's own, so that nothing of it can stay
behind.
"""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from django.db import connections

from .clocks import DAY, Clock
from .server import Cluster, Site, processes

ROOM = "192m"  # of the small disk


@dataclass(frozen=True)
class Outage:
    """One fault; an abrupt one may cut off a commit, of which nobody then knows whether it was
    done.

    Where reads must go on as ever, `may_read` says so; where nobody needs to notice anything,
    `is_hidden`.
    """

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    is_abrupt: bool = False
    may_read: bool = False
    is_hidden: bool = False


@contextmanager
def outages(made: Site) -> Iterator[list[Outage]]:
    """Yield the faults for the site's database, on a small disk where this machine lets us mount
    one.
    """
    with small_disk(made) as disk:
        full = Outage("disk full", disk.fill, disk.empty, is_abrupt=not disk.is_sqlite)
        known = on_postgresql(made.database) if made.database.is_killable else on_sqlite(made)
        yield [*known, full, *jumps(Clock.of(made))]


def jumps(clock: Clock) -> list[Outage]:
    """Return the jumps of the site's clock, which nobody but those who are signed in may notice."""
    ways = {"clock a day ahead": DAY, "clock a day behind": -DAY}
    return [
        Outage(
            name, partial(clock.set, seconds), partial(clock.set, 0), may_read=True, is_hidden=True
        )
        for name, seconds in ways.items()
    ]


# --- SQLite ----------------------------------------------------------------


def on_sqlite(made: Site) -> list[Outage]:
    """Return the faults of a file."""
    path = Path(made.database.url.removeprefix("sqlite:///"))
    locked, held, readonly = Lock(path, "EXCLUSIVE"), Lock(path, "IMMEDIATE"), ReadOnly(path)
    return [
        Outage("locked", locked.begin, locked.end),
        Outage("held by another writer", held.begin, held.end, may_read=True),
        Outage("read-only", readonly.begin, readonly.end, may_read=True),
        Outage(
            "away",
            lambda: path.rename(path.with_suffix(".away")),
            lambda: path.with_suffix(".away").rename(path),
        ),
    ]


@dataclass
class Lock:
    """A lock that another process holds (sqlite.org/lockingv3.html)."""

    path: Path
    kind: str

    def begin(self) -> None:
        """Take the lock."""
        self.held = sqlite3.connect(self.path, isolation_level=None, timeout=20)
        self.held.execute(f"BEGIN {self.kind}")

    def end(self) -> None:
        """Let go of it."""
        self.held.rollback()
        self.held.close()


@dataclass
class ReadOnly:
    """A file and a folder that nobody may write in, root included where there is chattr."""

    path: Path

    def begin(self) -> None:
        """Forbid writing."""
        if not chattr("+i", self.path, self.path.parent):
            self.path.chmod(0o400)
            self.path.parent.chmod(0o500)

    def end(self) -> None:
        """Allow it again."""
        if not chattr("-i", self.path, self.path.parent):
            self.path.parent.chmod(0o700)
            self.path.chmod(0o600)


def chattr(mark: str, *paths: Path) -> bool:
    """Set or clear a mark of files (chattr(1)), and tell whether that was possible."""
    return bool(shutil.which("chattr")) and not subprocess.call(
        ["chattr", mark, *paths], stderr=subprocess.DEVNULL
    )


# --- PostgreSQL ------------------------------------------------------------


def on_postgresql(cluster: Cluster) -> list[Outage]:
    """Return the faults of a server."""
    frozen, crowded, readonly, locked = (
        Frozen(cluster),
        Crowded(cluster),
        Setting(cluster),
        Table(cluster),
    )
    return [
        Outage("killed", cluster.kill, cluster.start, is_abrupt=True),
        Outage("frozen", frozen.begin, frozen.end, is_abrupt=True),
        Outage("no connection free", crowded.begin, crowded.end, is_abrupt=True),
        Outage("read-only", readonly.begin, readonly.end, may_read=True),
        Outage("locked", locked.begin, locked.end),
    ]


def ask(cluster: Cluster) -> psycopg.Connection:
    """Connect, and write whatever is the rule for others."""
    return psycopg.connect(
        cluster.url, autocommit=True, options="-c default_transaction_read_only=off"
    )


@dataclass
class Frozen:
    """A server that is there and says nothing."""

    cluster: Cluster

    def begin(self) -> None:
        """Stop its processes."""
        postmaster = int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)
        self.stopped = [
            postmaster,
            *(pid for pid, facts in processes() if facts["parent"] == postmaster),
        ]
        for pid in self.stopped:
            os.kill(pid, signal.SIGSTOP)

    def end(self) -> None:
        """Let them go on."""
        for pid in reversed(self.stopped):
            os.kill(pid, signal.SIGCONT)


@dataclass
class Crowded:
    """A server that takes no further connection, and has ended those of the site."""

    cluster: Cluster

    def begin(self) -> None:
        """Take all that there are."""
        self.held = [ask(self.cluster)]
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND NOT pid = ANY(%s)"
        )
        while True:
            try:
                self.held.append(ask(self.cluster))
            except psycopg.OperationalError:
                ours = [each.info.backend_pid for each in self.held]
                if not self.held[0].execute(ended, [ours]).fetchall():
                    return

    def end(self) -> None:
        """Give them back."""
        for each in self.held:
            each.close()


@dataclass
class Setting:
    """A server whose transactions only read, as that of a standby."""

    cluster: Cluster

    def begin(self) -> None:
        """Set it."""
        with ask(self.cluster) as server:
            server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            server.execute("SELECT pg_reload_conf()")

    def end(self) -> None:
        """Set it back."""
        with ask(self.cluster) as server:
            server.execute("ALTER SYSTEM RESET default_transaction_read_only")
            server.execute("SELECT pg_reload_conf()")


@dataclass
class Table:
    """A table that everybody reads and one holds for itself, as a migration does."""

    cluster: Cluster

    def begin(self) -> None:
        """Take the lock."""
        self.held = psycopg.connect(self.cluster.url)
        self.held.execute(
            "LOCK TABLE recommendations_contentversion, recommendations_theme IN ACCESS EXCLUSIVE "
            "MODE"
        )

    def end(self) -> None:
        """Let go of it."""
        self.held.close()


# --- The disk --------------------------------------------------------------


@dataclass
class Disk:
    """The disk below the database."""

    made: Site
    is_mounted: bool

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of the site's own processes."""
        return not self.made.database.is_killable

    @property
    def folder(self) -> Path:
        """The folder that the database writes in."""
        return self.made.folder / "var" if self.is_sqlite else self.made.database.folder / "data"

    def fill(self) -> None:
        """Leave no byte free, or no byte that the processes may add to a file."""
        if not self.is_mounted:
            self.limit(8192)
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        if not self.is_sqlite:
            write_on(self.made.database)

    def empty(self) -> None:
        """Make room again."""
        if not self.is_mounted:
            self.limit(resource.RLIM_INFINITY)
            return
        (self.folder / "filler").unlink()
        if not self.is_sqlite:
            if (self.folder / "postmaster.pid").exists():  # it may have died of it, or not
                self.made.database.kill()
            self.made.database.start()

    def limit(self, size: int) -> None:
        """Set how large a file may become (setrlimit(2), RLIMIT_FSIZE)."""
        for pid in self.made.group():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def write_on(cluster: Cluster) -> None:
    """Use up the log's files that PostgreSQL keeps in store, until it stops for want of another."""
    try:
        with ask(cluster) as server:
            while True:
                server.execute(
                    "SELECT pg_logical_emit_message(false, 'trial', repeat('sample', 200000))"
                )
    except psycopg.Error:
        return


@contextmanager
def small_disk(made: Site) -> Iterator[Disk]:
    """Put the database on a small disk; where this may not mount one, the site's processes are
    limited instead.
    """
    disk = Disk(made, is_mounted=may_mount())
    if disk.is_mounted:
        connections.close_all()
        if not disk.is_sqlite:
            made.database.kill()
        moved = disk.folder.with_name("moved")
        disk.folder.rename(moved)
        disk.folder.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", disk.folder],
            check=True,
        )
        subprocess.run(["cp", "-a", f"{moved}/.", disk.folder], check=True)
        if not disk.is_sqlite:
            made.database.start()
    try:
        yield disk
    finally:
        if disk.is_mounted:
            unmount(disk)


def unmount(disk: Disk) -> None:
    """Put the database back where it was, so that whoever made its folder can remove it."""
    connections.close_all()
    disk.made.kill()
    if not disk.is_sqlite:
        disk.made.database.kill()
    subprocess.run(
        ["umount", "--lazy", disk.folder], check=True
    )  # a process that was killed may be leaving still
    disk.folder.rmdir()
    disk.folder.with_name("moved").rename(disk.folder)
    if not disk.is_sqlite:
        disk.made.database.start()


def may_mount() -> bool:
    """Enter a mount namespace of our own, and tell whether that was possible."""
    try:
        os.unshare(os.CLONE_NEWNS)
    except OSError:
        return False
    return not subprocess.call(["mount", "--make-rprivate", "/"], stderr=subprocess.DEVNULL)
