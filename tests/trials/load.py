"""Load: ten times too much, then the usual for an hour.

First clients find out how many searches a second the site can answer. Then ten times as many are
sent, whether or not the ones before were answered, while good clients read: what is too much is
answered 503 with Retry-After, pages that are kept are answered as ever, good clients within a
bound, and soon after the flood all is as before. Then readers, programs and editors do what they
usually do, with pauses as people have: look, search, bring in, publish, correct, change, withdraw.
Every process of the server is watched: memory and descriptors stay as they are, and none is
replaced.
"""

import asyncio
import random
import statistics
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from django.db import connections

from .parts.clients import Client, meanwhile
from .parts.cycle import Cycle, Step
from .parts.desk import LOST, Desk
from .parts.server import EDITORS, PUBLISHERS, Site, held, site
from .parts.trial import conduct, progress

FULL = {"minutes": 60, "flood": 10.0, "bound": 10.0, "back": 2.0}
GOOD = ("/recommendations/", "/PARIS-2025-4", "/PARIS-2025", "/livez")
USUAL = (
    *GOOD,
    "/",
    "/PARIS-2025",
    "/themes/skills",
    "/overview/",
    "/recommendations.csv",
    "/recommendations.atom",
    "/PARIS-2025-4.png",
    "/PARIS-2025-99",
    "/recommendations/?theme=none",
)
DESK = (
    "/admin/",
    "/admin/recommendations/recommendation/",
    "/admin/recommendations/theme/",
    "/admin/care/",
)
HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"
TURNED_AWAY = "503 with Retry-After"
TIMES = 10
FLOODED = 2.0  # seconds of a flood after which somebody must have been turned away
SOME, PER_REQUEST = (
    20_000,
    500,
)  # requests after which a leak shows, and bytes of memory that each may leave
READERS = 6
LOOKS = 12  # pages of the desk that an editor opens before each thing that is done there
WARMING = 20  # requests for each page of the good clients, so that every worker keeps it
PATIENCE = 20.0  # seconds after which a client of the flood gives up
MEGABYTE = 1024**2
SPREAD = 8  # descriptors that a process has more or less of by chance: connections of the moment
Samples = dict[
    int, list[tuple[float, int, int]]
]  # of each process: when, bytes of memory, descriptors


