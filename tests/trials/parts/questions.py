"""Questions: every address of the site's readers, asked by a grammar, or in order with each thing
that is odd.

A case knows what about it the site must refuse, by the rules that its documentation tells: unknown
parameters, ones given twice, searches that are too long, pages and orders that are none, and values
that no facet can have.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client

from . import grammar
from .holdings import FORMER, NOW, RENAMED, REPLACED, RETIRED, WITHDRAWN

NAMES = grammar.NAMES
FILTERS = set(NAMES) - {"page", "after"}
FACETS = FILTERS - {"q", "sort"}
SINGLE = ("q", "sort", "page", "after")
ORDERS = ("relevance", "newest", "code")
LONGEST = 1000  # signs of a search
MOST = 1000  # parameters of one query
VALUE = re.compile(r"[\w-]+", re.ASCII)  # that a facet may have: part of an address
EVERY = 4  # of so many cases one is the next in order
FLOODED = 999

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "browse": (("/recommendations/",), NAMES),
    "json": (("/recommendations.json",), NAMES),
    "table": (("/recommendations.csv", "/recommendations.bib", "/recommendations.ris"), NAMES),
    "feed": (("/recommendations.atom", "/recommendations.jsonfeed"), NAMES),
    "theme": (
        ("/themes/skills", "/themes/skills.json", "/themes/skills.csv", "/themes/smes.atom"),
        NAMES,
    ),
    "former theme": (
        (
            f"/themes/{RENAMED}",
            f"/themes/{RENAMED}.json",
            f"/themes/{RETIRED}",
            f"/themes/{RETIRED}.csv",
        ),
        NAMES,
    ),
    "briefing": (("/briefing",), ("codes", "add", "find")),
    "briefing file": (
        ("/briefing.md", "/briefing.docx", "/briefing.exe"),
        ("codes", "add", "find"),
    ),
    "oembed": (("/oembed",), ("url", "format", "type", "maxwidth", "maxheight")),
    "entry": (
        (
            "/PARIS-2025-4",
            "/PARIS-2025-4.json",
            "/PARIS-2025-4.csl.json",
            "/PARIS-2025-4/embed",
            "/PARIS-2025-99",
        ),
        ("q", "v", "compare"),
    ),
    "withdrawn": (
        (
            f"/{WITHDRAWN}",
            f"/{REPLACED}.json",
            f"/{WITHDRAWN}.bib",
            f"/{WITHDRAWN}.png",
            f"/{REPLACED}/embed",
        ),
        ("q", "v", "compare"),
    ),
    "version": (("/PARIS-2025-4/v/1", "/PARIS-2025-4/v/2", f"/{REPLACED}/v/1"), ("compare",)),
    "picture": (("/PARIS-2025-4.png", "/PARIS-2025-4.qr.svg"), ("v",)),
    "declaration": (("/PARIS-2025", "/PARIS-2025.txt", "/PARIS-2025/t/1"), ("q", "page")),
    "declarations": (("/declarations/",), ("page",)),
    "sitemap": (
        ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-recommendations.xml", "/sitemap-x.xml"),
        ("p",),
    ),
    "page": (
        (
            "/",
            "/themes/",
            "/overview/",
            "/about/",
            "/api/",
            "/api/schema",
            "/opensearch.xml",
            "/llms.txt",
        ),
        ("q",),
    ),
    "signing in": (("/accounts/login/", "/admin/", "/accounts/logout/"), ("next",)),
    "appearance": (("/appearance",), ("next", "theme")),
    "nowhere": ((), NAMES),
}


@dataclass(frozen=True)
class Case:
    """One question: its kind, and what is sent."""

    kind: str
    path: str  # as Latin-1 stands for bytes, decoded once, as a server hands it on
    query: str  # of POST the form
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"

    def __str__(self) -> str:
        query = (
            self.query
            if len(self.query) < 400
            else f"{self.query[:400]}… ({len(self.query)} signs)"
        )
        return f"{self.method} {self.path[:200]!r} ? {query!r} {str(self.headers)[:200]}"

    def ask(self, client: Client, **more: str) -> HttpResponse:
        """Ask the site for it, with nothing kept from before; `more` are headers."""
        client.cookies.clear()
        for kept in ("pages", "cards"):
            caches[kept].clear()
        sent = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in (self.headers | more).items()
        }
        if self.method == "POST":
            form = self.query.encode("latin-1", "replace")
            return client.generic(
                "POST", self.path, form, "application/x-www-form-urlencoded", **sent
            )
        return client.generic(
            self.method, "/", PATH_INFO=self.path, QUERY_STRING=self.query, **sent
        )

    @property
    def known(self) -> set[str] | None:
        """The parameters that the address takes, where it refuses all others."""
        if self.kind == "briefing" or self.path in ("/briefing.md", "/briefing.docx"):
            return {"codes", "add", "find"}
        if found := re.fullmatch(
            r"/(recommendations|themes/(?:skills|smes))(/|\.[a-z]+)", self.path
        ):
            paging = {"/": {"page"}, ".json": {"after"}}.get(found[2], set())
            return FILTERS - ({"theme"} if found[1] != "recommendations" else set()) | paging
        return None

    @property
    def is_page(self) -> bool:
        """Whether a page is asked for, and no data format."""
        return self.path in ("/recommendations/", "/briefing")

    @property
    def must_be_refused(self) -> str:
        """Why a reader must hear 400, as the site's own words about its queries say; "" where no
        rule is broken.
        """
        if self.known is None or self.method not in ("GET", "HEAD"):
            return ""
        pairs = pairs_of(self.query)
        if self.is_page and any(name not in self.known for name, _value in pairs):
            return ""  # it leads to the address without them
        if len(pairs) > MOST or any(name not in self.known for name, _value in pairs):
            return "it has too many parameters, or unknown ones"
        return next(
            (why for why in map(wrong(pairs), self.known & FILTERS | {"page", "after"}) if why), ""
        )

    @property
    def may_lead_on(self) -> bool:
        """Whether it asks for a theme that was, which is answered before anything else."""
        return any(value in FORMER for name, value in pairs_of(self.query) if name == "theme")


def pairs_of(query: str) -> list[tuple[str, str]]:
    """Read a query (URL Standard, section 5.1); bytes that are not UTF-8 stand for themselves, as
    Django has it.
    """
    raw = query.encode("latin-1", "replace")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def wrong(pairs: list[tuple[str, str]]):
    """Return what says what is wrong with all values of one parameter."""

    def of(name: str) -> str:
        values = [value for each, value in pairs if each == name]
        if name in SINGLE and len(values) > 1:
            return f"“{name}” is given twice"
        return next(
            (f"“{value[:50]}” is no {name}" for value in values if not could_be(name, value)), ""
        )

    return of


def could_be(name: str, value: str) -> bool:
    """Tell whether a parameter may have a value at all; whether it has it now, only the
    site knows.
    """
    if name in FACETS:
        return bool(VALUE.fullmatch(value))
    if name == "page":
        return bool(re.fullmatch("0*[1-9][0-9]*", value))
    if name == "sort":
        return value in ORDERS
    return name != "q" or (len(value.strip()) <= LONGEST and "\0" not in value)


def made(chance: random.Random, marks: tuple[str, ...]) -> Case:
    """Return a case."""
    kind = chance.choice(list(KINDS))
    paths, usual = KINDS[kind]
    if kind == "appearance":
        return appearance(chance)
    path = chance.choice(paths) if paths and chance.random() < 0.97 else nowhere(chance)
    query = grammar.query(chance, usual, marks) if chance.random() < 0.95 else ""
    method = chance.choice(("GET",) * 18 + ("HEAD", "OPTIONS"))
    return Case(kind if path in paths else "nowhere", path, query, grammar.headers(chance), method)


def appearance(chance: random.Random) -> Case:
    """Return a choice of colours that is to lead elsewhere."""
    place = chance.choice(
        (*grammar.FOREIGN, *grammar.FOREIGN, "/about/", grammar.value(chance, ()))
    )
    form = urlencode(
        {"next": place, "theme": chance.choice(("dark", "light", "", place))}, errors="replace"
    )
    return Case(
        "appearance",
        "/appearance",
        form,
        grammar.headers(chance),
        chance.choice(("POST",) * 9 + ("GET",)),
    )


def nowhere(chance: random.Random) -> str:
    """Return a path that nobody gave out, as the bytes that it is decoded to."""
    known = [path for paths, _usual in KINDS.values() for path in paths]
    text = chance.choice(
        (grammar.expression(chance), grammar.value(chance, ()), chance.choice(grammar.ODD_BYTES))
    )
    stem = chance.choice(known)
    ways = (
        f"/{text}",
        f"{stem}/{text}",
        f"{stem}{text}",
        f"//{text}",
        f"/{text}{stem}",
        stem.upper(),
        f"{stem}//",
    )
    return chance.choice(ways).encode("utf-8", "surrogatepass").decode("latin-1")


# --- In order --------------------------------------------------------------


def in_order() -> Iterator[Case]:
    """Yield each address with each of its parameters being each odd thing, the others right."""
    odd = [
        *map(quote_plus, (*grammar.NUMBERS, *grammar.PATHOLOGIES, *FORMER, NOW)),
        *grammar.ODD_BYTES,
    ]
    for kind, (paths, names) in KINDS.items():
        for path in paths:
            for name in names:
                right = "".join(
                    f"{other}={value}&" for other, value in beside(kind).items() if other != name
                )
                for value in odd:
                    yield Case(kind, path, f"{right}{name}={value}")
                    if (
                        name == "theme"
                    ):  # which is read before another spelling is led to the canonical one
                        yield Case("nowhere", path.upper() + "/", f"{right}{name}={value}")
    yield from floods()
    yield from (
        Case("appearance", "/appearance", urlencode({"next": place}), {}, "POST")
        for place in grammar.FOREIGN
    )


def beside(kind: str) -> dict[str, str]:
    """Return what makes a query right of which another parameter is odd."""
    if kind == "oembed":
        return {"url": quote(f"{settings.SITE_URL}/PARIS-2025-4"), "type": "rich"}
    if kind in ("browse", "json", "table", "feed"):
        return {"q": "skills", "sort": "relevance"}
    return {}


def floods() -> Iterator[Case]:
    """Yield queries of as many values as a query may have, all unknown, all the same, or all
    different.
    """
    for kind in ("browse", "json"):
        for path in KINDS[kind][0]:
            for name in (*sorted(FACETS), "q", "page", "x"):
                for values in (
                    lambda at: f"unknown{at}",
                    lambda at: "skills",
                    lambda at: f"PARIS-2025-{at}",
                ):
                    yield Case(kind, path, urlencode([(name, values(at)) for at in range(FLOODED)]))


@cache
def shuffled(seed: int) -> tuple[Case, ...]:
    """Return the cases in order in an order of their own, so that any part of them has all
    kinds.
    """
    cases = list(in_order())
    random.Random(seed).shuffle(cases)
    return tuple(cases)


def case(seed: int, number: int, marks: tuple[str, ...]) -> Case:
    """Return a case by its number."""
    if number % EVERY == 0:
        ordered = shuffled(seed)
        return ordered[number // EVERY % len(ordered)]
    return made(random.Random(f"{seed}:{number}"), marks)
