"""Links: every address that the site ever emitted still answers, and as the state of the site
implies.

The site is read from end to end in one state after another, and each address on its pages, in its
files, in its heads, in its QR codes and in what assistants are told is remembered. Editors
meanwhile publish, withdraw, merge, split, correct, retitle, rename, delete and end themes, at
random and through the desk's own pages. Each address must then answer exactly what the database
implies (parts/implied.py): 200, 410, or one permanent step to the one heir; never 400 or 404, no
chain, no loop. A former text and a version hold what they first held, and a page of now leads to no
place that its target lacks.
"""

import random
import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from unittest.mock import patch
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

from .parts.acts import FEW, Editors
from .parts.addresses import NO_SUCH_CODE, body, emitted, in_json, kind, local, part, stranger
from .parts.implied import UNKNOWN, Implied, Pairs, State, heir
from .parts.server import model, site
from .parts.trial import conduct, progress

FULL = {"acts": 10_000}
# fmt: off
SEEDS = [
    "/", "/recommendations/", "/declarations/", "/themes/", "/overview/", "/check", "/about/", "/api/", "/api/schema",
    "/llms.txt", "/robots.txt", "/briefing", "/sitemap.xml", "/opensearch.xml", "/.well-known/security.txt",
    "/recommendations/?q=sample", "/recommendations.json", "/recommendations.csv", "/recommendations.bib",
    "/recommendations.ris", "/recommendations.atom", "/recommendations.jsonfeed",
]
# fmt: on
ENDINGS = (".json", ".bib", ".ris", ".csl.json", ".txt", ".png", ".qr.svg", ".qr.png", "/embed")
ASKS = ("search_recommendations", "list_themes")
SLICE = 7  # entries of a part of the JSON, so that a small site has several
TARGETS = (
    12  # pages of each reading whose places are looked for; in the end one for eight addresses
)
NAMES_ITS_HEIR = re.compile(
    r"/[A-Z0-9-]+-[0-9]+(\.(json|bib|ris|csl\.json|txt))?"
)  # what a withdrawn entry answers


