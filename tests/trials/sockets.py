"""Sockets: the real server, spoken to as no browser speaks.

Requests that no standard allows, and changed ones, are sent over sockets: each is answered without
a server's error, or the connection is closed; nothing that was hidden in another request is
answered (request smuggling), requests end where RFC 9112 says (`borders`), and no host that was
made up comes back. Then slow clients send heads and bodies a byte at a time, or read nothing, while
good clients are served. In the end no connection, descriptor or memory is left.
"""

import random
import socket
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from dataclasses import dataclass, field
from functools import partial

from .parts import borders
from .parts.borders import CHUNKED, HIDDEN, HOST, OWN, STATUS, get
from .parts.clients import Client, meanwhile
from .parts.desk import LOST
from .parts.server import held, site, until
from .parts.trial import conduct, progress

FULL = {"cases": 10_000, "slow": 100, "seconds": 20.0, "within": 5.0}
EVIL = b"evil.invalid"
FIRST, QUIET = 3.0, 0.25  # seconds until the first byte of an answer, and after the last
SLOW = 5.0  # the same where the server hangs up in the end, however busy this machine is
GOOD = ("/livez", "/PARIS-2025-4", "/recommendations/", "/recommendations.json?q=skills")
HEAD_SECONDS = 15  # that the server waits for a head, as `kb` tells it
AT_ONCE = 8
MEGABYTE = 1024**2
MEGABYTES = 100  # that the workers may grow by
# descriptors that a worker has more of by right: a connection to the database for each of its 16
# threads
SPREAD = 24


def post(more: bytes, body: bytes = b"", path: bytes = b"/about/") -> bytes:
    """Return a request with a body."""
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + more + b"\r\n" + body


