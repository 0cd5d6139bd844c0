"""The real site on a database of its own, to be killed and started again: what every trial stands
on.

`site()` serves with `./kb serve`, as the README says, with everything it writes in a temporary
folder.
"""

import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import copy
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections

from tests import postgres

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "sample-pass-phrase"
EDITORS, PUBLISHERS = ("editor-one", "editor-two"), ("publisher-one", "publisher-two")
PATIENCE = 600  # seconds until a server that should answer is given up
KEPT = ("PATH", "HOME", "LANG", "PYTHON", "PYENV_ROOT")  # of the caller's environment
# a commit is in the file before it is told, as in production
DURABLE = "-c listen_addresses= -c fsync=off -c jit=off"


class Sqlite:
    """A database in a file; it dies with the processes that use it."""

    is_killable = False

    def __init__(self, folder: Path):
        self.url = f"sqlite:///{folder / 'var' / 'trial.sqlite3'}"


class Cluster:
    """A private PostgreSQL, which can be killed and started again."""

    is_killable = True

    def __init__(self, url: str):
        self.url, self.folder = url, Path(unquote(urlsplit(url).netloc.partition("@")[2]))

    def kill(self) -> None:
        """Kill the postmaster and all its children."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(
            postmaster, signal.SIGSTOP
        )  # it must not bring another child into the world meanwhile
        family = [postmaster, *(pid for pid, facts in processes() if facts["parent"] == postmaster)]
        for pid in family:
            kill(os.kill, pid)
        until(
            lambda: not set(family) & {pid for pid, _facts in processes()}, "PostgreSQL did not die"
        )

    def start(self) -> None:
        """Start it where it was; it recovers what was committed from its log."""
        programs = postgres.machine_programs() or next(self.folder.glob("postgresql-*/bin"))
        account = postgres.unprivileged()
        as_account = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        )
        for held in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            held.unlink(missing_ok=True)  # they name a process that may stay as a zombie
        control = [programs / "pg_ctl", "-w", "-D", self.folder / "data", "-l", self.folder / "log"]
        options = ["-o", f"{postgres.OPTIONS} -k {self.folder}", "start"]
        postgres.call([*control, *options], self.folder, as_account)


class Site:
    """The server: its processes are one group, so that one signal ends them all at once."""

    def __init__(self, folder: Path, database: Sqlite | Cluster):
        self.folder, self.database, self.process = folder, database, None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        for name in ("var", "tmp"):
            (folder / name).mkdir()
        self.environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "VAR_DIR": str(folder / "var"),
            "TMPDIR": str(folder / "tmp"),
            "DATABASE_URL": database.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": self.url,
            "WORKERS": "2",
        }

    def beside(self) -> "Site":
        """Return a second instance of the same site, on a port of its own."""
        other = copy(self)
        other.port, other.process = free_port(), None
        return other

    def restart(self) -> None:
        """End as a service manager does it, and serve again; raises TimeoutExpired."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.start()

    def start(self) -> None:
        """Serve, and return once the site is ready."""
        with (self.folder / "log").open("a") as log:
            command = ["./kb", "serve", f"127.0.0.1:{self.port}"]
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self.is_ready, "the site did not start")

    def is_ready(self) -> bool:
        """Ask the site itself; raises RuntimeError where its process has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the site did not start:\n{self.log()[-2000:]}")
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        """Kill every process of the server at once."""
        if self.process:
            kill(os.killpg, self.process.pid)
            self.process.wait()
            until(lambda: not self.group(), "the server did not die")

    def group(self) -> list[int]:
        """Return the server's processes that live."""
        return [pid for pid, facts in processes() if facts["group"] == self.process.pid]

    def workers(self) -> set[int]:
        """Return the processes that answer."""
        return {pid for pid, facts in processes() if facts["parent"] == self.process.pid}

    def log(self) -> str:
        """Return what the server has said so far."""
        return (self.folder / "log").read_text(errors="replace")

    def complaints(self) -> list[str]:
        """Return what the server stumbled over, if it did."""
        said = self.log()
        return (
            [f"the server's log has an error:\n{said[-1500:]}"]
            if "Traceback" in said or "panicked" in said
            else []
        )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return probe.getsockname()[1]


def kill(how: Callable, pid: int) -> None:
    """Send SIGKILL to what may be dead already."""
    try:
        how(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def processes() -> Iterator[tuple[int, dict]]:
    """Yield the processes of this machine that live, with parent and group (proc(5),
    /proc/pid/stat).
    """
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if state not in "ZX":
                yield int(folder.name), {"parent": int(parent), "group": int(group)}


def held(pid: int) -> tuple[int, int]:
    """Return the bytes of memory and the descriptors of a process (proc(5), /proc/pid/statm and
    fd).
    """
    folder = Path(f"/proc/{pid}")
    pages = int((folder / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(folder / "fd"))


def until(holds: Callable[[], bool], complaint: str, seconds: float = PATIENCE) -> None:
    """Ask again and again, a little apart, until something holds; raises TimeoutError."""
    last = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > last:
            raise TimeoutError(complaint)
        time.sleep(0.02)


@contextmanager
def site(kind: str) -> Iterator[Site]:
    """Prepare a site on a fresh database of a kind, with its people, and this process to read that
    database.
    """
    with folder() as here, database(kind, here) as held, serving(here, held) as made:
        yield made


@contextmanager
def folder() -> Iterator[Path]:
    """Make a temporary folder, and remove it also when this process is told to end."""
    signal.signal(signal.SIGTERM, postgres.leave)
    with tempfile.TemporaryDirectory(prefix="kb-trial-") as name:
        yield Path(name)


@contextmanager
def serving(here: Path, held: Sqlite | Cluster) -> Iterator[Site]:
    """Prepare a site on a database, with its people, and this process to read that database."""
    made = Site(here, held)
    try:
        for variable in (
            "DEBUG",
            "FOUR_EYES",
            "REQUIRE_SECOND_FACTOR",
            "TRUSTED_PROXIES",
        ):
            os.environ.pop(variable, None)
        os.environ |= made.environment | {"DJANGO_SETTINGS_MODULE": "tech7kb.settings"}
        django.setup()
        call_command("prepare", verbosity=0)
        people()
        yield made
    finally:
        connections.close_all()
        made.kill()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Sqlite | Cluster]:
    """Make a fresh database."""
    if kind == "sqlite":
        yield Sqlite(folder)
    else:
        postgres.OPTIONS = DURABLE
        with postgres.server() as url:
            yield Cluster(url)


def people() -> None:
    """Make two editors and two publishers."""
    for group, names in (("Editors", EDITORS), ("Publishers", PUBLISHERS)):
        for name in names:
            person = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
            person.groups.add(apps.get_model("auth", "Group").objects.get(name=group))


def model(name: str):
    """Return a model of the site by name; this process knows them only after `site()` has set it
    up.
    """
    return apps.get_model("recommendations", name)