@dataclass
class Trial:
    """What was measured, and what was wrong."""

    port: int
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    waits: dict[str, list[float]] = field(default_factory=dict)  # of good clients, by the phase
    phase: str = "calm"
    written: int = 0

    def ask(self, client: Client, path: str) -> float:
        """Ask, and return the seconds until the whole answer was there; raises what LOST lists."""
        began = time.monotonic()
        status = client.get(path)
        self.answers[status] += 1
        if status >= 500:
            self.faults.append(f"{self.phase}: {path} answered {status}")
        return time.monotonic() - began

    def search(self) -> str:
        """Return the address of a search that nobody has made before."""
        return f"/recommendations/?q=sample+{self.chance.random()}+or+skills"

    # --- Ten times too much
    # -----------------------------------------------------------------------------------------

    def capacity(self, seconds: float, clients: int = 4) -> float:
        """Return how many searches a second the site answers to clients that wait for their
        answers.
        """
        last = time.monotonic() + seconds

        def go_on(_client: int) -> int:
            done = 0
            with closing(Client(self.port, PATIENCE)) as client:
                while time.monotonic() < last:
                    self.ask(client, self.search())
                    done += 1
            return done

        with ThreadPoolExecutor(clients) as pool:
            return sum(pool.map(go_on, range(clients))) / seconds

    def good_clients(self) -> AbstractContextManager[None]:
        """Let one client that keeps its connection, as a proxy does, and one that does not, ask now
        and then.
        """
        return meanwhile(partial(self.be_good, "kept"), partial(self.be_good, "new"))

    def be_good(self, kind: str, over: threading.Event) -> None:
        """Ask ten times a second at most, on a connection that is kept or always on a new one."""
        client = Client(self.port, 60)
        while not over.wait(0.1):
            if kind == "new":
                client.close()
            phase = self.phase
            try:
                took = self.ask(client, self.chance.choice(GOOD))
            except LOST as error:
                self.faults.append(f"{phase}: no answer to a good client: {type(error).__name__}")
            else:
                self.waits.setdefault(f"{phase}, {kind}", []).append(took)
        client.close()

    def flood(self, rate: float, seconds: float) -> Counter:
        """Send so many searches a second, each on a connection of its own, and return how they
        ended.
        """
        return asyncio.run(self.send(rate, seconds))

    async def send(self, rate: float, seconds: float) -> Counter:
        """Send at the rate, whatever is answered."""
        ends, sent, began = Counter(), set(), time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            while ends["sent"] < rate * passed:
                ends["sent"] += 1
                task = asyncio.create_task(self.send_one(ends))
                sent.add(task)
                task.add_done_callback(sent.discard)
            await asyncio.sleep(0.01)
        for task in list(sent):
            task.cancel()
        await asyncio.gather(*sent, return_exceptions=True)
        return ends

    async def send_one(self, ends: Counter) -> None:
        """Send one search, and count its end."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write(f"GET {self.search()} HTTP/1.1\r\n{HEAD}\r\n".encode())
                    answer = await reader.read()
                finally:
                    writer.close()
                ends[end_of(answer)] += 1

    def overload(self, seconds: float, bound: float, within: float) -> str:
        """Flood the site, and return in words what that did; `bound` and `within` are as the
        command line says.
        """
        with closing(Client(self.port, PATIENCE)) as client:
            for path in GOOD * WARMING:
                client.close()
                self.ask(client, path)
        most = self.capacity(min(3.0, seconds))
        with self.good_clients():
            time.sleep(min(2.0, seconds))
            self.phase = "flood"
            ends = self.flood(TIMES * most, seconds)
            self.phase, ended = "after", time.monotonic()
            with closing(Client(self.port, 60)) as client:
                self.ask(client, GOOD[0])
            back = time.monotonic() - ended
            time.sleep(min(3.0, seconds))
        wrong = {
            each: count for each, count in ends.items() if each not in ("sent", "200", TURNED_AWAY)
        }
        self.faults += [f"flood: {count} answers {each}" for each, count in wrong.items()]
        if seconds >= FLOODED and not ends[TURNED_AWAY]:
            self.faults.append(
                f"flood: nobody was turned away of {ends['sent']}, so that all had to wait"
            )
        self.faults += [
            f"{phase}: 99 of 100 good requests took up to {worst:.1f} s"
            for phase, each in self.waits.items()
            if (worst := percentile(each, 99)) > bound
        ]
        if back > within:
            self.faults.append(f"after the flood a reader waited {back:.1f} s")
        waits = "; ".join(
            f"{phase}: median {1000 * statistics.median(each):.0f} ms, p99 "
            f"{1000 * percentile(each, 99):.0f} ms"
            for phase, each in self.waits.items()
        )
        return (
            f"capacity {most:.0f} searches a second; {ends['sent']} sent in {seconds:.0f} s, "
            f"{ends['200']} answered,"
            f" {ends[TURNED_AWAY]} turned away;"
            f" the next reader after the flood waited {back:.2f} s; good clients, {waits}"
        )

    # --- The usual -----------------------------------------------------------------------------
    # ---------------------

    def usual(self, minutes: float, pause: float, made: Site) -> str:
        """Do what people usually do, and return in words what became of the server's processes."""
        answered = self.answers.total()
        self.phase, last, measure = (
            "usual",
            time.monotonic() + 60 * minutes,
            Measure(set(made.group())),
        )
        people = [partial(self.read_on, pause)] * READERS
        with meanwhile(*people, partial(self.edit_on, pause)):
            while time.monotonic() < last:
                measure.sample()
                progress(f"{(last - time.monotonic()) / 60:.0f} minutes to go", self.faults)
                time.sleep(min(1.0, 6 * minutes))
        measure.sample()
        self.faults += [*measure.faults(), *measure.leaks(self.answers.total() - answered)]
        if gone := measure.pids - set(made.group()):
            self.faults.append(f"{len(gone)} of {len(measure.pids)} processes have died")
        return f"{self.written} things done at the desk; {measure.told()}"

    def rest(self, pause: float, over: threading.Event) -> bool:
        """Pause as people do, so long on the average in seconds; tell whether it is all over."""
        return over.wait(self.chance.uniform(0, 2 * pause))

    def read_on(self, pause: float, over: threading.Event) -> None:
        """Read: pages, formats and searches, a new connection now and then."""
        client = Client(self.port, PATIENCE)
        while not self.rest(pause, over):
            if self.chance.random() < 0.1:
                client.close()
            try:
                self.ask(
                    client,
                    self.search() if self.chance.random() < 0.3 else self.chance.choice(USUAL),
                )
            except LOST as error:
                self.faults.append(f"usual: no answer: {type(error).__name__}")
        client.close()

    def edit_on(self, pause: float, over: threading.Event) -> None:
        """Take declaration after declaration from a file to withdrawn entries, and look around at
        the desk between.
        """
        try:
            for number in count():
                editor, publisher = Desk(self.port, EDITORS[0]), Desk(self.port, PUBLISHERS[0])
                for step in Cycle(number, editor, publisher).steps():
                    self.do(step)
                    for _look in range(LOOKS):
                        if self.rest(pause, over):
                            return
                        self.look(editor)
        finally:
            connections.close_all()

    def do(self, step: Step) -> None:
        """Do one thing at the desk; the next one stands on it."""
        answer = step.send()
        self.answers[answer.status] += 1
        self.written += 1
        if not answer.is_done:
            raise RuntimeError(f"usual: “{step.name}” was answered {answer.status}")

    def look(self, editor: Desk) -> None:
        """Open a page of the desk."""
        status = editor.get(path := self.chance.choice(DESK)).status
        self.answers[status] += 1
        if status != 200:
            self.faults.append(f"usual: {path} answered {status}")