EXCHANGES: dict[
    str, tuple[bytes, int]
] = {  # what is sent, and how many answers it may have at most
    "NUL in the path": (get(b"/\x00"), 1),
    "NUL in the path, encoded": (get(b"/%00"), 1),
    "bad UTF-8 in the path": (get(b"/\xff\xfe"), 1),
    "bad UTF-8 in the path, encoded": (get(b"/%ff%c0%af%ed%a0%80"), 1),
    "bad UTF-8 in a header": (get(more=b"X-Sample: \xff\xfe\r\n"), 1),
    "bad UTF-8 in a cookie": (
        get(b"/", b"Cookie: \xff=\xff; sessionid=\xff; appearance=\xff\r\n"),
        1,
    ),
    "NUL in a header": (get(more=b"X-Sample: a\x00b\r\n"), 1),
    "bad UTF-8 in the query": (get(b"/recommendations/?q=\xff\xc0\xaf&\xed\xa0\x80=\x80"), 1),
    "a huge header": (get(more=b"X-Sample: " + b"a" * 900_000 + b"\r\n"), 1),
    "a header of 300 kB": (get(more=b"X-Sample: " + b"a" * 300_000 + b"\r\n"), 1),
    "many headers": (get(more=b"X-Sample: a\r\n" * 5000), 1),
    "a long path": (get(b"/" + b"a" * 65_000), 1),
    "a longer path": (get(b"/" + b"a" * 200_000), 1),
    "a long query": (get(b"/recommendations/?q=" + b"a" * 65_000), 1),
    "no host": (get(b"/", host=b""), 1),
    "an empty host": (get(b"/", host=b"Host:\r\n"), 1),
    "another host": (get(b"/about", host=b"Host: " + EVIL + b"\r\n"), 1),
    "two hosts": (get(b"/", host=HOST + b"Host: " + EVIL + b"\r\n"), 1),
    "two hosts, turned": (get(b"/", host=b"Host: " + EVIL + b"\r\n" + HOST), 1),
    "a host with a user": (get(b"/", host=b"Host: 127.0.0.1@" + EVIL + b"\r\n"), 1),
    "a host with a path": (get(b"/", host=b"Host: " + EVIL + b"/127.0.0.1\r\n"), 1),
    "a host with a bad port": (get(b"/", host=b"Host: 127.0.0.1:99999x\r\n"), 1),
    "a host of bytes": (get(b"/", host=b"Host: \xff\xfe\r\n"), 1),
    "another host, forwarded": (
        get(b"/about", b"X-Forwarded-Host: " + EVIL + b"\r\nForwarded: host=" + EVIL + b"\r\n"),
        1,
    ),
    "an absolute form": (get(b"http://" + EVIL + b"/about"), 1),
    "an absolute form of another host": (
        get(b"http://" + EVIL + b"/", host=b"Host: " + EVIL + b"\r\n"),
        1,
    ),
    "an absolute form that is none": (get(b"http://["), 1),
    "an address of two slashes": (get(b"//" + EVIL + b"/about"), 1),
    "two lengths": (post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"ab"), 1),
    "two lengths in one": (post(b"Content-Length: 1, 2\r\n", b"ab"), 1),
    "a length of less than nothing": (post(b"Content-Length: -1\r\n"), 1),
    "a length with a sign": (post(b"Content-Length: +1\r\n", b"a"), 1),
    "a length beyond all": (post(b"Content-Length: 99999999999999999999999\r\n", b"a"), 1),
    "a length in other digits": (post(b"Content-Length: \xd9\xa1\r\n", b"a"), 1),
    "a length and chunks": (post(b"Content-Length: 4\r\n" + CHUNKED, b"0\r\n\r\n" + HIDDEN), 1),
    "chunks and a length": (
        post(CHUNKED + b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"0\r\n\r\n" + HIDDEN),
        1,
    ),
    "chunks by another name": (
        post(b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n", b"5\r\n" + HIDDEN),
        1,
    ),
    "chunks with a space": (
        post(b"Transfer-Encoding : chunked\r\nContent-Length: 4\r\n", b"5\r\n" + HIDDEN),
        1,
    ),
    "chunks twice": (post(CHUNKED + b"Transfer-Encoding: identity\r\n", b"0\r\n\r\n" + HIDDEN), 1),
    "chunks of HTTP/1.0": (b"POST / HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN, 1),
    "a chunk beyond all": (post(CHUNKED, b"ffffffffffffffffff\r\nx"), 1),
    "a chunk of less than nothing": (post(CHUNKED, b"-1\r\nx\r\n0\r\n\r\n"), 1),
    "a chunk that is no number": (post(CHUNKED, b"0x1\r\nx\r\n0\r\n\r\n"), 1),
    "a chunk with long words": (post(CHUNKED, b"1;" + b"a" * 100_000 + b"\r\nx\r\n0\r\n\r\n"), 1),
    "many trailers": (post(CHUNKED, b"0\r\n" + b"X-Sample: a\r\n" * 5000 + b"\r\n"), 1),
    "a body with a question": (get(b"/", b"Content-Length: %d\r\n" % len(HIDDEN)) + HIDDEN, 1),
    "HTTP/0.9": (b"GET /\r\n", 1),
    "HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", 1),
    "HTTP/1.0 with a host": (b"GET / HTTP/1.0\r\n" + HOST + b"\r\n", 1),
    "HTTP/9.9": (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 1),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0", 1),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, 1),
    "nothing known": (bytes(range(256)) * 20, 1),
    "line ends only": (b"\r\n" * 5000, 1),
    "several at once": (get() * 10, 10),
    "several at once, the last broken": (get() * 3 + b"GET / HTTP\r\n\r\n", 4),
    "to be continued": (post(b"Expect: 100-continue\r\nContent-Length: 5\r\n"), 2),
    "to be something else": (post(b"Expect: sample\r\nContent-Length: 5\r\n"), 2),
    "an upgrade": (
        get(b"/", b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n"),
        1,
    ),
    "an upgrade to HTTP/2": (
        get(b"/", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"),
        1,
    ),
    "a part of a page": (get(b"/#" + EVIL), 1),
    "a folded header": (get(more=b"X-Sample: a\r\n b\r\n"), 1),
    "a name with a space": (get(more=b"X Sample: a\r\n"), 1),
    "a name of nothing": (get(more=b": a\r\n"), 1),
    "line ends of another kind": (get().replace(b"\r\n", b"\n"), 1),
    "line ends of the third kind": (get().replace(b"\r\n", b"\r"), 1),
    "tabs for spaces": (get().replace(b"GET ", b"GET\t"), 1),
    **{
        f"{method} {place}": (
            f"{method} {place} HTTP/1.1\r\n".encode() + HOST + b"Content-Length: 0\r\n\r\n",
            1,
        )
        for method in (
            "CONNECT",
            "TRACE",
            "OPTIONS",
            "PROPFIND",
            "PUT",
            "DELETE",
            "SAMPLE",
            "get",
            "A" * 500,
            "\xff",
        )
        for place in ("/", "*", "127.0.0.1:22")
    },
}


def changed(data: bytes, chance: random.Random) -> bytes:
    """Return a request with some bytes of it changed, doubled, left out or put in."""
    turned = bytearray(data[:2000])
    for _turn in range(chance.choice((1, 1, 2, 8))):
        place = chance.randrange(len(turned) + 1)
        part = turned[place : place + chance.randint(1, 30)]
        sign = bytes([chance.choice((0, 9, 10, 13, 32, 34, 58, 127, 255, chance.randrange(256)))])
        ways = (sign, part + part, b"", b"\r\n", b"\r\n\r\n", sign * chance.choice((1, 300)))
        turned[place : place + len(part)] = chance.choice(ways)
    return bytes(turned)


def talk(port: int, data: bytes, quiet: float = QUIET) -> tuple[bytes, str]:
    """Send bytes on a connection of its own; return all that comes back, and how it ended, or was
    quiet for so long.
    """
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=FIRST) as made:
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # the server may close before it has read all
            made.sendall(data)
        try:
            while got := made.recv(65536):
                found += got
                made.settimeout(quiet)
        except TimeoutError:
            return found, "open" if found else "silent"
        except ConnectionError:
            return found, "closed"
    return found, "closed"


@dataclass
class Trial:
    """What was sent to a server at a port, and what was wrong with what it said."""

    port: int
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    within: float = 60.0  # seconds that a good client waits at most
    ends: Counter = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)  # of good clients, in seconds

    # --- Odd requests --------------------------------------------------------------------------
    # -----------------------

    def exchange_all(self, cases: int) -> None:
        """Send everything, and as many changed requests, some at once."""
        whole = list(EXCHANGES.items())
        picked = [self.chance.choice(whole) for _ in range(cases)]
        odd = [
            (f"{name}, changed {n}", (changed(data, self.chance), 99))
            for n, (name, (data, _)) in enumerate(picked)
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda each: self.exchange(each[0], *each[1]), [*whole, *odd]))
            list(pool.map(lambda each: self.cross(each[0], *each[1]), borders.BORDERS.items()))

    def cross(self, name: str, data: bytes, seen: tuple[int | None, ...]) -> None:
        """Send messages whose borders are in doubt, and one that ends the connection; judge what
        comes back.
        """
        try:
            said, end = talk(self.port, data + borders.LAST, SLOW)
        except OSError as error:
            self.faults.append(f"{name}: nobody answers: {error!r}")
            return
        self.ends[f"borders, {end}"] += 1
        self.faults += borders.faults(name, said, end == "closed", seen)

    def exchange(self, name: str, data: bytes, most: int) -> None:
        """Send one, and judge what comes back."""
        try:
            said, end = talk(self.port, data)
        except OSError as error:
            self.faults.append(f"{name}: nobody answers: {error!r}")
            return
        statuses = [int(each) for each in STATUS.findall(said)]
        self.ends[f"{statuses[0] if statuses else 'nothing'}, {end}"] += 1
        progress(f"{self.ends.total()} odd requests", self.faults)
        sent = repr(data[:300])
        self.faults += [
            f"{name}: answers {each}: {sent}"
            for each in statuses
            if each >= 500 and each not in OWN
        ]
        if len(statuses) > most:
            self.faults.append(f"{name}: {len(statuses)} answers, where {most} would do: {sent}")
        if EVIL in said and b"changed" not in name.encode() and EVIL in head(said):
            self.faults.append(f"{name}: the host comes back in the head: {head(said)[:300]!r}")
        if said and not statuses:
            self.faults.append(f"{name}: no HTTP comes back: {said[:80]!r}")

    # --- Slow clients --------------------------------------------------------------------------
    # -----------------------

    def besiege(self, number: int, seconds: float) -> None:
        """Let so many slow clients of each kind hold on for so long, while good clients ask."""
        login = post(
            b"Cookie: csrftoken="
            + b"a" * 32
            + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 500\r\n",
            path=b"/accounts/login/",
        )
        kinds = {
            "that say nothing": b"",
            "slow in their heads": get()[:20],
            "slow in their bodies": login,
            "slow in their chunks": login.replace(b"Content-Length: 500\r\n", CHUNKED) + b"fff\r\n",
            "that do not read": get(b"/PARIS-2025") * 40,
        }
        for kind, begun in kinds.items():
            with self.good_clients(f"{number} clients {kind}"), ExitStack() as held:
                slow = [held.enter_context(closing(self.slow(begun))) for _ in range(number)]
                last = time.monotonic() + seconds
                while time.monotonic() < last:
                    time.sleep(min(0.5, seconds / 4))
                    for each in slow if kind.startswith("slow") else ():
                        with suppress(OSError):
                            each.send(b"a")
                if kind == "slow in their heads" and seconds > HEAD_SECONDS + 2:
                    left = sum(not is_closed(each) for each in slow)
                    self.faults += (
                        [f"{left} of {number} clients {kind} are still held"] if left else []
                    )

    def slow(self, begun: bytes) -> socket.socket:
        """Return a connection on which a request has begun."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=FIRST)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with suppress(OSError):
            made.sendall(begun)
        return made

    def good_clients(self, while_: str) -> AbstractContextManager[None]:
        """Let two good clients ask meanwhile."""
        return meanwhile(*[partial(self.be_good, while_)] * 2)

    def be_good(self, while_: str, over: threading.Event) -> None:
        """Ask for a page now and then, at least once."""
        while True:
            path, began, client = (
                self.chance.choice(GOOD),
                time.monotonic(),
                Client(self.port, self.within),
            )
            try:
                with closing(client):
                    status = client.get(path)
            except LOST as error:
                status = type(error).__name__
            self.waits.append(time.monotonic() - began)
            if status != 200:
                self.faults.append(f"a good client is answered {status} for {path} beside {while_}")
            if over.wait(0.1):
                return


def head(said: bytes) -> bytes:
    """Return the head of the first answer."""
    return said.partition(b"\r\n\r\n")[0]


def is_closed(made: socket.socket) -> bool:
    """Tell whether the other side has closed a connection."""
    made.settimeout(1)
    try:
        while made.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


Held = dict[int, tuple[int, int]]  # of each process: MB of memory, descriptors


def held_by(pids: set[int]) -> Held:
    """Return what processes hold; those that are gone hold nothing."""
    found = {}
    for pid in sorted(pids):
        with suppress(FileNotFoundError):
            memory, descriptors = held(pid)
            found[pid] = (memory // MEGABYTE, descriptors)
    return found


def left_over(before: Held, after: Held) -> list[str]:
    """Return what processes have kept."""
    if before.keys() != after.keys():
        return [f"workers before: {sorted(before)}, after: {sorted(after)}"]
    found = [
        f"a worker grew by {after[pid][0] - before[pid][0]} MB"
        for pid in before
        if after[pid][0] - before[pid][0] > MEGABYTES
    ]
    kept = {pid: after[pid][1] - before[pid][1] for pid in before}
    return found + [
        f"a worker holds {more} descriptors more" for more in kept.values() if more > SPREAD
    ]


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--cases",
        type=int,
        default=10,
        help="changed requests, besides those that are written down",
    )
    parser.add_argument("--slow", type=int, default=2, help="slow clients of each kind at once")
    parser.add_argument(
        "--seconds", type=float, default=0.3, help="that the slow clients of each kind hold on"
    )
    parser.add_argument(
        "--within", type=float, default=60, help="seconds that a good client waits at most"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Speak oddly and slowly, and return in words what came of it."""
    with site(given.database) as made:
        made.start()
        trial = Trial(made.port, random.Random(given.seed), faults, given.within)
        with trial.good_clients("nobody"):
            time.sleep(1)
        before = held_by(made.workers())
        with trial.good_clients("odd requests"):
            trial.exchange_all(given.cases)
        trial.besiege(given.slow, given.seconds)
        with suppress(TimeoutError):
            until(lambda: not left_over(before, held_by(made.workers())), "", 20)
        after = held_by(made.workers())
        faults += [*left_over(before, after), *made.complaints()]
    ends = ", ".join(f"{count} × {end}" for end, count in sorted(trial.ends.items()))
    return (
        f"{trial.ends.total()} odd requests ({ends}) and {given.slow} slow clients of each kind; "
        "good clients asked"
        f" {len(trial.waits)} times and waited at most {max(trial.waits):.1f} s; MB and "
        "descriptors of workers"
        f" {[*before.values()]}, then {[*after.values()]}"
    )


if __name__ == "__main__":
    sys.exit(conduct("sockets", __doc__, options, FULL, tried))
