"""`python -m tests.trials.load --minutes 60 --database sqlite`: ten times too much, then the usual for an hour.

First clients find out how many searches a second the site can answer. Then ten times as many are sent, whether or not
the ones before were answered, while good clients read: what is too much is answered 503 with Retry-After, pages that
are kept are answered as ever, good clients within a bound, and soon after the flood all is as before. Then readers,
programs and an editor do what they usually do, and every worker is watched: memory and descriptors stay as they are.
"""

import argparse
import asyncio
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from os import sysconf
from pathlib import Path

from .deploy import workers
from .desk import LOST, Desk
from .server import EDITORS, site

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
DESK = ("/admin/", "/admin/recommendations/recommendation/", "/admin/recommendations/theme/", "/admin/care/")
HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"
TURNED_AWAY = "503 with Retry-After"
TIMES = 10
WARMING = 20  # requests for each page of the good clients, so that every worker keeps it
PATIENCE = 20.0  # seconds after which a client of the flood gives up
MEGABYTE = 1024**2
SPREAD = 8  # descriptors that a worker has more or less of by chance: connections of the moment
Samples = dict[int, list[tuple[float, int, int]]]  # of each worker: when, bytes of memory, descriptors


@dataclass
class Trial:
    """What was measured, and what was wrong."""

    port: int
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    waits: dict[str, list[float]] = field(default_factory=dict)  # of good clients, by the phase
    phase: str = "calm"
    is_over: bool = False

    def ask(self, connection: HTTPConnection, path: str) -> float:
        """Ask, and return the seconds until the whole answer was there; raises what LOST lists."""
        began = time.monotonic()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        self.answers[response.status] += 1
        if response.status >= 500:
            self.faults.append(f"{self.phase}: {path} answered {response.status}")
        if response.will_close:
            connection.close()
        return time.monotonic() - began

    def search(self) -> str:
        """Return the address of a search that nobody has made before."""
        return f"/recommendations/?q=sample+{self.chance.random()}+or+skills"

    # --- Ten times too much -----------------------------------------------------------------------------------------

    def capacity(self, seconds: float, clients: int = 4) -> float:
        """Return how many searches a second the site answers to clients that wait for their answers."""
        last = time.monotonic() + seconds
        done = Counter()

        def go_on(client: int) -> None:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                while time.monotonic() < last:
                    self.ask(connection, self.search())
                    done[client] += 1

        threads = [threading.Thread(target=go_on, args=(each,)) for each in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done.total() / seconds

    @contextmanager
    def good_clients(self) -> Iterator[None]:
        """Let one client that keeps its connection, as a proxy does, and one that does not, ask now and then."""
        threads = [threading.Thread(target=self.be_good, args=(kind,)) for kind in ("kept", "new")]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over = True
            for thread in threads:
                thread.join()
            self.is_over = False

    def be_good(self, kind: str) -> None:
        """Ask ten times a second at most, on a connection that is kept or always on a new one."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.is_over:
            if kind == "new":
                connection.close()
            phase = self.phase
            try:
                took = self.ask(connection, self.chance.choice(GOOD))
            except LOST as error:
                connection.close()
                if kind == "new":  # what was kept may have been closed meanwhile, by right
                    self.faults.append(f"{phase}: no answer to a good client: {type(error).__name__}")
            else:
                self.waits.setdefault(f"{phase}, {kind}", []).append(took)
            time.sleep(0.1)
        connection.close()

    def flood(self, rate: float, seconds: float) -> Counter:
        """Send so many searches a second, each on a connection of its own, and return how they ended."""
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
        """Flood the site, and return in words what that did; `bound` and `within` are as the command line says."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            for path in GOOD * WARMING:
                connection.close()
                self.ask(connection, path)
        most = self.capacity(min(3.0, seconds))
        with self.good_clients():
            time.sleep(min(2.0, seconds))
            self.phase = "flood"
            ends = self.flood(TIMES * most, seconds)
            self.phase, ended = "after", time.monotonic()
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                self.ask(connection, GOOD[0])
            back = time.monotonic() - ended
            time.sleep(min(3.0, seconds))
        wrong = {each: count for each, count in ends.items() if each not in ("sent", "200", TURNED_AWAY)}
        self.faults += [f"flood: {count} answers {each}" for each, count in wrong.items()]
        self.faults += [
            f"{phase}: 99 of 100 good requests took up to {worst:.1f} s"
            for phase, each in self.waits.items()
            if (worst := percentile(each, 99)) > bound
        ]
        if back > within:
            self.faults.append(f"after the flood a reader waited {back:.1f} s")
        waits = "; ".join(
            f"{phase}: median {1000 * statistics.median(each):.0f} ms, p99 {1000 * percentile(each, 99):.0f} ms"
            for phase, each in self.waits.items()
        )
        return (
            f"capacity {most:.0f} searches a second; {ends['sent']} sent in {seconds:.0f} s, {ends['200']} answered,"
            f" {ends[TURNED_AWAY]} turned away;"
            f" the next reader after the flood waited {back:.2f} s; good clients, {waits}"
        )

    # --- The usual --------------------------------------------------------------------------------------------------

    def usual(self, minutes: float, measure: "Measure") -> str:
        """Do what people usually do, and return in words what became of the workers."""
        self.phase, last = "usual", time.monotonic() + 60 * minutes
        threads = [threading.Thread(target=self.read_on, args=(last,)) for _ in range(3)]
        threads.append(threading.Thread(target=self.edit_on, args=(last,)))
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            measure.sample()
            time.sleep(min(1.0, 6 * minutes))
        for thread in threads:
            thread.join()
        measure.sample()
        self.faults += measure.faults()
        return measure.told()

    def read_on(self, last: float) -> None:
        """Read until a moment: pages, formats and searches, a new connection now and then."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while time.monotonic() < last:
            if self.chance.random() < 0.1:
                connection.close()
            try:
                self.ask(connection, self.search() if self.chance.random() < 0.3 else self.chance.choice(USUAL))
            except LOST as error:
                connection.close()
                self.faults.append(f"usual: no answer: {type(error).__name__}")
        connection.close()

    def edit_on(self, last: float) -> None:
        """Look around at the desk until a moment, and sign in anew now and then."""
        while time.monotonic() < last:
            editor = Desk(self.port, EDITORS[0])
            for _ in range(50):
                status = editor.get(self.chance.choice(DESK)).status
                self.answers[status] += 1
                if status != 200:
                    self.faults.append(f"usual: the desk answered {status}")
                if time.monotonic() > last:
                    return


@dataclass
class Measure:
    """Memory and descriptors of the workers, again and again."""

    pids: set[int]
    samples: Samples = field(default_factory=dict)

    def sample(self) -> None:
        """Read both of every worker (proc(5))."""
        for pid in self.pids:
            folder = Path("/proc") / str(pid)
            memory = int((folder / "statm").read_text().split()[1]) * sysconf("SC_PAGE_SIZE")
            descriptors = len(list((folder / "fd").iterdir()))
            self.samples.setdefault(pid, []).append((time.monotonic(), memory, descriptors))

    def faults(self) -> list[str]:
        """Return the workers that grow: the last quarter has more than the second, the first being for warming up."""
        found = []
        for pid, samples in self.samples.items():
            memory, descriptors = (grown([each[place] for each in samples]) for place in (1, 2))
            if descriptors[1] > descriptors[0] + SPREAD:
                found.append(f"worker {pid} went from {descriptors[0]:.0f} to {descriptors[1]:.0f} descriptors")
            if memory[1] > memory[0] * 1.1 + 16 * MEGABYTE:
                found.append(f"worker {pid} went from {memory[0] / MEGABYTE:.0f} to {memory[1] / MEGABYTE:.0f} MB")
        return found

    def told(self) -> str:
        """Say how both went, from the second quarter to the last."""
        return "; ".join(
            f"worker {number}: {memory[0] / MEGABYTE:.1f} to {memory[1] / MEGABYTE:.1f} MB,"
            f" {descriptors[0]:.0f} to {descriptors[1]:.0f} descriptors"
            for number, (memory, descriptors) in enumerate(
                ([grown([each[place] for each in samples]) for place in (1, 2)] for samples in self.samples.values()), 1
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
    return statistics.median(values[quarter : 2 * quarter] or values), statistics.median(values[-quarter:])


def percentile(values: list[float], hundredth: int) -> float:
    """Return the value that so many hundredths of the values do not pass."""
    return sorted(values)[min(len(values) - 1, len(values) * hundredth // 100)]


def main() -> int:
    """Run the trial, and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--flood", type=float, default=10.0, help="seconds of ten times too much")
    parser.add_argument("--minutes", type=float, default=1.0, help="minutes of the usual")
    parser.add_argument("--bound", type=float, default=10.0, help="seconds that 99 of 100 good requests may take")
    parser.add_argument("--back", type=float, default=2.0, help="seconds after the flood in which it is as before")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with site(given.database) as made:
        made.start()
        trial = Trial(made.port, random.Random(given.seed))
        flooded = trial.overload(given.flood, given.bound, given.back)
        measure = Measure(workers(made))
        usual = trial.usual(given.minutes, measure)
        if workers(made) != measure.pids:
            trial.faults.append("a worker has died")
    print("\n".join(dict.fromkeys(trial.faults)))
    print(f"{given.database}: {flooded}; {trial.answers.total()} answers; {usual}; {len(trial.faults)} faults.")
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
