"""Backup: backups while editors work, and what comes back.

Two pairs of an editor and a publisher do all that editors do, while one backup after another is
made. Each is restored into an empty database: what was acknowledged before the backup began is
there, nothing is half there, and it holds what the backup says, under the same rules. Damaged
copies of it are refused and change nothing, and a restore that is killed halfway leaves the old or
the new. At the end the running site itself is put back to the first backup: its readers see that
and nothing later, no content version and no session comes a second time, the former database is
kept, and editors go on.
"""

import csv
import random
import re
import subprocess
import sys
import tempfile
import threading
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import connection, connections

from recommendations.operations.backup import create, restore
from recommendations.operations.backup.archive import unpack

from .parts import consistency
from .parts.clients import meanwhile
from .parts.contents import Rows, difference, rows, schema
from .parts.cycle import Cycle, Reader, Step, content_version
from .parts.desk import Desk
from .parts.restores import (
    busy,
    differences,
    empty,
    half_made,
    half_restored,
    not_renewed,
    taken,
    unlike,
)
from .parts.server import EDITORS, PUBLISHERS, ROOT, Site, model, site, until
from .parts.trial import conduct, progress

CSV = "/recommendations.csv"
FULL = {"backups": 20, "lines": 0}
AFTERWARDS = 9000  # the number of the cycle that is done on the restored site
KEPT = "The former database is kept: "
IN_SCHEMA = re.compile(r"the schema (\w+) of this database")


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


# --- What may be wrong -----------------------------------------------------

Asked = dict[str, list]  # the values that the server was asked to give each thing, in order
Told = dict[
    str, tuple[Reader, int]
]  # how each thing is read, and which of those values was acknowledged last


def lost(told: Told, asked: Asked) -> list[str]:
    """Return what was acknowledged and is not there; what was asked for later may be there in its
    place.
    """
    found = []
    for name, (read, last) in told.items():
        if (now := read()) not in asked[name][last:]:
            found.append(f"{name} is {now}, and was acknowledged as {asked[name][last]}")
    return found


def former(said: str, settings: dict, before: Rows) -> list[str]:
    """Return what is wrong with the former database, where a restore said that it is kept."""
    place = said.partition(KEPT)[2].strip().removesuffix(".")
    if not place:
        return [f"the restore does not say where the former database is: {said}"]
    try:
        if found := IN_SCHEMA.fullmatch(place):
            now = rows(settings, schema=found[1])
        else:
            now = rows(settings | {"NAME": Path(place).resolve(strict=True)})
    except FileNotFoundError:
        return [f"there is no former database {place}"]
    return [f"{name} of the former database has other rows" for name in difference(before, now)]


# --- The trial -------------------------------------------------------------


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
            self.told |= {
                name: (read, len(self.asked[name]) - 1)
                for name, (read, _value) in step.facts.items()
            }

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
    lines: int | None = (
        None  # before how many lines of the product work is killed; None for each of them
    )
    damaged: int = 0
    killed: int = 0

    def run(self, backups: int) -> None:
        """Make backups while editors work, then put the running site back to the first."""
        self.site.start()
        leaving = Desk(self.site.port, EDITORS[1])
        signed_in = dict(leaving.cookies)
        editors = [partial(self.work.run, self.site.port, pair) for pair in (0, 1)]
        with meanwhile(*editors), self.work.let_go():
            for number in range(1, backups + 1):
                self.wait_for(6)
                self.one(self.folder / f"{number}.backup")
                progress(f"{number}/{backups} backups", self.faults)
        self.quiet()
        leaving.post("/accounts/logout/", [])
        self.back(self.folder / "1.backup")
        leaving.cookies = signed_in
        self.note(
            self.folder / "1.backup",
            ["who had left is in again"] if leaving.get("/admin/").status == 200 else [],
        )
        self.go_on()

    def wait_for(self, acts: int) -> None:
        """Let the editors work, until a backup is made in the middle of it."""
        self.work.going.set()
        goal = self.work.acknowledged + acts
        until(
            lambda: self.work.acknowledged >= goal or self.work.has_given_up,
            "the editors do not get on",
        )

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
            self.note(path, differences(unpack(path)["fingerprint"], other))
            tried, found = taken(path, other, self.chance)
            self.damaged += tried
            self.note(path, found)

    def quiet(self) -> None:
        """Back up while nobody writes: every row of the site comes back."""
        path, own = self.folder / "quiet.backup", connection.settings_dict
        connection.close()
        create(path, own)
        with empty(own, self.folder, "quiet") as other:
            restore(path, other)
            self.note(path, unlike(own, other))
            for killed, found in (
                half_restored(path, other, self.chance, self.lines),
                half_made(self.folder, other, self.chance, self.lines),
            ):
                self.killed += killed
                self.note(path, found)
            self.note(path, busy(self.folder, other))

    def back(self, path: Path) -> None:
        """Put the site back while it serves; its readers see the backup, and nothing of what came
        later.
        """
        reader, number = Desk(self.site.port), content_version()
        kept = [reader.get(CSV) for _time in range(9)][-1].headers["etag"]
        connection.close()
        own = connection.settings_dict
        before, rules = rows(own), schema(own)
        said = self.command("restore", path, "--yes")
        self.note(path, not_renewed(own, number))
        self.note(path, [] if schema(own) == rules else ["the site has other rules than before"])
        self.note(path, former(said, own, before))
        published = set(
            model("Recommendation")
            .objects.filter(status="published")
            .values_list("code", flat=True)
        )
        for _time in range(9):  # each process has a catalogue of its own
            answer = reader.get(CSV, **{"If-None-Match": kept})
            seen = {
                line["code"]
                for line in csv.DictReader(
                    answer.text.removeprefix("\ufeff").splitlines(keepends=True)
                )
            }
            self.note(
                path,
                []
                if seen == published
                else [f"readers see {len(seen)} entries, not {len(published)}"],
            )
        self.note(path, consistency.faults())

    def go_on(self) -> None:
        """Let an editor and a publisher do on the restored site what they do on any."""
        work = Work(faults=self.faults)
        for step in Cycle(
            AFTERWARDS, Desk(self.site.port, EDITORS[0]), Desk(self.site.port, PUBLISHERS[0])
        ).steps():
            work.do(step)
        self.faults += [
            f"after the restore {fault}" for fault in lost(*work.known()) + consistency.faults()
        ]

    def note(self, path: Path, found: list[str]) -> None:
        """Keep what is wrong."""
        self.faults += [f"{path.stem}: {fault}" for fault in found]

    def command(self, name: str, *arguments: object) -> str:
        """Run a command of the site as an operator does; raises RuntimeError with what it says when
        it fails.
        """
        command = [sys.executable, "manage.py", name, *map(str, arguments)]
        environment = self.site.environment
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr}")
        return done.stdout


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--backups", type=int, default=1)
    parser.add_argument(
        "--lines", type=int, default=2, help="of the product before which it is killed; 0 for each"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Back up and restore, and return in words what was done."""
    with site(given.database) as made, tempfile.TemporaryDirectory(prefix="kb-backups-") as folder:
        trial = Trial(
            made,
            random.Random(given.seed),
            Path(folder),
            Work(faults=faults),
            faults,
            given.lines or None,
        )
        trial.run(given.backups)
    return (
        f"{given.backups} backups during {trial.work.acknowledged} acknowledged writes, each "
        "restored;"
        f" {trial.damaged} damaged ones offered; {trial.killed} restores and backups killed"
    )


if __name__ == "__main__":
    sys.exit(conduct("backup", __doc__, options, FULL, tried))
