"""Crash: SIGKILL in the middle of the editors' work.

A client does all that editors do, from the upload of a file to the merge of two themes, one request
after another. First without a server: each kind of step is broken off wherever a kill could tear it
in two (`torn`). Then with one: at a random moment of each step every process of the server is
killed (on PostgreSQL sometimes the database too). After each restart: what the server had answered
is there and on record, what it had not is there whole or not at all, nothing in the database is
half there, and no reader is told that an old page still holds.
"""

import csv
import random
import subprocess
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, connection

from .parts import consistency
from .parts.cycle import Cycle, Facts, Step, content_version
from .parts.desk import LOST, Answer, Desk
from .parts.server import EDITORS, PUBLISHERS, ROOT, Site, model, site, until
from .parts.torn import Inside, Torn, lasting
from .parts.trial import conduct, progress

FULL = {"kills": 1000, "places": True}
LONGER = 1.3  # times what a step usually takes: so late may the kill come
# one restart of so many is `./kb serve`, which prepares again; the others are of what that started
AS_OPERATORS = 20
READ = ("/", "/recommendations.csv", "/recommendations.json")  # by a reader after each kill


@dataclass
class Trial:
    """Cycles, kills, and what is known to be done."""

    site: Site
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    done: Facts = field(default_factory=dict)
    latest: Facts = field(default_factory=dict)  # what was done in this cycle
    kept: dict[str, tuple[str, int]] = field(
        default_factory=dict
    )  # the ETag of an address, and of which version
    ends: Counter = field(default_factory=Counter)
    acknowledged: int = 0
    kills: int = 0
    places: int = 0  # kills without a server
    command: tuple = ()  # what `./kb serve` became, and its environment
    is_killing = False
    database_lives = True

    def run(self, kills: int, only: str, every_place: bool) -> None:
        """Break off each kind of step in a first cycle, then kill at random in one cycle after
        another.
        """
        self.faults += lasting()
        names = self.first(every_place)
        if only and only not in names:
            raise ValueError(f"no step is called {only}: {', '.join(sorted(set(names)))}")
        self.start()
        self.editor, self.publisher = (
            Desk(self.site.port, EDITORS[0]),
            Desk(self.site.port, PUBLISHERS[0]),
        )
        self.check("the first cycle", self.done)
        targets = [place for place, name in enumerate(names) if only in ("", name)]
        number = 0
        while left := kills - self.kills:
            number += 1
            self.cycle(
                number, set(targets if left >= len(targets) else self.chance.sample(targets, left))
            )
            progress(f"{self.kills}/{kills} kills", self.faults)

    def first(self, every_place: bool) -> list[str]:
        """Do a cycle without a server, each kind of step broken off at its places; returns the
        steps' names.
        """
        torn, names = Torn(self.site.database, every_place, self.faults), []
        people = Inside(self.site.port, EDITORS[0]), Inside(self.site.port, PUBLISHERS[0])
        for step in Cycle(0, *people).steps():
            names.append(step.name)
            shown = content_version()
            self.acknowledge(step, torn.do(step), shown)
        self.usual, self.places = torn.usual, torn.tried
        return names

    def cycle(self, number: int, targets: set[int]) -> None:
        """Do the steps up to the last to kill in; what a kill has undone is asked for again."""
        self.latest = {}
        for place, step in enumerate(Cycle(number, self.editor, self.publisher).steps()):
            shown = content_version()
            if place not in targets:
                self.acknowledge(step, step.send(), shown)
                continue
            self.kill_in(step, shown)
            self.check(f"cycle {number}, killed at “{step.name}”", self.latest)
            if place == max(targets):
                break
        self.check(f"cycle {number}", self.done)

    def kill_in(self, step: Step, shown: int) -> None:
        """Kill at a random moment of a step, start again, and demand that it was done whole, or not
        at all.
        """
        before = {key: read() for key, (read, _expected) in step.facts.items()}
        self.is_killing, answer = False, None
        timer = threading.Timer(self.chance.uniform(0, LONGER * self.usual[step.name]), self.kill)
        timer.start()
        try:
            answer = step.send()
        except (
            *LOST,
            DatabaseError,
            RuntimeError,
        ):  # the last two where the database died before the server
            if not self.is_killing:
                raise
        was_killing = self.is_killing
        timer.join()
        connection.close()
        self.start()
        if answer is not None and (answer.is_done or not was_killing):
            self.ends["heard"] += 1
            self.acknowledge(step, answer, shown)
        elif self.settle(step, before):
            self.acknowledge(step, step.send(), shown)

    def acknowledge(self, step: Step, answer: Answer, shown: int) -> None:
        """Remember what the server said that it had done."""
        if not answer.is_done:
            raise RuntimeError(f"“{step.name}” was answered {answer.status}: {answer.text[:3000]}")
        self.acknowledged += 1
        self.remember(step)
        if step.is_public and content_version() <= shown:
            self.faults.append(f"“{step.name}” did not raise the content version")

    def remember(self, step: Step) -> None:
        """Demand from now on what a step has done."""
        self.done |= step.facts
        self.latest |= step.facts

    def settle(self, step: Step, before: dict) -> bool:
        """Demand that the step nobody heard of any more was done whole, or not at all; tell whether
        it was not.
        """
        now = {key: read() for key, (read, _expected) in step.facts.items()}
        expected = {key: value for key, (_read, value) in step.facts.items()}
        if now == before:
            self.ends["not done"] += 1
            return True
        if now != expected:
            self.faults.append(f"“{step.name}” is half done: {now}, not {expected} nor {before}")
        self.ends["done unheard"] += 1
        self.remember(step)
        return False

    def kill(self) -> None:
        """Kill the server, and on PostgreSQL one time in three the database with it."""
        self.is_killing, database = True, self.site.database
        self.kills += 1
        self.database_lives = not database.is_killable or self.chance.random() > 1 / 3
        if not self.database_lives:
            database.kill()
        self.site.kill()

    def start(self) -> None:
        """Serve again, and the database before it if it was killed: mostly with what `./kb serve`
        became the last time.

        That leaves out only what it does before: to look at its environment and to prepare the
        database, in 3 s.
        """
        if not self.database_lives:
            self.site.database.start()
            self.database_lives = True
        if self.kills % AS_OPERATORS == 0:
            self.site.start()
            self.command = became(self.site.process.pid)
            return
        command, environment = self.command
        with (self.site.folder / "log").open("a") as log:
            self.site.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        until(self.site.is_ready, "the site did not start again")

    def check(self, when: str, done: Facts) -> None:
        """Read again what was done, and everything that must be whole."""
        found = [
            f"{key} is {now}, not {expected}"
            for key, (read, expected) in done.items()
            if (now := read()) != expected
        ]
        found += [*consistency.faults(), *self.read()]
        self.faults += [f"after {when}: {fault}" for fault in found]

    def read(self) -> Iterator[str]:
        """Find what a reader is not shown, or is told that it still holds since the last time."""
        reader, number = Desk(self.site.port), content_version()
        listed = list(csv.reader(reader.get("/recommendations.csv").text.splitlines(keepends=True)))
        published = model("Recommendation").objects.count()
        if len(listed) - 1 != published:
            yield f"readers see {len(listed) - 1} entries of {published}"
        for path in READ:
            tag, of_number = self.kept.get(path, ("", number))
            answer = reader.get(path, **{"If-None-Match": tag} if tag else {})
            if answer.status == 304 and number != of_number:
                yield f"{path} of version {of_number} is said to hold in version {number}"
            self.kept[path] = answer.headers["etag"], number


def became(pid: int) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a process (proc(5), /proc/pid/cmdline and
    environ).
    """
    folder = Path(f"/proc/{pid}")
    command, environment = (
        (folder / name).read_text().rstrip("\0").split("\0") for name in ("cmdline", "environ")
    )
    return command, dict(each.split("=", 1) for each in environment)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--step", default="", help="kill in this step only, such as publish")
    parser.add_argument(
        "--places",
        action="store_true",
        help="without a server, break off before every single write",
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Kill, and return in words what was done."""
    with site(given.database) as made:
        trial = Trial(made, random.Random(given.seed), faults)
        trial.run(given.kills, given.step, given.places)
    return (
        f"{trial.places} kills at a place of a step, {trial.kills} at a moment; "
        f"{trial.acknowledged} writes"
        f" acknowledged; {trial.ends['heard']} killed after the answer, in the middle "
        f"{trial.ends['done unheard']} done"
        f" unheard, {trial.ends['not done']} not done"
    )


if __name__ == "__main__":
    sys.exit(conduct("crash", __doc__, options, FULL, tried))