@dataclass
class Measure:
    """Memory and descriptors of processes, again and again."""

    pids: set[int]
    samples: Samples = field(default_factory=dict)

    def sample(self) -> None:
        """Read both of every process; one that has died is not there to be read."""
        for pid in self.pids:
            with suppress(FileNotFoundError):
                memory, descriptors = held(pid)
                self.samples.setdefault(pid, []).append((time.monotonic(), memory, descriptors))

    def faults(self) -> list[str]:
        """Return the processes that grow: the last quarter has more than the second, the first
        being for warming up.
        """
        found = []
        for pid, samples in self.samples.items():
            memory, descriptors = (grown([each[place] for each in samples]) for place in (1, 2))
            if descriptors[1] > descriptors[0] + SPREAD:
                found.append(
                    f"process {pid} went from {descriptors[0]:.0f} to {descriptors[1]:.0f} "
                    "descriptors"
                )
            if memory[1] > memory[0] * 1.1 + 16 * MEGABYTE:
                found.append(
                    f"process {pid} went from {memory[0] / MEGABYTE:.0f} to "
                    f"{memory[1] / MEGABYTE:.0f} MB"
                )
        return found

    def leaks(self, requests: int) -> list[str]:
        """Return what all processes together keep of each request, from the second quarter to the
        last.

        The medians of these quarters lie half the requests apart.
        """
        if requests < SOME:
            return []
        grew = [
            grown([memory for _when, memory, _descriptors in samples])
            for samples in self.samples.values()
        ]
        slope = sum(late - early for early, late in grew) / (requests / 2)
        return [f"each request leaves {slope:.0f} bytes of memory"] if slope > PER_REQUEST else []

    def told(self) -> str:
        """Say how both went, from the second quarter to the last."""
        return "; ".join(
            f"process {number}: {memory[0] / MEGABYTE:.1f} to {memory[1] / MEGABYTE:.1f} MB,"
            f" {descriptors[0]:.0f} to {descriptors[1]:.0f} descriptors"
            for number, (memory, descriptors) in enumerate(
                (
                    [grown([each[place] for each in samples]) for place in (1, 2)]
                    for samples in self.samples.values()
                ),
                1,
            )
        )


def end_of(answer: bytes) -> str:
    """Say how an answer began: its status, and whether a refusal says when to come again."""
    head = answer.partition(b"\r\n\r\n")[0].lower()
    status = head[9:12].decode() or "nothing at all"
    return TURNED_AWAY if status == "503" and b"\r\nretry-after: " in head else status


def grown(values: list[int]) -> tuple[float, float]:
    """Return the medians of the second and of the last quarter of values."""
    quarter = max(1, len(values) // 4)
    return statistics.median(values[quarter : 2 * quarter] or values), statistics.median(
        values[-quarter:]
    )


def percentile(values: list[float], hundredth: int) -> float:
    """Return the value that so many hundredths of the values do not pass."""
    return sorted(values)[min(len(values) - 1, len(values) * hundredth // 100)]


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--flood", type=float, default=1.0, help="seconds of ten times too much")
    parser.add_argument("--minutes", type=float, default=0.05, help="minutes of the usual")
    parser.add_argument(
        "--pause",
        type=float,
        default=0.3,
        help="seconds that people rest, on the average; 0 for none",
    )
    parser.add_argument(
        "--bound", type=float, default=60.0, help="seconds that 99 of 100 good requests may take"
    )
    parser.add_argument(
        "--back", type=float, default=60.0, help="seconds after the flood in which it is as before"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Load the site, and return in words how it went."""
    with site(given.database) as made:
        made.start()
        trial = Trial(made.port, random.Random(given.seed), faults)
        before = made.workers()
        flooded = trial.overload(given.flood, given.bound, given.back)
        usual = trial.usual(given.minutes, given.pause, made)
        if made.workers() != before:
            faults.append("a worker has died, or was replaced")
        faults += made.complaints()
    return f"{flooded}; {trial.answers.total()} answers; {usual}"


if __name__ == "__main__":
    sys.exit(conduct("load", __doc__, options, FULL, tried))
