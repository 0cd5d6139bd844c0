"""Backup: backups while editors work, and what comes back.

Two pairs of an editor and a publisher do all that editors do, while one backup after another is made. Each is restored
into an empty database: what was acknowledged before the backup began is there, nothing is half there, and it holds what
the backup says. Damaged copies of it are refused and change nothing. At the end the running site itself is put back to
the first backup: its readers see that and nothing later, and no content version comes a second time.
"""

import csv
import random
import subprocess
import sys
import tempfile
import threading
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from django.db import connection, connections

from recommendations.backing_up import BackupError, back_up, postgresql, restore, sqlite
from recommendations.backing_up.engines import ENGINES, kind_of
from recommendations.backing_up.envelope import manifest_of

from . import consistency
from .clients import meanwhile
from .crash import Cycle, Reader, Step, content_version
from .desk import Desk
from .server import EDITORS, PUBLISHERS, ROOT, Site, model, site, until
from .trial import conduct, progress

RENEWED = {"recommendations_contentversion", "recommendations_contentchange", "django_session", "sqlite_sequence"}
CSV = "/recommendations.csv"
FULL = {"backups": 20}


# --- A second database -----------------------------------------------------------------------------------------------


@contextmanager
def empty(settings: dict, folder: Path, name: str) -> Iterator[dict]:
    """Make an empty database of the same kind as that of some settings, and yield its own."""
    if kind_of(settings) == "sqlite":
        yield settings | {"NAME": str(folder / f"{name}.sqlite3")}
        return
    name = f"{settings['NAME']}_{name}"
    with closing(direct(settings)) as server:
        server.autocommit = True
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        yield settings | {"NAME": name}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def direct(settings: dict):
    """Connect without Django."""
    return ENGINES[kind_of(settings)](settings).connect()


def held(settings: dict) -> dict[str, list[str]]:
    """Return every row of every table that a restore does not renew."""
    module = sqlite if kind_of(settings) == "sqlite" else postgresql
    with closing(direct(settings)) as database:
        names = sorted(set(module.tables(database)) - RENEWED)
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}


@contextmanager
def reading(settings: dict) -> Iterator[None]:
    """Let the models of this thread read another database."""
    own = connection.settings_dict
    connection.close()
    connections["default"].settings_dict = settings
    try:
        yield
    finally:
        connection.close()
        connections["default"].settings_dict = own


# --- What may be wrong -----------------------------------------------------------------------------------------------

Asked = dict[str, list]  # the values that the server was asked to give each thing, in order
Told = dict[str, tuple[Reader, int]]  # how each thing is read, and which of those values was acknowledged last


def lost(told: Told, asked: Asked) -> list[str]:
    """Return what was acknowledged and is not there; what was asked for later may be there in its place."""
    found = []
    for name, (read, last) in told.items():
        if (now := read()) not in asked[name][last:]:
            found.append(f"{name} is {now}, and was acknowledged as {asked[name][last]}")
    return found


def differences(manifest: dict, settings: dict) -> list[str]:
    """Return where a restored database is not what its backup says, but for what a restore renews."""
    with tempfile.TemporaryDirectory() as folder:
        now = asdict(ENGINES[kind_of(settings)](settings).dump(Path(folder) / "dump"))
    found = [
        f"{name} of the restored database differs" for name in ("digest", "migrations") if now[name] != manifest[name]
    ]
    tables = (manifest["counts"].keys() | now["counts"].keys()) - RENEWED
    found += [
        f"{table} has {now['counts'].get(table)} rows, not {manifest['counts'].get(table)}"
        for table in sorted(tables)
        if now["counts"].get(table) != manifest["counts"].get(table)
    ]
    if now["content_version"] <= manifest["content_version"]:
        found.append("the content version was not raised")
    return found


