"""Whether readers are told the very words: each place of each format, against the database read
past the site's code.

What is compared is the quote of one entry with what one place says: a block quote, a cell, a member
of JSON. So a false word beside a true one is found.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

import docx
from django.db import connection
from django.test import Client
from lxml import etree, html
from markdown_it import MarkdownIt

from .addresses import body, part, stranger

FLAT = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
CITED = re.compile(r"/([A-Z][A-Z0-9-]*-[0-9]{4})(?:/t/[0-9]+)?#([0-9]+)$")
# What the page of a text adds to it.
OURS = [
    ".//a[@class='para-number']",
    ".//a[@class='number']",
    ".//ul[@class='notes']",
    ".//section[@id='stored']",
]
ROWS = """
    SELECT r.code, c.text_number, c."start", c."end", c.quote, s.text, s.note_signs, s.text_number, f.text, f.note_signs
    FROM recommendations_citation c
    JOIN recommendations_recommendation r ON r.id = c.recommendation_id
    JOIN recommendations_source s ON s.id = c.source_id
    LEFT JOIN recommendations_formertext f ON f.source_id = s.id AND f.number = c.text_number
    WHERE c.role = 'states' AND r.status = 'published' ORDER BY r.code, c."start"
"""


@dataclass
class Truth:
    """What an entry quotes: each passage as its text has it, and the same without footnote
    signs.
    """

    quotes: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def quote(self) -> str:
        """All passages, a line break between two."""
        return "\n".join(self.quotes)


def truths() -> dict[str, Truth]:
    """Return what every published entry quotes, by code, cut out of the stored texts."""
    found: dict[str, Truth] = defaultdict(Truth)
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        for (
            code,
            number,
            start,
            end,
            _quote,
            text,
            signs,
            current,
            former,
            former_signs,
        ) in cursor.fetchall():
            held, spans = (text, signs) if number == current else (former, former_signs)
            found[code].quotes.append(held[start:end])
            spans = json.loads(spans) if isinstance(spans, str) else spans
            hidden = {place for first, last in spans for place in range(first, last)}
            found[code].words.append(
                "".join(held[at] for at in range(start, end) if at not in hidden)
            )
    return dict(found)


def flat(words: str) -> str:
    """Return words on one line, as formats of lines have them."""
    return FLAT.sub(" ", words).strip()


@dataclass
class Told:
    """What was compared, and what is told otherwise than it stands."""

    faults: list[str]
    few: int | None = None  # entries of which everything is read
    compared: int = 0
    client: Client = field(default_factory=stranger)

    def all(self, source) -> None:
        """Read everything that says words of a declaration's published entries."""
        self.known = truths()
        self.codes = [code for code in self.known if code.startswith(f"{source.code}-")]
        for code in self.codes[: self.few]:
            self.entry(code)
            self.searches(code)
        self.declaration(source)
        self.selections(source.code)
        self.briefings()
        self.assistants(source.code)

    def get(self, address: str) -> bytes:
        return body(self.client.get(address))

    def demand(self, where: str, told: object, true: object) -> None:
        """Demand that a place says exactly what is true."""
        self.compared += 1
        if told != true:
            self.faults.append(f"{where} says {told!a}, not {true!a}")

    # --- One entry -----------------------------------------------------------------------------
    # ----------------------

    def entry(self, code: str) -> None:
        """Read an entry's own addresses."""
        true, at = self.known[code], f"/{code}"
        self.page(at, code)
        self.page_of_entry(at, true)
        self.page(f"{at}/embed", code)
        kept = [each.text_content() for each in self.tree(f"{at}/v/1").iterfind(".//blockquote")]
        self.demand(f"{at}/v/1", kept, true.quotes)
        self.record(f"{at}.json", json.loads(self.get(f"{at}.json")))
        self.demand(
            f"{at}.csl.json",
            json.loads(self.get(f"{at}.csl.json"))[0]["abstract"],
            flat(true.quote),
        )
        self.demand(f"{at}.ris", lines(self.get(f"{at}.ris").decode(), "AB"), [flat(true.quote)])
        said = "\n\n".join(f"“{words}”" for words in true.words)
        text = self.get(f"{at}.txt").decode()
        self.demand(f"{at}.txt", text.partition("\n\n")[2].rpartition("\n\n")[0], said)
        entry = part("models.Recommendation").objects.get(code=code)
        self.demand(
            f"the card of {code}", list(part("formats.share.card")(entry).quotes), true.words
        )

    def page_of_entry(self, at: str, true: Truth) -> None:
        """Read what an entry's page says besides its block quotes."""
        root, words = self.tree(at), " ".join(true.words)
        for name in ("description", "og:description", "twitter:description"):
            found = root.xpath(f'//meta[@name="{name}" or @property="{name}"]/@content')
            self.demand(f"{at}, {name}", found, [words])
        self.demand(
            f"{at}, abstract",
            root.xpath('//meta[@name="citation_abstract"]/@content'),
            [flat(true.quote)],
        )
        (data,) = root.xpath('//script[@type="application/ld+json"]/text()')
        self.demand(f"{at}, JSON-LD", json.loads(data)["text"], "\n".join(true.words))
        marked = root.xpath(
            '//section[contains(@class, "context")]//p[contains(@class, "serif")]//mark'
        )
        self.demand(
            f"{at}, in context",
            "".join(each.text_content() for each in marked),
            "".join(true.quotes),
        )
        (record,) = [each.text for each in root.iterfind(".//details/pre") if "TY  - " in each.text]
        self.demand(f"{at}, RIS", lines(record, "AB"), [flat(true.quote)])
        (mail,) = root.xpath('//a[starts-with(@href, "mailto:")]/@href')
        said = parse_qs(urlsplit(mail).query)["body"][0].partition("\n\n")[0]
        self.demand(f"{at}, mail", said, " … ".join(f"“{words}”" for words in true.words))

    def record(self, where: str, told: dict) -> None:
        """Compare an entry's record in JSON."""
        if true := self.known.get(told["code"]):
            self.demand(
                f"{where}, quote of {told['code']}", told.get("quote", true.quote), true.quote
            )
            self.demand(
                f"{where}, passages", [each["quote"] for each in told["passages"]], true.quotes
            )

    def searches(self, code: str) -> None:
        """Read the list and the JSON with a word of the entry searched for, which the page
        marks.
        """
        words = [
            word for each in self.known[code].words for word in re.findall(r"[a-zA-Z]{4,}", each)
        ]
        asked = max(words, key=len)
        self.page(f"/recommendations/?source={code.rpartition('-')[0]}&q={asked}", code)
        self.page(
            f"/recommendations/?source={code.rpartition('-')[0]}&q={asked[:3]}*",
            code,
            is_marked=True,
        )

    # --- Pages and files of several
    # ----------------------------------------------------------------------------------

    def page(self, address: str, *codes: str, is_marked: bool = False) -> None:
        """Compare each entry's block quotes on a page, on which these entries must stand."""
        quoted: dict[str, list] = defaultdict(list)
        root = self.tree(address)
        for each in root.iterfind(".//blockquote"):
            if cited := CITED.search(each.get("cite", "")):
                quoted["-".join(cited.groups())].append(each)
        for code in {*codes, *quoted} & {*codes, *self.known}:
            self.demand(
                f"{address}, {code}",
                [each.text_content() for each in quoted[code]],
                self.known[code].quotes,
            )
            for sign in (sign for each in quoted[code] for sign in each.iterfind(".//sup")):
                sign.drop_tree()
            told = [each.text_content() for each in quoted[code]]
            self.demand(f"{address}, {code} without signs", told, self.known[code].words)
        if is_marked and not root.findall(".//blockquote//mark"):
            self.faults.append(f"{address} marks nothing")

    def tree(self, address: str) -> html.HtmlElement:
        return html.document_fromstring(self.get(address))

    def declaration(self, source) -> None:
        """Read the page and the files of the declaration: they say its text, sign by sign."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM recommendations_source WHERE id = %s", [source.pk])
            (text,) = cursor.fetchone()
        at = f"/{source.code}"
        self.demand(f"{at}.txt", self.get(f"{at}.txt"), text.encode())
        held = json.loads(self.get(f"{at}.json"))
        self.demand(f"{at}.json", held["text"], text)
        for each in held["recommendations"]:
            self.record(f"{at}.json", each)
        (article,) = self.tree(at).xpath("//article[starts-with(@class, 'text ')]")
        for ours in article.xpath(" | ".join(OURS)):
            ours.drop_tree()
        self.demand(at, article.text_content(), text)

    def selections(self, source: str) -> None:
        """Read a selection in every format that has words."""
        at = "/recommendations"
        self.page(f"{at}/?source={source}", *self.codes)
        self.page("/themes/skills")
        for address in (f"{at}.json?source={source}", f"{at}.json?source={source}&q=sample"):
            for item in json.loads(self.get(address))["items"]:
                self.record(address, item)
        rows = csv.DictReader(
            io.StringIO(self.get(f"{at}.csv?source={source}").decode("utf-8-sig"), newline="")
        )
        self.each(f"{at}.csv", {row["code"]: row["quote"] for row in rows}, lambda true: true.quote)
        records = self.get(f"{at}.ris?source={source}").decode().split("ER  -")[:-1]
        told = {lines(each, "ID")[0]: lines(each, "AB") for each in records}
        self.each(f"{at}.ris", told, lambda true: [flat(true.quote)])
        feed = json.loads(self.get(f"{at}.jsonfeed?source={source}"))["items"]
        shown = {
            each["url"].rpartition("/")[2]: list(quoted(each["content_html"])) for each in feed
        }
        self.each(f"{at}.jsonfeed", shown, lambda true: true.words)
        atom = etree.fromstring(self.get(f"{at}.atom?source={source}")).iterfind("{*}entry")
        held = {
            each.findtext("{*}id").rpartition("/")[2]: list(quoted(each.findtext("{*}summary")))
            for each in atom
        }
        self.each(f"{at}.atom", held, lambda true: true.words)

    def each(self, where: str, told: dict, true: Callable[[Truth], object]) -> None:
        """Compare what a file says of each entry."""
        for code in self.codes:
            self.demand(f"{where}, {code}", told.get(code), true(self.known[code]))

    def briefings(self) -> None:
        """Read a briefing of all of them."""
        asked, words = (
            ",".join(self.codes),
            [each for code in self.codes for each in self.known[code].words],
        )
        self.page(f"/briefing?codes={asked}&find={quote('sample')}", *self.codes)
        rendered = MarkdownIt("commonmark").render(self.get(f"/briefing.md?codes={asked}").decode())
        self.demand("/briefing.md", list(quoted(rendered)), words)
        paragraphs = docx.Document(io.BytesIO(self.get(f"/briefing.docx?codes={asked}"))).paragraphs
        self.demand(
            "/briefing.docx",
            [each.text for each in paragraphs if each.style.name == "Quote"],
            words,
        )

    def assistants(self, source: str) -> None:
        """Ask as assistants do."""
        ask = part("formats.mcp_tools.ask")
        found = ask("search_recommendations", {"source": [source]})["recommendations"]
        self.each(
            "search_recommendations",
            {each["code"]: each["quote"] for each in found},
            lambda true: true.quote,
        )
        for code in self.codes[: self.few]:
            told = ask("get_recommendation", {"code": code})
            self.record("get_recommendation", told)
            self.demand(
                f"cite {code}", ask("cite", {"code": code})["quote"], self.known[code].quote
            )
            cited = ask("cite", {"code": code, "style": "ris"})["citation"]
            self.demand(f"cite {code} as RIS", lines(cited, "AB"), [flat(self.known[code].quote)])

    def withdrawn(self, entry, true: Truth) -> None:
        """Read what is said of an entry that was withdrawn."""
        told = [
            each.text_content() for each in self.tree(f"/{entry.code}").iterfind(".//blockquote")
        ]
        self.demand(f"/{entry.code}, withdrawn", told, true.quotes)
        told = part("formats.mcp_tools.ask")("get_recommendation", {"code": entry.code})["quote"]
        self.demand(f"get_recommendation {entry.code}, withdrawn", told, true.quote)


def lines(record: str, tag: str) -> list[str]:
    """Return the fields of a tag in a RIS record."""
    return [line[6:] for line in re.split("\r?\n", record) if line.startswith(f"{tag}  - ")]


def quoted(markup: str | None) -> Iterator[str]:
    """Yield the block quotes of a piece of a page."""
    for each in html.fragment_fromstring(markup or "", create_parent="div").iterfind(
        ".//blockquote"
    ):
        yield "\n".join(paragraph.text_content() for paragraph in each.iterfind("p"))
