"""Queries: whatever a stranger asks for, every reader's address has an answer.

Queries, searches, codes and headers are made by a grammar and asked within this process, each twice. No answer is a
server's error or another one the second time; what is refused is refused with a reason in the form of the address;
nothing that was typed becomes an element, an attribute or a header of its own; no address leads away; and what each
kind of address cost at most is told. Cells of the CSV are made of formulas, and none would run.
"""

import csv
import io
import json
import random
import re
import sys
import time
import traceback
import unicodedata
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest.mock import patch
from urllib.parse import parse_qs, urljoin, urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client
from lxml import etree, html

from . import grammar, readers
from .addresses import body, part, stranger
from .server import site
from .trial import conduct, progress

FULL = {"cases": 100_000, "cells": 10_000}
ALLOWED = {200, 301, 302, 303, 304, 400, 404, 405, 410, 412, 413, 414}
SECONDS = 3.0  # of this process for one answer; the page of the whole vocabulary takes some hundredths
MEGABYTE = 1024**2
LARGEST = 2 * MEGABYTE  # of one answer about the sample declaration
SLICE = 4  # entries of a part of the JSON, so that there are several
URLS = {"href", "src", "action", "formaction", "xlink:href", "poster", "cite", "data"}
UNSAFE = re.compile(r"\s*(javascript:|vbscript:|data:text|(https?:)?//hostile\.invalid)", re.IGNORECASE)
WORST = 3
FACETS = grammar.NAMES

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "browse": (("/recommendations/",), FACETS),
    "json": (("/recommendations.json",), FACETS),
    "table": (("/recommendations.csv", "/recommendations.bib", "/recommendations.ris"), FACETS),
    "feed": (("/recommendations.atom", "/recommendations.jsonfeed"), FACETS),
    "theme": (("/themes/skills", "/themes/skills.json", "/themes/skills.csv", "/themes/smes.atom"), FACETS),
    "briefing": (("/briefing",), ("codes", "add", "find")),
    "briefing file": (("/briefing.md", "/briefing.docx", "/briefing.exe"), ("codes", "add", "find")),
    "oembed": (("/oembed",), ("url", "format", "type", "maxwidth", "maxheight")),
    "entry": (
        ("/PARIS-2025-4", "/PARIS-2025-4.json", "/PARIS-2025-4.csl.json", "/PARIS-2025-4/embed", "/PARIS-2025-99"),
        ("q", "v", "compare"),
    ),
    "version": (("/PARIS-2025-4/v/1", "/PARIS-2025-4/v/2"), ("compare",)),
    "picture": (("/PARIS-2025-4.png", "/PARIS-2025-4.qr.svg"), ("v",)),
    "declaration": (("/PARIS-2025", "/PARIS-2025.txt", "/PARIS-2025/t/1"), ("q", "page")),
    "declarations": (("/declarations/",), ("page",)),
    "sitemap": (("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-recommendations.xml", "/sitemap-x.xml"), ("p",)),
    "page": (
        ("/", "/themes/", "/overview/", "/about/", "/api/", "/api/schema", "/opensearch.xml", "/llms.txt"),
        ("q",),
    ),
    "signing in": (("/accounts/login/", "/admin/", "/accounts/logout/"), ("next",)),
    "nowhere": ((), FACETS),
}


@dataclass(frozen=True)
class Case:
    """One question: its kind, and what is sent."""

    kind: str
    path: str  # as Latin-1 stands for bytes, decoded once, as a server hands it on
    query: str
    headers: dict[str, str]
    method: str = "GET"

    def __str__(self) -> str:
        query = self.query if len(self.query) < 400 else f"{self.query[:400]}… ({len(self.query)} signs)"
        return f"{self.method} {self.path[:200]!r} ? {query!r} {str(self.headers)[:200]}"

    def ask(self, client: Client) -> HttpResponse:
        """Ask the site for it, with nothing kept from before."""
        client.cookies.clear()
        for kept in ("pages", "cards"):
            caches[kept].clear()
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return client.generic(self.method, "/", PATH_INFO=self.path, QUERY_STRING=self.query, **sent)


def made(chance: random.Random, marks: tuple[str, ...]) -> Case:
    """Return a case."""
    kind = chance.choice(list(KINDS))
    paths, usual = KINDS[kind]
    path = chance.choice(paths) if paths and chance.random() < 0.97 else nowhere(chance)
    query = grammar.query(chance, usual, marks) if chance.random() < 0.95 else ""
    method = chance.choice(("GET",) * 18 + ("HEAD", "OPTIONS"))
    return Case(kind, path, query, grammar.headers(chance), method)


