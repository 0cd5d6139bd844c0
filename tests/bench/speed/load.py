"""Loads a running server, beside an empty view that it serves itself, and prints requests a second.

.venv/bin/python tests/bench/speed/load.py http://127.0.0.1:8000
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

from loader import Load, own, wrk
from report import table

HERE = Path(__file__).resolve().parent
EMPTY, STATIC = "empty view", "static file"
START = 20  # seconds for a server to answer


def main(argv: list[str] | None = None) -> None:
    """Load each address in turn, a few rounds, and print medians."""
    args = arguments(argv)
    load = wrk if shutil.which("wrk") else own
    with empty_view(args.workers) as empty:
        addresses = {EMPTY: empty} | found(args.url)
        loads: dict[str, list[Load]] = {name: [] for name in addresses}
        for _round in range(args.rounds):
            for name, address in addresses.items():
                loads[name].append(load(address, args.connections, args.seconds))
    if load is own:
        print(
            "There is no wrk here. Python's own loader takes as much of the machine as the "
            "server: only compare.\n"
        )
    print(written(loads))


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="of the running server, such as http://127.0.0.1:8000")
    parser.add_argument("--seconds", type=int, default=5, help="for each address in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument(
        "--workers",
        type=int,
        default=2,
        help="processes of the empty view; as many as the server's",
    )
    return parser.parse_args(argv)


@contextmanager
def empty_view(workers: int) -> Iterator[str]:
    """Serve the empty view as `./kb serve` serves the site, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    served = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--no-ws",
        "--log-level",
        "warning",
    ]
    processes = ["--workers", str(workers), "--blocking-threads", "1"]
    command = [sys.executable, "-m", "granian", "naive.wsgi:application", *served, *processes]
    mine = {
        "PYTHONPATH": str(HERE),
        "DATABASE_URL": "sqlite://:memory:",
        "SECRET_KEY": "of-the-speed-benchmark",
    }
    server = subprocess.Popen(command, env=os.environ | mine, cwd=HERE)
    try:
        yield answering(f"http://127.0.0.1:{port}/empty")
    finally:
        server.terminate()
        server.wait()


def answering(address: str) -> str:
    """Wait until an address answers, and return it."""
    end = monotonic() + START
    while True:
        try:
            with urlopen(address) as answer:
                answer.read()
            return address
        except URLError:
            if monotonic() > end:
                sys.exit(f"{address} does not answer.")
            sleep(0.1)


def found(url: str) -> dict[str, str]:
    """Return the addresses to load, as the site's own pages link them."""
    home = page(url)
    browse = page(urljoin(url, "/recommendations/"))
    return {
        STATIC: urljoin(url, re.search(r'href="(/static/[^"]+\.css)"', home)[1]),
        "home": urljoin(url, "/"),
        "browse": urljoin(url, "/recommendations/"),
        "browse a theme": urljoin(
            url, re.search(r'href="(/recommendations/\?theme=[\w-]+)"', browse)[1]
        ),
        "a recommendation": urljoin(
            url, re.search(r'href="(/[A-Z][A-Z0-9-]*-\d{4}-\d+)"', browse)[1]
        ),
        "JSON slice": urljoin(url, "/recommendations.json"),
    }


def page(address: str) -> str:
    """Return what an address answers."""
    with urlopen(answering(address)) as answer:
        return answer.read().decode()


def written(loads: dict[str, list[Load]]) -> str:
    """Write medians, and how they stand to the empty view and to the static file."""
    middle = {name: median(load.rate for load in each) for name, each in loads.items()}
    rows = []
    for name, each in loads.items():
        ratios = [f"{middle[name] / middle[base]:.2f} ×" for base in (EMPTY, STATIC)]
        slowest = median(load.p99 for load in each)
        failed = sum(load.failed for load in each)
        rows.append([name, f"{middle[name]:,.0f}", *ratios, f"{slowest:.1f}", str(failed)])
    return table(
        [
            "address",
            "requests a second",
            "of the empty view",
            "of the static file",
            "p99, ms",
            "failed",
        ],
        rows,
    )


if __name__ == "__main__":
    main()
