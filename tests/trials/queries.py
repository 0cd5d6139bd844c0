"""Queries: whatever a stranger asks for, every reader's address has an answer, and the same in
every format.

Queries, searches, codes and headers are made by a grammar, and each parameter of each address is
each odd thing once; they are asked within this process, each twice, and again with the entity tag
of this answer or another's. No answer is a server's error or another one the second time; what must
be refused is refused, with a reason in the form of the address; nothing that was typed becomes an
element, an attribute or a header of its own; no address leads away; one tag stands for one answer;
and what each kind of address cost at most is told. Selections are the same entries in the same
order as page, JSON, table and bibliography, those that the entries' own records say. Cells of the
CSV are made of formulas, and none would run.
"""

import csv
import io
import json
import random
import re
import signal
import sys
import time
import traceback
import unicodedata
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import parse_qs, urljoin, urlsplit

import brotli
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpResponse
from lxml import etree, html

from .parts import grammar, questions, readers
from .parts.addresses import body, part, stranger
from .parts.agreement import Agreement
from .parts.holdings import furnish
from .parts.questions import Case
from .parts.server import site
from .parts.trial import conduct, progress

FULL = {"cases": 100_000, "selections": 1000, "cells": 10_000}
ALLOWED = {200, 301, 302, 303, 304, 400, 404, 405, 410, 412, 413, 414}
SECONDS = (
    3.0  # of this process for one answer; the page of the whole vocabulary takes some hundredths
)
ENDLESS = 20.0  # of this process, after which nobody waits for an answer
MEGABYTE = 1024**2
LARGEST = 2 * MEGABYTE  # of one answer about the sample declaration
SLICE = 4  # entries of a part of the JSON, so that there are several
URLS = {"href", "src", "action", "formaction", "xlink:href", "poster", "cite", "data"}
UNSAFE = re.compile(
    r"\s*(javascript:|vbscript:|data:text|(https?:)?//hostile\.invalid)", re.IGNORECASE
)
WORST = 3
LINE = (
    "code",
    "version",
    "title",
    "quote",
    "summary",
)  # what a row of the table shows of an entry in words,
SEVERAL = (
    "paragraphs",
    "themes",
    "tags",
    "addressees",
    "works",
    "echoes",
)  # where it may have several,
SOURCE = ("code", "title", "url", "language")  # and of its declaration
CELLS = (*LINE, *SEVERAL, *(f"source {each}" for each in (*SOURCE, "issuers")))
DAYS = dict.fromkeys(("issued_on", "published_at", "updated_at"), date(2025, 1, 1))
# --- What is wrong with an answer ------------------------------------------


def faults_of(case: Case, answer: HttpResponse, content: bytes) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    is_refused_format = (
        answer.status_code == 501 and case.path == "/oembed"
    )  # oembed.com, section 2.3.4
    if answer.status_code not in ALLOWED and not is_refused_format:
        yield f"answers {answer.status_code}"
    if "planted" in answer.cookies:
        yield "what was typed became a cookie"
    if 300 <= answer.status_code < 304 and not is_local(answer["Location"], case.path):
        yield f"leads to {answer['Location'][:100]!r}"
    if (why := case.must_be_refused) and not is_refused(case, answer):
        yield f"answers {answer.status_code}, though {why}"
    if content and case.method in ("GET", "POST"):
        yield from read(case, answer, content)


def is_refused(case: Case, answer: HttpResponse) -> bool:
    """Tell whether a query was refused, or led on with its former theme before anybody looked at
    the rest.
    """
    return answer.status_code == 400 or (case.may_lead_on and answer.status_code in (301, 410))