def nowhere(chance: random.Random) -> str:
    """Return a path that nobody gave out, as the bytes that it is decoded to."""
    known = [path for paths, _usual in KINDS.values() for path in paths]
    text = chance.choice((grammar.expression(chance), grammar.value(chance, ()), chance.choice(grammar.ODD_BYTES)))
    stem = chance.choice(known)
    ways = (f"/{text}", f"{stem}/{text}", f"{stem}{text}", f"//{text}", f"/{text}{stem}", stem.upper(), f"{stem}//")
    return chance.choice(ways).encode("utf-8", "surrogatepass").decode("latin-1")


# --- What is wrong with an answer -------------------------------------------------------------------------------------


def faults_of(case: Case, answer: HttpResponse, content: bytes) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    is_refused_format = answer.status_code == 501 and case.path == "/oembed"  # oembed.com, section 2.3.4
    if answer.status_code not in ALLOWED and not is_refused_format:
        yield f"answers {answer.status_code}"
    if "planted" in answer.cookies:
        yield "what was typed became a cookie"
    if 300 <= answer.status_code < 304 and not is_local(answer["Location"], case.path):
        yield f"leads to {answer['Location'][:100]!r}"
    if content and case.method == "GET":
        yield from read(case, answer, content)


def is_local(place: str, path: str) -> bool:
    """Tell whether a redirect stays at the site, as a browser reads it (URL Standard, section 4.4)."""
    seen = re.sub(r"^//+", "//", re.sub(r"[\t\r\n]", "", place).replace("\\", "/"))
    host = urlsplit(urljoin(f"{settings.SITE_URL}/{path.lstrip('/')}", seen)).netloc
    return host == urlsplit(settings.SITE_URL).netloc


def read(case: Case, answer: HttpResponse, content: bytes) -> Iterator[str]:
    """Yield what a reader of the answer's own type stumbles over."""
    kind = answer.get("Content-Type", "").partition(";")[0]
    try:
        if kind == "text/html":
            yield from read_page(answer, content)
        elif kind == "application/problem+json":
            yield from read_problem(answer, content)
        elif answer.status_code == 400 and not content.strip():
            yield "refuses without a word"
        elif answer.status_code == 200:
            yield from (readers.as_xml if kind == "text/xml" else readers.of(case.path))(content)
    except Exception as error:  # whatever a reader stumbles over is what is looked for
        yield f"cannot be read as {kind}: {error!r}"


def read_page(answer: HttpResponse, content: bytes) -> Iterator[str]:
    """Yield what of a page was typed, and whether a refusal says why."""
    root = html.document_fromstring(content.decode().encode(), parser=html.HTMLParser(encoding="utf-8"))
    for each in root.iter(etree.Element):
        for name, value in each.attrib.items():
            is_unsafe = name in URLS and UNSAFE.match(value)
            if name == "planted" or name.startswith("on") or is_unsafe:
                yield f"holds {each.tag} {name}={value[:60]!r}"
    if answer.status_code == 400:
        reasons = root.xpath("//main//li[normalize-space(text())][.//a[@href]]")
        if not reasons:
            yield "refuses without a reason and a way on"


def read_problem(answer: HttpResponse, content: bytes) -> Iterator[str]:
    """Yield what RFC 9457 does not allow, and whether a refusal says why."""
    said = json.loads(content)
    if said["status"] != answer.status_code or not said["title"] or not said["detail"]:
        yield f"says {said} with {answer.status_code}"
    if answer.status_code == 400 and not all(each["detail"] and each["url"] for each in said["problems"]):
        yield "refuses without a reason and a way on"