@dataclass
class Trial:
    """The addresses, where each was seen first, and how they answer."""

    chance: random.Random
    few: int = FEW
    known: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    ends: Counter = field(default_factory=Counter)
    state: State = field(default_factory=State)
    live: set[str] = field(default_factory=set)  # places that pages of this moment lead to
    places: int = 0  # that were looked for
    asked: int = 0

    def run(self, acts: int, every: int, pages: int, most: int = 0) -> None:
        """Do the acts; read `pages` addresses after each `every` of them, and in the end `most` or
        all.
        """
        self.begin()
        with patch(f"{part('search.selection.read_selection').__module__}.SLICE_SIZE", SLICE):
            self.act(acts, every, pages)
            self.live.clear()
            for number, address in enumerate(self.some(most or len(self.known))):
                self.check(address)
                progress(f"{number}/{most or len(self.known)} addresses once more", self.faults)
            self.look_for_places(max(TARGETS, most // 8) if most else len(self.live))

    def begin(self) -> None:
        """Let the people come, and the editors make a first declaration."""
        self.client: Client = stranger()
        self.editors = Editors(self.chance, self.few, faults=self.faults, state=self.state)
        self.editors.add_declaration()

    def act(self, acts: int, every: int, pages: int) -> None:
        """Do the acts, and read the site between them."""
        self.read(pages)
        for number in range(1, acts + 1):
            self.editors.act()
            if number % every == 0:
                self.read(pages)
                progress(f"{number}/{acts} acts, {len(self.known)} addresses", self.faults)

    def read(self, pages: int) -> None:
        """Read the site: what is always there, what is new, and some of all that is known, each
        kind as often.
        """
        self.live.clear()
        entries = list(model("Recommendation").with_withdrawn.order_by("-pk")[:3])
        seeds = [*SEEDS, *(f"/{entry.code}{ending}" for entry in entries[:1] for ending in ENDINGS)]
        codes = ",".join(entry.code for entry in entries)
        seeds += [
            f"/briefing?codes={codes}",
            f"/briefing.md?codes={codes}",
            f"/briefing.docx?codes={codes}",
        ]
        for address in seeds:
            self.check(address, "the trial")
        for entry in entries:
            self.note(set(self.told("get_recommendation", code=entry.code)), "assistants")
        for name in ASKS:
            self.note(set(self.told(name)), "assistants")
        for address in self.some(max(0, pages - len(seeds))):
            self.check(address)
        self.look_for_places(TARGETS)

    def some(self, most: int) -> list[str]:
        """Return so many addresses at random, of every kind as many as of any other while there
        are.
        """
        rows = zip_longest(
            *(self.chance.sample(each, min(most, len(each))) for each in self.kinds.values())
        )
        return list(islice((each for row in rows for each in row if each), most))

    def told(self, tool: str, **arguments) -> set[str]:
        """Return the addresses in an assistant's answer."""
        answer = part("formats.mcp_tools.ask")(tool, arguments)
        return {local(each) for each in in_json(self.as_json(answer))} - {""}

    @staticmethod
    def as_json(answer: dict) -> bytes:
        return part("formats.mcp_tools.json").dumps(answer).encode()

    def note(self, addresses: set[str], where: str) -> None:
        """Remember addresses, and what they are of."""
        for address in sorted(addresses - self.known.keys()):
            self.known[address] = where
            self.kinds.setdefault(kind(address), []).append(address)
            self.state.learn(address)
        if NO_SUCH_CODE in addresses:
            self.fault(where, "has a QR code of another address")

    def check(self, address: str, where: str = "") -> None:
        """Ask for an address, and judge what answers; its links are remembered, and its own places
        must be there.
        """
        self.note({address}, where)
        self.asked += 1
        answer, content = self.get(address)
        self.ends[str(answer.status_code)] += 1
        try:
            self.judge(address, answer, content)
        except (ValueError, LookupError) as error:
            self.fault(address, f"cannot be read: {error!r}")

    def get(self, address: str) -> tuple[HttpResponse, bytes]:
        answer = self.client.get(address.partition("#")[0])
        return answer, body(answer)

    def judge(self, address: str, answer: HttpResponse, content: bytes) -> None:
        """Demand the answer that is implied, and that it holds what it must."""
        path = address.partition("#")[0]
        found = emitted(path, answer, content)
        self.note(found, path)
        self.live |= {each for each in found if "#" in each and each.partition("#")[0] != path}
        implied, status = self.implied(path), answer.status_code
        if implied in (None, UNKNOWN):
            self.fault(path, f"is of nothing that the database has, and answers {status}")
        elif status != implied.status:
            self.fault(
                path,
                f"answers {status} {answer.get('Location', '')} where {implied.status} is implied",
            )
        elif status == 301:
            self.follow(path, answer, implied)
        elif status == 410:
            self.heir(path, found)
        else:
            self.holds(path, answer, content)

    def implied(self, path: str) -> Implied | None:
        """Return what an address must answer."""
        try:
            return self.state.implied(path, self.matches)
        except KeyError:
            return UNKNOWN

    def matches(self, query: Pairs) -> int:
        """Return how many entries a search finds."""
        return self.client.get(f"/recommendations.json?{urlencode(query)}").json()["count"]

    def follow(self, path: str, answer: HttpResponse, implied: Implied) -> None:
        """Demand that one step leads to the heir, which answers itself."""
        place = local(answer["Location"], path)
        if spelled(place) != spelled(implied.place) and not place.startswith("/briefing"):
            self.fault(path, f"leads to {place}, not to {implied.place}")
        after, _content = self.get(place)
        if after.status_code not in (200, 410):
            self.fault(path, f"leads to {answer['Location']}, which answers {after.status_code}")

    def heir(self, path: str, found: set[str]) -> None:
        """Demand of a withdrawn entry that it names the one at the end of the chain of its
        replacements.
        """
        if NAMES_ITS_HEIR.fullmatch(path) and (
            end := heir(path.partition(".")[0].strip("/"))
        ) not in {"", *found}:
            self.fault(path, f"does not name {end}, which replaces it")

    def holds(self, path: str, answer: HttpResponse, content: bytes) -> None:
        """Demand of an answer its words, its entries, and the places that its own links lead to."""
        if wrong := self.state.wrong(path, content):
            self.fault(path, wrong)
        if path.partition("?")[0] == "/recommendations.json" and "q=" not in path:
            rest = [
                (name, value) for name, value in parse_qsl(urlsplit(path).query) if name != "after"
            ]
            if (count := part("formats.mcp_tools.json").loads(content)["count"]) != (
                wanted := self.state.count(rest)
            ):
                self.fault(path, f"holds {count} entries, not {wanted}")
        if "text/html" in answer["Content-Type"]:
            here = anchors(content)
            for wanted in set(re.findall(rb'href="#([^"]+)"', content)) - here:
                self.fault(path, f"has no place {unquote(wanted.decode())}")

    def look_for_places(self, most: int) -> None:
        """Demand the places that pages of this moment lead to of so many of their targets."""
        targets: dict[str, set[str]] = {}
        for address in sorted(self.live):
            path, _, fragment = address.partition("#")
            targets.setdefault(path, set()).add(unquote(fragment))
        for path in self.chance.sample(sorted(targets), min(most, len(targets))):
            here = anchors(self.get(path)[1])
            self.places += len(targets[path])
            for fragment in sorted(targets[path]):
                if fragment.encode() not in here:
                    self.fault(
                        f"{path}#{fragment}",
                        "is linked by a page of now, and is no place of its target",
                    )

    def fault(self, address: str, what: str) -> None:
        """Put a fault down."""
        self.faults.append(f"{address} (seen on {self.known.get(address, '?')}) {what}")

    def summary(self) -> str:
        """Say what was tried and found."""
        acts = ", ".join(f"{name} {count}" for name, count in sorted(self.editors.done.items()))
        ends = ", ".join(f"{status}: {count}" for status, count in sorted(self.ends.items()))
        return (
            f"{self.editors.done.total()} acts ({acts}); {len(self.known)} addresses of "
            f"{len(self.kinds)} kinds;"
            f" {self.asked} asked for ({ends}); {self.places} places looked for, "
            f"{len(self.state.kept)} permanent pages"
        )


def anchors(content: bytes) -> set[bytes]:
    """Return the places of a page."""
    return set(re.findall(rb'\sid="?([^"\s>]+)', content))


def spelled(address: str) -> tuple[str, Pairs]:
    """Return path and query of an address, however the query is encoded."""
    parts = urlsplit(address)
    return parts.path, parse_qsl(parts.query, keep_blank_values=True)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--acts", type=int, default=100)
    parser.add_argument(
        "--every", type=int, default=50, help="acts between two readings of the site"
    )
    parser.add_argument("--pages", type=int, default=150, help="addresses of each reading")
    parser.add_argument(
        "--most", type=int, default=40_000, help="addresses asked for in the end; 0 for all"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Act and read, and return in words what was done."""
    with site(given.database):
        trial = Trial(random.Random(given.seed), faults=faults)
        trial.run(given.acts, given.every, given.pages, given.most)
    return trial.summary()


if __name__ == "__main__":
    sys.exit(conduct("links", __doc__, options, FULL, tried))
