"""API: a fuzzer asks every address of the OpenAPI document, with all checks.

Schemathesis makes questions that the document allows and ones that it forbids; each answer must be one that the
document describes. tests/test_api.py does the same, small.
"""

import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace

from .server import Site, site
from .trial import conduct

FULL = {"cases": 100_000}
OPERATIONS = re.compile(r"Operations: +(\d+) selected")
MADE = re.compile(r"(\d+) generated")
WORD = "No issues found"


def command(address: str, *options: str) -> list[str]:
    """Return how schemathesis is run on a site with all checks."""
    begun = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/schema", "--url", address]
    return [*begun, "--checks", "all", "--no-color", *options]


def fuzz(address: str, seed: int, *options: str, seconds: float | None = 120) -> tuple[bool, str]:
    """Run schemathesis in a process of its own; return whether it found nothing, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        called = command(address, "--seed", str(seed), *options)
        done = subprocess.run(called, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    said = done.stdout + done.stderr
    return done.returncode == 0 and WORD in said, said


def run(made: Site, cases: int, seed: int) -> tuple[bool, str]:
    """Ask so many questions, spread over the operations of the document; return what `fuzz` does."""
    made.start()
    listed = fuzz(made.url, seed, "--phases", "examples")[1]
    each = -(-cases // int(OPERATIONS.search(listed)[1]))
    return fuzz(made.url, seed, "--max-examples", str(each), seconds=None)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--cases", type=int, default=1000, help="questions, spread evenly over the addresses")


def tried(given: Namespace, faults: list[str]) -> str:
    """Let schemathesis ask, and return in words how often."""
    with site(given.database) as made:
        is_well, said = run(made, given.cases, given.seed)
    print(said)
    if not is_well:
        faults.append("schemathesis has found issues, as above")
    count = MADE.search(said)
    return f"{given.cases} cases asked for, {count[1] if count else 'none'} made"


if __name__ == "__main__":
    sys.exit(conduct("api", __doc__, options, FULL, tried, seed=7))