@dataclass
class Trial:
    """What was asked, and what was wrong with the answers."""

    seed: int
    faults: list[str] = field(default_factory=list)
    ends: Counter = field(default_factory=Counter)
    seconds: dict[str, tuple[float, str]] = field(default_factory=dict)  # of each kind, the most
    sizes: dict[str, tuple[int, str]] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)

    def run(self, cases: range) -> None:
        """Ask, with parts of the JSON so small that there are marks between them."""
        self.client = stranger()
        got_request_exception.connect(self.on_exception)
        try:
            with patch(f"{part('selection.selection').__module__}.SLICE_SIZE", SLICE):
                self.marks = tuple(self.gathered())
                for number in cases:
                    self.look(number, self.case(number))
                    progress(f"{number + 1}/{cases.stop} cases", self.faults)
        finally:
            got_request_exception.disconnect(self.on_exception)

    def case(self, number: int) -> Case:
        """Return a case by its number."""
        return made(random.Random(f"{self.seed}:{number}"), self.marks)

    def gathered(self) -> Iterator[str]:
        """Yield marks of several selections."""
        for query in ("", "?sort=code", "?theme=skills", "?sort=newest&theme=smes"):
            said = self.client.get(f"/recommendations.json{query}").json()
            yield from parse_qs(urlsplit(said["next"] or "").query).get("after", [])

    def on_exception(self, **_given) -> None:
        self.raised.append(traceback.format_exc(limit=-2).strip().replace("\n", " | "))

    def look(self, number: int, case: Case) -> None:
        """Ask twice, and read the answer."""
        self.raised = []
        answer, content, took = self.asked(case)
        again, same, _took = self.asked(case)
        self.ends[answer.status_code] += 1
        self.seconds[case.kind] = max(self.seconds.get(case.kind, (0, "")), (took, f"case {number}"))
        self.sizes[case.kind] = max(self.sizes.get(case.kind, (0, "")), (len(content), f"case {number}"))
        found = [*faults_of(case, answer, content), *(f"raised {each}" for each in self.raised[:1])]
        if (again.status_code, same) != (answer.status_code, content):
            found.append(f"is answered otherwise the second time: {answer.status_code}, then {again.status_code}")
        if took > SECONDS:
            found.append(f"took {took:.1f} s of this process")
        if len(content) > LARGEST:
            found.append(f"is {len(content) / MEGABYTE:.1f} MB")
        self.faults += [f"case {number}: {fault}: {case}" for fault in found]

    def asked(self, case: Case) -> tuple[HttpResponse, bytes, float]:
        """Return answer, body without what is drawn anew for each, and seconds of this process."""
        began = time.process_time()
        answer = case.ask(self.client)
        content = body(answer)
        took = time.process_time() - began
        return answer, re.sub(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', b"", content), took

    def cells(self, number: int) -> None:
        """Put formulas wherever a table takes words, and read the table as a spreadsheet does."""
        cell = part("representations.tables.cell")
        chance = random.Random(f"{self.seed}:cells")
        for turn in range(number):
            words = grammar.formula(chance)
            line = io.StringIO(newline="")
            csv.writer(line).writerow(["PARIS-2025-4", cell(words), cell("Sample")])
            for fault in running(line.getvalue()):
                self.faults.append(f"cell {turn}: {words!r} would run as {fault!r}")
            if cell(words).replace("'", "") != words.replace("'", ""):
                self.faults.append(f"cell {turn}: {words!r} became {cell(words)!r}")

    def worst(self) -> str:
        """Say what cost most."""
        slow = sorted(((*most, kind) for kind, most in self.seconds.items()), reverse=True)[:WORST]
        large = sorted(((*most, kind) for kind, most in self.sizes.items()), reverse=True)[:WORST]
        return (
            "slowest: " + ", ".join(f"{kind} {took * 1000:.0f} ms ({where})" for took, where, kind in slow) + "; "
            "largest: " + ", ".join(f"{kind} {size / 1024:.0f} kB ({where})" for size, where, kind in large)
        )


def running(line: str) -> Iterator[str]:
    """Yield the cells of a line of CSV that a spreadsheet would run, whatever sign it takes for the end of a cell.

    It passes over what cannot be seen, and takes signs of every width for what they stand for (OWASP, CSV Injection).
    """
    for sign in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=sign):
            for each in row:
                seen = "".join(s for s in unicodedata.normalize("NFKC", each) if is_seen(s))
                if seen.startswith(("=", "+", "-", "@")):
                    yield each


def is_seen(sign: str) -> bool:
    """Tell whether a sign is neither space, control nor format."""
    return unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--cases", type=int, default=100_000, help="questions, each asked twice")
    parser.add_argument("--cells", type=int, default=10_000, help="formulas for cells of a table")
    parser.add_argument("--only", type=int, help="ask case number ONLY alone, and show it")


def tried(given: Namespace, faults: list[str]) -> str:
    """Ask, and return in words what was answered."""
    with site(given.database):
        trial = Trial(given.seed, faults)
        cases = range(given.cases) if given.only is None else range(given.only, given.only + 1)
        trial.run(cases)
        trial.cells(given.cells)
        if given.only is not None:
            print(trial.case(given.only))
    ends = ", ".join(f"{count} answered {status}" for status, count in sorted(trial.ends.items()))
    return f"{len(cases)} cases and {given.cells} cells; {ends}; {trial.worst()}"


if __name__ == "__main__":
    sys.exit(conduct("queries", __doc__, options, FULL, tried))
