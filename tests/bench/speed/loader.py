"""Loads one address for some seconds: with wrk, or with threads of this process where there is no
wrk.
"""

import http.client
import math
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic, perf_counter
from urllib.parse import urlsplit

UNITS = {"us": 0.001, "ms": 1, "s": 1000}


@dataclass(frozen=True)
class Load:
    """What a server bore: requests a second, the 99th percentile in ms, and how many answers were
    not 200.
    """

    rate: float
    p99: float
    failed: int


def wrk(address: str, connections: int, seconds: int) -> Load:
    """Load with wrk."""
    command = ["wrk", "--latency", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", told)[1])
    _whole, number, unit = re.search(r"(99%\s+)([\d.]+)(us|ms|s)", told).groups()
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return Load(rate, float(number) * UNITS[unit], int(failed[1]) if failed else 0)


def own(address: str, connections: int, seconds: int) -> Load:
    """Load with one thread a connection, each asking again as soon as it was answered."""
    start = monotonic()
    with ThreadPoolExecutor(connections) as pool:
        done = list(pool.map(lambda _each: asked(address, start + seconds), range(connections)))
    took = sorted(time for times, _failed in done for time in times)
    rate = len(took) / (monotonic() - start)
    return Load(rate, took[math.ceil(0.99 * len(took)) - 1], sum(failed for _times, failed in done))


def asked(address: str, end: float) -> tuple[list[float], int]:
    """Ask over one connection until a moment; return what each took in ms, and how many failed."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80)
    times, failed = [], 0
    while monotonic() < end:
        start = perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (perf_counter() - start))
        failed += answer.status != 200
    connection.close()
    return times, failed