def damages(whole: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield files that are not that backup any more."""
    place = chance.randrange(len(whole))
    for name, start, length in (("one byte", place, 1), ("some bytes", place, 64), ("the seal", len(whole) - 9, 1)):
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
    """Offer damaged backups to a database with data; return how many, and those that were taken or changed anything."""
    before, found, tried = held(settings), [], 0
    bad = backup.with_name("damaged.zip")
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
        if held(settings) != before:
            found.append(f"a damaged backup changed the database: {name}")
            before = held(settings)
    return tried, found


# --- The trial -------------------------------------------------------------------------------------------------------


@dataclass
class Work:
    """What two pairs of editors did."""

    told: Told = field(default_factory=dict)
    asked: Asked = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)
    going: threading.Event = field(default_factory=threading.Event)
    acknowledged: int = 0
    has_given_up: bool = False
    faults: list[str] = field(default_factory=list)

    def run(self, port: int, pair: int, over: threading.Event) -> None:
        """Take one declaration after another from a file to merged entries."""
        try:
            editor, publisher = Desk(port, EDITORS[pair]), Desk(port, PUBLISHERS[pair])
            for number in range(pair, 10**6, 2):
                for step in Cycle(number, editor, publisher).steps():
                    self.going.wait()
                    if over.is_set():
                        return
                    self.do(step)
        except Exception as error:
            self.has_given_up = True
            self.faults.append(f"an editor had to give up: {error!r}")
        finally:
            connections.close_all()

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Let nobody be held in the end, so that all can stop."""
        try:
            yield
        finally:
            self.going.set()

    def do(self, step: Step) -> None:
        """Do one thing; remember that it was asked for, then that it was acknowledged."""
        with self.lock:
            for name, (_read, value) in step.facts.items():
                self.asked[name].append(value)
        answer = step.send()
        if not answer.is_done:
            raise RuntimeError(f"“{step.name}” was answered {answer.status}")
        with self.lock:
            self.acknowledged += 1
            self.told |= {name: (read, len(self.asked[name]) - 1) for name, (read, _value) in step.facts.items()}

    def known(self) -> tuple[Told, Asked]:
        """Return what was acknowledged and what was asked for until now."""
        with self.lock:
            return dict(self.told), {name: list(values) for name, values in self.asked.items()}


@dataclass
class Trial:
    """Backups, and what was wrong with them."""

    site: Site
    chance: random.Random
    folder: Path
    work: Work = field(default_factory=Work)
    faults: list[str] = field(default_factory=list)
    damaged: int = 0

    def run(self, backups: int) -> None:
        """Make backups while editors work, then put the running site back to the first."""
        self.site.start()
        editors = [partial(self.work.run, self.site.port, pair) for pair in (0, 1)]
        with meanwhile(*editors), self.work.let_go():
            for number in range(1, backups + 1):
                self.wait_for(6)
                self.one(self.folder / f"{number}.zip")
                progress(f"{number}/{backups} backups", self.faults)
        self.quiet()
        self.back(self.folder / "1.zip")

    def wait_for(self, acts: int) -> None:
        """Let the editors work, until a backup is made in the middle of it."""
        self.work.going.set()
        goal = self.work.acknowledged + acts
        until(lambda: self.work.acknowledged >= goal or self.work.has_given_up, "the editors do not get on")

    def one(self, path: Path) -> None:
        """Make a backup while editors work, restore it elsewhere, and look at everything."""
        told, _asked = self.work.known()
        self.command("backup", path)
        _told, asked = self.work.known()
        self.work.going.clear()
        with empty(connection.settings_dict, self.folder, f"of{path.stem}") as other:
            restore(path, other)
            with reading(other):
                self.note(path, lost(told, asked) + consistency.faults())
            self.note(path, differences(manifest_of(path), other))
            tried, found = taken(path, other, self.chance)
            self.damaged += tried
            self.note(path, found)

    def quiet(self) -> None:
        """Back up while nobody writes: every row of the site comes back."""
        path, own = self.folder / "quiet.zip", connection.settings_dict
        back_up(path, own)
        with empty(own, self.folder, "quiet") as other:
            restore(path, other)
            before, after = held(own), held(other)
            self.note(path, [f"{name} has other rows" for name in before if before[name] != after.get(name)])

    def back(self, path: Path) -> None:
        """Put the site back while it serves; its readers see the backup, and nothing of what came later."""
        reader, number = Desk(self.site.port), content_version()
        kept = [reader.get(CSV) for _time in range(9)][-1].headers["etag"]
        self.command("restore", path, "--yes")
        connection.close()
        self.note(path, [] if content_version() > number else ["a content version comes a second time"])
        published = set(model("Recommendation").objects.filter(status="published").values_list("code", flat=True))
        for _time in range(9):  # each process has a catalogue of its own
            answer = reader.get(CSV, **{"If-None-Match": kept})
            seen = {
                line["code"] for line in csv.DictReader(answer.text.removeprefix("\ufeff").splitlines(keepends=True))
            }
            self.note(path, [] if seen == published else [f"readers see {len(seen)} entries, not {len(published)}"])
        self.note(path, consistency.faults())

    def note(self, path: Path, found: list[str]) -> None:
        """Keep what is wrong."""
        self.faults += [f"{path.stem}: {fault}" for fault in found]

    def command(self, name: str, *arguments: object) -> None:
        """Run a command of the site as an operator does; raises RuntimeError with what it says when it fails."""
        command = [sys.executable, "manage.py", name, *map(str, arguments)]
        environment = self.site.environment
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr}")


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--backups", type=int, default=2)


def tried(given: Namespace, faults: list[str]) -> str:
    """Back up and restore, and return in words what was done."""
    with site(given.database) as made, tempfile.TemporaryDirectory(prefix="kb-backups-") as folder:
        trial = Trial(made, random.Random(given.seed), Path(folder), Work(faults=faults), faults)
        trial.run(given.backups)
    return (
        f"{given.backups} backups during {trial.work.acknowledged} acknowledged writes, each restored;"
        f" {trial.damaged} damaged ones offered"
    )


if __name__ == "__main__":
    sys.exit(conduct("backup", __doc__, options, FULL, tried))