def is_local(place: str, path: str) -> bool:
    """Tell whether a redirect stays at the site, as a browser reads it (URL Standard,
    section 4.4).
    """
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
    root = html.document_fromstring(
        content.decode().encode(), parser=html.HTMLParser(encoding="utf-8")
    )
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
    if answer.status_code == 400 and not all(
        each["detail"] and each["url"] for each in said["problems"]
    ):
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
    tags: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # what body each stood for, and in which case
    other: str = '"x"'  # the last tag of another answer

    def run(self, cases: range, selections: int = 0) -> None:
        """Ask, with parts of the JSON so small that there are marks between them."""
        self.client = stranger()
        got_request_exception.connect(self.on_exception)
        try:
            with patch(f"{part('search.selection.read_selection').__module__}.SLICE_SIZE", SLICE):
                self.marks = tuple(self.gathered())
                for number in cases:
                    self.look(number, self.case(number))
                    progress(f"{number + 1}/{cases.stop} cases", self.faults)
                if selections:
                    Agreement(self.get, self.faults, SLICE).run(selections, self.seed)
        finally:
            got_request_exception.disconnect(self.on_exception)

    def case(self, number: int) -> Case:
        """Return a case by its number."""
        return questions.case(self.seed, number, self.marks)

    def get(self, address: str) -> tuple[int, bytes]:
        """Ask for an address of the site."""
        path, _, query = address.partition("?")
        answer, content, _took = self.asked(Case("", path, query))
        return answer.status_code, content

    def gathered(self) -> Iterator[str]:
        """Yield marks of several selections."""
        for query in ("", "?sort=code", "?theme=skills", "?sort=newest&theme=smes"):
            said = self.client.get(f"/recommendations.json{query}").json()
            yield from parse_qs(urlsplit(said["next"] or "").query).get("after", [])

    def on_exception(self, **_given) -> None:
        self.raised.append(traceback.format_exc(limit=-2).strip().replace("\n", " | "))

    def look(self, number: int, case: Case) -> None:
        """Ask twice, and read the answer; whatever takes without end is given up."""
        self.raised = []
        try:
            with given_up_after(ENDLESS):
                found = [
                    *self.looked_at(number, case),
                    *(f"raised {each}" for each in self.raised[:1]),
                ]
        except Endless:
            where = traceback.format_exc(limit=-2).strip().replace("\n", " | ")
            found = [f"has no answer after {ENDLESS:.0f} s of this process: {where}"]
        self.faults += [f"case {number}: {fault}: {case}" for fault in found]

    def looked_at(self, number: int, case: Case) -> Iterator[str]:
        """Yield what is wrong with the answers to a case."""
        answer, content, took = self.asked(case)
        again, same, _took = self.asked(case)
        self.ends[answer.status_code] += 1
        self.seconds[case.kind] = max(
            self.seconds.get(case.kind, (0, "")), (took, f"case {number}")
        )
        self.sizes[case.kind] = max(
            self.sizes.get(case.kind, (0, "")), (len(content), f"case {number}")
        )
        yield from faults_of(case, answer, content)
        if (again.status_code, same, again.get("ETag")) != (
            answer.status_code,
            content,
            answer.get("ETag"),
        ):
            yield f"is answered otherwise the second time: {answer.status_code}, then {again.status_code}"
        if took > SECONDS:
            yield f"took {took:.1f} s of this process"
        if len(content) > LARGEST:
            yield f"is {len(content) / MEGABYTE:.1f} MB"
        if answer.status_code == 200 and case.method == "GET" and answer.get("ETag"):
            yield from self.tagged(number, case, answer["ETag"], content)

    def tagged(self, number: int, case: Case, tag: str, content: bytes) -> Iterator[str]:
        """Yield whether a tag stands for more than one body, or is not told from another's (RFC
        9110, 13.1.2).
        """
        held, where = self.tags.setdefault(tag, (hash(content), number))
        if held != hash(content):
            yield f"has the entity tag of case {where}, whose answer is another one"
        sent = self.other if number % 2 and self.other != tag else tag
        again, same, _took = self.asked(case, If_None_Match=sent)
        if sent == tag and (again.status_code, same, again.get("ETag")) != (304, b"", tag):
            yield f"asked with its own tag, answers {again.status_code} with {again.get('ETag')}"
        if sent != tag and (again.status_code, same) != (200, content):
            yield f"asked with another answer's tag, answers {again.status_code}"
        self.other = tag

    def asked(self, case: Case, **headers: str) -> tuple[HttpResponse, bytes, float]:
        """Return answer, body without what is drawn anew for each, and seconds of this process."""
        began = time.process_time()
        answer = case.ask(self.client, **headers)
        content = body(answer)
        took = time.process_time() - began
        if answer.get("Content-Encoding") == "br" and content:
            content = brotli.decompress(content)
        return (
            answer,
            re.sub(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', b"", content),
            took,
        )

    def cells(self, number: int) -> None:
        """Put formulas wherever a table takes words, and read the table as a spreadsheet does."""
        cell = part("formats.tables.cell")
        chance = random.Random(f"{self.seed}:cells")
        for turn in range(number):
            words = grammar.formula(chance)
            if turn % len(CELLS) == 0:
                self.faults += [
                    f"cell {turn}: {words!r} would run {each}" for each in run_in_columns(words)
                ]
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
            "slowest: "
            + ", ".join(f"{kind} {took * 1000:.0f} ms ({where})" for took, where, kind in slow)
            + "; "
            "largest: "
            + ", ".join(f"{kind} {size / 1024:.0f} kB ({where})" for size, where, kind in large)
        )


