"""Agreement: one selection is the same entries in the same order on the page, in JSON, CSV, BibTeX,
RIS and feeds.

Which entries those are is worked out from the records themselves, without the site's own filters:
each record says its themes, tags, declaration, year, issuers and addressees.
"""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.conf import settings
from lxml import etree, html

from .trial import progress

Get = Callable[[str], tuple[int, bytes]]  # asks for an address; status and body
Pairs = list[tuple[str, str]]

BROWSE = "/recommendations"
FACETS: dict[str, Callable[[dict], list[str]]] = {
    "theme": lambda item: [each["slug"] for each in item["themes"]],
    "tag": lambda item: [each["slug"] for each in item["tags"]],
    "source": lambda item: [item["source"]["code"]],
    "year": lambda item: [item["source"]["issued_on"][:4]],
    "issuer": lambda item: [each["slug"] for each in item["source"]["issuers"]],
    "addressee": lambda item: [each["slug"] for each in item["addressees"]],
}
SEARCHES = (
    "sample",
    "skills",
    '"We call for"',
    "sample -skills",
    "s*",
    "G7 or training",
    "alpha or PARIS",
    "xqzj",
)
WORDS = 64  # of a search that count
BEYOND = (
    f"{'skills ' * WORDS}xqzj",
    f"{'skills ' * WORDS}-skills",
)  # the last word is one too many
LINKED = re.compile(r"\"?/([A-Z][A-Z0-9-]*-[0-9]{4}-[0-9]+)(?:/v/[0-9]+)?$")


class Agreement:
    """Compares selections; `part` is how many entries a part of the JSON holds at most."""

    def __init__(self, get: Get, faults: list[str], part: int):
        self.get, self.faults, self.part = get, faults, part
        self.all: list[dict] = []

    def run(self, number: int, seed: int) -> None:
        """Compare so many selections, and searches that are longer than what counts."""
        self.compare([])
        for turn in range(number if self.all else 0):
            pairs = self.chosen(random.Random(f"{seed}:selection {turn}"))
            self.compare(pairs)
            progress(f"{turn + 1}/{number} selections", self.faults)
        for long in BEYOND:
            # the last word of a search also counts as a beginning, which may change the order
            found, cut = (self.codes([("q", q)]) for q in (long, long[: long.rindex(" ")]))
            if set(found) != set(cut):
                self.faults.append(
                    f"words beyond the first {WORDS} of a search count: {long[-10:]!r}"
                )

    def chosen(self, chance: random.Random) -> Pairs:
        """Return a query that selects something, mostly."""
        like = chance.choice(self.all)
        pairs = []
        for name in chance.sample(sorted(FACETS), chance.choice((0, 1, 1, 2, 3))):
            others = [value for item in self.all for value in FACETS[name](item)]
            pairs += [(name, chance.choice(FACETS[name](like) or others))]
            pairs += [(name, chance.choice(others))] if chance.random() < 0.4 else []
        pairs += [("q", chance.choice(SEARCHES))] if chance.random() < 0.3 else []
        pairs += [("sort", chance.choice(("newest", "code")))] if chance.random() < 0.6 else []
        return list(dict.fromkeys(pairs))

    def compare(self, pairs: Pairs) -> None:
        """Ask for a selection in all formats."""
        query = urlencode(pairs)
        try:
            self.all = self.all or list(self.items(""))
            self.faults += [f"?{query}: {fault}" for fault in self.differing(pairs, query)]
        except Exception as error:  # whatever cannot be read is a fault
            self.faults.append(f"?{query}: cannot be compared: {error!r}")

    def differing(self, pairs: Pairs, query: str) -> Iterator[str]:
        """Yield what of a selection is not as its JSON, and what of the JSON is not as the records
        say.
        """
        listed = self.codes(pairs)
        if len(set(listed)) < len(listed):
            yield f"JSON holds an entry twice: {listed}"
        yield from self.expected(pairs, listed)
        said = {
            "page": self.pages(query),
            **{each: READ[each](self.body(each, query)) for each in READ},
        }
        order = "sort" in dict(pairs)
        for name, codes in said.items():
            is_same = codes == listed if order or name not in FEEDS else set(codes) == set(listed)
            if not is_same or len(codes) != len(listed):
                yield f"{name} holds {codes}, JSON {listed}"
        yield from self.under_theme(pairs, listed)

    def expected(self, pairs: Pairs, listed: list[str]) -> Iterator[str]:
        """Yield how a selection differs from what the records say; a search may leave out any of
        them.
        """
        fits = [item for item in self.all if all(self.has(item, name, pairs) for name in FACETS)]
        asked = dict(pairs)
        order = asked.get("sort") or ("" if "q" in asked else "newest")
        should = [item["code"] for item in (sorted(fits, key=ORDER[order]) if order else fits)]
        if "q" in asked:
            both = {*should} & {*listed}
            should = [code for code in (should if order else listed) if code in both]
        if should != listed:
            yield f"JSON holds {listed}, the records say {should}"

    def has(self, item: dict, name: str, pairs: Pairs) -> bool:
        """Tell whether an entry has one of the values asked for of a facet."""
        asked = {value for each, value in pairs if each == name}
        return not asked or bool(asked & set(FACETS[name](item)))

    def under_theme(self, pairs: Pairs, listed: list[str]) -> Iterator[str]:
        """Yield whether the address of a theme, asked for the rest, holds anything else."""
        themes, rest = (
            [value for name, value in pairs if name == "theme"],
            [p for p in pairs if p[0] != "theme"],
        )
        if len(themes) == 1:
            body = self.whole(f"/themes/{themes[0]}.csv?{urlencode(rest)}")
            if (codes := READ["csv"](body)) != listed:
                yield f"the theme's own CSV holds {codes}, JSON {listed}"

    def codes(self, pairs: Pairs) -> list[str]:
        """Return the codes of all parts of the JSON."""
        return [item["code"] for item in self.items(urlencode(pairs))]

    def items(self, query: str) -> Iterator[dict]:
        """Yield the records of all parts of the JSON; raises ValueError where the parts are not as
        they say.
        """
        address, counts, seen = f"{BROWSE}.json?{query}", set(), 0
        while address:
            said = json.loads(self.whole(address))
            counts.add(said["count"])
            seen += len(said["items"])
            if len(said["items"]) != self.part and said["next"]:
                raise ValueError(f"a part of {len(said['items'])} entries has a next one")
            yield from said["items"]
            address = (said["next"] or "").removeprefix(settings.SITE_URL)
        if counts != {seen}:
            raise ValueError(f"the parts count {counts}, and hold {seen}")

    def pages(self, query: str) -> list[str]:
        """Return the codes on all pages; raises ValueError where the pages do not end."""
        address, found = f"{BROWSE}/?{query}" if query else f"{BROWSE}/", []
        while address:
            root = html.document_fromstring(self.whole(address))
            found += root.xpath('//article[@class="entry"]//a[@class="code"]/text()')
            following = root.xpath('//head/link[@rel="next"]/@href')
            address = following[0] if following else ""
            if len(found) > len(self.all):
                raise ValueError(f"the pages hold more than all entries: {found}")
        return found

    def body(self, extension: str, query: str) -> bytes:
        """Return a selection in a format."""
        return self.whole(f"{BROWSE}.{extension}?{query}" if query else f"{BROWSE}.{extension}")

    def whole(self, address: str) -> bytes:
        """Return what an address holds; raises ValueError where it holds nothing."""
        status, content = self.get(address)
        if status != 200:
            raise ValueError(f"{address} answers {status}")
        return content


