"""API: a fuzzer asks every address of the OpenAPI document, with all checks, and the document is
held to its word.

Schemathesis makes questions that the document allows and ones that it forbids; each answer must be
one that the document describes. Before, each address is asked by hand for what a fuzzer does not
hit on: an entry that was withdrawn, a theme that was, nothing at all, a copy that is still good;
and selections are compared in all formats. tests/test_api.py does the fuzzing small.
"""

import json
import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

from .parts.agreement import Agreement
from .parts.holdings import NOW, RENAMED, REPLACED, RETIRED, STANDING, WITHDRAWN, furnish
from .parts.server import Site, site
from .parts.trial import conduct

FULL = {"cases": 100_000, "selections": 300}
OPERATIONS = re.compile(r"Operations: +(\d+) selected")
MADE = re.compile(r"(\d+) generated")
WORD = "No issues found"
SECONDS = 60  # the longest wait for an answer
SLICE = 100  # entries of a part of the JSON
ABSENT = ("SAMPLE-1999", "sample-that-never-was")
# With 304 comes what came with 200 and would tell caches apart (RFC 9110, section 15.4.5), and what
# lets a page read.
KEPT = (
    *("etag", "cache-control", "vary", "content-location"),
    *("access-control-allow-origin", "cross-origin-resource-policy"),
)


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


Ask = Callable[..., Answer]  # a path, and headers by name


def asking(port: int) -> Ask:
    """Return what asks the site, each time on a connection of its own."""

    def ask(path: str, **headers: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
            connection.request(
                "GET",
                path,
                headers={name.replace("_", "-"): value for name, value in headers.items()},
            )
            said = connection.getresponse()
            return Answer(
                said.status, {name.lower(): value for name, value in said.getheaders()}, said.read()
            )

    return ask


def examples(template: str) -> Iterator[tuple[str, set[int]]]:
    """Yield addresses of a path template with the statuses that they may have."""
    if "{source}-{number}" in template:
        whole = "{source}-{number}"
        places = {
            STANDING: 200,
            WITHDRAWN: 410,
            REPLACED: 410,
            STANDING.lower(): 301,
            f"{ABSENT[0]}-1": 404,
        }
    elif "{source}" in template:
        whole, places = "{source}", {"PARIS-2025": 200, "paris-2025": 301, ABSENT[0]: 404}
    elif template.startswith("/addressees/"):
        whole, places = "{slug}", {"companies": 200, "COMPANIES": 301, ABSENT[1]: 404}
    elif "{slug}" in template:
        whole, places = (
            "{slug}",
            {"skills": 200, NOW: 200, "SKILLS": 301, RENAMED: 301, RETIRED: 410, ABSENT[1]: 404},
        )
    elif template == "/check.json":
        yield from ((f"{template}?q=Sample+words+of+nobody", {200}), (template, {400}))
        return
    else:
        yield from (
            (template, {200}),
            (f"{template}?q=skills", {200}),
            (f"{template}?utm_source=x", {400}),
        )
        yield f"{template}?theme={RENAMED}", {301}
        yield f"{template}?theme={RETIRED}", {410}
        return
    yield from ((template.replace(whole, place), {status}) for place, status in places.items())


def broken(ask: Ask, document: dict) -> Iterator[str]:
    """Yield where an address does not answer as the document says."""
    tags: dict[str, str] = {}
    for template, item in document["paths"].items():
        described = item["get"]["responses"]
        for address, statuses in examples(template):
            answer = ask(address)
            if answer.status not in statuses:
                yield f"{address} answers {answer.status}, not {statuses}"
            yield from (f"{address}: {fault}" for fault in undescribed(answer, described))
            if answer.status == 200 and answer.headers.get("cache-control") != "no-store":
                yield from (f"{address}: {fault}" for fault in not_kept(ask, address, answer, tags))


def undescribed(answer: Answer, described: dict) -> Iterator[str]:
    """Yield what about an answer the document does not say."""
    if str(answer.status) not in described:
        yield f"{answer.status} is not described"
        return
    if kinds := described[str(answer.status)].get("content"):
        if answer.kind not in kinds:
            yield f"{answer.status} comes as {answer.kind}, not {list(kinds)}"
        elif answer.status >= 400 and json.loads(answer.body)["status"] != answer.status:
            yield f"{answer.status} says {answer.body[:80]!r}"
    if answer.status != 301 and answer.headers.get("access-control-allow-origin") != "*":
        yield f"{answer.status} may not be read by other pages"


def not_kept(ask: Ask, address: str, answer: Answer, tags: dict[str, str]) -> Iterator[str]:
    """Yield where a copy with its entity tag is not known again, or another's is."""
    tag = answer.headers.get("etag", "")
    if tags.setdefault(tag, address) != address:
        yield f"has the entity tag of {tags[tag]}"
    again = ask(address, If_None_Match=tag)
    if again.status != 304 or again.body:
        yield f"asked with its own tag, answers {again.status} with {len(again.body)} bytes"
    yield from (
        f"304 has {name} {again.headers.get(name)!r}, 200 {answer.headers.get(name)!r}"
        for name in KEPT
        if again.headers.get(name) != answer.headers.get(name)
    )
    other = next((each for each, place in tags.items() if place != address), '"x"')
    if ask(address, If_None_Match=other).status != 200:
        yield f"asked with the tag of {tags.get(other)}, is not sent whole"


# --- The fuzzer ------------------------------------------------------------


def command(address: str, *options: str) -> list[str]:
    """Return how schemathesis is run on a site with all checks."""
    begun = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{address}/api/schema",
        "--url",
        address,
    ]
    return [*begun, "--checks", "all", "--no-color", *options]


def fuzz(address: str, seed: int, *options: str, seconds: float | None = 600) -> tuple[bool, str]:
    """Run schemathesis in a process of its own; return whether it found nothing, and what
    it says.
    """
    with tempfile.TemporaryDirectory() as folder:
        called = command(address, "--seed", str(seed), *options)
        done = subprocess.run(
            called, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False
        )
    said = done.stdout + done.stderr
    return done.returncode == 0 and WORD in said, said


def run(made: Site, cases: int, seed: int) -> tuple[bool, str]:
    """Ask so many questions, spread over the operations of the document; return what
    `fuzz` does.
    """
    listed = fuzz(made.url, seed, "--phases", "examples")[1]
    each = -(-cases // int(OPERATIONS.search(listed)[1]))
    return fuzz(made.url, seed, "--max-examples", str(each), seconds=None)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--cases", type=int, default=200, help="questions, spread evenly over the addresses"
    )
    parser.add_argument(
        "--selections", type=int, default=5, help="selections that are compared in all formats"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Let schemathesis ask, and return in words how often."""
    with site(given.database) as made:
        furnish()
        made.start()
        ask = asking(made.port)
        document = json.loads(ask("/api/schema").body)
        faults += broken(ask, document)
        Agreement(lambda address: ((said := ask(address)).status, said.body), faults, SLICE).run(
            given.selections, given.seed
        )
        is_well, said = run(made, given.cases, given.seed)
        faults += made.complaints()
    print(said)
    if not is_well:
        faults.append("schemathesis has found issues, as above")
    count = MADE.search(said)
    by_hand = sum(len(list(examples(template))) for template in document["paths"])
    made_of = f"{given.cases} cases asked for, {count[1] if count else 'none'} made"
    return f"{made_of}; {by_hand} asked by hand, {given.selections} selections compared"


if __name__ == "__main__":
    sys.exit(conduct("api", __doc__, options, FULL, tried, seed=7))