def run_in_columns(words: str) -> Iterator[str]:
    """Put words into each thing that a line of the table shows, one at a time, and yield those
    where they would run.
    """
    for name in CELLS:
        source = {each: words if f"source {each}" == name else "Sample" for each in SOURCE} | DAYS
        source["issuers"] = [words if name == "source issuers" else "Sample", "Sample"]
        line = {each: words if each == name else "Sample" for each in LINE} | DAYS
        line |= {each: [words if each == name else "Sample", "Sample"] for each in SEVERAL}
        rows = iter([SimpleNamespace(**line, source=SimpleNamespace(**source))])
        table = "".join(part("formats.tables.csv_of_many")(SimpleNamespace(rows=rows.__iter__)))
        yield from (f"in {name} as {found!r}" for found in running(table.removeprefix("\ufeff")))


def running(line: str) -> Iterator[str]:
    """Yield the cells of a line of CSV that a spreadsheet would run, whatever sign it takes for the
    end of a cell.

    It passes over what cannot be seen, and takes signs of every width for what they stand for
    (OWASP, CSV Injection).
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


class Endless(BaseException):
    """The time is over; nothing between the timer and the trial may take it for an error of its
    own.
    """


@contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """Raise Endless once this process has worked so long, also within a regular expression."""

    def over(*_given) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--cases", type=int, default=300, help="questions, each asked twice")
    parser.add_argument(
        "--selections", type=int, default=10, help="selections that are compared in all formats"
    )
    parser.add_argument("--cells", type=int, default=100, help="formulas for cells of a table")
    parser.add_argument("--only", type=int, help="ask case number ONLY alone, and show it")


def tried(given: Namespace, faults: list[str]) -> str:
    """Ask, and return in words what was answered."""
    with site(given.database):
        furnish()
        trial = Trial(given.seed, faults)
        cases = range(given.cases) if given.only is None else range(given.only, given.only + 1)
        trial.run(cases, given.selections if given.only is None else 0)
        trial.cells(given.cells)
        if given.only is not None:
            print(trial.case(given.only))
    ends = ", ".join(f"{count} answered {status}" for status, count in sorted(trial.ends.items()))
    sizes = f"{len(cases)} cases, {given.selections} selections and {given.cells} cells"
    return f"{sizes}; {ends}; {trial.worst()}"


if __name__ == "__main__":
    sys.exit(conduct("queries", __doc__, options, FULL, tried))