def split(item: dict) -> tuple[str, int]:
    """Return the declaration's code and the number of an entry, by which codes are in order."""
    source, _, number = item["code"].rpartition("-")
    return source, int(number)


def day(item: dict) -> int:
    """Return when an entry's declaration was issued as a number, later is less."""
    return -int(item["source"]["issued_on"].replace("-", ""))


ORDER = {"code": split, "newest": lambda item: (day(item), *split(item))}


def of_csv(content: bytes) -> list[str]:
    """Return the codes of the rows of a table."""
    return [
        row["code"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    ]


def of_addresses(pattern: str) -> Callable[[bytes], list[str]]:
    """Return what finds the codes in the addresses that a pattern finds."""
    return lambda content: [
        linked(each) for each in re.findall(pattern, content.decode(), re.MULTILINE)
    ]


def of_atom(content: bytes) -> list[str]:
    """Return the codes of an Atom feed's entries."""
    place = "{http://www.w3.org/2005/Atom}"
    return [
        linked(each.findtext(f"{place}id"))
        for each in etree.fromstring(content).iter(f"{place}entry")
    ]


def of_json_feed(content: bytes) -> list[str]:
    """Return the codes of a JSON Feed's items."""
    return [linked(item["id"]) for item in json.loads(content)["items"]]


def linked(address: str) -> str:
    """Return the code at the end of an address of the site; the address itself where there
    is none.
    """
    found = LINKED.search(address.strip().removeprefix(settings.SITE_URL))
    return found[1] if found else address


FEEDS = ("atom", "jsonfeed")
READ: dict[str, Callable[[bytes], list[str]]] = {
    "csv": of_csv,
    "bib": of_addresses(r"^ *url *= *[{\"]([^}\"]*)"),
    "ris": of_addresses(r"^UR  - (.*)$"),
    "atom": of_atom,
    "jsonfeed": of_json_feed,
}
